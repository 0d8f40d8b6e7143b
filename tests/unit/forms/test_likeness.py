"""A trivselsskema is known again by what it asks, when title and last line are gone; nothing else is (T9, R-11)."""

from __future__ import annotations

import msgspec
import pytest

from tests.support.definitions import our_definitions
from tillid.forms.likeness import asked_by, letters, looks_like
from tillid.kernel.paths import PROJECT

FORM = "trivselsskema"
DEFINITIONS = our_definitions().all()
ASKED = asked_by(FORM, DEFINITIONS)
SAMPLES = {
    f"{file.parent.parent.name} {file.stem}": file.read_text(encoding="utf-8")
    for file in sorted((PROJECT / "document_templates").glob("*/samples/*.txt"))
}
SHEETS = [name for name in SAMPLES if name.startswith(FORM) and not name.endswith("empty")]
OTHERS = [name for name in SAMPLES if not name.startswith(FORM)]


def body(name: str) -> list[str]:
    """The sample's lines as a program saves them that keeps neither title nor last line."""
    lines = [line for line in SAMPLES[name].splitlines() if FORM not in line.casefold()]
    assert len(lines) == len(SAMPLES[name].splitlines()) - 2
    return lines


def known(*pages: str) -> bool:
    return looks_like(pages, ASKED)


@pytest.mark.req("T9", "R-11")
@pytest.mark.parametrize("name", SHEETS)
def test_each_version_is_known_without_title_and_last_line(name):
    lines = body(name)
    assert known("\n".join(lines)) and known(" ".join(lines).upper())
    assert known("En side om noget andet.", "\n".join(lines)), "as one page of many"
    assert known(f"{SAMPLES['overgangsbeskrivelse v3.full']}\n{chr(10).join(lines)}"), "two pages printed on one"
    half = len(lines) // 2
    assert known("\n".join(lines[:half]), "\n".join(lines[half:])), "run on to a second page"


@pytest.mark.req("T9")
@pytest.mark.parametrize("name", [name for name in SHEETS if " v2" in name])
def test_either_half_of_what_is_in_use_is_enough(name):
    lines = body(name)
    middle = next(place for place, line in enumerate(lines) if line.startswith("Styrker og sammenhæng"))
    assert known("\n".join(lines[:middle])) and known("\n".join(lines[middle:]))


@pytest.mark.req("T9")
def test_a_page_on_its_side_is_read_with_titles_behind_their_first_label():
    lines = body("trivselsskema v1.short")
    title = lines.index("Farve og kommentar")
    lines[title : title + 2] = reversed(lines[title : title + 2])
    assert known("\n".join(lines))


@pytest.mark.req("T9")
def test_whoever_prints_the_page_and_reads_a_scan_of_it_spells_it_a_little_differently():
    text = "\n".join(body("trivselsskema v2.typical"))
    broken = text.replace("Nysgerrighed", "Nysger-\nrighed").replace("fi", "ﬁ").replace("æ", "ae").replace(" ", "  ")
    assert known(broken) and known(text.replace("å", "a").replace("ø", "o")) and known("\xad".join(text))
    english = next(form for form in DEFINITIONS if (form.id, form.version) == (FORM, 2)).in_language("en")
    assert known("\n".join(field.label for section in english.sections for field in section.fields))


@pytest.mark.parametrize("name", OTHERS)
def test_no_other_form_is_taken_for_one(name):
    assert not known(SAMPLES[name]) and not known(*SAMPLES[name].split("\f"), *SAMPLES[name].split("\f"))


def test_nor_is_what_other_instruments_say_or_who_quotes_two_lines():
    tras = """TRAS. Registrering af sprog i daglig samspil. Barnets navn. Institution. Dato. Samspil og opmærksomhed. Kommunikation.
        Opmærksomhed. Sprogforståelse. Sproglig bevidsthed. Udtale. Ordproduktion. Sætningsproduktion. Nysgerrighed, sprog og læring.
        Hvor godt kender barnet ordene? Relationer og fællesskab. Trivsel, position i gruppen, tegn på opmærksomhed."""
    assessment = """Sprogvurdering 3-6 år. Barn: Alma. Barnets position i fordelingen lige nu: generel indsats. Talesprog. Styrker
        og udfordringer i barnets sprog. Barnets styrker og interesser. Før skriftsproglige færdigheder. Mit forslag til næste trin."""
    quoted = "I trivselsskemaet stod »Barnets position lige nu: Gul« og »Hvad bygger du det på? Siden jul«. "
    assert not known(tras) and not known(assessment) and not known(quoted * 5)
    assert not known(f"{SAMPLES['trivselsvurdering v2.full']}\n{quoted}")
    signs = [
        choice.label
        for form in DEFINITIONS if form.id == FORM
        for one in form.code_lists if one.id.startswith("tegn_")
        for choice in one.choices
    ]  # fmt: skip
    assert len(signs) > 100 and not known("\n".join(signs)), "an observation in the words of the lists may go on (T28)"


def test_the_order_counts_and_how_near_they_stand():
    three = ["Hvor godt kender du barnet?", "Følelser og tryghed", "Min egen del"]
    assert known(" x ".join(three)) and known(three[0], "\n".join(three[1:]))
    assert not known(" x ".join(reversed(three))), "a text of one's own with some of the same headings"
    assert not known(three[0], "", " ".join(three[1:])) and not known(*three[:2]) and not known()
    assert not known(" x ".join([three[0]] * 3)), "the same line three times is one line"
    assert not known("Hvor godt kender du barnet? Følelser og tryghed. Andre tegn. Dato. Runde. Variant. Barn.")


def version_3(**labels: str):
    """A version with these labels alone."""
    now = next(form for form in DEFINITIONS if (form.id, form.version) == (FORM, 2))
    said = [msgspec.structs.replace(now.field(name), label=label) for name, label in labels.items()]
    section = msgspec.structs.replace(now.sections[0], title="Forfra", fields=tuple(said))
    return msgspec.structs.replace(now, version=3, sections=(section,), translations={})


def test_a_new_version_needs_no_code_and_what_another_form_asks_too_tells_nothing():
    words = {
        "position": "Hvor er barnet i dag?",
        "begrundelse": "Det har jeg lagt mærke til",
        "styrker": "Det kan barnet allerede",
    }
    new, text = version_3(**words), " ... ".join(words.values())
    assert not known(text) and looks_like([text], asked_by(FORM, (*DEFINITIONS, new)))
    other = msgspec.structs.replace(new, id="vores_eget")
    assert not looks_like([text], asked_by(FORM, (*DEFINITIONS, new, other)))


def test_a_line_within_a_line_counts_once():
    words = {
        "position": "Hvor er barnet i dag?",
        "begrundelse": "Min egen del af det hele",
        "styrker": "egen del af det hele",
    }
    more = version_3(**words, forslag="Det foreslår jeg nu", akut="Det haster meget nu")
    assert not looks_like([" ... ".join(list(words.values())[:2])], asked_by(FORM, (*DEFINITIONS, more)))


def test_letters_alone_are_compared():
    assert letters("Ærø: ﬁ Å-\nb_c\u0301") == "aerofiabc"
