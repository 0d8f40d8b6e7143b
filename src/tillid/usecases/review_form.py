"""A design is sent for review, read by another administrator beside the version it changes, and sent back or published.

Nobody publishes what they have written: whoever has changed the design at any time is refused (two people, issue 4 part 8).
"""

from __future__ import annotations

from datetime import date

import msgspec

from tillid.forms.design_check import checked, whole
from tillid.forms.designs import Comment, Design, DesignState, PublishedAddition, PublishedForm
from tillid.forms.diff import DefinitionDiff, diff_definitions
from tillid.kernel.canonical import json_digest
from tillid.kernel.clock import local_day
from tillid.kernel.errors import TillidError
from tillid.process.access import Identity
from tillid.usecases.design_addition import addition_before, published_from
from tillid.usecases.design_data import ask_second_person, record, said
from tillid.usecases.design_form import DesignChanged, Opened, is_outdated, open_design, require_design
from tillid.usecases.ports import House


class HasFaults(TillidError):
    code = "design.has-faults"
    text = "Kontrollen har fundet noget, der skal rettes først. Se listen ved udkastet."


class OwnWork(TillidError):
    code = "design.own-work"
    text = "Du har selv arbejdet på udkastet. En anden administrator skal læse det og udgive det."


class NotInReview(TillidError):
    code = "design.not-in-review"
    text = "Udkastet er ikke til godkendelse nu. Åbn det igen, og se, hvad der er sket."


class DayPassed(TillidError):
    code = "design.day-passed"
    text = "Dagen, hvor versionen skal tages i brug, er ugyldig eller er forbi. Vælg i dag eller en senere dag."


class ReasonMissing(TillidError):
    code = "design.reason-missing"
    text = "Skriv, hvad der skal ændres, så den, der har lavet udkastet, ved det."


class BaseMoved(TillidError):
    code = "design.base-moved"
    text = "En nyere version er udgivet, siden udkastet blev lavet. Lad udkastet gå ud fra den, og kontrollér det igen."


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """What the second person sees: the design, the checks, every difference from the base. ``own``: has edited it;
    ``before``: the version of the addition it is compared with (``id/vN``), empty = with the form without additions."""

    opened: Opened
    diff: DefinitionDiff | None
    own: bool
    before: str = ""


def open_review(house: House, who: Identity, design_id: str) -> Review:
    """The review of a design in any state; ``NotFound`` for who is no administrator."""
    opened = open_design(house, who, design_id)
    new = opened.check.definition
    before = opened.base if opened.design.addition is None else addition_before(house, opened.design) or opened.base
    diff = None
    if new is not None:  # which addition it is stands above the list; it is nothing that somebody changed
        diff = diff_definitions(*(msgspec.structs.replace(one, overlays=()) for one in (before, new)))
    added = before.overlays[0].split(" ")[0] if before.overlays else ""
    return Review(opened=opened, diff=diff, own=who.person_id in opened.design.editors, before=added)


def submit_design(
    house: House, who: Identity, design_id: str, revision: int, usable_from: str, comment: str = ""
) -> Design:
    """The design goes to review; nobody changes it meanwhile, and the other administrators are told. Raises ``HasFaults``, ``BaseMoved``, ``DayPassed``."""
    opened = open_design(house, who, design_id)
    _seen(opened.design, revision, ("draft", "rejected"))
    if opened.stale:
        raise BaseMoved("submit")
    if opened.check.problems:
        raise HasFaults("submit")
    day = day_of(house, usable_from)
    record(house, who, "submit_design", design_id)
    editors = {who.person_id, *opened.design.editors}
    ask_second_person(house, "design_waits", f"{design_id}:{opened.design.revision}", editors, design=design_id)
    return _stepped(house, who, opened.design, "in_review", comment, usable_from=day, digest=_digest(opened.design))


def take_back_design(house: House, who: Identity, design_id: str, revision: int) -> Design:
    """A design in review becomes a draft again, by whoever works on it."""
    design = require_design(house, who, design_id)
    _seen(design, revision, ("in_review",))
    record(house, who, "take_back_design", design_id)
    return _stepped(house, who, design, "draft", "", digest="")


def reject_design(house: House, who: Identity, design_id: str, revision: int, comment: str) -> Design:
    """The reviewer sends it back with a reason. Raises ``OwnWork`` and ``ReasonMissing``."""
    design = require_design(house, who, design_id)
    _seen(design, revision, ("in_review",))
    _second_person(who, design)
    if not comment.strip():
        raise ReasonMissing("reject")
    record(house, who, "reject_design", design_id)
    return _stepped(house, who, design, "rejected", comment, reviewer=who.person_id, digest="")


def publish_design(
    house: House, who: Identity, design_id: str, revision: int, usable_from: str = "", comment: str = ""
) -> PublishedForm | PublishedAddition:
    """The very content that was submitted becomes the form's next version, for ever, or the addition's. The number is taken
    now.

    Raises ``OwnWork`` for who has edited it, ``HasFaults``, ``BaseMoved``, ``DayPassed``, ``NotInReview``."""
    design = require_design(house, who, design_id)
    _second_person(who, design)
    _seen(design, revision, ("in_review",))
    if is_outdated(house, design):
        raise BaseMoved("publish")
    base = house.definitions.get(design.form, design.base)
    if design.digest != _digest(design):
        raise DesignChanged("another content than the one submitted")
    # The checks may have learned something since it was submitted, or a setting of the house may have changed.
    found = checked(design, base, status="published")
    if found.problems or found.definition is None:
        raise HasFaults("publish")
    day = day_of(house, usable_from) if usable_from else max(design.usable_from or date.min, local_day(house.moment))
    record(house, who, "publish_design", design_id)
    if design.addition is not None:
        decided = msgspec.structs.replace(design, reviewer=who.person_id, changed_at=house.moment)
        addition = published_from(decided, base, found.digest, day)
        house.designs.publish_addition(addition)
        number = addition.version
        _stepped(house, who, decided, "published", comment, usable_from=day, published_version=number)
        return addition
    form = PublishedForm(
        form=design.form,
        version=found.definition.version,
        data=whole(design, "published"),
        digest=found.digest,
        design_id=design.id,
        author=design.author,
        reviewer=who.person_id,
        published_at=house.moment,
        usable_from=day,
    )
    house.designs.publish(form)
    _stepped(
        house,
        who,
        design,
        "published",
        comment,
        usable_from=day,
        reviewer=who.person_id,
        published_version=form.version,
    )
    return form


def day_of(house: House, text: str) -> date:
    """Today or a later day; empty = today. Raises ``DayPassed``."""
    today = local_day(house.moment)
    if not text:
        return today
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise DayPassed("no day") from None
    if not today <= day <= today.replace(year=today.year + 5, day=1):
        raise DayPassed("past or far")
    return day


def _second_person(who: Identity, design: Design) -> None:
    if who.person_id in design.editors:
        raise OwnWork("review")


def _seen(design: Design, revision: int, states: tuple[DesignState, ...]) -> None:
    if design.state not in states:
        raise NotInReview(design.state)
    if design.revision != revision:
        raise DesignChanged("another revision than the one seen")


def _digest(design: Design) -> str:
    if design.addition is not None:
        return json_digest([design.data, msgspec.to_builtins(design.addition)])
    return json_digest(design.data)


def _stepped(house: House, who: Identity, design: Design, state: DesignState, comment: str, **more: object) -> Design:
    """The design in its next state, as a revision with the same content."""
    added = Comment(by=who.person_id, at=house.moment, text=said(comment), state=state)
    stepped = msgspec.structs.replace(
        design,
        state=state,
        revision=design.revision + 1,
        comments=(*design.comments, added),
        changed_at=house.moment,
        **more,
    )
    house.designs.put(stepped)
    return stepped
