"""Cases of today, each at another station, so that every role finds something to do in the demo at once."""

from __future__ import annotations

from tillid.demo.loading import ANSWERS
from tillid.demo.playing import OpenHouse, ParentLogin, Player
from tillid.demo.texts import AnswerSet
from tillid.usecases.request_consent import request_consent
from tillid.usecases.share_document import share_document
from tillid.usecases.start_document import start_document
from tillid.usecases.submit_form import submit_form


def load_present(open_house: OpenHouse, login: ParentLogin) -> None:
    """Noor's parents are asked for consent; Storm's description is released; Villads has one of two trivselsskemaer."""
    player = Player(open_house, login)
    _asked(player, ANSWERS["noor_bh_sk"])
    request_id = _asked(player, ANSWERS["storm_dp_bh"])
    for holder in player.holders(ANSWERS["storm_dp_bh"].child_id):
        player.say_yes(holder, request_id)
    player.drain()
    _submitted(player, ANSWERS["villads_sofie"])


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


def _submitted(player: Player, answers: AnswerSet) -> None:
    author = player.staff(answers.author_id)
    with player.open_house() as house:
        document_id = start_document(house, author, answers.child_id, answers.form_id, round_id=answers.round_id).id
    player.fill(author, document_id, answers.professional)
    with player.open_house() as house:
        submit_form(house, author, document_id)
