"""The last of the browser's tests: no page of the route table was left out by those before."""

from __future__ import annotations

import pytest

from tests.browser.looking import pattern_of
from tillid.web.routes import ROUTES

# GET addresses that are no page of their own: files, fragments of a page, redirects.
NO_PAGES = {
    "ok", "static", "language", "fill_start", "progress", "released_progress", "session", "presence",
    "preview", "preview_progress", "copy", "parent_pdf", "record", "released_copy",
    "copy_page", "parent_page", "released_page", "changes_progress", "changes_pdf",
    "attachment", "attachment_of_version", "released_attachment", "forms_api", "form_schema", "version_yaml", "design_yaml",
    "template_file", "paper_scan", "journal_note", "hand_out_copy", "proposal_progress", "proposal_file", "gather_progress", "gathered",
    "insight_progress", "insight_file", "intake_insight_file", "receipt_zip", "receipt_progress", "receipt_pdf", "personal_signature",
}  # fmt: skip
# Each role's front page must have been looked at.
ROLES = {
    "sofie", "mikkel", "birgit", "yusuf", "hanne", "peter", "ove", "rasmus", "camilla", "mettemarie", "jonas",
    "katrine", "jeppe", "stranger",
}  # fmt: skip


@pytest.mark.req("R-120", "R-121")
def test_every_page_of_the_table_was_looked_at(looker, walk) -> None:
    walk.after("withdrawn")
    pages = {one.name: pattern_of(one.pattern) for one in ROUTES if "GET" in one.views and one.name not in NO_PAGES}
    paths = {path for _role, path in looker.seen}
    left = [name for name, pattern in pages.items() if not any(pattern.fullmatch(path) for path in paths)]
    assert not left, f"no test looks at: {left}"
    assert {role for role, path in looker.seen if path == "/"} >= ROLES
