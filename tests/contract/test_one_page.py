"""What has to fit one A4 page does, also when every box is full and everything is ticked (T21): measured."""

import itertools
import json
import random
import re
import textwrap
from typing import Any

import pypdfium2
import pypdfium2.raw as raw
import pytest

from tests.support.document_samples import DEFINITIONS, FORMS, sample_job
from tillid.adapters.pdf import extract
from tillid.documents.rendering import RenderJob
from tillid.documents.samples import sample
from tillid.forms.definition import Field, FormDefinition

WORDS = "Barnet leger længe med de andre børn på legepladsen og søger en voksen, når det bliver svært. "
SHORT = {"text": 3, "long_text": 1}  # a cell is rarely written full: a third of it is a long one already


def full_text(most: int, width: int = 0) -> str:
    """Ordinary Danish words up to the limit; ``width``: in lines of no more letters than that, as people write a list."""
    words = textwrap.fill(WORDS.strip(), width) + "\n" if width else WORDS
    return "".join(itertools.islice(itertools.cycle(words), most)).strip().ljust(most, ".")


def fullest(definition: FormDefinition, field: Field, variant: str, width: int) -> Any:
    """The longest answer that ``field`` takes in ``variant``; ``None`` = as the sample has it."""
    if field.filled_by == ("system",):
        return variant if field.id == "variant" else None
    if field.type in ("text", "long_text"):
        return full_text(field.settings["max"], width if field.type == "long_text" else 0)
    if field.type in ("choice", "multi_choice"):
        choices = definition.code_list(field.settings["code_list"]).for_variant(variant)
        longest = max(choices, key=lambda one: len(one.label)).code
        return longest if field.type == "choice" else [one.code for one in choices]
    return True if field.type == "yes_no" else None


def fullest_job(form_id: str, version: int, variant: str, reader: str, width: int = 0, **more: Any) -> RenderJob:
    """The job of the full sample with every box filled to its limit, in lines of ``width`` letters if it is given."""
    definition = DEFINITIONS.get(form_id, version)
    answers = {f.id: fullest(definition, f, variant, width) for f in definition.fields if f.phase == "content"}
    answers = {name: value for name, value in answers.items() if value is not None}
    return sample_job(form_id, version, reader=reader, state="full", **{**answers, **more})


def written(job: RenderJob) -> int:
    """How many characters the job's texts have."""
    return sum(len(field.text) for section in job.sections for field in section.fields)


@pytest.mark.req("T21")
@pytest.mark.parametrize("variant", ["sundhedspleje", "dagpleje_vuggestue", "boernehave", "skole_sfo"])
def test_the_fullest_trivselsskema_is_one_page(renderer, variant):
    job = fullest_job("trivselsskema", 2, variant, "team")
    assert written(job) >= 1700, "the boxes are full"
    ticked = [
        field.items
        for section in job.sections
        for field in section.fields
        if field.label != "Mit forslag til næste skridt"
    ]
    assert sum(map(len, ticked)) >= 36, "every sign is ticked"
    assert renderer.render(job).pages == 1


def cells(share: float = 1, **most: int) -> dict[str, str]:
    """A row each cell of which has that share of the letters it takes."""
    return {name: full_text(int(letters * share)) for name, letters in most.items()}


def sizes(pdf: bytes) -> set[float]:
    """Of all letters, in points; the ends of lines have none."""
    with pypdfium2.PdfDocument(pdf) as made:
        pages = [page.get_textpage() for page in made]
        found = {round(raw.FPDFText_GetFontSize(one.raw, at), 1) for one in pages for at in range(one.count_chars())}
    return found - {1.0}


def rows(most: int) -> list[dict[str, str]]:
    """As many agreements as the table takes, each as long as people write them."""
    one = {
        "hvad": full_text(80),
        "hvem": "Stuens voksne",
        "fra_hvornaar": "Fra uge 12",
        "tegn_paa_virkning": full_text(60),
    }
    return [one] * most


@pytest.mark.req("T21")
@pytest.mark.parametrize("version", [1, 2])
def test_each_half_of_the_fullest_trivselsvurdering_is_one_page(renderer, version):
    more = {"f_vi_goer": rows(10), "handling": ["iagttag", "foraeldre", "praksis", "sparring"]} if version == 2 else {}
    team = fullest_job("trivselsvurdering", version, "boernehave", "team", **more)
    parents = fullest_job("trivselsvurdering", version, "boernehave", "parent", **more)
    assert written(team) > written(parents) >= 1800
    assert renderer.render(parents).pages == 1
    assert renderer.render(team).pages == 2, "the team's half, then the parents'"


@pytest.mark.req("T21")
@pytest.mark.parametrize("version", [1, 2])
def test_the_fullest_samtykkeerklaering_is_one_page(renderer, version):
    section = {
        "dokument": "Overgangsbeskrivelse, version 2",
        "afsnit": "Det, barnet har brug for hos jer",
        "foelsom": True,
    }
    more = {"oplysninger": [{**section, "svar": True}] * 20} if version == 2 else {}
    purpose = {"code": "tage_imod", "text": full_text(300)}
    assert (
        renderer.render(
            fullest_job("samtykkeerklaering", version, "overgang", "archive", formaal=purpose, **more)
        ).pages
        == 1
    )


AGREED = {"hvad": 200, "hvem": 80, "fra_hvornaar": 40, "tegn_paa_virkning": 150}
NAMED = {"dokument": 120, "afsnit": 120}
SMALLEST, HEADING, SMALL_TEXT = 8.0, 10.5, 8.5  # the footer's; a heading's as usual; the text's when all is set small


@pytest.mark.req("T21")
@pytest.mark.parametrize("share", [0.3, 0.5, 0.8, 1])
@pytest.mark.parametrize("reader", ["parent", "team"])
def test_the_parents_half_holds_as_many_agreements_as_the_table_takes_however_long(renderer, share, reader):
    """Set small where it must be, and never smaller than the footer."""
    most = field_of("trivselsvurdering", "f_vi_goer").settings["max_rows"]
    table = [cells(share, **AGREED)] * most
    made = renderer.render(fullest_job("trivselsvurdering", 2, "boernehave", reader, f_vi_goer=table))
    assert made.pages == (1 if reader == "parent" else 2)
    found = sizes(made.pdf)
    assert min(found) == SMALLEST and ((SMALL_TEXT in found) is (share > 0.4)) and ((HEADING in found) is (share < 0.4))


@pytest.mark.req("T21")
@pytest.mark.parametrize(("count", "share"), [(20, 0.2), (20, 0.5), (20, 0.9), (15, 1)])
def test_a_consent_about_many_sections_with_long_names_is_one_page(renderer, count, share):
    """Twenty of them with 108 letters in both names, or fifteen with 120, which is what the cells take (ADR 0077)."""
    row = {**cells(share, **NAMED), "foelsom": True, "svar": True}
    purpose = {"code": "tage_imod", "text": full_text(300)}
    more = {"formaal": purpose, "oplysninger": [row] * count}
    made = renderer.render(fullest_job("samtykkeerklaering", 2, "overgang", "archive", **more))
    assert made.pages == 1 and min(sizes(made.pdf)) == SMALLEST


def test_what_is_written_full_here_is_what_the_tables_take():
    for form, name, most in (("trivselsvurdering", "f_vi_goer", AGREED), ("samtykkeerklaering", "oplysninger", NAMED)):
        columns = {one["id"]: one.get("settings", {}).get("max") for one in field_of(form, name).settings["columns"]}
        assert {name: columns[name] for name in most} == most


def field_of(form_id: str, name: str) -> Field:
    return DEFINITIONS.get(form_id, 2).field(name)


IN_LINES = {
    "trivselsskema": ("team", [(1, "skole_sfo"), (2, "dagpleje_vuggestue"), (2, "skole_sfo")]),
    "trivselsvurdering": ("parent", [(1, "boernehave"), (2, "boernehave")]),
    "samtykkeerklaering": ("archive", [(1, "overgang"), (2, "overgang")]),
}


@pytest.mark.req("T21")
@pytest.mark.parametrize("width", [60, 45, 30, 12, 9, 7, 5, 3, 1])
@pytest.mark.parametrize("form", IN_LINES)
def test_boxes_written_full_as_lists_stay_on_one_page(renderer, form, width):
    """A line for each thing, down to a letter in each (ADR 0088)."""
    reader, which = IN_LINES[form]
    agreed = [cells(1, **AGREED)] * 10
    about = [{**cells(0.85, **NAMED), "foelsom": True, "svar": True}] * 20
    more = {"trivselsvurdering": {"f_vi_goer": agreed}, "samtykkeerklaering": {"oplysninger": about}}.get(form, {})
    asked = {"formaal": {"code": "tage_imod", "text": full_text(300, width)}} if form == "samtykkeerklaering" else {}
    for version, variant in which:
        job = fullest_job(form, version, variant, reader, width, **asked, **(more if version == 2 else {}))
        assert renderer.render(job).pages == 1, version


def sentences() -> list[str]:
    """All sentences of our samples."""
    texts = itertools.chain.from_iterable(sample(form, version, "full").answers.values() for form, version in FORMS)
    found = (re.findall(r"[A-ZÆØÅ][^.\n]{20,140}\.", text) for text in texts if isinstance(text, str))
    return sorted(set(itertools.chain.from_iterable(found)))


def said(chosen: random.Random, most: int, words: float = 0) -> str:
    """Sentences up to the limit; ``words``: in lines of so many words on average."""
    text = " ".join(chosen.choices(SENTENCES, k=most // 20))[:most].strip()
    if not words:
        return text
    left, lines = text.split(), []
    while left:
        count = max(1, int(chosen.expovariate(1 / words)))
        lines.append(" ".join(left[:count]))
        left = left[count:]
    return "\n".join(lines)


SENTENCES = sentences()


@pytest.mark.req("T21")
@pytest.mark.parametrize("words", [0, 6, 2, 1])
@pytest.mark.parametrize("seed", range(4))
def test_the_parents_half_is_one_page_whatever_the_sentences_are(renderer, seed, words):
    """Where words end is chance: of one row a line more, of ten rows ten."""
    chosen = random.Random(f"{seed} {words}")
    boxes = {
        field.id: said(chosen, field.settings["max"], words)
        for field in DEFINITIONS.get("trivselsvurdering", 2).fields
        if field.type == "long_text" and field.phase == "content"
    }
    table = [{name: said(chosen, most) for name, most in AGREED.items()} for _ in range(10)]
    made = renderer.render(fullest_job("trivselsvurdering", 2, "boernehave", "parent", f_vi_goer=table, **boxes))
    assert made.pages == 1 and min(sizes(made.pdf)) == SMALLEST


@pytest.mark.req("T21")
def test_the_answers_in_the_file_keep_their_lines(renderer):
    job = fullest_job("trivselsskema", 2, "boernehave", "team", 30)
    (kept,) = extract(renderer.render(job).pdf)
    assert json.loads(kept.data)["answers"]["begrundelse"] == full_text(350, 30)


@pytest.mark.req("T21")
@pytest.mark.parametrize("count", [12, 14, 16, 18, 20])
@pytest.mark.parametrize("full", [0, 3])
@pytest.mark.parametrize("form", ["trivselsskema", "trivselsvurdering"])
def test_a_list_in_one_box_stays_on_the_page_with_the_others_short_or_full(renderer, form, count, full):
    """What is counted is the lines of the paper: those of a long sentence too."""
    reader, variant = {"trivselsskema": ("team", "dagpleje_vuggestue"), "trivselsvurdering": ("parent", "boernehave")}[
        form
    ]
    definition = DEFINITIONS.get(form, 2)
    boxes = [
        field
        for field in definition.fields
        if field.type == "long_text" and field.phase == "content" and reader in field.visible_to
    ]
    texts = {field.id: full_text(field.settings["max"] if at < full else 20) for at, field in enumerate(boxes)}
    more = {"f_vi_goer": [cells(1, **AGREED)] * 10} if form == "trivselsvurdering" else {}
    listed = {boxes[-1].id: "\n".join(["leger"] * count)}
    assert renderer.render(fullest_job(form, 2, variant, reader, **{**texts, **listed, **more})).pages == 1
