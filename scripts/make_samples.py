"""Writes the sample answers of ``document_templates/<form>/samples/`` from ``sample_texts.yaml``: one file per version and state.

``typical`` is the ordinary form; ``short`` what must be there and its first sentences; ``full`` every field, long texts
filled up to their limit; ``empty`` what the system fills in alone. With ``--texts`` the pages are made too, and what they say
is written beside each sample: look at the pages first, for afterwards the tests hold the templates to it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import yaml

from tillid.documents.samples import STATES, job_of, sample, sample_path
from tillid.forms.answers import check_answers
from tillid.forms.definition import Field, FormDefinition
from tillid.forms.loading import load_definitions
from tillid.forms.showing import Showing

TEXTS = Path(__file__).with_name("sample_texts.yaml")
COMMON = {
    "municipality": "Solbjerg Kommune",
    "moment": "2026-04-24T09:30:00Z",
    "footer_lines": ["Solbjerg Kommune, Børn og Unge. Opbevares og slettes efter kommunens regler."],
}


def typical(definition: FormDefinition, words: dict[str, Any], people: dict[str, Any]) -> dict[str, Any]:
    """The ordinary form: the answers that this version has a field for, in its order."""
    known = {**people, **words["answers"]}
    found = {
        field.id: of_version(known.get(field.id), definition) for field in definition.fields if field.phase == "content"
    }
    return {name: value for name, value in found.items() if value not in (None, "")}


def of_version(value: Any, definition: FormDefinition) -> Any:
    """``{1: …, 2: …}`` is what each version has."""
    return value[definition.version] if isinstance(value, dict) and definition.version in value else value


def full(definition: FormDefinition, words: dict[str, Any], people: dict[str, Any]) -> dict[str, Any]:
    """Everything filled in: also what an ordinary form leaves empty, and long texts as long as they may be."""
    answers = typical(definition, {"answers": {**words["answers"], **words["full"]}}, people)
    for turn, field in enumerate(definition.fields):
        value = answers.get(field.id)
        if value == "all":
            choices = definition.code_list(field.settings["code_list"]).for_variant(words["variant"])
            answers[field.id] = [choice.code for choice in choices]
        elif field.type == "long_text" and value:
            answers[field.id] = filled_up(value, field.settings["max"], turned(words["more"], turn))
    return answers


def turned(sentences: list[str], turn: int) -> list[str]:
    """The same sentences from another one on, so that no two fields say the same in the same order."""
    start = 3 * turn % len(sentences) if sentences else 0
    return sentences[start:] + sentences[:start]


def filled_up(text: str, most: int, more: list[str]) -> str:
    """``text`` and as many of the sentences as there is room for."""
    text = text if len(text) <= most else first_sentences(text, most)
    for sentence in more:
        if len(text) + 1 + len(sentence) <= most:
            text += " " + sentence
    return text


def first_sentences(text: str, most: int) -> str:
    """As many whole sentences as fit, at least the first."""
    parts = text.split(". ")
    while len(parts) > 1 and len(". ".join(parts)) + 1 > most:
        parts.pop()
    return ". ".join(parts).rstrip(".") + "." if len(parts) < len(text.split(". ")) else text


def short(definition: FormDefinition, answers: dict[str, Any], variant: str) -> dict[str, Any]:
    """What must be answered or the system fills in, each long text with its first sentence, each table with its first row."""
    showing = Showing(definition, answers, {"variant": variant})
    here = [f for f in definition.fields if f.id in answers and (showing.required(f) or f.filled_by == ("system",))]
    return {f.id: shortened(f, answers[f.id]) for f in here}


def shortened(field: Field, value: Any) -> Any:
    if field.type == "long_text":
        return first_sentences(value.split("\n")[0], 1)
    return value[:1] if field.type in ("table", "multi_choice") else value


def empty(definition: FormDefinition, answers: dict[str, Any]) -> dict[str, Any]:
    """A form that nobody has written in yet."""
    return {f.id: answers[f.id] for f in definition.fields if f.id in answers and f.filled_by == ("system",)}


def write(definition: FormDefinition, words: dict[str, Any], people: dict[str, Any]) -> None:
    ordinary = typical(definition, words, people)
    made = {
        "short": short(definition, ordinary, words["variant"]),
        "typical": ordinary,
        "full": full(definition, words, people),
        "empty": empty(definition, ordinary),
    }
    about = {key: words[key] for key in ("number", "variant", "reader", "header")}
    for state in STATES:
        facts = {"variant": words["variant"]} if words["variant"] else {}
        for problem in check_answers(definition, made[state], facts, complete=state != "empty"):
            print(f"{definition.name} {state}: {problem.field_id} {problem.code} {problem.message}")
        path = sample_path(definition.id, definition.version, state)
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({**COMMON, **about, "answers": made[state]}, ensure_ascii=False, indent=1)
        path.write_text(text + "\n", "utf-8")


def write_texts(definitions: list[FormDefinition]) -> None:
    """The text of each sample's pages, as it is now."""
    from tillid.adapters.pdf import page_text
    from tillid.adapters.renderer import DocumentRenderer

    renderer = DocumentRenderer()
    for definition in definitions:
        for state in STATES:
            made = renderer.render(job_of(definition, sample(definition.id, definition.version, state)))
            path = sample_path(definition.id, definition.version, state).with_suffix(".txt")
            path.write_text(page_text(made.pdf).rstrip() + "\n", "utf-8")
    renderer.close()


def main() -> None:
    texts = yaml.safe_load(TEXTS.read_text("utf-8"))
    people = texts.pop("people")
    definitions = list(load_definitions().all())
    for definition in definitions:
        write(definition, texts[definition.id], people)
    if "--texts" in sys.argv:
        write_texts(definitions)


if __name__ == "__main__":
    main()
