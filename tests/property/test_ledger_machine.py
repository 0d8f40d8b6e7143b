"""The ledger's rules against a plain model beside them, in any order of clicks (hypothesis, stateful).

The machine says with real events and ``evaluate`` what may be read; the model says it with a few sets and dates, written
from the rules' words and not from the code. Restoring an old copy of the ledger is found by a kept head of the log whenever
something that was entered is missing.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tests.consent_examples import LOGIN, TEXT, request, uid
from tests.property.ledger_model import Log, Model, copied
from tests.support.effort import EVERYTHING
from tillid.consents.custody import Custody, Holder
from tillid.consents.effective import answers_of, evaluate
from tillid.consents.events import Event, broken_links, next_event
from tillid.consents.model import ConsentRequest, Given, Withdrawn
from tillid.signatures import merkle

DOCUMENT = uid(0xF1)
PEOPLE = (uid(0xA1), uid(0xA2), uid(0xA3))
ITEMS = ("section:sprog", "field:helbred.allergi")
START = datetime(2026, 1, 10, 12, tzinfo=UTC)
people = st.sampled_from(PEOPLE)
some_items = st.sampled_from(
    [frozenset(ITEMS), frozenset(ITEMS), frozenset(ITEMS[:1]), frozenset(ITEMS[1:]), frozenset()]
)
OFTEN = ("ask", "all_say_yes", "answer", "withdraw")
RARELY = (
    "edit",
    "share",
    "correct",
    "time_passes",
    "custody_comes_or_goes",
    "register_falls_silent",
    "head_is_kept",
    "backup",
    "restore",
)
events_of_a_life = st.sampled_from([*OFTEN * 4, *RARELY, "register_answers", "register_answers"])
newest_first = st.sampled_from([-1, -1, -1, -2, -3])
SAID = frozenset({
    "waiting", "not-signed", "effective", "refused", "withdrawn", "expired", "voided", "corrected", "custody-unknown", "no-holder",
    "asked-again",
})  # fmt: skip
SOON, RARE = frozenset({"waiting", "effective", "withdrawn"}), frozenset({"suspended"})  # in a few lives, in hundreds
ENOUGH = 60  # lives for the others


class Ledger(RuleBasedStateMachine):
    """Clicks of two or three parents and a sender on one document. ``reasons``: what was said of questions in any life."""

    reasons: ClassVar[set[str]] = set()

    @initialize(alone=st.sampled_from([False, False, False, True]))
    def begin(self, alone: bool) -> None:
        self.events: list[Event] = []
        self.asked: list[tuple[ConsentRequest, Model]] = []
        self.moment, self.version, self.register, self.made = START, 1, True, 0
        self.holders = set(PEOPLE[:1] if alone else PEOPLE[:2])
        self.custody = [self._holder(one) for one in PEOPLE if one in self.holders]
        self.copy: tuple | None = None
        self.kept: tuple[int, bytes] | None = None
        self.kept_digests: list[str] = []
        self._entered("document_created")

    # One rule, so that hypothesis gives every run something of everything.
    @rule(what=events_of_a_life, who=people, items=some_items, which=newest_first, days=st.integers(3, 40))
    def something_happens(self, what: str, who: str, items: frozenset[str], which: int, days: int) -> None:
        if what == "ask":
            self.ask(days)
        elif what in ("answer", "withdraw", "all_say_yes", "correct"):
            if self.asked:
                arguments = {"answer": (who, items, which), "withdraw": (who, items, which)}.get(what, (which,))
                getattr(self, what)(*arguments)
        elif what == "time_passes":
            self.time_passes(days)
        elif what == "custody_comes_or_goes":
            self.custody_comes_or_goes(who)
        else:
            getattr(self, what)()

    # What people do.

    def ask(self, days: int) -> None:
        """Mostly about a new text, now and then about the same again."""
        self.version += days % 5 > 0
        series = {one: uid(0x1000 * (len(self.asked) + 1) + number) for number, one in enumerate(PEOPLE)}
        until = (self.moment + timedelta(days=days)).date()
        plain = request()
        document = type(plain.document)(**{f: getattr(plain.document, f) for f in plain.document.__struct_fields__} | {"version": self.version})  # fmt: skip
        made = request(
            id=uid(0x9000 + len(self.asked)), document=document, valid_to=until, series=series,
            required_holders=tuple(sorted(self.holders)),
        )  # fmt: skip
        self._entered("request_created", made, request_id=made.id)
        model = Model(self.version, until)
        model.void = self.version in {
            event.payload["version"] for event in self.events if event.kind == "version_corrected"
        }
        for (
            _,
            before,
        ) in self.asked:  # of two questions about one text the newest alone can be answered, and opens anything
            before.void = before.void or before.version == self.version
        self.asked.append((made, model))

    def all_say_yes(self, which: int) -> None:
        for who in sorted(self.holders):
            self._answered(who, frozenset(ITEMS), which)

    def answer(self, who: str, yes: frozenset[str], which: int) -> None:
        """Give, partly give or refuse."""
        self._answered(who, yes, which)

    def _answered(self, who: str, yes: frozenset[str], which: int) -> None:
        """A second answer is none (R-21), and nobody else's is asked for."""
        made, model = self._question(which)
        if who not in self.holders or who in model.said or not self.register:
            return
        if model.void or self._today() > model.until:
            return
        answers = {item: item in yes for item in ITEMS}
        payload = Given(holder_id=who, holder_name="x", answers=answers, oral=True, text=TEXT, login=LOGIN)
        self._entered("consent_given" if yes else "consent_refused", payload, made, who)
        model.said[who], model.closed = yes, model.closed or not yes
        reason = evaluate(made, self.events, self._custody(), self.moment, restored=()).reason
        self.reasons.add(reason)
        complete = reason == "not-signed"
        assert complete == (not model.signed and model.may_be_signed(self._known(), self._today()))
        if complete:
            self._entered("set_signed", request_id=made.id)
            model.signed = True

    def withdraw(self, who: str, items: frozenset[str], which: int) -> None:
        """All (no item named) or some; also by who holds custody no more, also while the register is silent (R-17)."""
        made, model = self._question(which)
        left = model.said.get(who, frozenset())
        taken = (items & left) or (left if not items else frozenset())
        if not taken:
            return
        given = next(
            event for event in self.events if event.request_id == made.id and event.payload.get("holder_id") == who
        )
        named = () if taken == left else tuple(sorted(taken))
        payload = Withdrawn(
            holder_id=who, holder_name="x", items=named, given_event=given.id, given_digest=given.digest, text=TEXT,
            method="portal", login=LOGIN,
        )  # fmt: skip
        self._entered("consent_withdrawn", payload, made, who)
        model.said[who] = left - taken
        model.closed = model.closed or not model.said[who]

    def edit(self) -> None:
        """The text changes: questions that are not complete are void, the others go on covering their own version."""
        self.version += 1
        for made, model in self.asked:
            if not model.signed and not model.void:
                self._entered("request_voided", {"why": "text-changed"}, request_id=made.id)
                model.void = True

    def share(self) -> None:
        self._entered("version_shared", {"version": self.version})

    def correct(self, which: int) -> None:
        version = self._question(which)[1].version
        self._entered("version_corrected", {"version": version})
        for _, model in self.asked:
            model.void = model.void or model.version == version

    # What happens meanwhile.

    def time_passes(self, days: int) -> None:
        self.moment += timedelta(days=days)

    def custody_comes_or_goes(self, who: str) -> None:
        if who in self.holders:
            self.custody = [
                self._ended(one) if one.person_id == who and one.until is None else one for one in self.custody
            ]
            self.holders.discard(who)
        else:
            self.custody.append(self._holder(who, since=self.moment))
            self.holders.add(who)

    def register_falls_silent(self) -> None:
        self.register = False

    def register_answers(self) -> None:
        self.register = True

    def head_is_kept(self) -> None:
        """A witness keeps the head of the log, if the log still begins with what it kept before."""
        log = Log(self.events)
        if self.kept is None or log.begins_with(*self.kept):
            self.kept, self.kept_digests = (
                (log.size, merkle.head(log, log.size)),
                [event.digest for event in self.events],
            )

    def backup(self) -> None:
        models = [(made, copied(model)) for made, model in self.asked]
        self.copy = (list(self.events), models, self.version)

    def restore(self) -> None:
        """An old copy comes back; register and time do not."""
        if self.copy is None:
            return
        events, models, self.version = self.copy
        self.events, self.asked = list(events), [(made, copied(model)) for made, model in models]

    # What must hold.

    @invariant()
    def what_may_be_read_is_what_the_rules_say(self) -> None:
        for made, model in getattr(self, "asked", ()):
            verdict = evaluate(made, self.events, self._custody(), self.moment, restored=())
            self.reasons.add(verdict.reason)
            assert verdict.items == model.released(self._known(), self._today()), verdict.reason
            assert verdict.effective is bool(verdict.items) and verdict.signed is model.signed
            assert {who: answer.yes for who, answer in answers_of(made, self.events).items()} == model.said

    @invariant()
    def every_link_holds(self) -> None:
        assert broken_links(getattr(self, "events", [])) == []

    @invariant()
    def what_is_missing_is_found(self) -> None:
        if getattr(self, "kept", None) is None:
            return
        size, root = self.kept
        log = Log(self.events)
        there = [event.digest for event in self.events[:size]] == self.kept_digests
        assert log.begins_with(size, root) is there
        if there:
            proof = merkle.consistency_proof(log, size, log.size)
            assert merkle.extends(size, root, log.size, merkle.head(log, log.size), proof)

    def _entered(self, kind, payload=None, made: ConsentRequest | None = None, who: str = "system", request_id: str | None = None) -> None:  # type: ignore[no-untyped-def] # fmt: skip
        series = made.series[who] if made is not None else DOCUMENT
        before = [event for event in self.events if event.series_id == series]
        self.made += 1
        self.events.append(
            next_event(
                before, id=uid(0x100_000 + self.made), kind=kind, series_id=series, at=self.moment, actor=who,
                child_id=uid(0xC1), document_id=DOCUMENT, request_id=made.id if made else request_id, payload=payload,
            )
        )  # fmt: skip

    def _question(self, which: int) -> tuple[ConsentRequest, Model]:
        return self.asked[max(which, -len(self.asked))]

    def _today(self) -> date:
        return self.moment.date()  # noon in UTC is the same day in Copenhagen

    def _known(self) -> set[str] | None:
        return self.holders if self.register else None

    def _custody(self) -> Custody | None:
        if not self.register:
            return None
        return Custody(child_id=uid(0xC1), holders=tuple(self.custody), shared_residence=True, checked_at=self.moment)

    def _holder(self, who: str, since: datetime = START - timedelta(days=1000)) -> Holder:
        return Holder(person_id=who, name="x", relation="parent", resident=True, since=since)

    def _ended(self, one: Holder) -> Holder:
        return Holder(
            person_id=one.person_id, name="x", relation="parent", resident=True, since=one.since, until=self.moment
        )


@pytest.mark.req("R-11", "R-12", "R-17", "R-21", "R-31", "R-32", "R-33")
def test_any_order_of_clicks() -> None:
    """What must hold is asserted within the machine, after every step (its rules and invariants); here, that its lives came to
    everything that can be said of a question."""
    Ledger.reasons.clear()
    run_state_machine_as_test(Ledger, settings=settings(stateful_step_count=40))
    assert (SAID | RARE if EVERYTHING else SAID if settings().max_examples >= ENOUGH else SOON) <= Ledger.reasons
