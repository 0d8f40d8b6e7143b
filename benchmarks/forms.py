"""The forms: checking answers, loading definitions, a section's page, an autosave, moving drafts. Processor time, not wall.

The peer of the check is PyPI ``jsonschema`` with the schema that we export for the same form, validator made once. It does the
structural part alone; ours also brings each answer to its one spelling, decides the conditions and says what is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Any

import jsonschema

from benchmarks.client import Answer, Browser
from benchmarks.forms_answers import FACTS, full_answers, text
from benchmarks.stage import SET, Stage, running
from benchmarks.table import Row, Sample, compare, sample
from benchmarks.timing import Work, cpu_seconds, in_turn
from tillid.documents.model import Draft, DraftField
from tillid.forms.answers import check_answers, clean_field
from tillid.forms.definition import FormDefinition
from tillid.forms.fieldtypes import field_type
from tillid.forms.json_schema import answers_schema
from tillid.forms.loading import load_definitions
from tillid.kernel.ids import new_id
from tillid.kernel.once import forget_all
from tillid.usecases.moved_draft import moved_draft
from tillid.usecases.start_document import start_document

FORM, VERSION, VARIANT = "overgangsbeskrivelse", 3, "bh_sk"
ROUNDS, QUICK_ROUNDS = 60, 3
CALLS = 20  # of one check in a round: a clock of a millisecond's work would tick in it
DRAFTS, QUICK_DRAFTS = (100, 1_000, 10_000), (3, 5, 10)
SECTION, FIELD = "fagpersonens_del", "u_folelser"
PEER = "jsonschema (PyPI), the exported schema, structure alone"


def run(quick: bool = False) -> list[Row]:
    """Milliseconds of processor time; rows per job."""
    rounds = QUICK_ROUNDS if quick else ROUNDS
    with running() as stage:
        pages = list(_pages(stage, rounds))
    return [*_checks(rounds), _loading(rounds), *pages, *_moves(QUICK_DRAFTS if quick else DRAFTS)]


def _checks(rounds: int) -> Iterator[Row]:
    definition = load_definitions().get(FORM, VERSION)
    raw = full_answers(definition, VARIANT)
    stored = _normal(definition, raw)
    validator = jsonschema.Draft202012Validator(answers_schema(definition))
    if _whole(definition, raw) or not validator.is_valid(stored):
        raise RuntimeError("the answers that are to be checked are not right")
    works: dict[str, Work] = {
        "ours": lambda: _whole(definition, raw),
        "stored": lambda: check_answers(definition, stored, FACTS, complete=True),
        "one by one": lambda: [clean_field(definition, name, value) for name, value in raw.items()],
        "peer": lambda: list(validator.iter_errors(stored)),
    }
    times = in_turn({name: _often(work) for name, work in works.items()}, rounds, cpu_seconds)
    found = {name: sample((time * 1000 / CALLS for time in took), "ms") for name, took in times.items()}
    said = {
        "ours": ("answers checked: spelling, structure, conditions", 5.0, 1.0, f"{len(raw)} fields, all filled"),
        "stored": ("answers checked as stored", None, None, "without bringing them to their stored spelling"),
        "one by one": ("every field cleaned by itself", None, None, "as on saving: spelling and structure"),
    }
    for name, (title, goal, most, note) in said.items():
        yield compare(title, found[name], PEER, found["peer"], better="less", goal=goal, most=most, note=note)


def _often(work: Work) -> Work:
    def works() -> None:
        for _ in range(CALLS):
            work()

    return works


def _normal(definition: FormDefinition, raw: dict[str, Any]) -> dict[str, Any]:
    return {name: field_type((one := definition.field(name)).type).normalise(value, one) for name, value in raw.items()}


def _whole(definition: FormDefinition, raw: dict[str, Any]) -> list:
    return check_answers(definition, _normal(definition, raw), FACTS, complete=True)


def _loading(rounds: int) -> Row:
    number = len(load_definitions().all())

    def load() -> None:
        forget_all()  # what was checked before
        load_definitions()

    times = in_turn({"load": load}, max(3, rounds // 6), cpu_seconds)["load"]
    note = f"{number} versions with their code lists, read from YAML and checked; ways to the next version apart"
    return Row(name="all definitions loaded and checked", ours=_ms(times), most=1000.0, note=note)


def _pages(stage: Stage, rounds: int) -> Iterator[Row]:
    filling = Filling(stage)
    filling.show(), filling.save(), filling.autosave()
    works: dict[str, Work] = {"show": filling.show, "anew": filling.show_anew, "save": filling.save}
    times = in_turn({**works, "autosave": filling.autosave}, rounds, cpu_seconds)
    whole = [a + b for a, b in zip(times["anew"], times["save"], strict=True)]
    fields = f"section of {filling.fields} fields"
    yield Row(name="section shown", ours=_ms(times["show"]), most=40.0, note=f"{fields}; nothing changed since")
    yield Row(name="section shown, memory emptied", ours=_ms(times["anew"]), most=40.0, note=fields)
    yield Row(name="section posted", ours=_ms(times["save"]), most=40.0, note="every field changed; committed")
    yield Row(name="section shown anew and posted", ours=_ms(whole), most=40.0, note="the two together")
    yield Row(name="autosave of one field", ours=_ms(times["autosave"]), most=15.0, note="committed, parts answered")


class Filling:
    """A professional in a section of a new draft; every answer is seen to be the right one."""

    def __init__(self, stage: Stage) -> None:
        author = stage.player.staff(SET.author_id)
        with stage.installation.open_house() as house:
            document = start_document(house, author, SET.child_id, FORM)
            definition = house.definitions.get(FORM, VERSION)
        answers = {k: v for k, v in full_answers(definition, VARIANT).items() if definition.field(k).section == SECTION}
        stage.player.fill(author, document.id, {k: v for k, v in answers.items() if _typed(definition, k)})
        self.browser: Browser = stage.browser(author)
        self.texts = [k for k in answers if definition.field(k).type == "long_text"]
        self.here = f"/dokument/{document.id}/udfyld/{SECTION}"
        self.there = f"/dokument/{document.id}/felt/{FIELD}"
        self.fields, self.number = len(definition.section(SECTION).fields), count()
        self.most = {k: definition.field(k).settings["max"] for k in self.texts}
        self.turn, self.page, self.shown = count(1), new_id(), self.show()

    def show(self) -> Answer:
        return self._right(self.browser.get(self.here), 200)

    def show_anew(self) -> Answer:
        forget_all()
        return self.show()

    def save(self) -> Answer:
        """Every text of the section is another one."""
        changed = {name: value for one in self.texts for name, value in self._field(one).items()}
        return self._right(self.browser.post(self.here, {**self._known(), **changed, "go": "stay"}), 303)

    def autosave(self) -> Answer:
        answer = self.browser.post(self.there, {**self._known(), **self._field(FIELD)})
        return self._right(answer, 200)

    def _field(self, name: str) -> dict[str, str]:
        words = f"{next(self.number)} {text(self.most[name] - 8)}"
        return {f"f.{name}": words, f"base.{name}": self.shown.hidden(f"base.{name}")}

    def _known(self) -> dict[str, str]:
        return {"csrf_token": self.shown.hidden("csrf_token"), "page": self.page, "turn": str(next(self.turn))}

    def _right(self, answer: Answer, status: int) -> Answer:
        if answer.status != status:
            raise RuntimeError(f"{answer.status} instead of {status}")
        return answer


def _typed(definition: FormDefinition, name: str) -> bool:
    field = definition.field(name)
    return "professional" in field.filled_by and field.type in ("long_text", "text", "yes_no", "table")


def _moves(numbers: tuple[int, ...]) -> Iterator[Row]:
    definitions = load_definitions()
    way = [definitions.get(FORM, VERSION - 1), definitions.get(FORM, VERSION)]
    stored = {k: clean_field(way[0], k, v) for k, v in full_answers(way[0], VARIANT).items()}
    first: Sample | None = None
    for number in numbers:
        drafts = [_draft(way[0], stored, place) for place in range(number)]
        took = [cpu_seconds(_moving(draft, way)) * 1000 for draft in drafts]
        found, total = sample(took, "ms"), sum(took)
        note = (
            f"{len(stored)} fields, all filled; {total / number:.2f} ms a draft on average, {total / 1000:.1f} s in all"
        )
        name = f"draft moved to the next version, {number:,} of them"
        if first is None:
            first = found
            yield Row(name=name, ours=found, note=note)
        else:
            yield compare(name, found, f"the first {numbers[0]}, each", first, better="less", note=note)


def _moving(draft: Draft, way: list[FormDefinition]) -> Callable[[], object]:
    return lambda: moved_draft(draft, way, VARIANT, datetime(2026, 11, 26, tzinfo=UTC))


def _draft(definition: FormDefinition, stored: dict[str, Any], number: int) -> Draft:
    """Its own words in every text, so that nothing can be remembered from the draft before."""
    at, fields = datetime(2026, 11, 25, tzinfo=UTC), {}
    for name, value in stored.items():
        own = f"{number} {value}"[: definition.field(name).settings["max"]] if _is_text(definition, name) else value
        fields[name] = DraftField(value=own.strip() if own is not value else value, revision=1, by="p", side="professional", at=at)  # fmt: skip
    return Draft(document_id=new_id(), fields=fields)


def _is_text(definition: FormDefinition, name: str) -> bool:
    return definition.field(name).type in ("long_text", "text")


def _ms(times: list[float]) -> Sample:
    return sample((time * 1000 for time in times), "ms")
