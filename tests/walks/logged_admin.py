"""Requests of the administrator that change something, each with the rows that it writes; of nobody in particular."""

from __future__ import annotations

from webtest import Upload

from tests.support.logged import Scene, drained, later, post
from tests.support.own_templates import in_word, ours
from tests.support.world import SET
from tests.walks.test_admin_pages import fail
from tests.walks.test_template_pages import FORM, HEADING, VERSION

FIRST, SECOND = "camilla", "henriette"


def a_step_fails(played):
    """It was given up."""
    played.kept["key"] = fail(played.world)


OWN = Upload("vores.docx", in_word(ours(FORM, VERSION), HEADING, "7A1F3D"))
PLACE = {"form": FORM, "version": str(VERSION)}

SCENES: dict[str, Scene] = {
    "settings": (
        lambda at: at("shared"),
        (
            post("settings", FIRST, "choose_setting metode", pick="metode"),
            post("settings", FIRST, "choose_setting metode", raw=True, said={"setting": "metode", "do": "default"}),
            post("settings", FIRST, "choose_setting metode:unit", raw=True, said={"setting": "metode", "do": "unit", "unit": SET.unit_id, "v": "anden"}),
            a_step_fails,
            post("retry_step", FIRST, "retry_step render_copies:document:1", raw=True, said={"key": lambda played: played.kept["key"]}),
        ),
    ),
    "designs": (
        lambda at: at("draft"),
        (
            post("designs", FIRST, "start_design design", raw=True, said={"do": "start", "form": FORM, "version": "3"}, keep="design_id"),
            post("design_field", FIRST, "edit_design design", "do=save", pick="label", at={"field": "u_greb"}, said={"label": "Det virker hos os"}),
            post("design_form", FIRST, "edit_design design", pick="revision", said={"title": "Overgang"}),
            post("design_section", FIRST, "edit_design design", pick="revision", at={"section": "fagpersonens_del"}, said={"title": "Ord"}),
            post("design_answers", FIRST, "edit_design design", "do=save", pick="revision", at={"field": "u_greb"}),
            post("design_list", FIRST, "edit_design design", "do=save", pick="revision", said={"choice.0.label": "Nyt"}),
            post("design_rules", FIRST, "edit_design design", "do=save", pick="revision"),
            post("design_try", FIRST, "try_design design", "do=check", pick="f.u_greb", query="?laeser=team&variant=bh_sk"),
            post("design", FIRST, "edit_design design", "do=undo", pick="undo"),
            post("design", FIRST, "submit_design design", "do=submit", pick="submit"),
            post("design", FIRST, "take_back_design design", pick="take-back"),
            later,
            post("design", FIRST, "submit_design design", "do=submit", pick="submit"),
            post("design_review", SECOND, "reject_design design", "do=reject", pick="reject", said={"comment": "Tag det om igen."}),
            post("design", FIRST, "submit_design design", "do=submit", pick="submit"),
            post("design_review", SECOND, "publish_design design", "do=publish", pick="publish"),
            post("designs", FIRST, "withdraw_version overgangsbeskrivelse/v4", raw=True, said={"do": "withdraw", "form": FORM, "version": "4"}),
            post("designs", FIRST, "use_version_again overgangsbeskrivelse/v4", raw=True, said={"do": "use-again", "form": FORM, "version": "4"}),
        ),
    ),
    "templates": (
        lambda at: at("draft"),
        (
            post("template", FIRST, "upload_template proposal", "do=upload", pick="file", at=PLACE, said={"file": OWN}, keep="proposal_id"),
            drained,
            post("proposal", FIRST, "submit_template proposal", "do=submit", pick="submit"),
            post("proposal", SECOND, "publish_template proposal", "do=publish", pick="publish"),
            post("template", FIRST, "propose_template proposal", pick="number", at=PLACE, keep="proposal_id"),
            post("proposal", FIRST, "discard_template proposal", "do=discard", pick="discard"),
        ),
    ),
}  # fmt: skip
