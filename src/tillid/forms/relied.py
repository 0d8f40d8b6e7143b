"""What the program asks of a form by name: which fields, of which type, with which codes, and what it does with them.

A definition is data and may be changed by anybody with the designer; a field that the program reads and that is gone would be
missed by nobody until the day it counts. So each such name stands here, the static check refuses a version that does not have
it, and ``tests/unit/forms/test_relied_on.py`` finds names in the program that do not stand here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from tillid.forms.checks_scope import Scope
from tillid.forms.problems import Problem
from tillid.forms.yamllimits import Path

CODE = "forms.relied-on"


class Relied(msgspec.Struct, frozen=True, kw_only=True):
    """``use``: what for, in Danish, as a sentence. ``since``: the first version of the form that has it. ``form`` empty:
    the program puts it into any form that has it, so it need not be there, but must be able to take what is put in. ``column_list``:
    of a table, the list that one of its columns is answered from."""

    form: str = ""
    field: str
    types: tuple[str, ...]
    use: str
    codes: tuple[str, ...] = ()
    column_list: str = ""
    since: int = 1


POSITIONS = ("groen", "gul", "roed")
_ADVICE = "Hent det ind igen fra den forrige version."
_FILLED = "Systemet udfylder det, når skemaet begyndes."
_NOTIFIERS = "Den, der har underrettet, holdes tilbage, når nogen beder om indsigt."
FIELDS = (
    Relied(
        form="trivselsskema",
        field="position",
        types=("choice",),
        codes=POSITIONS,
        use="Overblikket viser fagpersonernes placeringer ved siden af hinanden.",
    ),
    Relied(
        form="trivselsskema",
        field="position_kontekst",
        types=("choice",),
        codes=POSITIONS,
        use="Overblikket viser placeringen af barnets omgivelser.",
    ),
    Relied(
        form="trivselsskema", field="akut", types=("yes_no",), since=2, use="Et ja giver lederen besked med det samme."
    ),
    Relied(form="trivselsskema", field="runde", types=("round_ref",), use="Skemaet hører til en runde."),
    Relied(
        form="trivselsvurdering",
        field="samlet_position",
        types=("choice",),
        codes=POSITIONS,
        use="Overblikket og næste overgangsbeskrivelse ser efter den samlede placering.",
    ),
    Relied(
        form="trivselsvurdering",
        field="f_opfoelgning",
        types=("date",),
        use="Overblikket viser, om der er aftalt opfølgning.",
    ),
    Relied(
        form="trivselsvurdering", field="runde", types=("round_ref",), since=2, use="Vurderingen hører til en runde."
    ),
    Relied(form="trivselsoverblik", field="gruppe", types=("group_ref",), use="Overblikket findes på sin gruppe."),
    Relied(form="trivselsoverblik", field="runde", types=("round_ref",), use="Overblikket findes på sin runde."),
    Relied(
        form="overgangsbeskrivelse",
        field="overgangstype",
        types=("choice",),
        codes=("sp_dp", "bh_sk", "sk_sk", "ind_mel"),
        use="Den afgør grundlaget for videregivelsen, og om det er en overgang til skole.",
    ),
    Relied(
        form="overgangsbeskrivelse",
        field="til_enhed",
        types=("unit_ref",),
        use="Den er modtageren, som samtykket gælder.",
    ),
    Relied(
        form="overgangsbeskrivelse", field="startdato", types=("date",), use="Den afgør, hvor længe samtykket gælder."
    ),
    Relied(
        form="overgangsbeskrivelse",
        field="uenig_bem",
        types=("long_text", "text"),
        use="Her skriver forældrene, hvis de ser noget anderledes.",
    ),
    Relied(form="fdr", field="titel", types=("text",), use="Mødet står på listen under sit emne."),
    Relied(
        form="fdr",
        field="moedetype",
        types=("choice",),
        codes=("faglig_sparring",),
        use="Den afgør, om mødet handler om et barn.",
    ),
    Relied(
        form="fdr",
        field="oenske_moede",
        types=("long_text",),
        since=2,
        use="Forældrene bliver spurgt, om mødet må holdes til det.",
    ),
    Relied(
        form="fdr",
        field="deltagere",
        types=("table",),
        since=2,
        use="Forældrene siger ja eller nej til hver enkelt, der deltager.",
    ),
    Relied(
        form="fdr",
        field="r_aftaler",
        types=("table",),
        column_list="aftale_status",
        since=2,
        use="Mødet bliver afsluttet, når det er sagt, hvordan hver aftale endte.",
    ),
    Relied(
        form="fdr",
        field="tid_sted",
        types=("moment_minutes_text",),
        since=2,
        use="Mødets dag foreslås som den, samtykket gælder til.",
    ),
    Relied(form="underretning", field="akut", types=("yes_no",), use="Kommunen får besked med det samme."),
    Relied(form="underretning", field="type", types=("choice",), use="Den afgør, hvad der spørges om."),
    Relied(form="underretning", field="b_navn", types=("text",), use="Barnet er det ene, som altid skal være der."),
    Relied(
        form="underretning",
        field="c_kort",
        types=("long_text", "text"),
        use="Bekymringen er det andet, som altid skal være der.",
    ),
    Relied(
        form="underretning",
        field="u_kategori",
        types=("choice",),
        codes=("sundhedspleje", "dagtilbud", "skole"),
        use=_FILLED,
    ),
    Relied(
        form="underretning",
        field="maa_ikke_orienteres",
        types=("yes_no",),
        use="Et ja holder underretningen tilbage, når nogen beder om indsigt.",
    ),
    Relied(
        form="underretning",
        field="o_status",
        types=("choice",),
        codes=("nej_bevidst",),
        since=2,
        use="Et bevidst nej holder underretningen tilbage, når nogen beder om indsigt.",
    ),
    Relied(form="underretning", field="u_med", types=("person_list",), since=2, use=_NOTIFIERS),
    Relied(
        form="underretning", field="b_cpr", types=("cpr",), use="Underretningen findes, når nogen beder om indsigt."
    ),
    *(
        Relied(field=name, types=(kind,), use=_FILLED)
        for name, kind in (
            ("barn", "child_ref"),
            ("b_barn", "child_ref"),
            ("b_tilbud", "unit_or_text"),
            ("dato", "date"),
            ("enhed", "unit_ref"),
            ("foraeldremyndighed", "person_list"),
            ("fra_enhed", "unit_ref"),
            ("grundlag_skemaer", "document_list"),
            ("gruppe", "group_ref"),
            ("kontakt_afgiver", "user_ref"),
            ("leder_ansvarlig", "user_ref"),
            ("runde", "round_ref"),
            ("u_arbejdssted", "unit_and_text"),
            ("u_navn", "text"),
            ("udfyldt_af", "user_ref"),
        )
    ),
)
# Lists and texts asked for by name: form → ids.
LISTS = {"overgangsbeskrivelse": ("hjemmel",)}
TEXTS = {"underretning": ("underret_hjaelp",), "samtykke_tilbagekaldelse": ("tilbagekald_virkning",)}


def relied_problems(scope: Scope) -> Iterator[Problem]:
    """What the program would look for in vain in this version, or find to be something else."""
    form, version = scope.data["id"], scope.data["version"]
    places = {field["id"]: path for path, field in scope.placed_fields()}
    for one in FIELDS:
        if one.form == form and version >= one.since and one.field not in places:
            yield scope.problem(("sections",), CODE, f"Feltet »{one.field}« skal være i skemaet. {one.use}", _ADVICE)
        elif one.field in places and one.form in (form, ""):
            yield from _other(scope, one, places[one.field])
    for key, kind, wanted in (("code_lists", "Kodelisten", LISTS), ("texts", "Teksten", TEXTS)):
        there = {item["id"] for item in scope.data.get(key, [])}
        for name in wanted.get(form, ()):
            if name not in there:
                yield scope.problem(
                    (key,), CODE, f"{kind} »{name}« skal være i skemaet. Programmet viser dens ord.", _ADVICE
                )


def _other(scope: Scope, one: Relied, path: Path) -> Iterator[Problem]:
    """The field is there, but is not what the program takes it for."""
    found = scope.fields[one.field]
    if found["type"] not in one.types:
        text = f"»{one.field}« skal være af typen {' eller '.join(one.types)}. {one.use}"
        yield scope.problem((*path, "type"), CODE, text, "Giv et nyt felt et andet id.")
    elif missing := [code for code in one.codes if code not in scope.codes_of(found)]:
        text = f"»{one.field}« skal kunne svares med {', '.join(missing)}. {one.use}"
        yield scope.problem((*path, "settings"), CODE, text, "Sæt koden på listen igen; dens ord må gerne ændres.")
    elif one.column_list and one.column_list not in _lists_of_columns(found.get("settings", {})):
        text = f"»{one.field}« skal have en kolonne, der svares på med listen »{one.column_list}«. {one.use}"
        yield scope.problem((*path, "settings"), CODE, text, _ADVICE)
    elif scope.phase_of(path, found) != "content":
        text = f"»{one.field}« skal høre til det, der udfyldes (phase: content). {one.use}"
        yield scope.problem(path, CODE, text, "Fjern phase.")


def _lists_of_columns(settings: Mapping[str, Any]) -> set[str]:
    return {column.get("settings", {}).get("code_list", "") for column in settings.get("columns", ())}
