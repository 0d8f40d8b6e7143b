"""A process of its own that clicks, does what follows, and kills itself at one named point (test_walk_kill.py).

It dies by SIGKILL, so nothing is flushed, closed or told. What it acknowledged before, as a server answers a browser, comes
through the pipe.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from ZODB.FileStorage import FileStorage

from tests.support.definitions import our_definitions
from tests.support.world import SET, World, author
from tillid.adapters import audit_file
from tillid.adapters.office import OfficeBox
from tillid.adapters.renderer import DocumentRenderer
from tillid.consents.meeting import MeetingQuestion, questions_of
from tillid.consents.model import ConsentRequest
from tillid.documents.model import Version
from tillid.kernel.ids import new_id
from tillid.tasks.marks import Marks
from tillid.tasks.runner import Runner
from tillid.usecases.agree import AgreementState, confirm_agreement
from tillid.usecases.answer_meeting import answer_meeting, withdraw_meeting
from tillid.usecases.fill import text_digest
from tillid.usecases.follow_up import STEPS
from tillid.usecases.give_consent import Receipt, give_consent
from tillid.usecases.ports import House
from tillid.usecases.request_consent import request_consent
from tillid.usecases.save_fields import Change, Saved, save_fields
from tillid.usecases.share_document import share_document
from tillid.usecases.withdraw_consent import withdraw_consent

our_definitions()  # read once, before anything is forked
# Where the click's process may die. Before the first of COMMITTED nothing may remain of the click, from there everything.
BEFORE_COMMIT = ("audit-row", "use-case-done", "commit-begun", "half-written", "voted")
AFTER_COMMIT = ("committed", "acknowledged")
WHENS = ("begun", "worked", "done")
IN_SOFFICE = "render_released:in-soffice"
CONSENT_STEPS = ("index:begun", "index:worked", "index:done", "render_released:begun", "render_released:in-soffice",
                 "render_released:worked", "render_released:done")  # fmt: skip
WITHDRAWAL_STEPS = ("index:begun", "index:worked", "index:done", "seal_withdrawal:begun", "seal_withdrawal:worked",
                    "seal_withdrawal:done")  # fmt: skip


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def play(folder: Path, made: dict[str, str], click: str, event_id: str, point: str, pipe: Connection) -> None:
    """Open the store in ``folder``, do ``click`` (one of ``CLICKS``) and what follows, die at ``point``."""
    world = World(folder, DocumentRenderer(), made=made)
    who = world.holders(SET.child_id)[1]
    arrange(point, pipe)
    pipe.send(("opened", True))
    with world.store.open() as (stores, manager):
        house = world.parts.house(stores, world.clock.now(), new_id())
        CLICKS[click](world, house, who, event_id)
        if point == "use-case-done":
            die()
        if point in ("commit-begun", "voted", "committed"):
            manager.get().join(Dying(point))
        manager.commit()
    pipe.send(("acknowledged", event_id))
    if point == "acknowledged":
        die()
    steps = {name: dying_step(name, step, point, world) for name, step in STEPS.items()}
    runner = Runner(world.house, steps, Marks(folder / "marks"))
    for key in runner.due():
        runner.run(key)
    pipe.send(("lived", point))


def consent(world: World, house: House, who: Any, event_id: str) -> Receipt:
    answers = {item.id: True for item in world.player.request(world.made["request"]).items}
    return give_consent(house, who, world.made["request"], answers, oral=True, language="da", event_id=event_id)


def withdrawal(world: World, house: House, who: Any, event_id: str) -> Receipt:
    return withdraw_consent(house, who, world.made["request"], language="da", event_id=event_id)


def withdrawal_unlogged(world: World, house: House, who: Any, event_id: str) -> Receipt:
    """While no row can be written: it is written later (design 23)."""
    with world.full_log():
        return withdrawal(world, house, who, event_id)


def meeting(world: World, house: House, who: Any, event_id: str) -> Receipt:
    said = dict.fromkeys(meeting_question(world, house).plan.rows, True)
    return answer_meeting(house, who, world.made["meeting"], said, language="da", event_id=event_id)


def meeting_withdrawal(world: World, house: House, who: Any, event_id: str) -> Receipt:
    return withdraw_meeting(house, who, world.made["meeting"], language="da", event_id=event_id)


def meeting_question(world: World, house: House) -> MeetingQuestion:
    """The one that was asked about the meeting of ``world``."""
    (asked,) = questions_of(house.ledger.of_document(world.made["document"]))
    return asked


def fill(world: World, house: House, _who: Any, _event_id: str) -> Saved:
    base = house.documents.draft(world.made["document"]).fields[FIELD].revision
    return save_fields(house, author(world), world.made["document"], {FIELD: Change(value=WORDS, base=base)})


def share(world: World, house: House, _who: Any, _event_id: str) -> Version:
    return share_document(house, author(world), world.made["document"])


def agree(world: World, house: House, who: Any, _event_id: str) -> AgreementState:
    """The last one who was missing: the words are frozen by this click."""
    seen = text_digest(house.documents.draft(world.made["document"]))
    return confirm_agreement(house, who, world.made["document"], seen)


def ask(world: World, house: House, _who: Any, _event_id: str) -> ConsentRequest:
    return request_consent(house, author(world), world.made["document"], after="")


# What a fill click writes.
FIELD, WORDS = "u_greb", "Ordene, der blev gemt, lige før strømmen gik."
CLICKS: dict[str, Callable[[World, House, Any, str], Any]] = {
    "consent": consent, "withdrawal": withdrawal, "fill": fill, "share": share, "agree": agree, "ask": ask,
    "meeting": meeting, "meeting_withdrawal": meeting_withdrawal, "withdrawal_unlogged": withdrawal_unlogged,
}  # fmt: skip


def arrange(point: str, pipe: Any) -> None:
    """Let the part die that is not ours to call (one of ``INSIDE``)."""
    if point in INSIDE:
        INSIDE[point](pipe)


def in_the_row(_pipe: Any) -> None:
    audit_file._write_all = die_halfway


def in_the_store(_pipe: Any) -> None:
    sys.modules[FileStorage.__module__].cp = copy_half  # type: ignore[attr-defined]


def in_soffice(pipe: Any) -> None:
    real, calls = OfficeBox._read, []

    def read(self: OfficeBox) -> Any:
        calls.append(1)
        if len(calls) == 2:  # the first answer is the greeting of a LibreOffice that has just started
            pipe.send(("box", self._process.pid))
            die()
        return real(self)

    OfficeBox._read = read


def ended(pid: object) -> bool:
    """Whether that process has gone, waiting for the kernel to take it away."""
    for _ in range(100):
        try:
            os.kill(int(str(pid)), 0)
        except ProcessLookupError:
            return True
        if f"{pid} (" in (stat := Path(f"/proc/{pid}/stat").read_text()) and stat.rsplit(")", 1)[1].split()[0] == "Z":
            return True
        time.sleep(0.1)
    return False


def die_halfway(fd: int, data: bytes) -> None:
    os.write(fd, data[: len(data) // 2])
    die()


def copy_half(source: Any, target: Any, length: int) -> None:
    """How FileStorage appends a transaction to its file when it votes; this one gets half of it onto the disk."""
    target.write(source.read(length // 2))
    target.flush()
    os.fsync(target.fileno())
    die()


class Dying:
    """A part of the transaction that dies before the store's turn, after its vote, or after its end."""

    transaction_manager = None

    def __init__(self, point: str) -> None:
        self._point = point

    def sortKey(self) -> str:
        return "!" if self._point == "commit-begun" else "~"  # the store's begins with its path

    def commit(self, _transaction: Any) -> None:
        self._at("commit-begun")

    def tpc_vote(self, _transaction: Any) -> None:
        self._at("voted")

    def tpc_finish(self, _transaction: Any) -> None:
        self._at("committed")

    def tpc_begin(self, _transaction: Any) -> None: ...
    def tpc_abort(self, _transaction: Any) -> None: ...
    def abort(self, _transaction: Any) -> None: ...

    def _at(self, point: str) -> None:
        if point == self._point:
            die()


def dying_step(name: str, step: Callable, point: str, world: World) -> Callable:
    """``step``, dying when it begins, when its work outside the store is done, or before its entry is taken out."""

    def run(open_house: Any, entry: Any) -> None:
        if point == f"{name}:begun":
            die()
        if point == f"{name}:worked":
            owner, verb = WORK[name]
            part = getattr(world.parts, owner)
            real = getattr(part, verb)
            setattr(part, verb, lambda *arguments: (real(*arguments), die()))
        step(open_house, entry)
        if point == f"{name}:done":
            die()

    return run


WORK = {
    "enter_log": ("event_log", "enter"),
    "timestamp_record": ("time_stamper", "stamp"),
    "add_revision": ("renderer", "append"),
    "audit_withdrawal": ("audit", "write"),
    "index": ("search", "put"),
    "render_released": ("renderer", "render"),
    "seal_withdrawal": ("seal", "seal"),
    "seal_meeting": ("seal", "seal"),
}

# Points in the middle of what a part does.
INSIDE: dict[str, Callable[[Any], None]] = {
    "audit-row": in_the_row,
    "half-written": in_the_store,
    IN_SOFFICE: in_soffice,
}
