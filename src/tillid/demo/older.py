"""A draft that was begun in an older version of its form: what people meet when a new version comes while they write."""

from __future__ import annotations

from dataclasses import replace

from tillid.demo.loading import ANSWERS
from tillid.demo.playing import ParentLogin, Player
from tillid.demo.texts import AnswerSet
from tillid.forms.loading import Definitions
from tillid.usecases.ports import House, OpenHouse
from tillid.usecases.save_fields import Change, save_fields
from tillid.usecases.start_document import start_document


def load_older(open_house: OpenHouse, login: ParentLogin) -> None:
    """Emil's description, written in version 2 of overgangsbeskrivelse; the parents' part in a talk."""
    _drafted(Player(open_house, login), ANSWERS["emil_dp_bh_v2"])


def _drafted(player: Player, answers: AnswerSet) -> str:
    author = player.staff(answers.author_id)
    with player.open_house() as house:
        document_id = start_document(_then(house, answers), author, answers.child_id, answers.form_id).id
        day = answers.start_after(house.moment.date())
    player.fill(author, document_id, {**answers.professional, **({"startdato": day.isoformat()} if day else {})})
    with player.open_house() as house:
        holder = house.people.custody(answers.child_id).current(house.moment)[0]
        words = {name: Change(value=value, base=0) for name, value in answers.parents.items()}
        save_fields(house, author, document_id, words, together_with=holder.person_id)
    return document_id


def _then(house: House, answers: AnswerSet) -> House:
    """The house as it was before any later version of the form was published."""
    known = [one for one in house.definitions.all() if one.id != answers.form_id or one.version <= answers.form_version]
    return replace(
        house, definitions=Definitions(known, house.definitions.list_digests, additions=house.definitions.additions)
    )
