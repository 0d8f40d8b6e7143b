"""Requests of the data protection officer and of the intake, each with the rows that it writes."""

from __future__ import annotations

from tests.support.logged import Scene, drained, get, later, post
from tests.support.uploads import picture
from tests.walks.test_insight import PROVISION, WHY, decide, flagged, now
from tests.walks.test_insight_intake import notified
from tillid.archive.insight_intake import answer_id

OFFICER, INTAKE = "rasmus", "mettemarie"
HELD = {"valg": "hold", "bestemmelse": PROVISION, "hvorfor": WHY}
GIVEN = {"valg": "give", "hvorfor": WHY}
ASKED = {"identitet": "Logget ind med MitID", "dag": "2026-11-25", "holder": lambda played: played.person("jeppe")}


def with_notification(at):
    """One that was sent, with a picture."""
    installation = at("signed with file")
    world = installation.world
    with world.house() as house:
        file = {"sha256": house.blobs.put(picture(), "image/png"), "title": "tegning.png", "media_type": "image/png"}
    world.made["notification"] = notified(world, i_bilag=[file])
    installation.world.clock.move(minutes=1)
    return installation


def case_of(played):
    return now(played.world, f"/indsigt/{played.kept['case_id']}")


def places(played):
    """Which item is the text, and which a file."""
    items = case_of(played).items
    played.kept["answer_id"] = answer_id(played.kept["case_id"])
    played.kept["text"] = str(next(n for n, one in enumerate(items, 1) if one.kind in ("version", "draft")))
    played.kept["drawing"] = str(next(n for n, one in enumerate(items, 1) if one.kind == "file"))


def rest(played):
    """Everything else that is held back until decided."""
    app, address = played.as_(OFFICER), f"/indsigt/{played.kept['case_id']}"
    for place, item in enumerate(case_of(played).items, 1):
        if item.flags and item.id not in case_of(played).decisions:
            choice = "redact" if item.kind in ("version", "draft", "consents", "log") else "hold"
            left_out = flagged(item) if item.kind in ("version", "draft") else ()
            decide(app, address, place, choice, left_out, bestemmelse=PROVISION, hvorfor=WHY)


def all_of(action, cases):
    """The package: the case, each of what is given about the child, and what the intake gives."""
    return ", ".join([*([f"{action} case"] * cases), *([f"{action} document"] * 4), f"{action} notification"])


SCENES: dict[str, Scene] = {
    "log": (
        lambda at: at("signed"),
        (
            get("log_child", OFFICER, "see_log child"),
            post("log_export", OFFICER, "export_log child", on="log_child"),
            get("log_notifications", OFFICER, "see_notification_log -"),
            get("remarks", OFFICER, "remarks_page document"),
        ),
    ),
    "insight": (
        with_notification,
        (
            get("insight_child", OFFICER, "insight_child child"),
            post("insight_child", OFFICER, "begin_insight case, insight_child child", pick="spoerger", said=ASKED, keep="case_id"),
            get("insight", OFFICER, "list_insight -"),
            get("insight_case", OFFICER, "see_insight case"),
            later,
            post("insight_case", OFFICER, "collect_insight case, see_insight case", "trin=saml", pick="saml"),
            places,
            get("insight_item", OFFICER, "see_insight_item case, see_insight_item document", place="text"),
            get("insight_item", OFFICER, "see_insight_item case, see_insight_item document", place="drawing"),
            get("insight_file", OFFICER, "see_insight_item case, see_insight_item document", place="drawing"),
            post("insight_item", OFFICER, "decide_insight case, see_insight_item case, see_insight_item document", "trin=gem", pick="valg", said=HELD, at={"place": "drawing"}),
            rest,
            post("insight_case", OFFICER, "end_insight_review case, order_insight case, see_insight case", "trin=afslut", pick="afslut"),
            get("intake_insight", INTAKE, "list_insight_intake -"),
            get("intake_insight_case", INTAKE, "see_insight_intake answer"),
            post("intake_insight_case", INTAKE, "decide_insight_intake answer, see_insight_intake answer", "trin=led", pick="led"),
            get("intake_insight_item", INTAKE, "review_notification notification, see_insight_intake answer", place="1"),
            get("intake_insight_file", INTAKE, "review_notification notification, see_insight_intake answer", place="2"),
            post("intake_insight_item", INTAKE, "decide_insight_intake answer, review_notification notification, review_notification notification, see_insight_intake answer", "trin=gem", pick="valg", said=HELD, at={"place": "1"}),
            post("intake_insight_item", INTAKE, "decide_insight_intake answer, review_notification notification, review_notification notification, see_insight_intake answer", "trin=gem", pick="valg", said=GIVEN, at={"place": "2"}),
            post("intake_insight_case", INTAKE, "answer_insight_intake answer, see_insight_intake answer", "trin=svar", pick="svar"),
            drained,
            later,
            post("insight_package", OFFICER, all_of("fetch_insight", 1), on="insight_case"),
            post("insight_hand_out", OFFICER, all_of("hand_out_insight", 2), on="insight_case", said={"maade": "Digital Post til den, der bad om det"}),
        ),
    ),
}  # fmt: skip
