"""What runs in the process that checks PDFs: limits on itself, then one PDF after another.

    python -I -m tillid.adapters.pdf.checker_inside '{"memory": …, "file": …, "cpu": …}'

First line out: ``ready``. In: the letter of the question, 8 bytes of length and the PDF. Out: one line of JSON, the list of its problems.
"""

from __future__ import annotations

import json
import os
import resource
import sys

import pikepdf

from tillid.adapters.boxed.inside import limit_cpu, limit_memory
from tillid.adapters.pdf.conformance import PROFILES
from tillid.adapters.pdf.in_memory import opened

MOST_RULES = 4
NO_OPERATOR = "-"  # what is to be kept of a page: no operator is called so


def _parsed(page: pikepdf.Page, _parser: object) -> None:
    """``Page.parse_contents`` for a parser that lets everything pass, as that of pikepdf's check does: the whole page is parsed, and no
    piece of it becomes an object of Python's, which took a quarter of the check. Raises ``pikepdf.PdfError``."""
    pikepdf.parse_content_stream(page, NO_OPERATOR)


pikepdf.Page.parse_contents = _parsed  # in this process alone, which parses for nothing else


def problems(pdf: bytes) -> list[str]:
    """What qpdf says against ``pdf``: errors, warnings (a repaired file is no whole one) and broken linearization."""
    try:
        with opened(pdf) as document:
            found = list(document.check_pdf_syntax())
            if document.is_linearized and not document.check_linearization():
                found.append("linearization")
            found += document.get_warnings()
    except pikepdf.PdfError as problem:
        found = [str(problem)]
    # Its words may hold contents of the file; how many there are is enough for the log.
    return [f"qpdf finds {len(found)} faults"] if found else []


def broken_rules(pdf: bytes) -> list[str]:
    """What the validator says against ``pdf``: the rules it breaks."""
    import page  # page-validation: 50 MB that not every process of this kind needs

    found = []
    for name, profile in PROFILES:
        try:
            report = page.validate_pdf_bytes(pdf, profile=profile)
        except page.PageError as problem:
            found.append(f"not valid {name} ({type(problem).__name__})")
            continue
        if not report.is_compliant:
            rules = sorted({str(failure.rule_id) for failure in report.failures})
            more = f" and {len(rules) - MOST_RULES} more" if len(rules) > MOST_RULES else ""
            found.append(f"not valid {name}: rule {', '.join(rules[:MOST_RULES])}{more}")
    return found


QUESTIONS = {b"s": problems, b"c": broken_rules}


def main() -> None:
    limits = json.loads(sys.argv[1])
    limit_memory(limits["memory"])
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits["file"], limits["file"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    inp, out = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing but answers may reach the pipe
    out.write(b"ready\n")
    out.flush()
    while len(head := inp.read(9)) == 9:
        pdf = inp.read(int.from_bytes(head[1:], "big"))
        limit_cpu(limits["cpu"])
        out.write(json.dumps(QUESTIONS[head[:1]](pdf)).encode() + b"\n")
        out.flush()


if __name__ == "__main__":
    main()
