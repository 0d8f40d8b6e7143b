"""Where the project's data folders lie in a checkout."""

from __future__ import annotations

from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]
FORM_DEFINITIONS = PROJECT / "form_definitions"
DOCUMENT_TEMPLATES = PROJECT / "document_templates"
SIGNING = PROJECT / "signing"
