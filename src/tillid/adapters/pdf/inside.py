"""What runs in the process of its own: limits on itself, one PDF from stdin, one answer to stdout.

    python -I -m tillid.adapters.pdf.inside '{"memory": …, "cpu": …, "wall": …}'

The answer is a line of JSON (``revisions``, or ``reason`` and ``detail``) and the bytes of all files, one after another.
"""

from __future__ import annotations

from typing import Any

from tillid.adapters.boxed.inside import answer, limit_cpu
from tillid.adapters.pdf.refusals import BadPdf
from tillid.adapters.pdf.scan import scan
from tillid.kernel.clock import instant


def read(pdf: bytes, limits: dict[str, int]) -> tuple[dict[str, Any], bytes]:
    """Head and bytes; a head with ``reason`` refuses the file."""
    try:
        scan(pdf)
        return _revisions(pdf, limits)
    except BadPdf as bad:
        return {"reason": bad.reason, "detail": bad.detail}, b""
    except MemoryError:
        return {"reason": "heavy", "detail": "memory"}, b""
    except Exception as problem:  # parsers raise whatever they meet in a file that is not what it seems
        return {"reason": "broken", "detail": type(problem).__name__}, b""


def _revisions(pdf: bytes, limits: dict[str, int]) -> tuple[dict[str, Any], bytes]:
    # Imported here: most of what is refused is refused before, and pyHanko takes its time.
    from tillid.adapters.pdf.history import read_history
    from tillid.adapters.pdf.second import agree

    limit_cpu(limits["cpu"])  # anew: what pyHanko takes to start is not the file's
    history = read_history(pdf)
    agree(pdf[: history.revisions[0].length], pdf, history)
    told, data, at = [], [], 0
    for revision in history.revisions:
        files = []
        for file in revision.files:
            files.append({"name": file.name, "relationship": file.relationship, "media_type": file.media_type,
                          "from": at, "to": at + len(file.data)})  # fmt: skip
            data.append(file.data)
            at += len(file.data)
        event = history.events[revision.number - 1] if revision.number else None
        told.append({"number": revision.number, "length": revision.length, "sha256": revision.sha256, "files": files,
                     "added_at": instant(event.moment) if event else ""})  # fmt: skip
    return {"revisions": told}, b"".join(data)


if __name__ == "__main__":
    answer(read)
