"""What the static check calls fine works: any such form can be filled, checked, read, compared and moved, whatever the
answers are, and nothing that parents meet depends on what they may not see."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.property.generated import (
    answers_to,
    definition_data,
    fine,
    form_answers_facts,
    two_that_differ_in_secrets,
)
from tests.support.effort import times
from tillid.archive.entry import text_of
from tillid.documents.comparing import GONE, compare, reads_the_same
from tillid.documents.model import DefinitionRef, Document, Draft, DraftField
from tillid.documents.rendering import build_job
from tillid.forms.answers import answer_hints, check_answers, clean_field, field_progress, projection, shown_fields
from tillid.forms.canonical_yaml import canonical_yaml
from tillid.forms.checks_upcasts import upcast_problems
from tillid.forms.computing import computed_answers
from tillid.forms.definition import FormDefinition
from tillid.forms.diff import diff_definitions, diff_lines
from tillid.forms.fieldtypes import field_type
from tillid.forms.json_schema import answers_schema
from tillid.forms.problems import AnswerError
from tillid.forms.readers import ARCHIVE, PARENT, READERS, filling_readers, may_fill, may_see
from tillid.forms.rules import LEVELS, rule_problems
from tillid.forms.showing import Showing, section_texts
from tillid.forms.upcast_drafts import suggested_upcast
from tillid.forms.upcasts import move
from tillid.forms.yamldata import read_yaml
from tillid.kernel.canonical import canonical_json
from tillid.usecases.move_preview import move_rows
from tillid.usecases.moved_draft import moved_draft

AT = datetime(2026, 11, 26, tzinfo=UTC)
PARENT_SIDE = {"parent", "child"}
PHASES = ("content", "reception", "derived")


def document_of(form: FormDefinition) -> Document:
    return Document(
        id="d",
        number="TD-1",
        child_id="c",
        unit_id="u",
        definition=DefinitionRef(form_id=form.id, version=form.version, digest=form.digest),
        variant="bh",
        state="shared",
        created_at=AT,
        author="p",
    )


def stored_of(form: FormDefinition, answers: dict[str, Any]) -> dict[str, Any]:
    """What of ``answers`` a save would take."""
    stored = {}
    for name, raw in answers.items():
        field = form.field(name)
        kind = field_type(field.type)
        once = kind.normalise(raw, field)
        assert repr(kind.normalise(once, field)) == repr(once)  # NaN is not itself
        try:
            value = once if field.phase == "derived" else clean_field(form, name, raw)
        except AnswerError as error:
            assert error.message
            continue
        if value is None or kind.is_empty(value) or kind.validate(value, field, form):
            continue
        stored[name] = value
        assert field.phase == "derived" or clean_field(form, name, value) == value
    return stored


def read(form: FormDefinition, stored: dict[str, Any]) -> None:
    """Every way in which people and machines are told the answers."""
    for name, value in stored.items():
        field = form.field(name)
        kind = field_type(field.type)
        for language in ("da", "en"):
            assert isinstance(kind.format(value, field, form, language), str | list)
            kind.diff(None, value, field, form, language)
            kind.diff(value, None, field, form, language)
        kind.free_text(value, field), kind.typed(value, field)
        assert isinstance(kind.search_text(value, field, form), str)
    canonical_json(stored)
    answer_hints(form, stored)
    for reader in (PARENT, "receiver", ARCHIVE):
        build_job(form, stored, reader=reader, document=document_of(form), municipality="S", moment=AT)
    seen = {name: value for name, value in stored.items() if may_see(form.field(name).visible_to, ARCHIVE)}
    assert text_of(form, stored) == text_of(form, seen)


@pytest.mark.req("T9")
@given(form_answers_facts())
def test_whatever_the_check_calls_fine_can_be_filled_and_read(drawn):
    filled_and_read(*drawn)


def filled_and_read(form: FormDefinition, answers: dict[str, Any], known: dict[str, Any]) -> None:
    """Everything that the program does with a form, over any answers and facts."""
    stored = stored_of(form, answers)
    for given_ in (answers, stored):
        for phase in PHASES:
            wrong = check_answers(form, given_, known, complete=True, phase=phase)
            assert all(problem.message for problem in wrong)
        for level in LEVELS:
            rule_problems(form, given_, known, level=level)
        for reader in READERS:
            for phase in PHASES:
                for field in shown_fields(form, given_, known, reader, phase=phase):
                    assert may_see(field.visible_to, reader)
                    # To those who do not fill it, an empty question would tell why it might be asked.
                    asked = may_fill(field.filled_by, reader)
                    assert asked or Showing(form, given_, known).answer(field.id) is not None
                field_progress(form, given_, known, reader, phase=phase)
            for name in projection(form, given_, reader):
                assert may_see(form.field(name).visible_to, reader)
                # An answer that stands behind a question no longer asked is nobody's to read.
                assert Showing(form, given_, {}).shown(form.field(name)) is not False
        for section in form.sections:
            section_texts(form, section, given_, known, "en")
    for phase in PHASES:
        own = {name: value for name, value in stored.items() if form.field(name).phase == phase != "derived"}
        wrong = check_answers(
            form, own, {k: v for k, v in known.items() if k != "variant"}, complete=False, phase=phase
        )
        assert {problem.code for problem in wrong} <= {"forms.wrong-code"}  # a code of another variant
    worked_out = computed_answers(form, stored, known)
    for name, value in worked_out.items():
        assert field_type(form.field(name).type).validate(value, form.field(name), form) == []
    read(form, {**stored, **worked_out})
    msgspec.json.encode(answers_schema(form))
    assert form.in_language("en").digest == form.digest


def met_by_parents(form: FormDefinition, answers: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """All that a parent is told of a draft and gets to read, as the fill page and the copy make it."""
    seen = {field.id for field in form.fields if may_see(field.visible_to, PARENT)}
    problems = check_answers(form, answers, known, filled_by=PARENT_SIDE, complete=True)
    warned = rule_problems(form, answers, known, level="soft", filled_by=PARENT_SIDE)
    texts = [
        section_texts(form, section, answers, known)
        for section in form.sections
        if any(field.id in seen for field in section.fields)
    ]
    stored = stored_of(form, answers)
    return {
        "problems": [problem for problem in problems if problem.field_id in seen],
        "warnings": [problem for problem in warned if problem.field_id in seen],
        "shown": [[f.id for f in shown_fields(form, answers, known, PARENT, phase=phase)] for phase in PHASES],
        "progress": [field_progress(form, answers, known, PARENT, phase=phase) for phase in PHASES],
        "texts": texts,
        "projection": projection(form, answers, PARENT),
        "computed": {k: v for k, v in computed_answers(form, answers, known).items() if k in seen},
        "copy": build_job(form, stored, reader=PARENT, document=document_of(form), municipality="S", moment=AT),
    }


@pytest.mark.req("T9")
@given(two_that_differ_in_secrets())
def test_nothing_that_parents_meet_depends_on_what_they_may_not_see(drawn):
    form, (one, other) = drawn
    assert met_by_parents(form, *one) == met_by_parents(form, *other)
    # The page of what changed between the two tells a parent of nothing.
    assert compare((form,), *(stored_of(form, answers) for answers, _known in (one, other)), reader=PARENT).same


@st.composite
def next_versions(draw: st.DrawFn) -> tuple[FormDefinition, FormDefinition, dict[str, Any], dict[str, Any]]:
    """A form, a next version in which fields have gone, come, changed type or been shut off, answers to the first."""
    old, data = fine(draw(definition_data()))
    new = copy.deepcopy(data) | {"version": 2, "translations": {}}
    other = draw(definition_data())
    named = [f for s in other["sections"] for f in s["fields"]]
    fresh = [{**f, "id": f"n{f['id']}", "label": f"Nyt {f['id']}", "required": "no"} for f in named]
    for field in fresh:
        field.pop("shown_if", None), field.pop("computed", None)
    for section in new["sections"]:
        for number, field in enumerate(section["fields"]):
            what = draw(st.integers(0, 5))
            if what == 0 and fresh:
                section["fields"][number] = fresh.pop()
            elif what == 1 and fresh:
                section["fields"][number] = {**fresh.pop(), "id": field["id"]}
            elif what == 2:
                seen = draw(st.lists(st.sampled_from(READERS), max_size=2, unique=True))
                field["visible_to"] = sorted({*seen, *filling_readers(tuple(field["filled_by"]))} or {"author"})
            elif what == 3:  # the drafts are of the other variant
                field |= {"required": "no", "shown_if": {"eq": [{"fact": "variant"}, "sk"]}}
                told = [one for one in field["visible_to"] if one not in ("authority", "notifier")]
                field["visible_to"] = told or ["author"]
    lists = {one["id"]: one for one in [*new["code_lists"], *other["code_lists"]]}
    made, data = fine({**new, "code_lists": list(lists.values())})
    data["upcast"] = suggested_upcast(old, made)
    return old, fine(data)[0], draw(answers_to(old)), data


def draft_of(answers: dict[str, Any]) -> Draft:
    written = {"revision": 1, "by": "p", "side": "professional", "at": AT}
    fields = {name: DraftField(value=value, **written) for name, value in answers.items() if value is not None}
    return Draft(document_id="d", fields=fields)


@st.composite
def two_moves(draw: st.DrawFn) -> tuple[FormDefinition, FormDefinition, dict[str, Any], dict[str, Any]]:
    """A move of two drafts that are alike in all that a parent may see; in both the same fields are answered, for the
    preview tells how many there are that the reader may not see."""
    old, new, first, _data = draw(next_versions())
    more = draw(answers_to(old))
    hidden = [name for name in first if PARENT not in old.field(name).visible_to and more.get(name) is not None]
    second = {**first, **{name: more[name] for name in hidden if first[name] is not None}}
    return old, new, stored_of(old, first), stored_of(old, second)


@pytest.mark.req("T9", "T30")
@times(0.5)
@given(two_moves())
def test_what_a_parent_sees_of_a_move_does_not_depend_on_what_a_parent_may_not_see(drawn):
    old, new, *both = drawn
    # A field that more people will read is told as such, and its words are theirs from then on.
    assume("forms.upcast-wider" not in {problem.code for problem in upcast_problems(old, new)})
    assume(both[0].keys() == both[1].keys())
    seen = []
    for answers in both:
        draft = draft_of(answers)
        seen.append(move_rows(draft, moved_draft(draft, [old, new], "bh", AT), [old, new], PARENT, "da"))
        seen[-1] = (seen[-1], compare((old, new), answers, {}, reader=PARENT, variant="bh"))
    assert seen[0] == seen[1]


@pytest.mark.req("T30")
@times(0.5)
@given(next_versions())
def test_a_draft_of_any_form_moves_to_any_next_version(drawn):
    old, new, answers, data = drawn
    result = move(answers, old, new, variant="bh")
    for phase in set(PHASES) - {"derived"}:
        own = {name: value for name, value in result.answers.items() if new.field(name).phase == phase}
        assert check_answers(new, own, {}, complete=False, phase=phase) == []
    for name, raw in stored_of(old, answers).items():
        arrived = any(name in olds and target in result.answers for target, olds in result.origins.items())
        derived = old.field(name).phase == "derived"
        assert derived or arrived or any(one.field == name for one in result.left_over), (name, raw)
    previewed = draft_of(answers)
    made = moved_draft(previewed, [old, new], "bh", AT)
    for reader in READERS:
        move_rows(previewed, made, [old, new], reader, "en")
        found = move_rows(previewed, made, [old, new], reader, "da")
        before, after = ({f.label for f in form.fields if may_see(f.visible_to, reader)} for form in (old, new))
        assert {row.label for row in found.rows} | {one.label for one in found.left_over} <= before
        told = {place.label for row in found.rows for place in row.places} | {*found.new_fields, *found.hidden}
        assert told <= after
        two = (stored_of(old, answers), result.answers)
        changed = compare((old, new), *two, reader=reader, variant="bh")
        assert reads_the_same((old, new), *two, reader, "bh") is changed.same
        gone, there = ([s for s in changed.sections if (s.title == GONE) is of] for of in (True, False))
        assert {field.label for section in there for field in section.fields} <= after
        assert {field.was for section in there for field in section.fields} <= {"", *before}
        assert {field.label for section in gone for field in section.fields} <= before, "nothing kept from them then"
    # The suggested way is whole; that other people would read a field, or no longer, its editor must decide.
    codes = {problem.code for problem in upcast_problems(old, new)}
    assert codes <= {"forms.upcast-wider", "forms.upcast-hides", "forms.upcast-sensitive"}
    assert diff_lines(diff_definitions(old, new))
    text = canonical_yaml(data)
    assert read_yaml(text.encode(), "demo/v2.yaml").data == data
