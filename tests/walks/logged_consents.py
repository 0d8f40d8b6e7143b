"""Requests about consents: asked, answered, taken back, on paper, to a meeting, and what follows, each with the rows that it writes."""

from __future__ import annotations

from tests.support.logged import Scene, drained, get, later, post
from tests.support.sign_client import Process
from tests.support.uploads import picture
from tests.support.world import SET, START
from tests.walks.test_fifteen import turns_fifteen
from tests.walks.test_sign_personally import begin
from tillid.usecases.request_consent import request_consent

TEAM, LEADER, HOLDER, OTHER, YOUNG, MEETING = "sofie", "birgit", "katrine", "jeppe", "alma", "maria"
NOT_STOPPED = "a withdrawal is effective at its click, whatever else is broken (R-17)"
ROWS = "svar.*"


def own_event(who, kinds=("consent_given",), name="event"):
    """The id of that person's own answer stands in addresses from now on."""

    def find(played):
        with played.world.house() as house:
            events = house.ledger.of_request(played.ids["request_id"])
        played.kept[f"{name}_id"] = [one.id for one in events if one.kind in kinds and one.actor == played.person(who)][
            -1
        ]

    return find


def sealed(played):
    """What every sweep does."""
    drained(played)
    played.world.parts.event_log.sign_head()


def fifteen(at):
    installation = at("signed")
    world = installation.world
    turns_fifteen(world)
    with world.house() as house:
        world.made["request"] = request_consent(house, world.staff(TEAM), world.made["document"]).id
    assert world.drain() == []
    return installation


def entry(played):
    with played.world.house() as house:
        events = house.ledger.of_document(played.world.made["document"])
    played.kept["entry_id"] = [one.id for one in events if one.kind.startswith("paper_")][-1]


def question(played):
    with played.world.house() as house:
        events = house.ledger.of_document(played.world.made["document"])
    played.kept["meeting_id"] = played.kept["request_id"] = next(one.request_id for one in events if one.request_id)


ON_PAPER = {ROWS: "ja", "dato": "2026-11-25", "scan": ("papir.png", picture(), "image/png")}


def at_the_provider(played):
    """A provider of signatures that the municipality has an agreement with."""
    world = played.world
    (folder := world.folder / "provider").mkdir()
    provider = Process(folder, START)
    played.ends.append(provider.stop)
    world.parts.personal = provider.client(clock=world.clock)
    own_event(HOLDER)(played)
    played.provider = provider


def signs(played):
    """Asked anew, as from another window, and signed there."""
    world, who = played.world, played.world.holders(SET.child_id)[0]
    with world.house() as house:
        event = house.ledger.event(played.kept["event_id"])
    played.provider.person(begin(world, who, event), "sign")
    world.clock.move(seconds=21)
    drained(played)


SCENES: dict[str, Scene] = {
    "to be asked": (lambda at: at("agreed"), (post("request_consent", TEAM, "request_consent document", on="document", pick="after"),)),
    "asked": (
        lambda at: at("asked"),
        (
            get("consent", HOLDER, "see_consent document"),
            post("consent", HOLDER, "see_consent document", "trin=se", pick="nonce", said={ROWS: "ja"}),
            post("consent", HOLDER, "give_consent document, see_consent document", "trin=send", pick="nonce", said={ROWS: "ja"}, via=("trin=se",)),
            post("consent", OTHER, "give_consent document, see_consent document", "trin=send", pick="nonce", said={ROWS: "ja"}, via=("trin=se",)),
            own_event(HOLDER),
            get("receipt", HOLDER, "see_consent document"),
            sealed,
            get("record", HOLDER, "see_consent document"),
            get("receipt_zip", HOLDER, "fetch_receipt document"),
            post("make_receipt_pdf", HOLDER, "fetch_receipt document", on="receipt"),
            drained,
            get("receipt_pdf", HOLDER, "fetch_receipt document"),
            later,
            post("withdraw", HOLDER, "withdraw document, withdraw_page document", pick="del", said={"del": True}, log_is_there=True),
            later,
            get("withdraw", HOLDER, "withdraw_page document", best_effort=NOT_STOPPED),
            post("withdraw", HOLDER, "withdraw document", pick="bemaerkning", best_effort=NOT_STOPPED),
            get("record_withdrawal", TEAM, "withdraw_page document", best_effort=NOT_STOPPED),
            post("record_withdrawal", TEAM, "withdraw document", "metode=telefon", pick="nonce", best_effort=NOT_STOPPED),
        ),
    ),
    "signed personally": (
        lambda at: at("signed"),
        (
            at_the_provider,
            post("sign_personally", HOLDER, "sign_personally document", on="receipt"),
            signs,
            get("personal_signature", HOLDER, "fetch_receipt document"),
        ),
    ),
    "fifteen": (
        fifteen,
        (
            get("consent", YOUNG, "see_consent document"),
            post("consent", YOUNG, "give_consent document, see_consent document", "trin=send", pick="nonce", said={ROWS: "ja"}, via=("trin=se",)),
            get("parent_document", YOUNG, "read_parent_copy document"),
            get("parent_text", YOUNG, "read_parent_copy document"),
            later,
            post("withdraw", YOUNG, "withdraw document", pick="bemaerkning", best_effort=NOT_STOPPED),
        ),
    ),
    "paper": (
        lambda at: at("asked"),
        (
            get("paper", TEAM, "paper_page document"),
            get("paper_sheet", TEAM, "paper_page document"),
            post("paper_sheet", TEAM, "enter_paper document, paper_page document", pick="scan", said=ON_PAPER),
            entry,
            get("paper_scan", LEADER, "paper_scan document"),
            post("paper", LEADER, "paper_page document, reject_paper document", "trin=afvis", pick="post"),
            later,
            post("paper_sheet", TEAM, "enter_paper document, paper_page document", pick="scan", said=ON_PAPER),
            post("paper", LEADER, "confirm_paper document, paper_page document", "trin=bekraeft", pick="post"),
        ),
    ),
    "meeting": (
        lambda at: at("meeting"),
        (
            get("meeting_consent", LEADER, "meeting_page document", best_effort=NOT_STOPPED),
            post("meeting_consent", LEADER, "ask_meeting document, meeting_page document", pick="til"),
            question,
            get("meeting", MEETING, "meeting_question document", best_effort=NOT_STOPPED),
            post("meeting", MEETING, "answer_meeting document, meeting_question document", "trin=svar", pick="svar.purpose", said={ROWS: "ja"}),
            post("meeting", "louise", "answer_meeting document, meeting_question document", "trin=svar", pick="svar.purpose", said={ROWS: "ja"}),
            later,
            post("meeting", MEETING, "meeting_question document, withdraw_meeting document", "trin=dele", pick="del", said={"del": True}, log_is_there=True),
            later,
            post("meeting", MEETING, "withdraw_meeting document", "trin=alt", pick="alt", best_effort=NOT_STOPPED),
            post("meeting_consent", LEADER, "withdraw_meeting document", "metode=telefon", pick="telefon", best_effort=NOT_STOPPED),
        ),
    ),
}  # fmt: skip
