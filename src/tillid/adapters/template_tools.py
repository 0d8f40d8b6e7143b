"""``TemplateTools``: what is asked about a template and its documents before anybody uses it; each part with its own limits."""

from __future__ import annotations

from collections.abc import Mapping

from tillid.adapters.docx.lint.box import boxed_lint
from tillid.adapters.pdf.extract import page_text
from tillid.adapters.pdf.pictures import pictures
from tillid.adapters.pdf.search import everything
from tillid.documents.templates import Finding

PICTURE_WIDTH = 620  # two beside each other on a screen


class TemplateTools:
    """The port ``TemplateTools``."""

    def lint(
        self, docx: bytes, *, fields: Mapping[str, str], elsewhere: Mapping[str, str], form: str
    ) -> tuple[Finding, ...]:
        """The linter's findings, errors first; the file is opened in a process of its own."""
        return boxed_lint(docx, fields=fields, elsewhere=elsewhere, form=form)

    def pictures(self, pdf: bytes) -> list[bytes]:
        """Its pages as PNG. Raises ``TillidError``."""
        return pictures(pdf, width=PICTURE_WIDTH)

    def texts(self, pdf: bytes) -> tuple[str, str]:
        """What stands on the pages, and all that the file holds."""
        return page_text(pdf), everything(pdf)
