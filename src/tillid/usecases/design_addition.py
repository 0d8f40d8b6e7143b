"""What a municipality or a unit adds to a form is made in the designer, read by a second person and published (O22, ADR 0022).

An addition is a design whose form stands still: the whole form is shown, its own sections and fields alone can be changed
(``overlays_data.FixedBase``), and what is published is the addition, with a number and a digest of its own.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from tillid.forms.addition_check import addition_data
from tillid.forms.additions import FOLDER, Addition
from tillid.forms.definition import FormDefinition
from tillid.forms.design_edits import named
from tillid.forms.designs import AdditionOf, Design, PublishedAddition, Withdrawal
from tillid.forms.files import addition_file
from tillid.forms.overlays import Overlay, overlay_data
from tillid.forms.overlays_data import carried, merged, own_parts
from tillid.kernel.errors import NotFound, TillidError
from tillid.process.access import Identity
from tillid.process.organisation import Unit
from tillid.usecases.design_data import OWN, begun, definition_data, record
from tillid.usecases.ports import House
from tillid.usecases.running_state import require_administrator


class TitleMissing(TillidError):
    code = "design.title-missing"
    text = "Skriv, hvad tilføjelsen skal hedde, og prøv igen."


class AdditionLine(msgspec.Struct, frozen=True, kw_only=True):
    """A version of an addition on the list. ``published``: by whom and when, if it was made here; ``withdrawn``: from new use;
    ``newest``: new documents have it, if the municipality lets it be (``permitted``)."""

    overlay: Overlay
    place: str
    published: PublishedAddition | None
    withdrawn: Withdrawal | None
    newest: bool
    permitted: bool


class AdditionsOverview(msgspec.Struct, frozen=True, kw_only=True):
    """``lines``: by title, newest version first; ``forms``: what can be added to; ``units``: whom an addition can be for."""

    lines: tuple[AdditionLine, ...]
    forms: tuple[FormDefinition, ...]
    units: tuple[Unit, ...]


def additions_overview(house: House, who: Identity) -> AdditionsOverview:
    """Every addition there is; ``NotFound`` for who is no administrator."""
    require_administrator(who)
    made = {one.name: one for one in house.designs.published_additions()}
    withdrawn = {(one.form, one.version): one for one in house.designs.withdrawn()}
    allowed = house.settings.choices.get("egne_felter", "")
    lines = []
    for one in _alone(house):
        overlay = one.parts[0]
        lines.append(
            AdditionLine(
                overlay=overlay,
                place=place_name(house, overlay.unit),
                published=made.get(f"{overlay.id}/v{overlay.version}"),
                withdrawn=withdrawn.get((f"{FOLDER}/{overlay.id}", overlay.version)),
                newest=one.newest,
                permitted=one.permitted(allowed),
            )
        )
    forms = {one.id: house.definitions.latest(one.id) for one in house.definitions.all()}
    units = sorted(house.people.organigram().units.values(), key=lambda one: one.name)
    lines.sort(key=lambda one: (one.overlay.title, -one.overlay.version))
    return AdditionsOverview(lines=tuple(lines), forms=tuple(forms.values()), units=tuple(units))


def _alone(house: House) -> list[Addition]:
    """Every addition by itself; the others are two of these in one document."""
    return [one for one in house.definitions.additions if len(one.parts) == 1]


def _overlays(house: House) -> list[Overlay]:
    return [one.parts[0] for one in _alone(house)]


def place_name(house: House, unit_id: str) -> str:
    """The unit's name; empty for the whole municipality."""
    unit = house.people.unit(unit_id) if unit_id else None
    return unit.name if unit else unit_id


def exported_addition(house: House, who: Identity, base: str, name: str) -> dict[str, Any]:
    """The data of the addition ``name`` (``<id>/v<N>``) to ``base``, as its file has it; ``NotFound`` for an unknown one."""
    require_administrator(who)
    known = {(one.base, f"{one.id}/v{one.version}") for one in _overlays(house)}
    if (base, name) not in known:
        raise NotFound("no such addition")
    made = {one.name: one.data for one in house.designs.published_additions()}
    return made.get(name) or addition_file(name)


def start_addition(house: House, who: Identity, form: str, unit_id: str, title: str) -> Design:
    """A design of an addition to the version of ``form`` in use. What the place adds already comes along, also from an
    older version of the form. Raises ``NotFound`` for an unknown unit, ``TitleMissing``, ``TillidError`` for the form."""
    require_administrator(who)
    base = house.definitions.latest(form)
    if unit_id and house.people.unit(unit_id) is None:
        raise NotFound("no such unit")
    earlier = _earlier(house, form, unit_id)
    if not earlier and not title:
        raise TitleMissing("start")
    data = definition_data(house, form, base.version)
    if earlier is not None:
        data = merged(data, carried(overlay_data(earlier), data))
    addition = _numbered(house, earlier, unit_id, title)
    return begun(house, who, base, data, f"Tilføjelse begyndt til {base.name}", addition)


def _numbered(house: House, earlier: Overlay | None, unit_id: str, title: str) -> AdditionOf:
    """The place's own addition in its next version, or a new one with an id that none has had."""
    taken = {one.id for one in _overlays(house)}
    taken |= {one.addition.id for one in house.designs.all() if one.addition is not None}
    if earlier is None:
        return AdditionOf(id=named(title, "tilfoejelse", taken), version=1, title=title, unit=unit_id)
    return AdditionOf(id=earlier.id, version=_next(house, earlier.id), title=title or earlier.title, unit=unit_id)


def _next(house: House, addition_id: str) -> int:
    return max((one.version for one in _overlays(house) if one.id == addition_id), default=0) + 1


def _earlier(house: House, form: str, unit_id: str) -> Overlay | None:
    """The newest addition of the place to any version of the form."""
    ours = [one.parts[0] for one in _alone(house) if one.form.id == form and one.parts[0].unit == unit_id]
    return max(ours, key=lambda one: (int(one.base.rpartition("v")[2]), one.version), default=None)


def addition_before(house: House, design: Design) -> FormDefinition | None:
    """The same form with the version of the addition before this one, if the place had one to it."""
    assert design.addition is not None
    found = [
        one
        for one in _alone(house)
        if (one.form.id, one.form.version, one.parts[0].id) == (design.form, design.base, design.addition.id)
        and one.parts[0].version < design.addition.version
    ]
    return max(found, key=lambda one: one.parts[0].version).form if found else None


def outdated(house: House, design: Design) -> bool:
    """Whether a newer version of the form is in use, or the addition's number or place is taken by another."""
    assert design.addition is not None
    earlier = _earlier(house, design.form, design.addition.unit)
    other = earlier is not None and earlier.id != design.addition.id
    newer = house.definitions.latest(design.form).version > design.base
    return other or newer or _next(house, design.addition.id) != design.addition.version


def moved_on(house: House, design: Design) -> Design:
    """The design on the form's version in use, under the next number of the place's addition."""
    assert design.addition is not None
    base = house.definitions.latest(design.form)
    data = definition_data(house, design.form, base.version)
    was = house.definitions.get(design.form, design.base)
    whole = merged(data, carried(own_parts(design.data, was.ids), data))
    earlier = _earlier(house, design.form, design.addition.unit)
    name = earlier.id if earlier else design.addition.id
    return msgspec.structs.replace(
        design,
        base=base.version,
        data={"id": design.form, **{key: value for key, value in whole.items() if key not in OWN}},
        addition=msgspec.structs.replace(design.addition, id=name, version=_next(house, name)),
    )


def published_from(design: Design, base: FormDefinition, digest: str, usable_from: date) -> PublishedAddition:
    """What is published of a reviewed design of an addition; who and when are said by ``publish_design``."""
    assert design.addition is not None
    return PublishedAddition(
        id=design.addition.id,
        version=design.addition.version,
        data=addition_data(design, base),
        digest=digest,
        design_id=design.id,
        author=design.author,
        reviewer=design.reviewer,
        published_at=design.changed_at,
        usable_from=usable_from,
    )


def withdraw_addition(house: House, who: Identity, addition_id: str, version: int) -> None:
    """No new document gets it; those that have it keep it. ``NotFound`` for one that is not there."""
    require_administrator(who)
    if (addition_id, version) not in {(one.id, one.version) for one in _overlays(house)}:
        raise NotFound("no such addition")
    record(house, who, "withdraw_version", f"{addition_id}/v{version}")
    name = f"{FOLDER}/{addition_id}"
    house.designs.withdraw(Withdrawal(form=name, version=version, by=who.person_id, at=house.moment))
