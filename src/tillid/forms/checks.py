"""Static checks of a definition whose structure is right: what would break, mislead or tell too much when it is used."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from tillid.forms.checks_conditions import condition_problems
from tillid.forms.checks_law import law_problems
from tillid.forms.checks_more import rule_and_translation_problems, unused_problems
from tillid.forms.checks_scope import Scope
from tillid.forms.facts import LEGAL_BASES
from tillid.forms.fieldtypes import TYPES
from tillid.forms.problems import Problem
from tillid.forms.relied import relied_problems
from tillid.forms.schema import settings_problems
from tillid.forms.yamldata import LinedData, Path

_PLACEHOLDER = re.compile(r"\{([a-z_]*)\}")
# Names of the answers' own envelope, of what an audit row, a search entry and a posted page say, and of what a browser takes
# for its own; a field with one of them would be mistaken for it.
RESERVED = frozenset(
    "form version digest phase reader answers code_lists definition status state document document_id child_id person_id"
    " agreed answers_digest frozen_at frozen_by overlays revision base action go do page turn nonce csrf_token"
    " constructor prototype hasownproperty tostring valueof length".split()
)


def check_definition(source: LinedData) -> list[Problem]:
    """Every fault in ``source`` that the schema cannot see, by line."""
    scope = Scope(source)
    problems = [
        *_duplicates(scope),
        *_bases(scope),
        *_texts(scope),
        *_code_lists(scope),
        *(problem for path, field in scope.placed_fields() for problem in _field(scope, path, field)),
        *law_problems(scope),
        *rule_and_translation_problems(scope),
        *relied_problems(scope),
    ]
    # Rules, lists and fields that are wrong would make these tell the same fault twice, or not be able to run.
    problems += condition_problems(scope)
    problems += [] if problems else unused_problems(scope)
    return sorted(dict.fromkeys(problems), key=lambda p: p.line)


def _duplicates(scope: Scope) -> Iterator[Problem]:
    data = scope.data
    groups: list[tuple[list[tuple[Path, Any]], str]] = [
        ([((*path, "id"), field["id"]) for path, field in scope.placed_fields()], "Feltet"),
        (_ids(data, "sections"), "Afsnittet"),
        (_ids(data, "phases"), "Fasen"),
        (_ids(data, "states"), "Tilstanden"),
        (_ids(data, "variants"), "Varianten"),
        (_ids(data, "code_lists"), "Kodelisten"),
        ([((*p, "id"), (t["id"], t["language"])) for p, t in _placed(data, "texts")], "Teksten"),
    ]
    for number, code_list in enumerate(data.get("code_lists", [])):
        base = ("code_lists", number, "choices")
        codes = [((*base, i, "code"), choice["code"]) for i, choice in enumerate(code_list["choices"])]
        groups.append((codes, "Koden"))
    for placed, kind in groups:
        seen: Counter = Counter()
        for path, name in placed:
            seen[name] += 1
            if seen[name] > 1:
                shown = name if isinstance(name, str) else " ".join(name)
                yield scope.problem(
                    path, "forms.duplicate-id", f"{kind} »{shown}« findes to gange.", "Giv det ene et andet id."
                )


def _placed(data: dict, key: str) -> list[tuple[Path, Any]]:
    return [((key, number), item) for number, item in enumerate(data.get(key, []))]


def _ids(data: dict, key: str) -> list[tuple[Path, Any]]:
    return [((*path, "id"), item["id"]) for path, item in _placed(data, key)]


def _bases(scope: Scope) -> Iterator[Problem]:
    """R-01: only bases the platform knows the rules of."""
    for number, basis in enumerate(scope.data["allowed_bases"]):
        if basis not in LEGAL_BASES:
            yield scope.problem(
                ("allowed_bases", number),
                "forms.unknown-basis",
                f"Grundlaget »{basis}« findes ikke.",
                scope.nearest(basis, LEGAL_BASES),
            )


def _texts(scope: Scope) -> Iterator[Problem]:
    """Texts named exist, each has a Danish source, and translations promise and fill in the same things."""
    sources = {text["id"]: text for text in scope.data.get("texts", []) if text["language"] == "da"}
    for path, text in _placed(scope.data, "texts"):
        source = sources.get(text["id"])
        if source is None:
            said = f"Teksten »{text['id']}« findes ikke på dansk."
            yield scope.problem(path, "forms.no-danish-text", said, "Tilføj den med language: da.")
        elif set(_PLACEHOLDER.findall(text["body"])) != set(_PLACEHOLDER.findall(source["body"])):
            said = "Oversættelsen har andre pladsholdere end den danske."
            yield scope.problem(path, "forms.text-placeholders", said, "Brug de samme.")
        elif text["version"] != source["version"]:
            said = "Oversættelsen har en anden version end den danske tekst."
            yield scope.problem(path, "forms.text-version", said, f"Oversæt version {source['version']}, og skriv det.")
    named = [
        (("sections", s, "texts", t, "id"), use["id"])
        for s, section in enumerate(scope.data["sections"])
        for t, use in enumerate(section.get("texts", []))
    ]
    for path, field in scope.placed_fields():
        named += [((*path, "settings", "texts", i), name) for i, name in enumerate(scope.texts_of(field))]
    for path, name in named:
        if name not in sources:
            yield scope.problem(
                path, "forms.unknown-text", f"Teksten »{name}« findes ikke.", scope.nearest(name, sources)
            )


def _code_lists(scope: Scope) -> Iterator[Problem]:
    variants = {variant["id"] for variant in scope.data.get("variants", [])}
    for path, code_list in _placed(scope.data, "code_lists"):
        for number, choice in enumerate(code_list["choices"]):
            for variant in choice.get("variants", []):
                if variant not in variants:
                    yield scope.problem(
                        (*path, "choices", number, "variants"),
                        "forms.unknown-variant",
                        f"Varianten »{variant}« findes ikke.",
                        scope.nearest(variant, variants),
                    )


def _field(scope: Scope, path: Path, field: dict) -> Iterator[Problem]:
    if field["id"] in RESERVED:
        yield scope.problem(
            (*path, "id"), "forms.reserved-id", f"»{field['id']}« er systemets eget navn.", "Omdøb det."
        )
    yield from _type(scope, path, field)
    phases = {phase["id"] for phase in scope.data["phases"]}
    phase = scope.phase_of(path, field)
    if phase not in phases:
        place = (*path, "phase") if "phase" in field else (*path[:2], "phase")
        yield scope.problem(place, "forms.unknown-phase", f"Fasen »{phase}« findes ikke.", scope.nearest(phase, phases))
    kind = TYPES.get(field["type"])
    if kind and kind.from_system and phase != "derived" and field["filled_by"] != ["system"]:
        yield scope.problem(
            (*path, "filled_by"),
            "forms.system-type",
            "Felttypen udfyldes kun af systemet.",
            "Skriv filled_by: [system], eller sæt phase: derived.",
        )
    if field.get("sensitive") and scope.data["allowed_bases"] == [] and "receiver" in field["visible_to"]:
        yield scope.problem(
            (*path, "visible_to"),
            "forms.sensitive-without-basis",
            "Et følsomt felt kan ikke vises for en modtager i et skema, der aldrig videregives.",
            "Fjern receiver, eller angiv et tilladt grundlag.",
        )


def _type(scope: Scope, path: Path, field: dict) -> Iterator[Problem]:
    kind = TYPES.get(field["type"])
    if kind is None:
        yield scope.problem(
            (*path, "type"),
            "forms.unknown-type",
            f"Felttypen »{field['type']}« findes ikke.",
            scope.nearest(field["type"], TYPES),
        )
        return
    settings = field.get("settings", {})
    faults = settings_problems(kind.settings_schema, settings, scope.source, (*path, "settings"))
    yield from faults
    if faults:
        return
    if kind.list_setting:
        yield from _list_names(scope, path, settings, kind.list_setting)
    for number, column in enumerate(settings.get("columns", [])):
        place = (*path, "settings", "columns", number)
        column_kind = TYPES.get(column["type"])
        if column_kind is not None and not column_kind.in_table:
            text = f"En kolonne kan ikke være af typen »{column['type']}«."
            advice = scope.nearest(column["type"], [name for name, one in TYPES.items() if one.in_table])
            yield scope.problem(place, "forms.not-in-table", text, advice)
        yield from _type(scope, place, column)


def _list_names(scope: Scope, path: Path, settings: dict, key: str) -> Iterator[Problem]:
    for name in [settings[key], *settings.get("alternative_lists", [])]:
        if name not in scope.lists:
            yield scope.problem(
                (*path, "settings"),
                "forms.unknown-code-list",
                f"Kodelisten »{name}« findes ikke.",
                scope.nearest(name, scope.lists),
            )
        elif scope.lists[name] != scope.lists.get(settings[key]):
            text = f"Listen »{name}« har andre koder end hovedlisten."
            yield scope.problem((*path, "settings"), "forms.alternative-codes", text, "Lad dem have de samme koder.")
