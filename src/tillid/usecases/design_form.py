"""A new version of a form is made in the browser: begun from a version or a file, changed step by step, taken back (ADR 0024).

For administrators only; every step leaves an audit row and a revision of its own. Nothing in a design is about anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from tillid.forms.code_lists import Lists, load_code_lists
from tillid.forms.definition import FormDefinition
from tillid.forms.design_check import Checked, checked, imported, with_way
from tillid.forms.designs import Design, PublishedForm, Withdrawal
from tillid.forms.problems import DefinitionError
from tillid.kernel.errors import NotFound, TillidError
from tillid.kernel.paths import FORM_DEFINITIONS
from tillid.process.access import Identity
from tillid.usecases.design_addition import moved_on, outdated
from tillid.usecases.design_data import OWN, begun, definition_data, record
from tillid.usecases.ports import House
from tillid.usecases.running_state import require_administrator


class UnknownForm(TillidError):
    code = "design.unknown-form"
    text = "Filen hører til et skema, som systemet ikke kender. Her laves nye versioner af de skemaer, der findes."


class NotEditable(TillidError):
    code = "design.not-editable"
    text = "Udkastet er sendt til godkendelse eller udgivet og kan ikke ændres nu. Træk det tilbage først, hvis det skal rettes."


class DesignChanged(TillidError):
    """Somebody else was first; nothing was changed."""

    code = "design.changed-meanwhile"
    text = "Udkastet er ændret, siden du åbnede siden. Læs det igen, før du går videre. Din ændring er ikke gemt."


class FileRefused(TillidError):
    """``problem``: the first fault as a person reads it."""

    code = "design.file-refused"
    text = "Filen kan ikke bruges. {problem} (Fejl i alt: {count}.) Intet er ændret."


class VersionLine(msgspec.Struct, frozen=True, kw_only=True):
    """A version on the list. ``published``: by whom and when, if it was made here; ``withdrawn``: from new use."""

    definition: FormDefinition
    published: PublishedForm | None
    withdrawn: Withdrawal | None
    newest: bool
    resting: bool


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """``forms``: form → its versions, newest first; ``designs``: those changed last first."""

    forms: dict[str, tuple[VersionLine, ...]]
    designs: tuple[Design, ...]


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A design with the version it is moved from, the one it is compared with, and what the checks say."""

    design: Design
    base: FormDefinition
    check: Checked
    stale: bool


def forms_overview(house: House, who: Identity) -> Overview:
    """Every form with its versions, and every design; ``NotFound`` for who is no administrator."""
    require_administrator(who)
    made = {(one.form, one.version): one for one in house.designs.published()}
    resting = {(one.form, one.version): one for one in house.designs.withdrawn()}
    forms: dict[str, tuple[VersionLine, ...]] = {}
    for one in reversed(house.definitions.all()):
        key = (one.id, one.version)
        line = VersionLine(
            definition=one,
            published=made.get(key),
            withdrawn=resting.get(key),
            newest=_latest_or_none(house, one.id) == one.version,
            resting=key in house.definitions.resting,
        )
        forms[one.id] = (*forms.get(one.id, ()), line)
    return Overview(forms=dict(sorted(forms.items())), designs=tuple(house.designs.all()))


def start_design(house: House, who: Identity, form: str, version: int) -> Design:
    """A design with the content of that version, to become the form's next one. Raises ``TillidError`` for an unknown one."""
    require_administrator(who)
    house.definitions.get(form, version)
    data = definition_data(house, form, version)
    return begun(house, who, newest_known(house, form), data, f"Begyndt fra {form}/v{version}")


def import_design(house: House, who: Identity, raw: bytes) -> Design:
    """A design with the content of a definition file. Raises ``FileRefused`` and ``UnknownForm``."""
    require_administrator(who)
    data = read_file(raw)
    if data["id"] not in {one.id for one in house.definitions.all()}:
        raise UnknownForm("import")
    return begun(house, who, newest_known(house, data["id"]), data, "Hentet fra en fil")


def read_file(raw: bytes) -> dict[str, Any]:
    """The data of a definition file; raises ``FileRefused`` with the first fault and how many there are."""
    try:
        return imported(raw, _lists())
    except DefinitionError as error:
        first = error.problems[0]
        where = f"Linje {first.line}: " if first.line else ""
        raise FileRefused(first.code, problem=f"{where}{first.text}", count=len(error.problems)) from None


def open_design(house: House, who: Identity, design_id: str) -> Opened:
    """The design as it is now, checked. ``NotFound`` for who is no administrator and for what is not there."""
    design = require_design(house, who, design_id)
    base = house.definitions.get(design.form, design.base)
    stale = design.state != "published" and is_outdated(house, design)
    return Opened(design=design, base=base, check=checked(design, base), stale=stale)


def edit_design(
    house: House,
    who: Identity,
    design_id: str,
    revision: int,
    what: str,
    change: Callable[[dict[str, Any]], dict[str, Any]],
    decided: Sequence[str] = (),
) -> Design:
    """The design after ``change``, as a new revision. ``what``: for the list of changes, without anybody's words;
    ``decided``: fields of the base of which the editor has now said where their answers go.

    Raises ``DesignChanged`` when another revision was seen than the newest, ``NotEditable``, and what ``change`` raises."""
    design = _to_edit(house, who, design_id, revision)
    data = {key: value for key, value in change({**design.data, "id": design.form}).items() if key not in OWN}
    changed = msgspec.structs.replace(
        design, data={"id": design.form, **data}, decided=tuple(dict.fromkeys((*design.decided, *decided)))
    )
    return _kept(house, who, with_way(changed, _base(house, changed)), design, what, design.revision)


def undo_design(house: House, who: Identity, design_id: str, revision: int) -> Design:
    """The content before the last change that is not undone yet; once more goes further back."""
    design = _to_edit(house, who, design_id, revision)
    earlier = house.designs.revision(design_id, design.before) if design.before else None
    if earlier is None:
        raise NotFound("nothing to undo")
    back = msgspec.structs.replace(design, data=earlier.data, decided=earlier.decided)
    return _kept(house, who, back, design, f"Fortrudt: {design.what}", earlier.before)


def restore_design(house: House, who: Identity, design_id: str, revision: int, number: int) -> Design:
    """The content of revision ``number`` again; what was written since stays among the revisions."""
    design = _to_edit(house, who, design_id, revision)
    earlier = house.designs.revision(design_id, number)
    if earlier is None:
        raise NotFound("no such revision")
    back = with_way(msgspec.structs.replace(design, data=earlier.data, decided=earlier.decided), _base(house, design))
    return _kept(house, who, back, design, f"Ændring {number} hentet frem", design.revision)


def rebase_design(house: House, who: Identity, design_id: str, revision: int) -> Design:
    """The design goes on from the newest version: another was published meanwhile. What was decided is asked anew."""
    design = _to_edit(house, who, design_id, revision)
    if design.addition is not None:
        moved = moved_on(house, design)
        newest = _base(house, moved)
    else:
        newest = newest_known(house, design.form)
        moved = msgspec.structs.replace(design, base=newest.version, decided=())
    return _kept(house, who, with_way(moved, newest), design, f"Går nu ud fra {newest.name}", design.revision)


def revisions(house: House, design: Design, most: int = 30) -> list[Design]:
    """The newest revisions, newest first."""
    found = (house.designs.revision(design.id, number) for number in range(design.revision, 0, -1)[:most])
    return [one for one in found if one is not None]


def require_design(house: House, who: Identity, design_id: str) -> Design:
    """The design, for an administrator; else ``NotFound``."""
    require_administrator(who)
    design = house.designs.get(design_id)
    if design is None:
        raise NotFound("no such design")
    return design


def is_outdated(house: House, design: Design) -> bool:
    """Whether something was published since that it must go on from."""
    if design.addition is not None:
        return outdated(house, design)
    return newest_known(house, design.form).version != design.base


def newest_known(house: House, form: str) -> FormDefinition:
    """The version with the highest number, in use or not."""
    return [one for one in house.definitions.all() if one.id == form][-1]


def _lists() -> Lists:
    return load_code_lists(FORM_DEFINITIONS)[0]


def _latest_or_none(house: House, form: str) -> int | None:
    try:
        return house.definitions.latest(form).version
    except TillidError:
        return None


def _base(house: House, design: Design) -> FormDefinition:
    return house.definitions.get(design.form, design.base)


def _to_edit(house: House, who: Identity, design_id: str, revision: int) -> Design:
    design = require_design(house, who, design_id)
    if not design.editable:
        raise NotEditable(design.state)
    if design.revision != revision:
        raise DesignChanged("another revision than the one seen")
    return design


def _kept(house: House, who: Identity, changed: Design, was: Design, what: str, before: int) -> Design:
    record(house, who, "edit_design", was.id)
    kept = msgspec.structs.replace(
        changed,
        revision=was.revision + 1,
        before=before,
        what=what,
        state="draft",
        digest="",
        editors=tuple(dict.fromkeys((*was.editors, who.person_id))),
        changed_at=house.moment,
    )
    house.designs.put(kept)
    return kept
