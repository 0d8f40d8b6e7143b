"""Cases of today, each at another station, so that every role finds something to do in the demo at once."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from tillid.demo.data import demo_data
from tillid.demo.loading import ANSWERS
from tillid.demo.playing import ParentLogin, Player
from tillid.demo.texts import AnswerSet
from tillid.kernel.clock import instant
from tillid.kernel.ids import new_id
from tillid.usecases.grant_reading import grant_reading
from tillid.usecases.ports import OpenHouse
from tillid.usecases.request_consent import request_consent
from tillid.usecases.share_document import share_document
from tillid.usecases.start_document import start_document
from tillid.usecases.submit_form import submit_form


def load_present(open_house: OpenHouse, login: ParentLogin) -> None:
    """Noor's parents are asked for consent, and Selma, who is fifteen, herself, whose foster mother may read; Storm's description is
    released; Villads has one of two trivselsskemaer; Theo's
    mothers have his assessment and the sheet that calls a meeting about him, and have written nothing in them yet."""
    player = Player(open_house, login)
    _asked(player, ANSWERS["noor_bh_sk"])
    _fostered(player, _asked(player, ANSWERS["selma_sk_sk"]))
    request_id = _asked(player, ANSWERS["storm_dp_bh"])
    for holder in player.holders(ANSWERS["storm_dp_bh"].child_id):
        player.say_yes(holder, request_id)
    player.drain()
    _submitted(player, ANSWERS["villads_sofie"])
    assessed(player, ANSWERS["theo_vurdering"])
    called(player, ANSWERS["theo_dialogmoede"])
    player.drain()


def _asked(player: Player, answers: AnswerSet) -> str:
    """From the first draft to the question; returns the request's id."""
    author = player.staff(answers.author_id)
    with player.open_house() as house:
        document_id = start_document(house, author, answers.child_id, answers.form_id).id
        day = answers.start_after(house.moment.date())
    player.fill(author, document_id, {**answers.professional, **({"startdato": day.isoformat()} if day else {})})
    if answers.leader:
        player.fill(player.leader_of(answers.unit_id), document_id, answers.leader)
    with player.open_house() as house:
        share_document(house, author, document_id)
    holders = player.holders(answers.child_id)
    player.fill(holders[0], document_id, {**answers.parents, **answers.child})
    for who in (author, *holders):
        player.agree(who, document_id)
    player.drain()
    with player.open_house() as house:
        return request_consent(house, author, document_id).id


def _fostered(player: Player, request_id: str) -> None:
    """Selma's foster mother may read the description for half a year (R-36)."""
    asked = player.request(request_id)
    with player.open_house() as house:
        grant_reading(
            house,
            player.leader_of(asked.from_unit.id),
            asked.document.document_id,
            cpr=demo_data().parents["grethe"].cpr,
            basis="Afgørelse fra Børne- og ungeudvalget, 3. september",
            until=house.moment.date() + timedelta(days=180),
            event_id=new_id(),
        )


def _submitted(player: Player, answers: AnswerSet) -> None:
    author = player.staff(answers.author_id)
    with player.open_house() as house:
        document_id = start_document(house, author, answers.child_id, answers.form_id, round_id=answers.round_id).id
    player.fill(author, document_id, answers.professional)
    with player.open_house() as house:
        submit_form(house, author, document_id)


def assessed(player: Player, answers: AnswerSet) -> str:
    """The team's assessment, attested by the leader and shared with the parents; returns the document's id."""
    author = player.staff(answers.author_id)
    with player.open_house() as house:
        document_id = start_document(house, author, answers.child_id, answers.form_id).id
        today = house.moment.date()
    talked = {**answers.professional["f_foraeldre_inddraget"], "date": (today - timedelta(days=2)).isoformat()}
    days = {
        "droeftet_dato": (today - timedelta(days=6)).isoformat(),
        "f_foraeldre_inddraget": talked,
        "f_opfoelgning": (today + timedelta(days=14)).isoformat(),
    }
    player.fill(author, document_id, {**answers.team, **answers.professional, **days})
    with player.open_house() as house:
        submit_form(house, player.leader_of(answers.unit_id), document_id)
    with player.open_house() as house:
        share_document(house, author, document_id)
    return document_id


def called(player: Player, answers: AnswerSet) -> str:
    """The sheet of a meeting as its invitation: prepared, and shared with the parents; returns the document's id."""
    leader = player.leader_of(answers.unit_id)
    with player.open_house() as house:
        document_id = start_document(house, leader, answers.child_id, answers.form_id, variant=answers.variant).id
        when = datetime.combine(house.moment.date() + timedelta(days=8), time(14, 30), UTC)
    place = {**answers.leader["tid_sted"], "moment": instant(when)}
    player.fill(leader, document_id, {**answers.leader, **answers.professional, "tid_sted": place})
    with player.open_house() as house:
        share_document(house, leader, document_id)
    return document_id
