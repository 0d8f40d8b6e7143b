"""Requests about what is given on: shared with the receiver, decided, corrected, agreed, compared, each with the rows that it writes."""

from __future__ import annotations

from tests.support.logged import Scene, drained, get, later, post
from tests.support.shared_forms import SHEET
from tests.walks.logged_document import FILE, WHY
from tillid.demo.data import demo_data
from tillid.demo.present import called

TEAM, LEADER, HOLDER, RECEIVER = "sofie", "birgit", "katrine", "hanne"
REASON = "Skolen skal kende barnets allergi fra første dag, og forældrene kan ikke nås."
DECIDED = {
    "hjemlet": "provision",
    "bestemmelse": "Barnets lov § 133",
    "hvorfor": REASON,
    "orienteret": "2026-11-24",
    "svar": "ingen",
    "del": True,
}


def a_call(at):
    """Parents are called to a meeting."""
    installation = at("people")
    installation.world.made["document"] = called(installation.world.player, SHEET)
    return installation


SCENES: dict[str, Scene] = {
    "released": (
        lambda at: at("signed with file"),
        (
            get("released", RECEIVER, "read_released document"),
            get("released_copy", RECEIVER, "read_released document"),
            get("released_page", RECEIVER, "read_released document", page="1"),
            get("released_attachment", RECEIVER, "read_attachment document, read_released document", **FILE),
            post("name_reader", RECEIVER, "name_reader document", on="released", said={"staff": demo_data().staff["peter"].id}),
            get("released", "peter", "read_released document"),
            post("begin_later", RECEIVER, "begin_later document, start_document new", on="released", at={"phase": "reception"}),
            post("acknowledge_reception", RECEIVER, "acknowledge_reception document", on="released"),
            get("attachment_of_version", TEAM, "read_attachment document", version="2", **FILE),
            get("correction", LEADER, "correction_page document"),
            post("correction", LEADER, "correct_version document, correction_page document", said={"hvorfor": WHY}),
        ),
    ),
    "put back": (
        lambda at: at("put back"),
        (
            get("held", LEADER, "held_page document"),
            post("held", LEADER, "confirm_release document", pick="del", said={"vist": ["asked"]}),
            post("restored", "camilla", "confirm_restored restored", pick="kopi", said={"vist": ["log_head"]}),
        ),
    ),
    "decided": (
        lambda at: at("agreed"),
        (
            get("decision", LEADER, "decision_page document"),
            post("decision", LEADER, "decision_page document, decision_page document", "trin=se", pick="hjemlet", said=DECIDED),
            post("decision", LEADER, "decide_share document, decision_page document", "trin=beslut", pick="hjemlet", said=DECIDED, via=("trin=se",)),
            later,
            post("decision", LEADER, "decision_page document, end_share document", "trin=ophoer", pick="ophoer"),
        ),
    ),
    "compared": (
        lambda at: at("agreed"),
        (
            get("changes", HOLDER, "read_parent_copy document"),
            post("make_changes_pdf", HOLDER, "read_parent_copy document", on="changes"),
            drained,
            get("changes_pdf", HOLDER, "read_parent_copy document"),
        ),
    ),
    "meeting held": (
        lambda at: at("held"),
        (
            get("agreements", TEAM, "agreements_page document"),
            post("agreements", TEAM, "agreements_page document, close_agreements document", "trin=afslut", pick="afslut", said={"aftale.*": "udfoert"}),
            post("agreements", TEAM, "agreements_page document, reopen_agreements document", "trin=aabn", pick="aabn"),
        ),
    ),
    "meeting cancelled": (a_call, (post("agreements", LEADER, "agreements_page document, cancel_meeting document", "trin=aflys", pick="aflys"),)),
    "health": (lambda at: at("health"), (get("journal_note", TEAM, "journal_note document"),)),
}  # fmt: skip
