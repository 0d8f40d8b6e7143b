"""Custody holders are told, before the first trivselsskema about their child, that and why all children are looked at.

R-03 (GDPR art. 13-14): information, not a consent; there is nothing to answer. The message is sent once per text version,
with the first form that is begun about the child, and says nothing of any form. Reading the text is logged.
"""

from __future__ import annotations

import msgspec

from tillid.forms.definition import Text
from tillid.kernel.errors import NotFound
from tillid.process.access import Identity
from tillid.process.organisation import Child
from tillid.usecases.facts import custody_of
from tillid.usecases.ports import House
from tillid.usecases.writing import audit_row, tell

FORM, TEXT, NOTICE = "trivselsskema", "trivsel_orientering", "wellbeing_information"


class Information(msgspec.Struct, frozen=True, kw_only=True):
    """The text as it was shown: ``text`` carries version and language."""

    child: Child
    text: Text


def inform_holders(house: House, child: Child) -> None:
    """One message to each present holder; a second time for the same text it is the same message."""
    custody = custody_of(house, child.id)
    if custody is None:
        return  # the register is silent: the next form that is begun tells them
    holders = [one.person_id for one in custody.current(house.moment)]
    tell(house, holders, NOTICE, f"{child.id}:{_text(house).version}", child=child.id)


def read_information(house: House, who: Identity, child_id: str, language: str) -> Information:
    """The text for a holder of the child; ``NotFound`` for everybody else. Logged before it is shown."""
    found = informed(house, who, child_id, language)
    purpose = f"{TEXT}/v{found.text.version}/{found.text.language}"
    house.audit.write(audit_row(house, who, "see_information", child_id, child_id, purpose))
    return found


def informed(house: House, who: Identity, child_id: str, language: str) -> Information:
    """The same without a row, for the second question."""
    child, custody = house.people.child(child_id), custody_of(house, child_id)
    if child is None or who.kind != "parent" or custody is None or not custody.holder(who.person_id, house.moment):
        raise NotFound("no holder of the child")
    return Information(child=child, text=_text(house, language))


def _text(house: House, language: str = "da") -> Text:
    return house.definitions.latest(FORM).text(TEXT, language)
