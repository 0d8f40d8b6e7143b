"""Signed and effective: a pure function of events, custody and moment (design 13)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.consent_examples import LOGIN, TEXT, request, uid
from tillid.consents.custody import Custody, Holder
from tillid.consents.effective import Verdict, evaluate
from tillid.consents.events import Event, broken_links, next_event
from tillid.consents.model import ConsentRequest, Given, Withdrawn
from tillid.consents.of_age import of_age_on

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
DOCUMENT = uid(0xF1)
ANE, BO, NEW = uid(0xA1), uid(0xA2), uid(0xA3)
FIRST, SENSITIVE = "section:sprog", "field:helbred.allergi"
BOTH = {FIRST: True, SENSITIVE: True}


def holder(person: str, *, since: int = -1000, until: int | None = None, resident: bool = True) -> Holder:
    return Holder(
        person_id=person,
        name=person[-2:],
        relation="parent",
        resident=resident,
        since=NOW + timedelta(days=since),
        until=None if until is None else NOW + timedelta(days=until),
    )


def custody(*holders: Holder, shared: bool = False) -> Custody:
    return Custody(child_id=uid(0xC1), holders=holders, shared_residence=shared, checked_at=NOW)


TWO = custody(holder(ANE), holder(BO))


class Story:
    """Events of one request, told one after another."""

    def __init__(self, **changes) -> None:
        series = {ANE: uid(1), BO: uid(2), NEW: uid(3)}
        self.request: ConsentRequest = request(required_holders=(ANE, BO), series=series, **changes)
        self.events: list[Event] = []

    def _add(self, kind, payload=None, *, series=DOCUMENT, at=NOW, actor="system") -> Event:
        before = [event for event in self.events if event.series_id == series]
        event = next_event(
            before,
            id=uid(0x1000 + len(self.events)),
            kind=kind,
            series_id=series,
            at=at,
            actor=actor,
            child_id=self.request.child_id,
            document_id=self.request.document.document_id,
            request_id=self.request.id,
            payload=payload,
        )
        self.events.append(event)
        return event

    def says(self, person: str, answers: dict[str, bool], *, oral: bool = True) -> Story:
        kind = "consent_given" if any(answers.values()) else "consent_refused"
        payload = Given(holder_id=person, holder_name="x", answers=answers, oral=oral, text=TEXT, login=LOGIN)
        self._add(kind, payload, series=self.request.series[person], actor=person)
        return self

    def withdraws(self, person: str, *items: str) -> Story:
        given = next(e for e in self.events if e.payload.get("holder_id") == person)
        payload = Withdrawn(
            holder_id=person, holder_name="x", items=items, given_event=given.id, given_digest=given.digest, text=TEXT,
            method="portal", login=LOGIN,
        )  # fmt: skip
        self._add("consent_withdrawn", payload, series=self.request.series[person], actor=person)
        return self

    def signed(self) -> Story:
        self._add("set_signed")
        return self

    def then(self, kind: str, payload=None) -> Story:
        self._add(kind, payload)
        return self

    def at(self, moment: datetime = NOW, who: Custody | None = TWO, **settings) -> Verdict:
        return evaluate(self.request, self.events, who, moment, **{"restored": ()} | settings)


def both_yes() -> Story:
    return Story().says(ANE, BOTH).says(BO, BOTH).signed()


@pytest.mark.req("R-31", "R-22")
def test_one_yes_of_two_releases_nothing():
    verdict = Story().says(ANE, BOTH).at()
    assert (verdict.standing, verdict.effective, verdict.items) == ("missing", False, frozenset())
    assert verdict.waiting_for == (BO,)


@pytest.mark.req("R-31", "O7")
def test_all_yes_is_complete_and_effective_once_signed():
    story = Story().says(ANE, BOTH).says(BO, BOTH)
    assert not story.at().effective
    assert story.at().reason == "not-signed", "so the set may be recorded as signed"
    verdict = story.signed().at()
    assert verdict.effective and verdict.signed and verdict.items == {FIRST, SENSITIVE} and verdict.oral


@pytest.mark.req("R-32", "R-12", "R-14")
def test_what_is_released_is_what_all_said_yes_to():
    verdict = Story().says(ANE, BOTH).says(BO, {FIRST: True, SENSITIVE: False}).signed().at()
    assert verdict.effective and verdict.items == {FIRST}


@pytest.mark.req("R-32")
def test_nothing_in_common_is_not_signed_and_releases_nothing():
    story = Story().says(ANE, {FIRST: True, SENSITIVE: False}).says(BO, {FIRST: False, SENSITIVE: True})
    verdict = story.at()
    assert not verdict.effective and not verdict.items and verdict.reason == "nothing-in-common"


@pytest.mark.req("R-12", "R-32", "O14")
def test_a_full_no_is_a_full_answer_and_closes_the_set():
    verdict = Story().says(ANE, {FIRST: False, SENSITIVE: False}).says(BO, BOTH).at()
    assert (verdict.standing, verdict.effective, verdict.reason) == ("refused", False, "refused")
    assert Story().says(ANE, {FIRST: False, SENSITIVE: False}).at().standing == "refused", "whatever the other will say"


@pytest.mark.req("R-17", "R-18", "R-32")
def test_a_full_withdrawal_by_one_closes_at_once():
    verdict = both_yes().withdraws(BO).at()
    assert (verdict.standing, verdict.effective, verdict.items) == ("withdrawn", False, frozenset())
    assert verdict.signed, "what was signed stays signed: history"


@pytest.mark.req("R-32", "R-16")
def test_a_partial_withdrawal_narrows():
    verdict = both_yes().withdraws(ANE, SENSITIVE).at()
    assert verdict.effective and verdict.items == {FIRST}
    assert not both_yes().withdraws(ANE, SENSITIVE).withdraws(ANE, FIRST).at().effective


@pytest.mark.req("R-16", "R-17", "R-21", "R-32")
def test_a_withdrawal_of_what_was_never_given_and_one_before_its_yes_takes_nothing_and_two_take_once():
    """No use case writes the first two; whoever puts them into a ledger gains and spoils nothing."""
    never = Story().says(ANE, {FIRST: True, SENSITIVE: False}).says(BO, BOTH).signed().withdraws(ANE, SENSITIVE)
    assert never.at().effective and never.at().items == {FIRST}
    assert (
        not Story()
        .says(ANE, {FIRST: False, SENSITIVE: True})
        .says(BO, BOTH)
        .signed()
        .withdraws(ANE, SENSITIVE)
        .at()
        .items
    )
    twice = both_yes().withdraws(ANE, SENSITIVE).withdraws(ANE, SENSITIVE)
    assert twice.at().items == {FIRST}
    assert not both_yes().withdraws(ANE).withdraws(BO).withdraws(ANE).at().items
    early = both_yes().withdraws(BO)
    early.events.insert(0, early.events.pop())
    assert early.at().items == {FIRST, SENSITIVE} and broken_links(early.events)


@pytest.mark.req("R-21")
def test_a_second_answer_under_the_same_request_changes_nothing():
    story = both_yes().withdraws(BO)
    assert story.says(BO, BOTH).at().standing == "withdrawn"


@pytest.mark.req("R-33")
def test_a_new_holder_suspends_and_a_silent_register_releases_nothing():
    story = both_yes()
    verdict = story.at(who=custody(holder(ANE), holder(BO), holder(NEW, since=-1)))
    assert (verdict.effective, verdict.reason, verdict.waiting_for) == (False, "suspended", (NEW,))
    assert story.at(who=None).reason == "custody-unknown"
    assert not story.at(who=None).effective
    assert story.says(NEW, BOTH).at(who=custody(holder(ANE), holder(BO), holder(NEW, since=-1))).effective


@pytest.mark.req("R-21", "R-33")
def test_who_was_never_asked_can_be_waited_for_in_vain_and_who_was_asked_cannot():
    came = custody(holder(ANE), holder(BO), holder(NEW, since=-1))
    story, asked = both_yes(), Story().says(ANE, BOTH)
    assert (story.at(who=came).unasked, asked.at().unasked, story.at().unasked) == (False, False, False), (
        "three were asked"
    )
    for one in (story, asked):
        series = {ANE: one.request.series[ANE], BO: one.request.series[BO]}
        one.request = msgspec.structs.replace(one.request, series=series)
        assert one.at(who=came).unasked and one.at(who=came).over and not one.at().over


@pytest.mark.req("R-21")
def test_all_were_asked_anew_about_the_same_text_so_the_earlier_yes_opens_nothing():
    story = both_yes()
    other = request(id=uid(0xE9), document=msgspec.structs.replace(story.request.document, version=99))
    assert story.then("request_created", other).at().effective, "about another version"
    again, asked = msgspec.structs.replace(story.request, id=uid(0xE2)), story.request
    story.request = again
    story.then("request_created", again)
    story.request = asked
    verdict = story.at()
    assert (verdict.standing, verdict.effective, verdict.reason, verdict.items) == (
        "missing",
        False,
        "asked-again",
        frozenset(),
    )
    assert verdict.signed and story.withdraws(BO).at().standing == "withdrawn", (
        "and what a holder closed is told as that"
    )


@pytest.mark.req("R-33")
def test_a_leaving_holders_yes_is_not_missed_but_a_no_stays_a_no():
    left = custody(holder(ANE), holder(BO, until=-1))
    assert Story().says(ANE, BOTH).signed().at(who=left).effective
    refused = Story().says(BO, {FIRST: False, SENSITIVE: False}).says(ANE, BOTH).signed()
    assert refused.at(who=left).standing == "refused"
    narrowed = Story().says(BO, {FIRST: True, SENSITIVE: False}).says(ANE, BOTH).signed()
    assert narrowed.at(who=left).items == {FIRST}
    assert both_yes().withdraws(BO).at(who=left).standing == "withdrawn"


def test_nobody_with_custody_releases_nothing():
    assert both_yes().at(who=custody(holder(ANE, until=-1), holder(BO, until=-1))).reason == "no-holder"


@pytest.mark.req("R-31", "R-30")
def test_the_resident_parent_suffices_only_by_setting_and_never_with_shared_residence():
    story = Story().says(ANE, BOTH).signed()
    one_home = custody(holder(ANE), holder(BO, resident=False))
    assert not story.at(who=one_home).effective
    assert story.at(who=one_home, resident_suffices=True).effective
    two_homes = custody(holder(ANE), holder(BO, resident=False), shared=True)
    assert not story.at(who=two_homes, resident_suffices=True).effective


@pytest.mark.req("R-30", "R-31")
def test_of_two_residents_neither_suffices_alone():
    one = Story().says(ANE, BOTH).signed().at(resident_suffices=True)
    assert (one.effective, one.reason, one.waiting_for) == (False, "suspended", (BO,))


@pytest.mark.req("R-31", "R-32")
@pytest.mark.parametrize(("ane", "bo", "both"), [(True, True, True), (True, False, False), (False, True, False)])
def test_it_may_be_told_when_all_have_said_so_and_while_the_consent_counts(ane, bo, both):
    story = Story().says(ANE, BOTH, oral=ane).says(BO, BOTH, oral=bo).signed()
    assert story.at().effective and story.at().oral is both
    assert not story.withdraws(BO).at().oral


@pytest.mark.req("R-10", "R-22")
def test_til_og_med_ends_at_midnight_in_copenhagen():
    story = Story(valid_to=date(2026, 2, 1)).says(ANE, BOTH).says(BO, BOTH).signed()
    assert story.at(datetime(2026, 2, 1, 22, 59, 59, tzinfo=UTC)).effective
    assert story.at(datetime(2026, 2, 1, 23, 0, 0, tzinfo=UTC)).standing == "expired"
    summer = Story(valid_to=date(2026, 6, 30)).says(ANE, BOTH).says(BO, BOTH).signed()
    assert summer.at(datetime(2026, 6, 30, 21, 59, 59, tzinfo=UTC)).effective
    assert not summer.at(datetime(2026, 6, 30, 22, 0, 0, tzinfo=UTC)).effective


@pytest.mark.req("R-11", "O9")
def test_an_edit_voids_the_incomplete_and_a_correction_closes_the_complete():
    assert Story().says(ANE, BOTH).then("request_voided").says(BO, BOTH).at().reason == "voided"
    assert both_yes().then("version_corrected", {"version": 3}).at().reason == "corrected"
    assert both_yes().then("version_corrected", {"version": 2}).at().effective


def test_another_requests_events_do_not_count():
    story = Story().says(ANE, BOTH)
    foreign = Story().says(BO, BOTH)
    foreign.request = request(id=uid(0xE2))
    others = [Event.from_json(e.json().replace(uid(0xE1).encode(), uid(0xE2).encode())) for e in foreign.events]
    assert evaluate(story.request, [*story.events, *others], TWO, NOW, restored=()).waiting_for == (BO,)


@pytest.mark.req("R-41")
def test_what_parents_said_ends_in_copenhagen_with_the_childs_fifteenth_birthday():
    story, born = both_yes(), date(2011, 1, 11)
    before, after = datetime(2026, 1, 10, 22, 59, 59, tzinfo=UTC), datetime(2026, 1, 10, 23, 0, 0, tzinfo=UTC)
    assert story.at(before, born=born).effective
    verdict = story.at(after, born=born)
    assert (verdict.standing, verdict.effective, verdict.reason) == ("missing", False, "child-fifteen")
    assert story.at(after, born=date(2012, 1, 11)).effective
    assert story.withdraws(BO).at(after, born=born).standing == "withdrawn", "what a holder closed is told as that"
    assert of_age_on(date(2012, 2, 29)) == date(2027, 2, 28)


yes_or_no = st.fixed_dictionaries({FIRST: st.booleans(), SENSITIVE: st.booleans()})
steps = st.lists(
    st.one_of(
        st.tuples(st.just("says"), st.sampled_from([ANE, BO]), yes_or_no),
        st.tuples(st.just("withdraws"), st.sampled_from([ANE, BO]), st.sets(st.sampled_from([FIRST, SENSITIVE]))),
    ),
    max_size=6,
)


@given(steps)
@pytest.mark.req("R-17", "R-32")
def test_more_events_never_release_what_a_holder_has_not_said_yes_to(told):
    story, yes, order = Story(), {}, []
    for verb, person, what in told:
        if verb == "says":
            story.says(person, what)
            if person not in yes:
                yes[person] = {item for item, said in what.items() if said}
                order.append(person)
        elif person in yes:
            story.withdraws(person, *what)
            yes[person] -= what or yes[person]
    story.signed()
    verdict = story.at()
    allowed = yes.get(ANE, set()) & yes.get(BO, set())
    assert verdict.items <= allowed
    assert verdict.effective == bool(allowed)


@pytest.mark.req("R-21")
def test_the_chain_of_a_series_shows_a_missing_or_changed_event():
    events = both_yes().withdraws(ANE).events
    assert broken_links(events) == []
    own = [event for event in events if event.series_id == uid(1)]
    assert broken_links([own[1]]) == [own[1].id]
    forged = Event.from_json(own[0].json().replace(b'"oral":true', b'"oral":false'))
    assert broken_links([forged, own[1]]) == [own[1].id]
    assert broken_links([own[0], own[0], own[1]]) == [own[0].id], "the same once more"
    gap = msgspec.structs.replace(own[1], sequence=3)
    fork = msgspec.structs.replace(own[1], id=uid(0x99), kind="consent_given")
    assert broken_links([own[0], gap]) == [gap.id] and broken_links([*own, fork]) == [fork.id]
    late = msgspec.structs.replace(own[0], sequence=2)
    assert broken_links([late]) == [late.id], "a series begins with its first"


def asked_itself() -> Story:
    """The child is asked, and nobody else."""
    story = Story()
    child = story.request.child_id
    story.request = msgspec.structs.replace(story.request, required_holders=(child,), series={child: uid(7)})
    return story


@pytest.mark.req("R-41")
def test_from_fifteen_the_childs_own_answer_alone_counts_also_without_a_register_of_custody():
    child, born = request().child_id, date(2011, 1, 10)
    story = asked_itself()
    for register in (TWO, custody(), None):
        assert evaluate(story.request, story.events, register, NOW, restored=(), born=born).waiting_for == (child,)
    story.says(child, BOTH).signed()
    for register in (TWO, custody(), None):
        assert evaluate(story.request, story.events, register, NOW, restored=(), born=born).items == {FIRST, SENSITIVE}
    too_young = evaluate(story.request, story.events, TWO, NOW, restored=(), born=date(2011, 1, 11))
    assert (too_young.reason, too_young.items) == ("child-not-of-age", frozenset())
    assert evaluate(story.request, story.events, TWO, NOW, restored=()).reason == "child-not-of-age", (
        "the register does not know it"
    )
    story.withdraws(child, FIRST)
    assert story.at(NOW, born=born).items == {SENSITIVE}
    assert story.withdraws(child).at(NOW, born=born).standing == "withdrawn"
    assert asked_itself().says(child, dict.fromkeys(BOTH, False)).at(NOW, born=born).standing == "refused"
