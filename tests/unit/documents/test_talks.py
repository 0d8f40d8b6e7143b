"""Whose words stand in a field: nothing counts as confirmed that the person has not read as it stands (O2)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.definitions import our_definitions
from tillid.consents.custody import Custody, Holder
from tillid.documents.model import Draft, DraftField, WrittenFor
from tillid.documents.talks import confirmed_by, lives_on, waiting
from tillid.process.access import Identity
from tillid.usecases.moved_draft import brought_back, moved_draft
from tillid.usecases.whose_words import whose_words

pytestmark = pytest.mark.req("O2")

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
ANNA, KARL, SOFIE = (Identity(person_id=name, name=name, kind=kind) for name, kind in
                     (("anna", "parent"), ("karl", "parent"), ("sofie", "staff")))  # fmt: skip
WAY = [our_definitions().get("overgangsbeskrivelse", version) for version in (2, 3)]
SLEEP, HABITS, TOGETHER = "p_soevn", "p_vaner", "p_hverdag"


def text(value, by="sofie", side="professional", revision=1):
    return DraftField(value=value, revision=revision, by=by, side=side, at=NOW)


def talk(holder, confirmed=True):
    return WrittenFor(by="sofie", with_holder=holder, revision=1, confirmed_at=NOW if confirmed else None)


def moved(fields, written_for):
    draft = Draft(document_id="d", fields=fields, written_for=written_for)
    return moved_draft(draft, WAY, "boernehave_skole", NOW)


def test_fields_of_two_holders_that_become_one_wait_for_both():
    """Version 3 puts sleep and habits into one field: each has read only the own half."""
    made = moved({SLEEP: text("Hun sover længe."), HABITS: text("Vi spiser klokken seks.")},
                 {SLEEP: (talk("anna"),), HABITS: (talk("karl"),)})  # fmt: skip
    assert waiting(made.draft) == {TOGETHER: {"anna", "karl"}} and made.confirm_again == 1
    one = confirmed_by(made.draft, {"anna"}, NOW)
    assert waiting(one) == {TOGETHER: {"karl"}}, "one holder's confirmation is not the other's"
    assert waiting(confirmed_by(one, {"karl"}, NOW)) == {}


def test_own_words_that_are_put_together_with_the_others_are_read_again_by_both():
    made = moved({SLEEP: text("Hun sover længe.", "anna", "parent"), HABITS: text("Vi spiser klokken seks.")},
                 {HABITS: (talk("karl"),)})  # fmt: skip
    assert waiting(made.draft) == {TOGETHER: {"anna", "karl"}}
    both = moved({SLEEP: text("A b c.", "anna", "parent"), HABITS: text("D e f.", "karl", "parent")}, {})
    assert waiting(both.draft) == {TOGETHER: {"anna", "karl"}}


def test_one_persons_words_that_are_put_together_wait_for_that_one_alone():
    made = moved({SLEEP: text("Hun sover længe."), HABITS: text("Vi spiser klokken seks.")},
                 {SLEEP: (talk("anna"),), HABITS: (talk("anna"),)})  # fmt: skip
    assert [one.with_holder for one in made.draft.written_for[TOGETHER]] == ["anna"]
    own = moved({SLEEP: text("A.", "anna", "parent"), HABITS: text("B.", "anna", "parent")}, {})
    assert own.draft.written_for == {}


def test_each_confirmation_of_words_that_stay_as_they_are_stays():
    same = {"p_styrker": (talk("anna"), talk("karl", confirmed=False))}
    made = moved({"p_styrker": text("Hun kan tælle.")}, same)
    assert [(one.with_holder, bool(one.confirmed_at)) for one in made.draft.written_for["p_styrker"]] == [
        ("anna", True),
        ("karl", False),
    ]
    back = brought_back(Draft(document_id="d", fields={"p_styrker": text("Hun kan tælle.")}, written_for=same),
                        made.draft, WAY[0].digest)  # fmt: skip
    assert {one.revision for one in back.written_for["p_styrker"]} == {back.fields["p_styrker"].revision}


def custody(*held):
    since = NOW - timedelta(days=900)
    holders = tuple(
        Holder(person_id=who, name=who, relation="parent", resident=True, since=since, until=until)
        for who, until in held
    )
    return Custody(child_id="c", holders=holders, shared_residence=True, checked_at=NOW)


BOTH = custody(("anna", None), ("karl", None))
FIELD = "p_styrker"


def after(
    who, value, *, talks=(), before="Hun kan tælle til tyve.", holder=None, by="sofie", side="professional", of=BOTH
):
    draft = Draft(document_id="d", fields={FIELD: text(before, by, side)}, written_for={FIELD: talks} if talks else {})
    new = text(value, who.person_id, "parent" if who.kind == "parent" else "professional", 2)
    made = Draft(document_id="d", fields={FIELD: new}, written_for=whose_words(draft, who, FIELD, new, holder, of))
    return waiting(made).get(FIELD, frozenset())


def test_who_writes_on_in_words_of_another_does_not_confirm_them():
    on = "Hun kan tælle til tyve. Og hun elsker heste."
    assert after(KARL, on, talks=(talk("anna"),)) == {"anna"}
    assert after(KARL, "Noget helt andet.", talks=(talk("anna"),)) == set()
    assert after(ANNA, on, talks=(talk("anna", confirmed=False),)) == set(), "her own by now"
    assert after(SOFIE, on, talks=(talk("anna"),), holder="karl") == {"anna", "karl"}
    assert after(SOFIE, "Noget helt andet.", talks=(talk("anna"),), holder="karl") == {"karl"}
    assert after(SOFIE, on, holder="karl", by="anna", side="parent") == {"anna", "karl"}


def test_words_that_a_professional_corrects_outside_any_talk_are_confirmed_again():
    assert after(SOFIE, "Hun tæller.", talks=(talk("anna"), talk("karl"))) == {"anna", "karl"}
    assert after(SOFIE, None, talks=(talk("anna"),)) == set(), "nothing is left to confirm"


def test_nothing_waits_for_who_has_left_custody():
    left = custody(("anna", NOW), ("karl", None))
    assert after(SOFIE, "Hun kan tælle til tyve.", talks=(talk("anna", confirmed=False),), holder="karl", of=left) == {
        "karl"
    }
    assert after(SOFIE, "Hun tæller.", talks=(talk("anna"),), of=None) == {"anna"}, "a silent register says nothing"


@pytest.mark.parametrize(
    ("before", "now", "lives"),
    [
        ("Hun kan tælle til tyve.", "Far: hun KAN  tælle nu.", True),
        ("Hun kan tælle.", "Kan hun tælle?", False),
        ("heste", "Hun elsker heste højt", True),
        ("heste", "hestene", False),
        ("", "Noget", False),
        ("ja", "nej", False),
        (["a b c", "d"], ["x", "d"], True),
        ([{"hvad": "leg"}], [{"hvad": "mad"}], False),
        (True, True, True),
        (None, "Noget", False),
    ],
)
def test_words_live_on_by_what_nobody_writes_by_chance(before, now, lives):
    assert lives_on(before, now) is lives
