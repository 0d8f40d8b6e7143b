"""What a request need not write a row of, and why; everything else is in a scene of tests/walks/logged_*.py."""

from __future__ import annotations

PROGRESS = (
    "preview_progress", "gather_progress", "changes_progress", "receipt_progress", "released_progress", "insight_progress",
    "proposal_progress",
)  # fmt: skip
DESIGN = (
    "designs", "version_yaml", "design", "design_yaml", "design_form", "design_section", "design_field", "design_answers", "design_list",
    "design_rules", "design_try", "design_review", "templates", "template", "template_file", "proposal", "proposal_file", "forms_api",
    "form_schema", "printed",
)  # fmt: skip

EXEMPT: dict[str, tuple[str, ...]] = {
    "the same for everybody, and about nobody": tuple(
        f"GET {one}" for one in ("ok", "static", "help", "was", "language", "login", "login_staff", "login_parent")
    ),
    "a session begins, ends or goes on; nothing is shown and nothing about anybody is stored": (
        "POST login_staff", "POST login_parent", "GET session", "POST switch", "POST logout",
    ),
    "the forms and templates themselves, filled in by nobody": tuple(f"GET {one}" for one in DESIGN),
    "how the installation is: ids, counts and digests": tuple(
        f"GET {one}" for one in ("admin", "admin_log", "fixity", "restored", "settings", "kle")
    ),
    "how far something is, to who ordered it; what is made has a row when it is opened": tuple(f"GET {one}" for one in PROGRESS),
    "asks what is looked for or for what, the same whatever there is": ("GET own_search", "GET archive", "GET archived", "GET imported_package"),
    "the own way in: names and numbers of the own children, units and documents; each opened has a row, and a parent takes back from it": (
        "GET home", "GET unit", "GET notify", "GET notify_child", "GET gather",
    ),
    "the own questions to the archive, of which nothing is searched yet": ("GET saved_searches", "GET saved_search"),
    "numbers and days alone; each opened has a row": ("GET intake",),
    "children by name to choose one, whose log has a row of it": ("GET log",),
    "which colleague has the page open in this minute": ("GET presence",),
    "proved in tests/contract/test_package_proof.py, where a package is imported": ("POST imported_package", "POST imported_file"),
}  # fmt: skip
