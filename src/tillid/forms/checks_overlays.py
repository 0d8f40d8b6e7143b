"""What no addition to a form may do (O22, R-03, R-50 to R-53), and that a changed form holds the whole municipal minimum."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

import msgspec

from tillid.forms.checks_law import WITHOUT_CONSENT, is_consent
from tillid.forms.definition import FormDefinition
from tillid.forms.problems import Problem
from tillid.forms.yamllimits import LinedData, Path

OWN = "egen_"
NOTIFICATION = "underretning"
APPROVALS = frozenset({"attest", "receipt", "instant_person", "xml_signature"})
OUTSIDE = ("parent", "receiver", "authority")
# Of a field, what answers and readers hang on; words may be made clearer, but not by an overlay.
_KEPT = (
    "label",
    "help",
    "type",
    "settings",
    "required",
    "shown_if",
    "filled_by",
    "visible_to",
    "sensitive",
    "phase",
    "section",
)


class _InSection(Protocol):
    section: dict[str, Any]


class _InField(Protocol):
    section: str
    field: dict[str, Any]


def added_problems(
    base: Mapping[str, Any],
    sections: Sequence[_InSection],
    fields: Sequence[_InField],
    code_lists: Sequence[Mapping[str, Any]],
    source: LinedData,
) -> list[Problem]:
    """Every addition that is refused, with the line it stands on."""
    problems = [
        _problem(source, ("code_lists", number), "", "forms.overlay-id", _own_id(one.get("id")), _OWN_ID)
        for number, one in enumerate(code_lists)
        if not str(one.get("id")).startswith(OWN)
    ]
    for number, added in enumerate(sections):
        path: Path = ("sections", number, "section")
        if not str(added.section.get("id")).startswith(OWN):
            problems.append(_problem(source, path, "", "forms.overlay-id", _own_id(added.section.get("id")), _OWN_ID))
        if base["id"] in WITHOUT_CONSENT and is_consent({"id": "", "type": "", "label": _words(added.section)}):
            text = "Et afsnit i dette skema må ikke handle om samtykke (R-03)."
            problems.append(_problem(source, path, "", "forms.consent-question", text, "Brug en samtykkeerklæring."))
        inside = added.section.get("fields")
        for place, one in enumerate(inside if isinstance(inside, list) else ()):
            problems += _field(base, one, source, (*path, "fields", place))
    for number, own in enumerate(fields):
        problems += _field(base, own.field, source, ("fields", number, "field"), own.section)
    return problems


def translated_problems(
    base: Mapping[str, Any], translations: Mapping[str, Mapping[str, Mapping[str, Any]]], source: LinedData
) -> list[Problem]:
    """Words for what is not the addition's own, and a question about consent that only the translation asks (R-03)."""
    problems = []
    forms_own = {one["id"] for section in base["sections"] for one in (section, *section["fields"])}
    for language, kinds in translations.items():
        for kind, words in kinds.items():
            for name, said in words.items():
                path: Path = ("translations", language, kind, name)
                if kind not in ("sections", "fields", "choices") or not name.startswith(OWN) or name in forms_own:
                    text = f"»{kind}.{name[:60]}« er ikke tilføjelsens eget og kan ikke oversættes her."
                    problems.append(_problem(source, path, "", "forms.overlay-id", text, "Slet det."))
                elif base["id"] in WITHOUT_CONSENT and is_consent({"id": "", "type": "", "label": _all_words(said)}):
                    text = "Der må ikke spørges om samtykke i dette skema, heller ikke på et andet sprog (R-03)."
                    advice = "Brug en samtykkeerklæring."
                    problems.append(_problem(source, path, name, "forms.consent-question", text, advice))
    return problems


def _all_words(said: Any) -> str:
    if isinstance(said, Mapping):
        return " ".join(_all_words(one) for one in said.values())
    return " ".join(map(_all_words, said)) if isinstance(said, list) else str(said)


def _field(base: Mapping[str, Any], field: Any, source: LinedData, path: Path, section: str = "") -> Iterator[Problem]:
    """``section``: the form's own section it is put into; empty for one in an added section."""
    if not isinstance(field, dict):
        return  # the schema says so
    name = str(field.get("id", ""))[:60]
    whole = {"id": name, "label": "", "type": "", **field}
    if not name.startswith(OWN):
        yield _problem(source, path, name, "forms.overlay-id", _own_id(name), _OWN_ID)
    if base["id"] == NOTIFICATION and (field.get("required", "no") != "no" or whole["type"] in APPROVALS):
        text = "En underretning må ikke have flere krævede felter, godkendelser eller underskrifter (R-53)."
        yield _problem(source, path, name, "forms.overlay-stops-notification", text, "Skriv required: no.")
    if base["id"] in WITHOUT_CONSENT and (whole["type"] in APPROVALS or is_consent({**whole, "label": _said(field)})):
        text = "Der må ikke spørges om samtykke i dette skema (R-03)."
        yield _problem(source, path, name, "forms.consent-question", text, "Brug en samtykkeerklæring.")
    shown = field.get("visible_to")
    already = {
        reader
        for one_section in base["sections"]
        if section in ("", one_section["id"])
        for one in one_section["fields"]
        for reader in one["visible_to"]
    }
    for reader in OUTSIDE:
        if isinstance(shown, list) and reader in shown and reader not in already:
            text = f"Det sted i skemaet vises ikke for {reader}, og en tilføjelse kan ikke ændre det."
            yield _problem(source, (*path, "visible_to"), name, "forms.overlay-reader", text, f"Fjern {reader}.")


def _words(section: Mapping[str, Any]) -> str:
    guidance = section.get("guidance")
    return " ".join(str(one) for one in (section.get("title", ""), *(guidance if isinstance(guidance, list) else ())))


def _said(field: Mapping[str, Any]) -> str:
    """Every word of it that people are asked with."""
    support = field.get("support")
    more = support if isinstance(support, list) else ()
    columns = field.get("settings", {}).get("columns", ()) if isinstance(field.get("settings"), dict) else ()
    labels = [one.get("label", "") for one in columns if isinstance(one, dict)] if isinstance(columns, list) else []
    return " ".join(str(one) for one in (field.get("label", ""), field.get("help", ""), *more, *labels))


def weakened(minimum: FormDefinition, changed: FormDefinition) -> list[Problem]:
    """What ``changed`` (a form with additions, or a municipality's own version) lacks or weakens of ``minimum``."""
    problems = []
    there = {field.id: field for field in changed.fields}
    for field in minimum.fields:
        found = there.get(field.id)
        if found is None:
            problems.append(_gone(changed, field.id, f"Feltet »{field.label}« mangler."))
        elif other := [key for key in _KEPT if getattr(field, key) != getattr(found, key)]:
            problems.append(_gone(changed, field.id, f"Feltet »{field.label}« er ændret: {', '.join(other)}."))
    order = [field.id for field in changed.fields if field.id in {one.id for one in minimum.fields}]
    if not problems and order != [field.id for field in minimum.fields]:
        problems.append(_gone(changed, "", "Minimummets felter står ikke i deres rækkefølge."))
    for kind in ("rules", "code_lists", "texts", "states", "phases", "variants", "definitions", "allowed_bases"):
        lacking = [one for one in getattr(minimum, kind) if one not in getattr(changed, kind)]
        problems += [_gone(changed, "", f"{kind} mangler eller er ændret: {_name(one)}.") for one in lacking]
    problems += _sections(minimum, changed)
    return problems


def _sections(minimum: FormDefinition, changed: FormDefinition) -> Iterator[Problem]:
    there = {section.id: section for section in changed.sections}
    for section in minimum.sections:
        found = there.get(section.id)
        if found is None or _frame(section) != _frame(found):
            yield _gone(changed, "", f"Afsnittet »{section.title}« mangler eller er ændret.")


def _frame(section: Any) -> Any:
    return msgspec.structs.replace(section, fields=())


def _name(one: Any) -> str:
    return one if isinstance(one, str) else str(getattr(one, "id", getattr(one, "term", "")))


_OWN_ID = f"Begynd id'et med {OWN}."


def _own_id(name: Any) -> str:
    return f"»{str(name)[:60]}« er ikke et eget id."


def _gone(changed: FormDefinition, field: str, text: str) -> Problem:
    advice = "Det fælles minimum kan ikke fjernes eller ændres af en tilføjelse."
    file = f"{changed.name}.yaml"
    return Problem(file=file, line=0, field=field, code="forms.minimum", text=text, suggestion=advice)


def _problem(source: LinedData, path: Path, field: str, code: str, text: str, suggestion: str) -> Problem:
    return Problem(file=source.file, line=source.line(path), field=field, code=code, text=text, suggestion=suggestion)
