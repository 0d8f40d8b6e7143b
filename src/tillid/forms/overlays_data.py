"""An addition as data: put into its form, taken out of the whole again, and carried to another version of the form.

The two ways undo each other (``merged`` of ``own_parts`` gives the whole back), so that the designer may work on the whole
form and what is published is the addition alone (ADR 0022, O22).
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from tillid.forms.checks_overlays import OWN
from tillid.kernel.errors import TillidError

Data = dict[str, Any]
DEFAULTS: Data = {"required": "no", "visible_to": ["author", "team"]}
HOMELESS = "egen_uden_plads"
_TRANSLATED = ("sections", "fields", "choices")


class FixedBase(TillidError):
    """What is not the addition's own was changed, or something own stands where an addition cannot put it."""

    code = "design.fixed-base"
    text = (
        "Skemaets egne afsnit og felter kan ikke ændres i en tilføjelse, og det, I tilføjer, kan ikke stå allerførst. "
        "Intet er ændret."
    )


class NoPlace(TillidError):
    """``place``: the path in the addition of what has no place in the form."""

    code = "forms.overlay-place"
    text = "Stedet findes ikke: {name}."

    def __init__(self, place: tuple[str, int], name: str) -> None:
        super().__init__("no such place", name=name)
        self.place = place


def is_own(name: Any, taken: Collection[str]) -> bool:
    """Whether the id (``egen_liste.code`` for a choice) is one of an addition's; ``taken``: those of the form."""
    return str(name).startswith(OWN) and str(name).partition(".")[0] not in taken


def merged(base: Mapping[str, Any], addition: Mapping[str, Any]) -> Data:
    """The whole: ``base`` with the addition's sections, fields, code lists and words. Raises ``NoPlace``."""
    sections = [{**section, "fields": list(section["fields"])} for section in base["sections"]]
    for number, own in enumerate(addition.get("fields") or ()):
        found = next((one for one in sections if one["id"] == own["section"]), None)
        place = None if found is None else _place(found["fields"], own.get("after", ""))
        if found is None or place is None:
            raise NoPlace(("fields", number), f"{own['section'][:60]} {own.get('after', '')[:60]}")
        found["fields"].insert(place, _with_defaults(own["field"]))
    for number, added in enumerate(addition.get("sections") or ()):
        place = _place(sections, added.get("after", ""))
        if place is None:
            raise NoPlace(("sections", number), added["after"][:60])
        fields = added["section"].get("fields")
        whole = [_with_defaults(one) for one in fields] if isinstance(fields, list) else fields
        sections.insert(place, {**added["section"], "fields": whole})
    data = {**base, "sections": sections}
    if lists := addition.get("code_lists"):
        data["code_lists"] = [*base.get("code_lists", []), *lists]
    if words := addition.get("translations"):
        data["translations"] = _joined_words(base.get("translations", {}), words)
    return data


def own_parts(whole: Mapping[str, Any], taken: Collection[str]) -> Data:
    """What of ``whole`` is an addition's own, as the addition's file has it; ``taken``: the form's ids. Raises ``FixedBase`` for what stands first."""
    parts: Data = {"sections": [], "fields": [], "code_lists": []}
    before = ""
    for section in whole["sections"]:
        if is_own(section["id"], taken):
            if not before:
                raise FixedBase("a section of its own stands first")
            parts["sections"].append({"after": before, "section": copy.deepcopy(section)})
        else:
            parts["fields"] += _own_fields(section, taken)
        before = section["id"]
    parts["code_lists"] = [one for one in whole.get("code_lists", []) if is_own(one["id"], taken)]
    words = {}
    for language, kinds in whole.get("translations", {}).items():
        own = {
            kind: {name: said for name, said in kinds[kind].items() if is_own(name, taken)}
            for kind in _TRANSLATED
            if kind in kinds
        }
        if own := {kind: said for kind, said in own.items() if said}:
            words[language] = own
    return {key: value for key, value in {**parts, "translations": words}.items() if value}


def without_own(whole: Mapping[str, Any], taken: Collection[str]) -> Data:
    """``whole`` without anything of an addition: the form it was added to, if nothing of that was changed."""
    data = copy.deepcopy(dict(whole))
    data["sections"] = [one for one in data["sections"] if not is_own(one["id"], taken)]
    for section in data["sections"]:
        section["fields"] = [one for one in section["fields"] if not is_own(one["id"], taken)]
    if "code_lists" in data:
        data["code_lists"] = [one for one in data["code_lists"] if not is_own(one["id"], taken)]
        if not data["code_lists"]:
            del data["code_lists"]
    for language, kinds in list(data.get("translations", {}).items()):
        for kind in _TRANSLATED:
            if any(is_own(name, taken) for name in kinds.get(kind, {})):
                kinds[kind] = {name: said for name, said in kinds[kind].items() if not is_own(name, taken)}
                if not kinds[kind]:
                    del kinds[kind]
        if not kinds:
            del data["translations"][language]
    if data.get("translations") == {}:
        del data["translations"]
    return data


def carried(addition: Mapping[str, Any], base: Mapping[str, Any]) -> Data:
    """The addition's parts for another version of its form. What stood after something that is gone stands last; fields of a
    section that is gone come together in a section of their own, so nothing is lost."""
    sections = {one["id"]: [f["id"] for f in one["fields"]] for one in base["sections"]}
    parts = copy.deepcopy({key: addition[key] for key in ("code_lists", "translations") if addition.get(key)})
    fields, homeless = [], []
    for own in copy.deepcopy(list(addition.get("fields") or ())):
        if own["section"] not in sections:
            homeless.append(own["field"])
            continue
        there = sections[own["section"]]
        if own.get("after", "") not in there:
            own["after"] = there[-1] if there else ""
        there.append(own["field"]["id"])
        fields.append(own)
    names, placed = list(sections), []
    for added in copy.deepcopy(list(addition.get("sections") or ())):
        if added.get("after", "") not in names:
            added["after"] = names[-1]
        names.append(added["section"]["id"])
        placed.append(added)
    if homeless:
        placed.append(
            {"after": names[-1], "section": {"id": HOMELESS, "title": "Felter uden plads", "fields": homeless}}
        )
    return {key: value for key, value in {"sections": placed, "fields": fields, **parts}.items() if value}


def _own_fields(section: Mapping[str, Any], taken: Collection[str]) -> Iterable[Data]:
    before = ""
    for field in section["fields"]:
        if is_own(field["id"], taken):
            if not before:
                raise FixedBase("a field of its own stands first")
            yield {"section": section["id"], "after": before, "field": copy.deepcopy(field)}
        before = field["id"]


def _place(items: list[Data], after: str) -> int | None:
    if not after:
        return len(items)
    return next((number + 1 for number, one in enumerate(items) if one.get("id") == after), None)


def _with_defaults(field: Any) -> Any:
    return {**DEFAULTS, **field} if isinstance(field, dict) else field


def _joined_words(base: Mapping[str, Any], more: Mapping[str, Any]) -> Data:
    """The words of both; the addition's are under ids of its own, so neither hides the other's."""
    joined = copy.deepcopy(dict(base))
    for language, kinds in more.items():
        for kind, words in kinds.items():
            joined.setdefault(language, {})[kind] = {**joined.get(language, {}).get(kind, {}), **words}
    return joined
