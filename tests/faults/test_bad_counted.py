"""Issue 5, "Bad input": how many cases there are, by group, in one place. Each is tried in the file named beside it."""

from __future__ import annotations

import ast

from tests.faults import bad_answers, bad_documents, bad_packages, bad_shapes, bad_templates
from tests.support import strange_pdfs, strange_revisions
from tillid.kernel.paths import PROJECT


def entries(path: str, name: str) -> int:
    """How many entries the dictionary ``name`` of a test file has (test files are not imported by each other)."""
    for node in ast.parse((PROJECT / "tests" / path).read_text()).body:
        if (
            isinstance(node, ast.Assign)
            and getattr(node.targets[0], "id", "") == name
            and isinstance(node.value, ast.Dict)
        ):
            return len(node.value.keys)
    raise AssertionError(f"{path} has no {name}")


def counted() -> dict[str, int]:
    """Group → cases."""
    packed, shaped = (sum(1 for _ in one.cases()) for one in (bad_packages, bad_shapes))
    answers = (bad_answers.PLAIN, bad_answers.CHANGED, bad_answers.STRANGE, bad_answers.HEAVY, bad_answers.LISTS)
    return {
        "templates by what stands in them (faults/test_bad_templates.py)": sum(1 for _ in bad_templates.cases())
        - packed
        - shaped,
        "templates by being something else (faults/test_bad_templates.py)": shaped,
        "templates by what they are packed of (faults/test_bad_templates.py)": packed,
        "templates that would never end (faults/test_bad_templates.py)": sum(1 for _ in bad_templates.slow()),
        "answers as they are printed (faults/test_bad_answers.py)": sum(map(len, answers)),
        "answers at the front door (faults/test_bad_values.py)": entries("faults/test_bad_values.py", "CASES"),
        "PDFs (contract/test_pdf_revisions.py)": entries("contract/test_pdf_revisions.py", "REFUSED"),
        "revisions of PDFs (contract/test_pdf_revisions.py)": entries("contract/test_pdf_revisions.py", "TAMPERED"),
        "PDFs that hide what they do (support/strange_pdfs.py)": len(strange_pdfs.REFUSED | strange_pdfs.SURVIVED),
        "revisions of PDFs that hide it (support/strange_revisions.py)": len(strange_revisions.TAMPERED),
        "uploaded files (contract/test_upload_box.py)": entries("contract/test_upload_box.py", "REFUSED"),
        "documents for LibreOffice (faults/test_bad_documents.py)": sum(1 for _ in bad_documents.cases()),
    }


def test_there_are_at_least_a_hundred_and_twenty_in_every_kind_that_the_issue_names():
    groups = counted()
    assert sum(groups.values()) >= 480
    for kind, least in (("templates", 160), ("answers", 85), ("PDFs", 135), ("LibreOffice", 40)):
        assert sum(count for group, count in groups.items() if kind in group) >= least, groups
