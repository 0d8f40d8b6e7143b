"""What lints in the process of its own: limits on itself, one docx from stdin, the findings to stdout.

python -I -m tillid.adapters.docx.lint.inside '{"memory": …, "cpu": …, "fields": {…}, "elsewhere": {…}, "form": "…"}'
"""

from __future__ import annotations

from typing import Any

import msgspec

from tillid.adapters.boxed.inside import answer
from tillid.adapters.docx.lint import lint


def _read(docx: bytes, order: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    found = lint(docx, fields=order["fields"], elsewhere=order["elsewhere"], form=order["form"])
    return {"findings": msgspec.to_builtins(found)}, b""


if __name__ == "__main__":
    answer(_read)
