"""The demo's answers are what the published forms take, and what people may read."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from tests.support.definitions import our_definitions
from tillid.demo.archive_cases import ArchiveCase, archive_case, archive_cases, pool
from tillid.demo.data import demo_data
from tillid.demo.texts import ANSWERS, AnswerSet
from tillid.forms.answers import answer_hints, check_answers
from tillid.forms.loading import Definitions
from tillid.forms.wording import wording_hints

TODAY = date(2026, 11, 25)
# Colours of a position, in any inflection (T9b).
COLOUR = re.compile(r"\b(grøn|gul|rød)(t|e|ere|est|este)?\b", re.IGNORECASE)
MANY = list(archive_cases(200))


@pytest.fixture(scope="module")
def definitions() -> Definitions:
    return our_definitions()


def filled_by_system(definitions: Definitions, form: AnswerSet | ArchiveCase) -> set[str]:
    fields = definitions.get(form.form_id, form.form_version).fields
    return {field.id for field in fields if field.filled_by == ("system",)}


def problems(definitions: Definitions, form: AnswerSet | ArchiveCase, answers: dict) -> list[str]:
    """What the form engine has against ``answers``, apart from what the system itself fills in."""
    definition = definitions.get(form.form_id, form.form_version)
    known = {"barn": {"id": "x", "name": "Theo"}, "moedetype": form.variant}  # what a sheet's rules ask of the system
    answers = {**{field: value for field, value in known.items() if field in definition.fields_by_id}, **answers}
    facts = {"variant": form.variant, "latest_position": "gul" if "u_behov" in answers else "groen"}
    found = check_answers(definition, answers, facts, complete=True)
    by_system = filled_by_system(definitions, form)
    return [f"{one.field_id}: {one.message}" for one in found if one.field_id not in by_system]


def to_parents(definitions: Definitions, form: AnswerSet | ArchiveCase) -> dict:
    """What of the answers parents read."""
    seen = {f.id for f in definitions.get(form.form_id, form.form_version).fields if "parent" in f.visible_to}
    return {field: value for field, value in form.answers.items() if field in seen}


def texts(value: object) -> list[str]:
    """Every text within an answer."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for one in value.values() for text in texts(one)]
    return [text for one in value for text in texts(one)] if isinstance(value, list) else []


@pytest.mark.parametrize("name", ANSWERS)
def test_answers_fit_the_form(definitions: Definitions, name: str) -> None:
    answers = ANSWERS[name].answers_on(TODAY)
    assert problems(definitions, ANSWERS[name], answers) == []
    definition = definitions.get(ANSWERS[name].form_id, ANSWERS[name].form_version)
    assert answer_hints(definition, answers) == [], "nothing looks like a CPR number"


@pytest.mark.parametrize("name", ANSWERS)
def test_each_part_holds_only_what_its_writer_fills(definitions: Definitions, name: str) -> None:
    form = ANSWERS[name]
    fields = {field.id: field for field in definitions.get(form.form_id, form.form_version).fields}
    parts = {
        "professional": form.professional,
        "leader": form.leader,
        "team": form.team,
        "parent": form.parents,
        "child": form.child,
    }
    for filler, part in parts.items():
        assert [field_id for field_id in part if filler not in fields[field_id].filled_by] == []


@pytest.mark.parametrize("name", ["alma_bh_sk", "noor_bh_sk"])
def test_two_sets_are_complete(definitions: Definitions, name: str) -> None:
    form = ANSWERS[name]
    content = [f for f in definitions.get(form.form_id, form.form_version).fields if f.phase == "content"]
    wanted = {f.id for f in content if re.match(r"[pbu]_", f.id) and f.type not in ("file", "document_list")}
    missing = wanted - set(form.answers)
    assert missing == (set() if name == "noor_bh_sk" else {"u_behov"})  # asked only after a worrying position


def test_the_sensitive_and_the_difficult_are_there() -> None:
    assert ANSWERS["noor_bh_sk"].answers["p_helbred"] and ANSWERS["alma_bh_sk"].answers["u_fagpersoner"]
    assert "Mette & Søn <3 kg" in ANSWERS["alma_bh_sk"].answers["p_hverdag"]
    sensitive = {"p_helbred", "u_fagpersoner"}
    assert not sensitive & set(ANSWERS["storm_dp_bh"].answers)


def test_two_colleagues_see_one_child_differently() -> None:
    one, other = ANSWERS["villads_sofie"], ANSWERS["villads_mikkel"]
    assert (one.child_id, one.round_id) == (other.child_id, other.round_id)
    assert one.answers["position"] != other.answers["position"]
    round_ = demo_data().rounds["stjernehuset_efteraar"]
    assert one.round_id == round_.id and round_.assigned["villads"] == ("sofie", "mikkel")


@pytest.mark.req("T9b")
def test_no_colour_of_a_position_in_what_parents_read(definitions: Definitions) -> None:
    forms = [form for form in ANSWERS.values() if form.form_id != "trivselsskema"] + MANY
    found = [text for form in forms for text in texts(to_parents(definitions, form)) if COLOUR.search(text)]
    assert forms and found == []
    assert COLOUR.search("Barnet er gult") and not COLOUR.search("gulerod")


def test_a_start_lies_ahead_with_time_to_prepare() -> None:
    form = ANSWERS["alma_bh_sk"]
    for days in range(0, 800, 7):
        today = TODAY + timedelta(days=days)
        start = form.start_after(today)
        assert start is not None and (start.month, start.day) == (8, 1)
        assert timedelta(days=60) <= start - today <= timedelta(days=60 + 366)
    assert ANSWERS["villads_sofie"].start_after(TODAY) is None


def test_archive_cases_fit_the_form(definitions: Definitions) -> None:
    wrong = {case.number: found for case in MANY if (found := problems(definitions, case, case.answers))}
    assert wrong == {}


def test_any_text_of_the_pool_fits_its_field(definitions: Definitions) -> None:
    """The longest sentences together with the longest name, interest and rare sentence stay within the limit."""
    fields = {field.id: field for field in definitions.get("overgangsbeskrivelse", 3).fields}
    name = max((one.name for one in pool().first_names), key=len)
    thing = max(pool().interests, key=len)
    words = {"navn": name, "ting": thing, "ting2": thing, "han": "hun", "Han": "Hun", "ham": "hende", "hans": "hendes"}
    for part in pool().sections.values():
        for field_id, field in part.items():
            longest = sorted((len(one.format(**words)) for one in field.sentences), reverse=True)[: field.take]
            rare = [len(one.text.format(**words)) for one in pool().rare if one.field == field_id]
            assert sum(longest) + len(longest) + max(rare, default=0) <= fields[field_id].settings["max"], field_id


def test_cases_are_the_same_however_many_are_asked_for() -> None:
    assert MANY[:60] == list(archive_cases(60)) and MANY[17] == archive_case(17)
    assert archive_case(17, seed=1) != archive_case(17)


def test_cases_vary_enough_to_be_searched() -> None:
    demo = MANY[:60]
    assert {case.outcome for case in demo} == {"released", "withdrawn", "closed"}
    assert {case.variant for case in demo} == {"bh_sk", "dp_bh"}
    assert len({case.closed_at.year for case in demo}) >= 3
    assert len({case.answers["u_greb"] for case in demo}) > 50
    rare = ("astma", "Færøerne", "høreapparat", "briller", "adopteret", "talepædagog", "tvillinger", "netværksmøde")
    found = [word for word in rare if any(word in text for case in demo for text in texts(case.answers))]
    assert len(found) >= 4


def test_the_steps_of_a_case_follow_each_other() -> None:
    for case in MANY:
        steps = [case.begun_at, case.shared_at, case.agreed_at, case.consented_at, case.withdrawn_at, case.closed_at]
        known = [step for step in steps if step is not None]
        assert known == sorted(set(known))
        assert (case.consented_at is None) == (case.outcome == "closed")
        assert (case.withdrawn_at is not None) == (case.outcome == "withdrawn")
        assert all(step.microsecond == 0 and step.tzinfo for step in known)
        assert case.child.unit_id == case.unit_id and case.child_moved.unit_id == case.receiver_unit_id


@pytest.mark.req("T9b", "O3")
def test_the_wording_check_has_nothing_to_say_of_them(definitions):
    for form in [*ANSWERS.values(), *archive_cases(60)]:
        answers = form.answers if not callable(form.answers) else form.answers()
        found = wording_hints(definitions.get(form.form_id, form.form_version), answers, {})
        assert [(hint.field_id, hint.code, hint.before + "[" + hint.word + "]") for hint in found] == []
