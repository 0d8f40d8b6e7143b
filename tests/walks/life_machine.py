"""A document's life in any order of clicks, by the real use cases on a real store, with a plain model beside (test_any_life.py).

The same rules as ``tests/property/test_ledger_machine.py``, which drives the ledger's events alone. Here each click goes the way it goes
for people: who may, what is refused, what is committed, what follows it. Only what makes pages is exchanged for something quick.
"""

from __future__ import annotations

import shutil
from datetime import timedelta
from typing import Any, ClassVar

import msgspec
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from tests.property.ledger_model import Model, copied
from tests.support.world import SET, START, author
from tests.walks.life_store import Lived
from tillid.consents.custody import Holder
from tillid.consents.effective import answers_of
from tillid.consents.events import broken_links
from tillid.consents.model import ConsentRequest
from tillid.kernel.clock import FixedClock, local_day
from tillid.kernel.errors import NotFound
from tillid.kernel.ids import new_id
from tillid.usecases.facts import allowed, gathered, judge
from tillid.usecases.give_consent import give_consent
from tillid.usecases.open_copy import what_is_released
from tillid.usecases.request_consent import request_consent
from tillid.usecases.save_fields import Change, save_fields
from tillid.usecases.share_document import share_document
from tillid.usecases.withdraw_consent import record_withdrawal, withdraw_consent

FIELD = "u_greb"
OFTEN = ("ask", "all_say_yes", "all_say_yes", "answer", "withdraw")
RARELY = (
    "edit", "all_agree", "all_agree", "share", "time_passes", "time_passes", "custody_comes_or_goes", "head_is_kept", "backup", "restore", "restore",
)  # fmt: skip
clicks = st.sampled_from([*OFTEN * 3, *RARELY])
people, parts = st.integers(0, 2), st.sampled_from(["all", "all", "first", "rest", "none"])
newest_first = st.sampled_from([-1, -1, -1, -2])


class Life(Lived):
    """Clicks of up to three parents and a sender on one document. ``reasons``: what was said of questions in any life; ``readings``:
    whether a receiver ever read, and was ever refused."""

    reasons: ClassVar[set[str]] = set()
    readings: ClassVar[set[bool]] = set()

    @initialize()
    def begin(self) -> None:
        stored, made = self.before
        self.clock, self.lives = FixedClock(START), 0
        self.made, self.world = dict(made), None
        self._opened(stored)
        self.holders = {one.person_id for one in self.world.holders(SET.child_id)}
        self.people = [*sorted(self.holders), self.world.ids.parents["shirin"]]
        self.asked: list[tuple[ConsentRequest, Model]] = []
        self.agreed: int | None = self._document().agreed_version
        self.copy: tuple | None = None
        self.kept: tuple[int, bytes] | None = None
        self.entered: list[str] = []

    # One rule, so that hypothesis gives every run something of everything.
    @rule(what=clicks, who=people, part=parts, which=newest_first, days=st.sampled_from([3, 40, 500]))
    def something_happens(self, what: str, who: int, part: str, which: int, days: int) -> None:
        if what in ("answer", "withdraw", "all_say_yes") and not self.asked:
            what = "ask"
        arguments = {
            "answer": (who, part, which),
            "withdraw": (who, part, which),
            "time_passes": (days,),
            "custody_comes_or_goes": (who,),
        }
        getattr(self, what)(*arguments.get(what, ()))
        assert self._player().drain() == []

    # What people do.

    def ask(self) -> None:
        made = self._tried(lambda house: request_consent(house, author(self.world), self.made["document"]))
        if made is not None:
            assert self.agreed == made.document.version and set(made.required_holders) == self.holders
            for _, before in self.asked:  # of two questions about one text the newest alone opens anything
                before.void = before.void or before.version == made.document.version
            self.asked.append((made, Model(made.document.version, made.valid_to)))

    def all_say_yes(self) -> None:
        for who in sorted(self.holders):
            self._answered(who, "all", -1)

    def answer(self, who: int, part: str, which: int) -> None:
        """Give, partly give or refuse."""
        self._answered(self.people[who], part, which)

    def _answered(self, who: str, part: str, which: int) -> None:
        made, model = self._question(which)
        yes = self._items(made, part)
        open_ = made is self.asked[-1][0] and not model.void and local_day(self.clock.now()) <= model.until
        welcome = open_ and who in self.holders and who in made.series and who not in model.said
        said = {item.id: item.id in yes for item in made.items}
        receipt = self._tried(
            lambda house: give_consent(
                house, self._parent(who), made.id, said, oral=True, language="da", event_id=new_id()
            )
        )
        assert (receipt is not None) is welcome
        if receipt is not None:
            model.said[who], model.closed = yes, model.closed or not yes
            model.signed = model.signed or model.may_be_signed(self.holders, local_day(self.clock.now()))

    def withdraw(self, who: int, part: str, which: int) -> None:
        """All or some; who holds custody no more has no portal (R-34) and calls (R-16). From an old page it is the newest yes to that
        text that goes."""
        person, (made, _) = self.people[who], self._question(which)
        newer = [(one, model) for one, model in self.asked if one.document == made.document and model.said.get(person)]
        made, model = (
            newer[-1]
            if newer and made is not newer[-1][0] and self._is_later(newer[-1][0], made)
            else self._question(which)
        )
        left = model.said.get(person, frozenset())
        named = frozenset() if part == "all" else self._items(made, part)
        taken = named & left if named else left
        page = self._question(which)[0].id
        if person in self.holders:
            receipt = self._tried(
                lambda house: withdraw_consent(
                    house, self._parent(person), page, sorted(named), language="da", event_id=new_id()
                )
            )
        else:
            receipt = self._tried(
                lambda house: record_withdrawal(
                    house, author(self.world), page, person, sorted(named), method="phone", event_id=new_id()
                )
            )
        assert (receipt is not None) is bool(taken)
        if receipt is not None:
            model.said[person] = left - taken
            model.closed = model.closed or not model.said[person]

    def edit(self) -> None:
        """The text changes: questions that are not complete are void, the others go on covering their own version."""

        def save(house):  # type: ignore[no-untyped-def]
            base = house.documents.draft(self.made["document"]).fields[FIELD].revision
            return save_fields(
                house, author(self.world), self.made["document"], {FIELD: Change(value=f"Ord {base}.", base=base)}
            )

        saved = self._tried(save)
        if saved is not None and saved.revisions:
            assert saved.agreement_voided or self.agreed is None
            self._voided()

    def all_agree(self) -> None:
        """On the text as it is now: a new version, which nobody was asked about."""
        everybody = [author(self.world), *self.world.holders(SET.child_id)]
        before = self._document().versions
        for who in everybody:
            self._tried(lambda _, who=who: self._player().agree(who, self.made["document"]), alone=True)
        document = self._document()
        if document.versions > before and document.agreed_version is not None:
            self._voided()
        self.agreed = document.agreed_version

    def share(self) -> None:
        self._tried(lambda house: share_document(house, author(self.world), self.made["document"]))
        self.agreed = self._document().agreed_version

    # What happens meanwhile.

    def time_passes(self, days: int) -> None:
        """And whoever has an old page open answers it."""
        self.clock.move(hours=24 * days)
        if self.asked and local_day(self.clock.now()) > self.asked[-1][1].until:
            self.all_say_yes()

    def custody_comes_or_goes(self, who: int) -> None:
        person = self.people[who]
        if person in self.holders and len(self.holders) == 1:
            return
        with self.world.house() as house:
            custody, now = house.people.custody(SET.child_id), house.moment
            if person in self.holders:
                held = [
                    msgspec.structs.replace(one, until=now) if one.person_id == person and one.until is None else one
                    for one in custody.holders
                ]
            else:
                since = now - timedelta(seconds=1)
                held = [
                    *custody.holders,
                    Holder(person_id=person, name="S", relation="other", resident=False, since=since),
                ]
            house.people.put_custody(msgspec.structs.replace(custody, holders=tuple(held)))
        self.holders ^= {person}

    def head_is_kept(self) -> None:
        """A witness keeps the head of the log, if the log still begins with what it kept before."""
        log = self.world.parts.event_log
        if self._begins_with_kept():
            self.kept, self.entered = (log.size, log.root(log.size)), [log.leaf(place) for place in range(log.size)]

    def backup(self) -> None:
        self.world.close()
        target = self.folder / "backup"
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(self.world.folder, target)
        state = ([(made, copied(model)) for made, model in self.asked], self.agreed, set(self.holders))
        self.copy = (target, state)
        self._opened(None)

    def restore(self) -> None:
        """An old copy of everything comes back, by hand and untold; time does not, nor what the witness has, who looked just before."""
        if self.copy is None:
            return
        self.head_is_kept()
        self.world.close()
        source, (asked, self.agreed, holders) = self.copy
        self._opened(source)
        self.asked, self.holders = [(made, copied(model)) for made, model in asked], set(holders)

    # What must hold.

    @invariant()
    def what_may_be_read_is_what_the_rules_say(self) -> None:
        if getattr(self, "world", None) is None:
            return
        today = local_day(self.clock.now())
        with self.world.house() as house:
            document = house.documents.get(self.made["document"])
            events = house.ledger.of_document(document.id)
            facts, found = gathered(house, document)
            for made, model in self.asked:
                verdict = judge(house, made, events, facts.custody)
                self.reasons.add(verdict.reason)
                assert verdict.items == model.released(self.holders, today), verdict.reason
                assert verdict.effective is bool(verdict.items) and verdict.signed is model.signed
                assert {who: answer.yes for who, answer in answers_of(made, events).items()} == model.said
            self._look_at_reader(house, document, facts, found, today)
            every = house.ledger.of_child(SET.child_id)
        assert broken_links(every) == []
        there = {event.request_id for event in every if event.kind == "request_created"}
        assert there == {made.id for made, _ in self.asked}, (
            "no question that the model knows nothing of, and none lost"
        )

    def _look_at_reader(self, house: Any, document: Any, facts: Any, found: Any, today: Any) -> None:
        """The receiver's leader opens what the rules say, and not a word more."""
        open_now = [(made, items) for made, model in self.asked if (items := model.released(self.holders, today))]
        assert allowed(house, self.world.staff("hanne"), "read_released", facts) is bool(open_now)
        self.readings.add(bool(open_now))
        try:
            now = what_is_released(house, document, found)
        except NotFound:
            assert open_now == []
            return
        made, items = next(pair for pair in open_now if pair[0].id == now.request.id)
        readable = {field for item in made.items if item.id in items for field in item.field_ids}
        assert set(now.answers) <= readable and now.version.number == made.document.version

    @invariant()
    def what_is_missing_is_found(self) -> None:
        if getattr(self, "kept", None) is None:
            return
        log = self.world.parts.event_log
        there = [log.leaf(place) for place in range(min(log.size, len(self.entered)))] == self.entered
        assert self._begins_with_kept() is there and list(log.problems()) == []
