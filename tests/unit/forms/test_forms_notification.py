"""What the forms of underretning, overgang and samtykke promise as data: who can stop what, who sees what, in every version."""

from __future__ import annotations

import pytest

from tillid.forms.answers import AnswerProblem, check_answers
from tillid.forms.conditions import fields_asked
from tillid.forms.upcasts import move, move_along
from tillid.usecases.notify import stopping

NOTIFICATIONS = [("underretning", 1), ("underretning", 2)]
TRANSITIONS = [("overgangsbeskrivelse", number) for number in (1, 2, 3)]
CONSENTS = [("samtykkeerklaering", 1), ("samtykkeerklaering", 2), ("samtykke_tilbagekaldelse", 1)]
ALL = [*NOTIFICATIONS, *TRANSITIONS, *CONSENTS]
NOTIFIER = {"notifier"}
CHILD, WORRY = {"b_navn": "En dreng i nummer 12"}, {"c_kort": "Han tør ikke gå hjem."}


@pytest.fixture(params=NOTIFICATIONS, ids=lambda one: f"v{one[1]}")
def notification(request, definitions):
    return definitions.get(*request.param)


@pytest.fixture(params=TRANSITIONS, ids=lambda one: f"v{one[1]}")
def each_transition(request, definitions):
    return definitions.get(*request.param)


def stops(form, answers, variant):
    problems = check_answers(form, answers, {"variant": variant}, filled_by=NOTIFIER, complete=True)
    return {problem.field_id for problem in problems}


# --- underretning ----------------------------------------------------------------------------------------------------


@pytest.mark.req("R-50", "R-51", "U18", "U20")
def test_only_the_child_in_any_description_and_the_worry_can_stop(notification):
    for kind in (one.id for one in notification.variants):
        assert stops(notification, {"type": kind}, kind) == {"b_navn", "c_kort"}
        for description in (
            CHILD,
            {"b_cpr": "0101194242"},
            {"b_adresse": "Solbjergvej 12"},
            {"b_barn": {"id": "x", "name": "V"}},
        ):
            assert stops(notification, {"type": kind, **description, **WORRY}, kind) == set()
        assert stops(notification, {"type": kind, **CHILD}, kind) == {"c_kort"}


@pytest.mark.req("R-50", "R-51", "U20")
def test_whatever_a_later_version_asks_for_stops_nothing():
    """The click stops for the child and the worry, whatever a definition calls missing or wrong."""
    found = [
        AnswerProblem(field_id=field, code=code, text="x")
        for field in ("b_navn", "c_kort", "b_cpr", "en_ny")
        for code in ("forms.missing", "forms.too-long", "forms.cpr")
    ]
    assert {(one.field_id, one.code) for one in stopping(found)} == {
        ("b_navn", "forms.missing"),
        ("c_kort", "forms.missing"),
    }


@pytest.mark.req("R-50", "U20")
def test_what_else_is_wished_for_is_a_reminder(notification):
    assert notification.rules, "the form reminds"
    assert {rule.level for rule in notification.rules} == {"soft"}
    content = {f.id for f in notification.fields if f.phase == "content"}
    assert {field for rule in notification.rules for field in rule.fields} <= content
    required = {f.id for f in notification.fields if f.phase == "content" and f.required != "no"}
    assert required == {"b_navn", "c_kort"}


@pytest.mark.req("R-50", "R-01")
def test_no_consent_no_parents_signature_no_approval(notification):
    assert notification.allowed_bases == ("lov",)
    fillers = {who for field in notification.fields for who in field.filled_by}
    assert fillers == {"notifier", "authority", "system"}, "nobody else is asked for anything"
    types = {field.type for field in notification.fields}
    assert "xml_signature" not in types and "receipt" not in types
    attests = [field for field in notification.fields if field.type == "attest"]
    assert [(field.id, field.filled_by) for field in attests] == [("v_attest", ("notifier",))]


@pytest.mark.req("R-53", "R-54")
def test_no_parent_colleague_or_receiver_reads_any_of_it(notification):
    readers = {reader for field in notification.fields for reader in field.visible_to}
    assert readers == {"notifier", "authority", "archive"}
    written = [field for field in notification.fields if field.filled_by == ("notifier",)]
    assert all(set(field.visible_to) == {"notifier", "authority"} for field in written)
    archived = {field.id for field in notification.fields if "archive" in field.visible_to}
    assert archived == {"m_modtaget", "m_kanal", "m_journal"}, "numbers, never the words"


@pytest.mark.req("R-52")
def test_a_private_address_is_never_asked_for(notification):
    section = notification.section("underretter")
    assert not [field for field in section.fields if "adresse" in field.id]
    asked = [f for f in section.fields if "adresse" in f.label.lower() and f.filled_by == ("notifier",)]
    assert [f.id for f in asked] == ["u_arbejdssted"], "of the work, and of nothing else"
    assert asked[0].label.startswith("Arbejdssted") and "private" in asked[0].help
    assert "aldrig din private adresse" in notification.field("u_arbejdssted").help
    assert any("arbejdsadresse" in text for text in section.guidance)


@pytest.mark.req("R-51", "R-110", "R-111")
def test_a_cpr_number_is_a_number_of_its_own_type_and_optional(notification):
    asked = [field for field in notification.fields if "CPR" in field.label]
    assert [(field.type, field.required) for field in asked] == [("cpr", "no")]
    columns = [c for field in notification.fields for c in field.settings.get("columns", ())]
    assert {c["type"] for c in columns if "CPR" in c["label"]} == {"cpr"}


@pytest.mark.req("R-61")
def test_absence_and_social_control_came_with_version_two(definitions):
    first, second = definitions.get("underretning", 1), definitions.get("underretning", 2)
    assert "fravaer" not in {one.id for one in first.variants} and "fravaer" in {one.id for one in second.variants}
    assert second.field("c_fravaer").type == "percent_period"
    assert "social_kontrol" not in first.code_list("aarsag").codes
    assert "social_kontrol" in second.code_list("aarsag").codes
    assert "serviceloven" in first.basis and "barnets lov" in second.basis


@pytest.mark.req("R-63")
def test_the_lists_of_the_statistics_are_versioned_and_have_a_column_for_its_code(definitions):
    first, second = definitions.get("underretning", 1), definitions.get("underretning", 2)
    assert (first.code_list("aarsag").version, second.code_list("aarsag").version) == (1, 2)
    for name in ("aarsag", "underretter"):
        assert all(hasattr(choice, "statistics_code") for choice in second.code_list(name).choices)


# --- overgangsbeskrivelse ----------------------------------------------------------------------------------------------


@pytest.mark.req("O1", "O20")
def test_one_form_for_every_kind_of_transition(each_transition):
    kinds = ("sp_dp", "dp_bh", "bh_bh", "bh_sk", "sk_sk", "ind_mel")
    assert tuple(one.id for one in each_transition.variants) == kinds
    assert each_transition.code_list("overgangstype").codes == kinds


@pytest.mark.req("O22", "X2")
def test_the_least_of_it_stands_in_every_version(each_transition):
    """The municipal minimum: who, from where to where, both parts, strengths and needs, the parents' remark and their no."""
    least = {"barn", "overgangstype", "fra_enhed", "til_enhed", "p_styrker", "u_behov", "uenig_bem", "oensker_ikke"}
    assert least <= {field.id for field in each_transition.fields}
    fillers = {f.section: set() for f in each_transition.fields}
    for field in each_transition.fields:
        fillers[field.section] |= set(field.filled_by)
    assert fillers["foraeldrenes_del"] == {"parent"} and "professional" in fillers["fagpersonens_del"]


@pytest.mark.req("O24")
def test_the_pedagogical_effort_has_a_field_from_version_two(definitions):
    assert "u_greb" not in {field.id for field in definitions.get("overgangsbeskrivelse", 1).fields}
    for number in (2, 3):
        effort = definitions.get("overgangsbeskrivelse", number).field("u_greb")
        assert effort.required == "yes" and effort.filled_by == ("professional",) and effort.support


@pytest.mark.req("R-14")
def test_health_is_sensitive_in_every_version(each_transition):
    assert {f.id for f in each_transition.fields if f.sensitive} == {"p_helbred", "u_fagpersoner"}


# --- samtykke ----------------------------------------------------------------------------------------------------------


@pytest.mark.req("R-12", "R-14")
@pytest.mark.parametrize("number", [1, 2])
def test_nothing_is_ticked_beforehand_and_a_no_is_a_whole_answer(definitions, number):
    form = definitions.get("samtykkeerklaering", number)
    answer = form.field("svar")
    assert answer.filled_by == ("parent",) and "nej" in form.code_list(answer.settings["code_list"]).codes
    assert all("default" not in field.settings for field in form.fields)
    assert any("Intet er valgt på forhånd" in text for text in form.section("svar").guidance)
    assert set(form.allowed_bases) == {"samtykke_gdpr", "samtykke_sundhed"}


@pytest.mark.req("R-12")
def test_version_two_asks_about_each_row(definitions):
    columns = definitions.get("samtykkeerklaering", 2).field("oplysninger").settings["columns"]
    assert {c["id"]: c["type"] for c in columns} | {"svar": "yes_no", "foelsom": "yes_no"} == {
        c["id"]: c["type"] for c in columns
    }


@pytest.mark.req("O8")
def test_the_words_of_the_consent_are_part_of_the_form(definitions):
    for number in (1, 2):
        form = definitions.get("samtykkeerklaering", number)
        assert {"samtykke_erklaering", "samtykke_indledning"} <= {text.id for text in form.texts}
        assert [use.id for use in form.section("svar").texts] == ["samtykke_erklaering"]
    transition = definitions.get("overgangsbeskrivelse", 3)
    assert [use.id for use in transition.section("grundlag").texts] == ["retningslinje_orientering"]


# --- every version -----------------------------------------------------------------------------------------------------


@pytest.mark.req("T15b", "T22")
@pytest.mark.parametrize("name", ALL, ids=lambda one: f"{one[0]}/v{one[1]}")
def test_guidance_and_the_meaning_of_words_are_inside_the_form(definitions, name):
    form = definitions.get(*name)
    assert form.definitions and any(section.guidance for section in form.sections)
    if form.id != "samtykke_tilbagekaldelse" and form.name != "samtykkeerklaering/v2":
        assert any(field.support for field in form.fields), "support questions beside the field"


@pytest.mark.parametrize("name", [("underretning", 2), ("overgangsbeskrivelse", 3), ("samtykkeerklaering", 2),
                                  ("samtykke_tilbagekaldelse", 1)], ids=lambda one: one[0])  # fmt: skip
def test_the_latest_version_speaks_english_too(definitions, name):
    form = definitions.get(*name)
    said = form.in_language("en")
    assert said.digest == form.digest and said.title != form.title
    for danish, english in zip(form.fields, said.fields, strict=True):
        same = danish.label == english.label
        assert not same or danish.label in ("Status",), danish.id
        assert bool(danish.help) == bool(english.help), danish.id
    for danish, english in zip(form.code_lists, said.code_lists, strict=True):
        assert all(d.label != e.label for d, e in zip(danish.choices, english.choices, strict=True)), danish.id


@pytest.mark.parametrize("name", [("underretning", 1), ("overgangsbeskrivelse", 1), ("overgangsbeskrivelse", 2),
                                  ("samtykkeerklaering", 1)], ids=lambda one: f"{one[0]}/v{one[1]}")  # fmt: skip
def test_an_early_version_says_that_it_is_our_own(definitions, name):
    assert "Our own reconstruction" in definitions.get(*name).notes


def test_no_condition_of_a_notification_hangs_on_what_the_system_knows(notification):
    """A fact could come to stop somebody; only the notifier's own answers count."""
    conditions = [f.shown_if for f in notification.fields] + [f.required for f in notification.fields]
    assert not [c for c in conditions if isinstance(c, dict) and not fields_asked(c)]


# --- from version to version -------------------------------------------------------------------------------------------


def test_an_underretning_of_the_old_law_moves_without_a_word_lost(definitions):
    old, new = (definitions.get("underretning", number) for number in (1, 2))
    answers = {"type": "bekymring", "b_navn": "Villads", "c_kort": "Bange.", "c_set_hoert": "Han gemte sig.",
               "h_barnet": "Stille.", "h_skole": "Følger med.", "o_orienteret": True, "v_sted": "Solbjerg"}  # fmt: skip
    moved = move(answers, old, new)
    assert moved.answers["c_observationer"] == [{"hvad": "Han gemte sig."}]
    assert (moved.answers["h_udvikling"], moved.answers["h_laering"], moved.answers["o_status"]) == (
        "Stille.",
        "Følger med.",
        "ja",
    )
    assert stops(new, moved.answers, "bekymring") == set(), "what could be sent can still be sent"
    assert [one.field for one in moved.left_over] == ["v_sted"]
    not_told = move({**answers, "o_orienteret": False}, old, new)
    assert "o_status" not in not_told.answers and {"o_orienteret"} <= {one.field for one in not_told.left_over}


@pytest.mark.req("O24")
def test_an_overgangsbeskrivelse_moves_from_the_first_version_to_the_third(definitions):
    versions = [definitions.get("overgangsbeskrivelse", number) for number in (1, 2, 3)]
    answers = {"p_glad_troest": "At synge.\nEn bamse.", "p_soevn": "Sover til middag.", "p_vaner": "Vasker selv hænder.",
               "u_barnet": "Bygger.", "u_indsats": "Legegruppe", "samtykke_papir": True}  # fmt: skip
    moved = move_along(answers, versions)
    assert (moved.answers["p_glad"], moved.answers["p_troest"]) == ("At synge.", "En bamse.")
    assert "Sover til middag." in moved.answers["p_hverdag"] and "Vasker selv hænder." in moved.answers["p_hverdag"]
    assert moved.answers["u_ressourcer"] == "Bygger." and moved.answers["u_indsatser"] == [{"indsats": "Legegruppe"}]
    assert {one.field for one in moved.left_over} == {"samtykke_papir"}
