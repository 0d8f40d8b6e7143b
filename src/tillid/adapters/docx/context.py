"""What a template may print: a job as plain dicts, lists and strings, and the shape of them for the linter.

The names are told to template writers in ``document_templates/README.md`` and ``docs/guides/skabeloner.md``.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from tillid.documents.rendering import COPIES, RenderField, RenderJob, answer_line, unsaid

FACT_LABEL, FACT_TEXT, FACT_LIST = 38, 60, 110  # shorter answers stand beside their label, longer ones below it
BLANK_LINE = re.compile(r"\n\s*\n")
FIELD: dict[str, Any] = {
    "id": str,
    "kind": str,
    "label": str,
    "text": str,
    "answered": bool,
    "paragraphs": [str],
    "bullets": [str],
    "columns": [str],
    "rows": [[str]],
}
SHAPE: dict[str, Any] = {
    "title": str,
    "metadata_title": str,
    "subtitle": str,
    "municipality": str,
    "number": str,
    "version": str,
    "copy": str,
    "facts": [{"label": str, "text": str}],
    "sections": [{"id": str, "title": str, "fields": [FIELD]}],
    "fields": {},  # the ids of the form's fields, each with FIELD
    "footer_lines": [str],
}
UNANSWERED: dict[str, Any] = {
    name: {str: "", bool: False}[kind] if isinstance(kind, type) else [] for name, kind in FIELD.items()
}


def metadata_title(job: RenderJob) -> str:
    """The title in the PDF's metadata: form and number, nobody's name."""
    return f"{job.title} {job.document_number}" + (": ændringer" if job.layout == "aendringer" else "")


def context(job: RenderJob) -> dict[str, Any]:
    """The values of ``job``. A field that this copy does not have is in ``fields`` all the same, unanswered and empty.

    A name in the header that a field says too is left to the field.
    """
    sections = [{"id": s.id, "title": s.title, "fields": [_field(f) for f in s.fields]} for s in job.sections]
    answered = {field["id"]: field for section in sections for field in section["fields"] if field["id"]}
    return {
        "title": job.title,
        "metadata_title": metadata_title(job),
        "subtitle": job.subtitle,
        "municipality": job.municipality,
        "number": job.document_number,
        "version": str(job.version),
        "copy": COPIES[job.reader],
        "facts": [{"label": label, "text": text} for label, text in unsaid(job.header, job.sections)],
        "sections": sections,
        "fields": {**dict.fromkeys(job.field_ids, UNANSWERED), **answered},
        "footer_lines": list(job.footer_lines),
    }


def _field(field: RenderField) -> dict[str, Any]:
    changes = {"changes": [msgspec.to_builtins(line) for line in field.changes]} if field.changes else {}
    text = answer_line(field)
    most = FACT_LIST if field.kind == "list" else FACT_TEXT
    fact = field.kind != "table" and "\n" not in text and len(text) <= most and len(field.label) <= FACT_LABEL
    paragraphs = [p.strip("\n") for p in BLANK_LINE.split(field.text) if p.strip()]
    return {
        "id": field.field_id,
        "kind": "fact" if fact else "block",
        "label": field.label,
        "text": text,
        "answered": True,
        "paragraphs": [] if fact else paragraphs,
        "bullets": [] if fact else list(field.items),
        "columns": list(field.columns),
        "rows": [list(row) for row in field.rows],
        **changes,
    }
