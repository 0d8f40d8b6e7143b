"""Where the answers of one old field go, said by a person in the designer: steps of ``upcast`` put in and taken out."""

from __future__ import annotations

import copy
from typing import Any

from tillid.forms.upcast_steps import sources, step_of

Data = dict[str, Any]


def step_for(data: Data, field_id: str) -> tuple[str, Data]:
    """The kind and body of the step that takes the field; ``kept`` and nothing if none does."""
    for raw in data.get("upcast", {}).get("steps", []):
        if field_id in sources(step_of(raw)):
            ((kind, body),) = raw.items()
            return kind, body
    return "kept", {}


def with_step(data: Data, base: int, field_id: str, kind: str, body: Data) -> Data:
    """``data`` with that step for the field and no other; kind ``kept``: with none. A merge joins one into the same field."""
    data = copy.deepcopy(data)
    way = data.setdefault("upcast", {"from": base})
    steps = [kept for raw in way.get("steps", []) if (kept := _without(raw, field_id)) is not None]
    if kind == "merge":
        same = next((raw["merge"] for raw in steps if raw.get("merge", {}).get("into") == body["into"]), None)
        if same is not None and "column" not in same:
            same["fields"] = [*same["fields"], field_id]
            same |= {key: value for key, value in body.items() if key == "wider"}
        else:
            steps.append({"merge": {**body, "fields": [field_id]}})
    elif kind != "kept":
        steps.append({kind: {"field": field_id, **body}})
    way["steps"] = steps
    return data


def _without(raw: Data, field_id: str) -> Data | None:
    """The step without the field; nothing when it takes no other."""
    left = [name for name in sources(step_of(raw)) if name != field_id]
    if not left:
        return None
    if "merge" in raw:
        return {"merge": {**raw["merge"], "fields": left}}
    return raw
