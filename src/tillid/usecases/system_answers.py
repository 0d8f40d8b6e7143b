"""What the system knows already when a document is begun, put into the fields that its form has for it."""

from __future__ import annotations

from typing import Any

from tillid.documents.model import Document
from tillid.kernel.clock import local_day
from tillid.process.access import Identity, states
from tillid.process.organisation import Child, Round
from tillid.process.starting import leads
from tillid.usecases.facts import allowed, facts_of
from tillid.usecases.ports import House

# The field in which a form keeps the variant it was begun in, when that is no field named ``variant``.
_VARIANT_FIELDS = {"overgangsbeskrivelse": "overgangstype", "fdr": "moedetype"}


def system_answers(
    house: House,
    document: Document,
    who: Identity,
    *,
    child: Child | None,
    round_: Round | None = None,
    variant_asked: bool = True,
) -> dict[str, Any]:
    """Field id → value; only fields the form has (no CPR, no address: R-37, R-111). ``variant_asked``: the variant was
    chosen by ``who``, so it is an answer; else it only says what kind of place the child is at."""
    unit = house.people.unit(document.unit_id)
    place = {"id": document.unit_id, "name": unit.name if unit else ""}
    me = {"id": who.person_id, "name": who.name}
    known: dict[str, Any] = {
        "enhed": place,
        "fra_enhed": place,
        "variant": document.variant,
        "kontakt_afgiver": me,
        "udfyldt_af": me,
        "dato": local_day(house.moment).isoformat(),
    }
    if leads(who, document.unit_id, house.people.organigram()):
        known["leder_ansvarlig"] = me
    if variant_asked and document.definition.form_id in _VARIANT_FIELDS:
        known[_VARIANT_FIELDS[document.definition.form_id]] = document.variant
    if child is not None:
        known |= _of_child(house, document, child)
    if document.definition.form_id == "trivselsvurdering" and child is not None:
        known |= _marks(house, who, child)
    if round_:
        known["runde"] = {"id": round_.id, "name": round_.title}
    form = house.definitions.of(document.definition)
    content = {field.id for field in form.fields if field.phase == "content"}
    return {field_id: value for field_id, value in known.items() if field_id in content}


def _of_child(house: House, document: Document, child: Child) -> dict[str, Any]:
    custody = house.people.custody(child.id)
    return {
        "barn": {"id": child.id, "name": child.name},
        "gruppe": {"id": child.group, "name": child.group},
        "foraeldremyndighed": [{"person_id": h.person_id, "name": h.name} for h in custody.current(house.moment)],
    }


def _marks(house: House, who: Identity, child: Child) -> dict[str, Any]:
    """The newest round in which colleagues' forms about the child are open to ``who`` (design 25), and those forms; of two of
    one title the number too. A round
    that is still blind gives nothing: not even that anybody has submitted."""
    for round_ in reversed(house.people.rounds_of_unit(child.unit_id)):
        forms = [d for d in house.documents.of_round(round_.id) if d.child_id == child.id and d.state != "draft"]
        seen = [(d, facts_of(house, d)) for d in forms]
        seen = [(d, facts) for d, facts in seen if allowed(house, who, "read_individual", facts)]
        if any("open_round" in states(facts) for _, facts in seen):
            titles = [_title(house, d) for d, _ in seen]
            named = [
                {"document_id": d.id, "title": f"{title} ({d.number})" if titles.count(title) > 1 else title}
                for (d, _), title in zip(seen, titles, strict=True)
            ]
            return {"runde": {"id": round_.id, "name": round_.title}, "grundlag_skemaer": named}
    return {}


def _title(house: House, document: Document) -> str:
    form = house.definitions.of(document.definition)
    author = house.people.staff(document.author)
    return f"{form.title}, {author.name}" if author else form.title
