"""Requests about a text that is written, shared and agreed on, each with the rows that it writes."""

from __future__ import annotations

from tests.support.logged import Scene, drained, get, post
from tests.support.shared_forms import mother, write_together
from tests.support.uploads import FIELD
from tests.support.world import SET, fill_all
from tests.walks.test_fill_warnings import FIELD as WARNED
from tests.walks.test_fill_warnings import RULE
from tests.walks.test_open_round import after_deadline as opened_after_deadline
from tests.walks.test_open_round import open_as
from tests.walks.test_round_pages import MIKKEL, SOFIE, submit
from tillid.demo.data import demo_data
from tillid.demo.loading import ANSWERS
from tillid.demo.present import assessed
from tillid.kernel.clock import end_of
from tillid.usecases.make_overview import overview_id
from tillid.usecases.save_fields import Change, save_fields
from tillid.usecases.start_document import start_document

TEAM, LEADER, HOLDER, OTHER, COLLEAGUE = "sofie", "birgit", "katrine", "jeppe", "mikkel"
WORDS = "Alma bygger høje tårne af klodser."
WHY = "Det er aftalt med familien på mødet i går, og alle er enige om det."
FILE = {"field": FIELD, "place": "1"}
PART, GREB = "fagpersonens_del", "u_greb"


def cpr_of(name):
    return lambda played: demo_data().parents[name].cpr


def clash(played):
    """The leader's text stands; what the author wrote at the same time is kept beside it, for the author to choose."""
    world = played.world
    fill_all(world, world.staff(LEADER), world.made["document"], {GREB: "Lederens ord."})
    with world.house() as house:
        change = Change(value="Forfatterens ord.", base=1)
        assert save_fields(house, world.staff(TEAM), world.made["document"], {GREB: change}).clashes


def filled(played):
    """Everybody has written what is theirs."""
    world, document = played.world, played.world.made["document"]
    fill_all(world, world.staff(LEADER), document, SET.leader)
    fill_all(world, world.holders(SET.child_id)[0], document, {**SET.parents, **SET.child})


def in_a_talk(played):
    """What an employee wrote for a mother waits for her."""
    world = played.world
    write_together(world, world.made["document"], TEAM, mother(world).person_id, "Det passer.")


def an_assessment(at):
    installation = at("people")
    world = installation.world
    world.made["document"] = assessed(world.player, ANSWERS["theo_vurdering"])
    world.made["child"] = ANSWERS["theo_vurdering"].child_id
    drained_world(world)
    return installation


def drained_world(world):
    assert world.drain() == []


def a_round(at):
    installation = at("people")
    submit(installation.world, TEAM, SOFIE.professional)
    installation.world.made |= {"child": SOFIE.child_id, "round": SOFIE.round_id}
    return installation


def after_deadline(played):
    with played.world.house() as house:
        played.world.clock.moment = end_of(house.people.round(SOFIE.round_id).deadline)
    played.browsers.clear()


def the_own(played):
    with played.world.house() as house:
        found = [one for one in house.documents.of_round(SOFIE.round_id) if one.author == played.person(TEAM)]
    played.kept["own_id"] = found[0].id


def the_colleagues(played):
    with played.world.house() as house:
        own = [one for one in house.documents.of_round(SOFIE.round_id) if one.author == played.person(COLLEAGUE)]
        played.kept["colleagues_id"] = own[0].id


def a_warning(at):
    """To be written by a team."""
    installation = at("people")
    world = installation.world
    with world.house() as house:
        document = start_document(house, world.staff(TEAM), SET.child_id, "trivselsvurdering")
        world.made["document"] = document.id
    return installation


def a_group(at):
    """The round is open after its deadline, and the team has written about its group."""
    installation = at("people")
    world = installation.world
    opened_after_deadline(world)
    open_as(world, LEADER)
    world.made["document"] = overview_id(SOFIE.round_id, "Månestuen")
    fill_all(
        world, world.staff(TEAM), world.made["document"], {"miljoe": "Vi mangler et roligt hjørne til de mindste."}
    )
    return installation


SCENES: dict[str, Scene] = {
    "draft": (
        lambda at: at("draft"),
        (
            get("child", TEAM, "see_child child"),
            get("document", TEAM, "see_document document"),
            get("fill_start", TEAM, "see_draft document"),
            get("fill", TEAM, "see_draft document", section=PART),
            get("review", TEAM, "see_draft document, see_document document"),
            post("fill", TEAM, "write_draft document", "go=stay", at={"section": PART},
                 said={f"f.{GREB}": WORDS}),
            post("field", TEAM, "write_draft document", at={"section": PART, "field": GREB}, on="fill",
                 saves=True, said={f"f.{GREB}": WORDS * 2}),
            post("make_preview", TEAM, "preview document", on="review"),
            drained,
            get("preview", TEAM, "preview document"),
            post("start", TEAM, "start_document new", on="child", pick="trivselsvurdering", keep="new_id"),
            post("unmask_cpr", TEAM, "unmask_cpr child, see_child child", on="child", said={"reason": "letter"}),
            clash,
            post("settle", TEAM, "write_draft document, write_draft document", "keep=yours", at={"section": PART, "field": GREB}, on="fill"),
            post("share", TEAM, "share document", on="review"),
        ),
    ),
    "newer": (
        lambda at: at("newer"),
        (
            get("move", TEAM, "see_draft document"),
            post("move", TEAM, "move_draft document"),
            get("earlier_draft", TEAM, "see_draft document", draft="1"),
            get("restore_draft", TEAM, "see_draft document", draft="1"),
            post("restore_draft", TEAM, "move_draft document", at={"draft": "1"}),
        ),
    ),
    "shared": (
        lambda at: at("shared with file"),
        (
            get("progress", TEAM, "see_document document"),
            get("read", TEAM, "read_team_copy document"),
            get("copy", TEAM, "read_team_copy document"),
            get("copy_page", TEAM, "read_team_copy document", page="1"),
            get("attachment", HOLDER, "read_attachment document", **FILE),
            get("parent_document", HOLDER, "see_draft document"),
            get("parent_text", HOLDER, "read_parent_copy document"),
            get("parent_pdf", HOLDER, "read_parent_copy document"),
            get("parent_page", HOLDER, "read_parent_copy document", page="1"),
            get("parent_agree", HOLDER, "see_draft document"),
            get("parent_decline", HOLDER, "see_draft document"),
            get("reading_grant", LEADER, "grant_page document"),
            post("reading_grant", LEADER, "grant_page document, grant_reading document",
                 said={"cpr": cpr_of("shirin"), "afgoerelse": "Afgørelse fra udvalget", "dag": "2027-01-05"}),
            post("reading_grant", LEADER, "grant_page document, end_grant document", "ophoer=", pick="ophoer"),
            get("hand_out", LEADER, "hand_out_page document"),
            post("hand_out", LEADER, "hand_out_page document, hand_out document", said={"hvem": "Far", "hvorfor": WHY}),
            get("remarks", LEADER, "remarks_page document"),
            post("remarks", LEADER, "remarks_page document, remark document", "trin=note", pick="slags", said={"tekst": WHY}),
            post("remarks", LEADER, "remarks_page document, remark document", "trin=begraens", pick="grund", said={"hvorfor": WHY}),
            post("remarks", LEADER, "remarks_page document, remark document", "trin=ophaev", pick="ophaev", said={"hvorfor": WHY}),
            filled,
            post("agree", TEAM, "agree document", on="review"),
            post("parent_agree", HOLDER, "agree document", "trin=enig", pick="enig"),
            post("parent_agree", OTHER, "write_draft document, see_draft document", "trin=bemaerkning", pick="bemaerkning",
                 said={"bemaerkning": "Ikke helt."}),
            post("parent_decline", HOLDER, "decline document"),
        ),
    ),
    "handed out": (lambda at: at("handed out"), (get("hand_out_copy", LEADER, "fetch_hand_out document"),)),
    "assessment": (
        an_assessment,
        (
            in_a_talk,
            get("parent_words", "maria", "see_draft document"),
            post("parent_words", "maria", "see_draft document, confirm_words document"),
            post("parent_acknowledge", "maria", "acknowledge document", on="parent_document"),
            get("parent_information", "maria", "see_information child"),
            post("submit", LEADER, "attest document", on="review"),
        ),
    ),
    "round": (
        a_round,
        (
            the_own,
            get("round", TEAM, "read_individual own"),
            post("start", COLLEAGUE, "start_document colleagues", on="round", keep="colleagues_id"),
            lambda played: fill_all(played.world, played.world.staff(COLLEAGUE), played.kept["colleagues_id"], MIKKEL.professional),
            post("submit", COLLEAGUE, "submit colleagues", at={"document_id": "colleagues_id"}, on="review"),
            the_colleagues,
            get("round", TEAM, "read_individual own, read_individual colleagues"),
            get("overview", TEAM, "read_individual own, read_individual colleagues"),
            post("gather", TEAM, "gather_copies round", said={"purpose": "team_meeting"}),
            drained,
            get("gathered", TEAM, "export_copies round, read_individual own, read_individual colleagues"),
            post("stop_gathering", TEAM, "stop_gathering round", on="gather"),
            after_deadline,
            get("open_round", LEADER, "see_missing round"),
            post("open_round", LEADER, ", ".join((*(["open_round round"] * 5), "start_document new", "start_document new"))),
        ),
    ),
    "warned": (
        a_warning,
        (post("fill", TEAM, "write_draft document", "go=stay", at={"section": "teamets_dialog"}, said={f"f.{WARNED}": "Sofie Brandt"}),
         post("fill", TEAM, "write_draft document, write_draft document", f"do=override.{RULE}", at={"section": "teamets_dialog"}, said={f"why.{RULE}": "Kun én kender barnet endnu."}),),
    ),
    "group": (
        a_group,
        (
            get("overview", TEAM, "see_draft document, see_draft new"),
            post("own_search", TEAM, "search_own -, search_own_hit document", said={"words": "roligt hjørne"}),
            post("submit", LEADER, "lock_overview document", on="review"),
            get("overview", TEAM, "read_team_copy document, see_draft new"),
        ),
    ),
    "unit": (
        lambda at: at("people"),
        (
            post("start_in_unit", LEADER, "start_document new", on="unit", pick="variant",
                 said={"variant": "faglig_sparring"}, keep="new_id"),
        ),
    ),
}  # fmt: skip
