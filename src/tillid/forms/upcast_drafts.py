"""A first draft of ``upcast`` for who edits a version: total, and honest about what it does not know.

Steps that are there already and still fit are kept; whatever else has lost its place is left over with a plain reason, which
the editor turns into a rename, a merge or a better place.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tillid.forms.carrying import can_take
from tillid.forms.checks_recoding import by_codes, codes_of
from tillid.forms.definition import Field, FormDefinition
from tillid.forms.fieldtypes.table import column_fields
from tillid.forms.upcast_steps import sources, step_of, targets

GONE = "Feltet er ikke med i den nye version."
OTHER_KIND = "Svaret passer ikke til feltets nye slags."
NO_LONGER = "Svarmuligheden er ikke med i den nye version."
NO_COLUMN = "Kolonnen er ikke med i den nye version."


def suggested_upcast(old: FormDefinition, new: FormDefinition) -> dict[str, Any]:
    """``upcast`` for ``new`` (version N) from ``old`` (N-1), as data for its file."""
    olds = {field.id: field for field in old.fields if field.phase != "derived"}
    news = {field.id: field for field in new.fields if field.phase != "derived"}
    known = new.upcast if new.upcast.get("from") == old.version else {}
    steps = [raw for raw in known.get("steps", []) if _fits(raw, olds, news)]
    taken = {name for raw in steps for name in sources(step_of(raw))}
    steps += [step for field in olds.values() if field.id not in taken for step in _lost(field, old, news, new)]
    made = [step_of(raw) for raw in steps]
    dropped = {name for step in made for name in sources(step)}
    fed = {name for step in made for name in targets(step)} | (olds.keys() & news.keys()) - dropped
    return {**known, "from": old.version, "steps": steps, "new": [name for name in news if name not in fed]}


def _fits(raw: dict[str, Any], olds: dict[str, Field], news: dict[str, Field]) -> bool:
    step = step_of(raw)
    return set(sources(step)) <= olds.keys() and set(targets(step)) <= news.keys()


def _lost(field: Field, old: FormDefinition, news: dict[str, Field], new: FormDefinition) -> Iterator[dict[str, Any]]:
    """The step for a field that nothing is said of; none if it is carried whole by its id."""
    heir = news.get(field.id)
    if heir is None or not can_take(field, heir):
        yield {"drop": {"field": field.id, "why": GONE if heir is None else OTHER_KIND}}
        return
    if by_codes(field, heir):
        left = set(map(str, codes_of(field, old))) - set(map(str, codes_of(heir, new)))
        lost = {
            str(code).lower() if isinstance(code, bool) else code: None
            for code in codes_of(field, old)
            if str(code) in left
        }
        if lost:
            yield {"recode": {"field": field.id, "codes": lost, "why": NO_LONGER}}
    elif field.type == heir.type == "table":
        places = {column.id: column for column in column_fields(heir)}
        columns = [c for c in column_fields(field) if c.id not in places or not can_take(c, places[c.id])]
        if columns:
            yield {"recode": {"field": field.id, "columns": {c.id: None for c in columns}, "why": NO_COLUMN}}
