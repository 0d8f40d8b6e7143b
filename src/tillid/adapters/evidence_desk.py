"""Evidence in a running Tillid: once a day what has come is frozen and closed into a batch, and what ends is renewed.

In a thread of its own, as the log's heads: neither a click nor the outbox waits for an authority here.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import msgspec

from tillid.adapters.evidence_copies import EvidenceCopies
from tillid.adapters.evidence_files import EvidenceDamaged, EvidenceFiles
from tillid.adapters.orders import Answer, Order, Orders
from tillid.adapters.trust_watch import TrustWatch
from tillid.adapters.tsa_client import Authorities
from tillid.kernel.clock import Clock, instant, parse_instant
from tillid.kernel.files import put
from tillid.signatures.algorithms import read_algorithms
from tillid.signatures.evidence_book import Act
from tillid.signatures.evidence_tree import SIZES, digest
from tillid.signatures.evidence_verify import verify_evidence
from tillid.signatures.running_out import RunsOut
from tillid.signatures.trust import Trust
from tillid.signatures.verdict import Verdict
from tillid.usecases.freeze_record import (
    LT,
    Freezing,
    event_of,
    freeze_record,
    frozen_digests,
    kind_of,
    stamped_names,
)
from tillid.usecases.keep_evidence import (
    Keeping,
    algorithm_of,
    close_batch,
    evidence_state,
    newest_batch,
    record_of,
    renew,
)
from tillid.usecases.ports import OpenHouse, TimeStamper
from tillid.usecases.ports_evidence import EvidenceState
from tillid.usecases.seal_record import TIMESTAMP_STEP
from tillid.usecases.sign_personally import STAMP_STEP
from tillid.usecases.timestamp_record import let_follow

PERIOD = timedelta(days=1)
AGAIN = timedelta(hours=1)  # after what failed
LESSER = ("", "evidence.below")  # alarms that others are told before
STAMP_STEPS = (TIMESTAMP_STEP, STAMP_STEP)
PATIENCE = timedelta(days=7)  # of the thirty that a timestamp may be late (``signatures/times``)
UNSTAMPED = "unstamped"  # a file beside the copies: since when the oldest record waits for its timestamp
_log = logging.getLogger(__name__)
T = TypeVar("T")
Repeat = Callable[[Callable[[], T]], T]


def desk_of(
    var: Path, trust: Callable[[], Trust], clock: Clock, *, demo: bool, stamper: Authorities | None = None
) -> EvidenceDesk:
    """The evidence of the installation in ``var``, with the eye on certificates, lists and methods."""
    watch = TrustWatch(var, trust, clock, demo=demo, stamper=stamper)
    return EvidenceDesk(var / "evidence", trust, clock, watch)


class EvidenceDesk:
    """Implements ``ports_evidence.Evidence`` over the files in ``folder``. ``trust``: whom the installation trusts now;
    ``watch``: what looks at what that trust rests on."""

    def __init__(self, folder: Path, trust: Callable[[], Trust], clock: Clock, watch: TrustWatch | None = None) -> None:
        self._watch, self.order, self._folder = watch, Orders(folder, "order", Order, Answer), folder
        self.store, self._trust, self._clock = EvidenceFiles(folder), trust, clock
        self.copies, self._behind = EvidenceCopies(folder, self.store), False
        self._algorithms = read_algorithms()
        self._thread: threading.Thread | None = None
        self._next: datetime | None = None
        self._ran: datetime | None = None  # when all was done that was due

    def note(self, name: str) -> None:
        """See ``ports_evidence.Evidence``."""
        self.store.note(name)

    def state(self, now: datetime) -> EvidenceState:
        """See ``ports_evidence.Evidence``. Reads no other disk: one that hangs would keep a page."""
        return self._beside(evidence_state(self.keeping(None)), self.copies.late(now))

    def examined(self) -> EvidenceState:
        """The same with every file read, those of the further copies too. Raises ``TillidError``."""
        found, problems = evidence_state(self.keeping(None), read_all=True), self.copies.problems()
        away = dict.fromkeys((*self.copies.away(), *self.copies.late(self._clock.now())))
        alarm = "evidence.copies" if problems and found.alarm in LESSER else found.alarm
        found = msgspec.structs.replace(found, alarm=alarm, problems=(*found.problems, *problems))
        return self._beside(found, tuple(away))

    def _beside(self, found: EvidenceState, away: tuple[str, ...]) -> EvidenceState:
        """With what no act tells: copies that are away, records that nobody has stamped."""
        since = self._unstamped_since()
        alarm = "evidence.away" if away and found.alarm in LESSER else found.alarm
        if since is not None and self._clock.now() - since >= PATIENCE:
            alarm = found.alarm if found.alarm == "evidence.late" else "evidence.unstamped"
        return msgspec.structs.replace(found, away=away, alarm=alarm, unstamped_since=since)

    def _unstamped_since(self) -> datetime | None:
        try:
            return parse_instant((self._folder / UNSTAMPED).read_text("utf-8").strip())
        except (OSError, ValueError):
            return None

    def _look_for_unstamped(self, open_house: OpenHouse) -> None:
        """Remember, where a command sees it too, since when the oldest record or signature waits; the steps that gave up count."""
        with open_house() as house:
            waiting = [one.created_at for one in house.outbox.pending() if one.step in STAMP_STEPS]
        if not waiting:
            (self._folder / UNSTAMPED).unlink(missing_ok=True)
        elif (since := min(waiting).replace(microsecond=0)) != self._unstamped_since():
            self._folder.mkdir(parents=True, exist_ok=True)
            put(self._folder / UNSTAMPED, f"{instant(since)}\n".encode(), mode=0o644)

    def record_of(self, frozen: bytes) -> bytes | None:
        """See ``ports_evidence.Evidence``."""
        try:
            return record_of(self.store, frozen)
        except EvidenceDamaged as error:  # a receipt is given without it; the administrator is told by ``state``
            _log.error("no evidence record can be made: %s", error.code)
            return None

    def knows(self, name: str, frozen: bytes) -> bool:
        """See ``ports_evidence.Evidence``."""
        placed = any(self.store.place(one, digest(one, frozen)) is not None for one in SIZES)
        return placed or name in self.store.noted()

    def judged(self, frozen: bytes, at: datetime) -> Verdict | None:
        """See ``ports_evidence.Evidence``."""
        record = self.record_of(frozen)
        return None if record is None else verify_evidence(record, frozen, self._trust(), self._algorithms, at=at)

    def running_out(self) -> tuple[RunsOut, ...]:
        """See ``ports_evidence.Evidence``."""
        return self._watch.running_out() if self._watch is not None else ()

    def keeping(self, stamper: TimeStamper | None) -> Keeping:
        """What the acts need, by ``stamper``."""
        return Keeping(
            store=self.store, stamper=stamper, trust=self._trust(), algorithms=self._algorithms, clock=self._clock
        )

    def look(self, open_house: OpenHouse, stamper: TimeStamper | None, repeat: Repeat) -> None:
        """Called now and then; does not wait. ``repeat``: runs work again that met another's commit. What a command has ordered
        is done at once, whatever the day."""
        if self._watch is not None:
            self._watch.look()
        now = self._clock.now()
        if self._thread is not None and self._thread.is_alive():
            return
        ordered = self.order.waiting()
        if ordered is None and self._next is not None and now < self._next:
            return
        self._next = now + AGAIN
        work = (open_house, stamper, repeat, ordered)
        self._thread = threading.Thread(target=self._try, args=work, name="tillid-evidence", daemon=True)
        self._thread.start()

    def wait(self, seconds: float) -> None:
        """Let what is under way end, before the database is closed."""
        if self._watch is not None:
            self._watch.wait(seconds)
        if self._thread is not None:
            self._thread.join(seconds)

    def run(self, open_house: OpenHouse, stamper: TimeStamper | None, repeat: Repeat) -> list[Act]:
        """All that is due now, without waiting for the day to be over: freeze, close, renew; then the further copies, whatever
        became of that. Raises ``TillidError``."""
        if came := self.copies.fetch():
            _log.error("evidence: came back from a further copy: %s", ", ".join(came))
        try:
            return self._acts(open_house, stamper, repeat)
        finally:
            self._behind = bool(self.copies.carry(self._clock.now()))

    def _acts(self, open_house: OpenHouse, stamper: TimeStamper | None, repeat: Repeat) -> list[Act]:
        if mended := self.store.mend():
            _log.error("evidence: put right from the other copy: %s", ", ".join(mended))
        frozen = self.freeze(open_house, repeat)
        keeping = self.keeping(stamper)
        closed = close_batch(keeping)
        for name in frozen:
            repeat(lambda name=name: self._let_carry(open_house, name))
        self.store.done(frozen)
        renewed = renew(keeping, lambda old, new: frozen_digests(open_house, old, new))
        return [*([closed] if closed else []), *renewed]

    def note_all(self, open_house: OpenHouse) -> None:
        """Note each record and signature that has its timestamp: what was never noted is found."""
        with open_house() as house:
            for name in stamped_names(house):
                self.store.note(name)

    def freeze(self, open_house: OpenHouse, repeat: Repeat) -> list[str]:
        """Freeze what is noted and enter it; returns by which names, which stay noted until what follows the batch is remembered
        (``run``). The digest is entered when the bytes are committed."""
        algorithm, ready, done = algorithm_of(self._algorithms, self._clock.now()), [], []
        try:
            for name in self.store.noted():
                found = repeat(lambda name=name: self._frozen(open_house, name))
                if found.rises:  # while the name itself is noted: a crash between the two forgets nothing
                    self.store.note(name + LT)
                if found.frozen is not None:
                    self.store.enter(digest(algorithm, found.frozen), algorithm)
                    ready.append(name)
                elif not found.wanted:
                    done.append(name)
        finally:
            if done:
                self.store.done(done)
        return ready

    def _let_carry(self, open_house: OpenHouse, name: str) -> None:
        """The archive's copy takes the evidence in, once it is in a batch."""
        with open_house() as house:
            if (event := house.ledger.event(event_of(name))) is not None:
                let_follow(house, event, kind_of(name))

    def _frozen(self, open_house: OpenHouse, name: str) -> Freezing:
        with open_house() as house:
            return freeze_record(house, name, self._trust())

    def _try(self, open_house: OpenHouse, stamper: TimeStamper | None, repeat: Repeat, ordered: Order | None) -> None:
        now, code = self._clock.now(), ""
        try:
            self._look_for_unstamped(open_house)
            before = (newest_batch(self.store), self._ran)
            due = stamper is not None and all(one is None or now - one >= PERIOD for one in before)
            if ordered is not None:
                self.note_all(open_house)
            if ordered is not None or due:
                self.run(open_house, stamper, repeat)
                self._ran = now
            elif self._behind:  # a disk that was away
                self._behind = bool(self.copies.carry(now))
        except Exception as error:  # the thread's end; the next hour tries again
            code = getattr(error, "code", type(error).__name__)
            _log.error("the evidence is behind: %s", code)
        if ordered is not None:
            try:
                self.order.answer(Answer(order=ordered.id, problem=code))
            except OSError as error:
                _log.error("an order for evidence cannot be answered: %s", type(error).__name__)
