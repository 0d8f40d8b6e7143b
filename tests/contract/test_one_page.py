"""A trivselsskema is at most one A4 page, also when every box is full and every sign is ticked (T21): measured."""

import itertools

import pytest

from tests.support.document_samples import DEFINITIONS, sample_job
from tillid.adapters.renderer import DocumentRenderer
from tillid.forms.definition import Field, FormDefinition

WORDS = "Barnet leger længe med de andre børn på legepladsen og søger en voksen, når det bliver svært. "


@pytest.fixture(scope="module")
def renderer():
    made = DocumentRenderer()
    yield made
    made.close()


def full_text(most: int) -> str:
    """Ordinary Danish words up to the limit."""
    return "".join(itertools.islice(itertools.cycle(WORDS), most)).strip().ljust(most, ".")


def fullest(definition: FormDefinition, field: Field, variant: str):
    """The longest answer that ``field`` takes in ``variant``; ``None`` = as the sample has it."""
    if field.filled_by == ("system",):
        return variant if field.id == "variant" else None
    if field.type == "long_text":
        return full_text(field.settings["max"])
    if field.type in ("choice", "multi_choice"):
        choices = definition.code_list(field.settings["code_list"]).for_variant(variant)
        longest = max(choices, key=lambda one: len(one.label)).code
        return longest if field.type == "choice" else [one.code for one in choices]
    return True if field.type == "yes_no" else None


@pytest.mark.req("T21")
@pytest.mark.parametrize("variant", ["sundhedspleje", "dagpleje_vuggestue", "boernehave", "skole_sfo"])
def test_the_fullest_trivselsskema_is_one_page(renderer, variant):
    definition = DEFINITIONS.get("trivselsskema", 2)
    answers = {field.id: fullest(definition, field, variant) for field in definition.fields}
    texts = sum(len(value) for value in answers.values() if isinstance(value, str) and len(value) > 100)
    assert texts >= 1700, "the boxes are full"
    assert sum(len(value) for value in answers.values() if isinstance(value, list)) >= 36, "every sign is ticked"
    job = sample_job("trivselsskema", 2, **{key: value for key, value in answers.items() if value is not None})
    assert renderer.render(job).pages == 1
