"""The PDF of what changed between two versions, for who asked for it (issue 5, part 6; ADR 0035).

The outbox renders it; it lies in the second store, for one person and half an hour. It follows from two versions that never
change, so it is kept nowhere else. Whether the person may read both is asked when it is ordered, when it is made, and each
time it is opened.
"""

from __future__ import annotations

from tillid.documents.change_job import change_job
from tillid.documents.rendering import RenderJob
from tillid.kernel.errors import NotFound, TillidError
from tillid.process.access import Identity
from tillid.usecases.compare_versions import ChangedText, compare_versions, compared, reading_operation
from tillid.usecases.copy_job import head_of
from tillid.usecases.facts import require
from tillid.usecases.fill import definition_of
from tillid.usecases.made_for_person import MadeState, made, order, place_of, state_of
from tillid.usecases.open_copy import READER
from tillid.usecases.ports import House, OpenHouse, OutboxEntry
from tillid.usecases.whose_consent import as_registered

STEP = "render_changes"
LANGUAGE = "da"  # of the document; the page around the comparison may be in another


class NoChangesPdf(TillidError):
    code = "changes.not-made"
    text = "PDF-filen med ændringerne er ikke lavet, eller det er for længe siden. Gå tilbage, og lav den igen."


def make_changes(house: House, who: Identity, document_id: str, before: int, after: int) -> None:
    """1. may the person? 2. log 3. have it rendered, unless it is there or under way. Raises ``NotFound``."""
    found = compare_versions(house, who, document_id, before, after, LANGUAGE)
    order(house, STEP, _ids(who, found))


def changes_state(house: House, who: Identity, found: ChangedText) -> MadeState:
    """How far the PDF of ``found`` is for ``who``; shows nothing of it."""
    return state_of(house, STEP, _ids(who, found))


def changes_progress(
    house: House, who: Identity, document_id: str, before: int | None, after: int | None
) -> tuple[ChangedText, MadeState]:
    """Which versions, and how far their PDF is; no row, for nothing of it is shown. Raises ``NotFound``."""
    document, _ = require(house, who, reading_operation(who), document_id)
    found = compared(house, who, document, before, after, LANGUAGE)
    return found, changes_state(house, who, found)


def open_changes(
    house: House, who: Identity, document_id: str, before: int | None, after: int | None
) -> tuple[ChangedText, bytes]:
    """The comparison and its PDF; an attempt row comes first. Raises ``NotFound``, and ``NoChangesPdf`` when it is not made
    or the half hour is over."""
    found = compare_versions(house, who, document_id, before, after, LANGUAGE)
    pdf = made(house, STEP, _ids(who, found))
    if pdf is None:
        raise NoChangesPdf("none for these versions")
    return found, pdf


def render_changes(open_house: OpenHouse, entry: OutboxEntry) -> None:
    """What the outbox does; nothing if the person may no longer read it. The content database is only read."""
    with open_house() as house:
        who = _who(house, entry.ids["person"])
        if who is None:
            return
        try:
            document, _ = require(house, who, reading_operation(who), entry.ids["document"])
            before, after = (int(entry.ids[name]) for name in ("before", "after"))
            job = _job(house, who, compared(house, who, document, before, after, LANGUAGE))
        except NotFound:
            return
        renderer, previews, clock = house.renderer, house.previews, house.clock
    rendered = renderer.render(job)
    previews.put(who.person_id, rendered.pdf, "application/pdf", clock.now(), place_of(entry.key), of=document.id)


def _job(house: House, who: Identity, found: ChangedText) -> RenderJob:
    head = head_of(house, found.document, None)  # which versions, its title says
    after = house.documents.version(found.document.id, found.after.number)
    assert after is not None, "compared a moment ago"
    return change_job(
        definition_of(house, after),
        found.comparison,
        before=found.before.number,
        after=found.after.number,
        reader=READER[reading_operation(who)],
        document=found.document,
        municipality=house.settings.municipality,
        moment=found.after.at,
        header=head,
    )


def _who(house: House, person_id: str) -> Identity | None:
    """Who ordered it, as the register knows the person now."""
    if staff := house.people.staff(person_id):
        return Identity.of_staff(staff)
    return as_registered(house, person_id)


def _ids(who: Identity, found: ChangedText) -> dict[str, str]:
    versions = {"before": str(found.before.number), "after": str(found.after.number)}
    return {"document": found.document.id, "person": who.person_id, **versions}
