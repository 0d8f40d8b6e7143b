"""What the stations of the walk share: the people, the document on its way, the files it leaves, and the checks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from tillid.demo.loading import ANSWERS
from tillid.demo.playing import ParentLogin, Player
from tillid.demo.texts import AnswerSet
from tillid.documents.model import Document, Version
from tillid.forms.loading import Definitions
from tillid.kernel.errors import NotFound
from tillid.process.access import Identity
from tillid.signatures.checkpoint import LogVerifier
from tillid.signatures.trust import Trust
from tillid.signatures.verdict import Verdict
from tillid.usecases.open_copy import OpenedCopy, open_copy
from tillid.usecases.ports import Audit, House, OpenHouse, TimeStamper
from tillid.usecases.seal_record import RECORD
from tillid.usecases.share_document import share_document
from tillid.usecases.start_document import start_document

PURPOSE = "Andet: gennemgang af hele forløbet (tillid walk)"
SET = ANSWERS["alma_bh_sk"]  # whose document walks
REFUSED, OTHER_BASIS = ANSWERS["noor_bh_sk"], ANSWERS["ahmad_ind_mel"]

Settle = Callable[[], list[str]]
Outcome = tuple[str, dict[str, Any]]
"""What a station says in one line, and its evidence: ids, digests and counts, never contents."""


class Log(Protocol):
    """The log of events, as the walk proves its own document in it."""

    @property
    def verifier(self) -> LogVerifier: ...
    def sign_head(self) -> bytes: ...
    def place(self, digest: str) -> int | None: ...
    def inclusion(self, place: int, size: int) -> Sequence[bytes]: ...
    def consistency(self, old: int, size: int) -> Sequence[bytes]: ...


class Parts(Protocol):
    """What of a running installation the walk looks at beside its houses."""

    definitions: Definitions
    audit: Audit
    event_log: Log
    time_stamper: TimeStamper | None
    trust: Trust

    def verify_record(self, record: bytes, at: datetime) -> Verdict: ...


class Failed(Exception):
    """A check did not hold; the text is Danish and names no person."""


def check(held: object, what: str) -> None:
    """Raise ``Failed(what)`` unless ``held``."""
    if not held:
        raise Failed(what)


class Scene:
    """``does``: a step that writes (``Player.does``), ``open``: a house to look at what came of it, once;
    ``settle``: waits until the hands have done what the outbox holds; what is left, with its errors (empty: nothing).
    ``files``: name → bytes that the walk leaves; ``documents``: name of the answers → id; ``request``: of the walk's own
    document."""

    def __init__(self, parts: Parts, open_house: OpenHouse, login: ParentLogin, settle: Settle) -> None:
        self.parts, self.open, self._settle = parts, open_house, settle
        self.player = Player(open_house, login)
        self.does = self.player.does
        self.files: dict[str, bytes] = {}
        self.documents: dict[str, str] = {}
        self.request = ""

    @property
    def document_id(self) -> str:
        return self.documents[SET.name]

    @property
    def author(self) -> Identity:
        return self.player.staff(SET.author_id)

    @property
    def receiver(self) -> Identity:
        """The receiving leader."""
        return self.player.leader_of(SET.receiver_unit_id or "")

    def holders(self, answers: AnswerSet = SET) -> list[Identity]:
        """The custody holders of the child that ``answers`` are about."""
        return self.player.holders(answers.child_id)

    def settle(self) -> None:
        """Let everything the outbox holds be done; ``Failed`` with what was not."""
        left = self._settle()
        check(not left, f"opgaver blev ikke gjort: {', '.join(left)}")

    def begin(self, answers: AnswerSet, **more: Any) -> str:
        """Start and fill a document on the sender's side, with ``more`` fields; its id."""
        author = self.player.staff(answers.author_id)

        def start(house: House) -> tuple[str, date | None]:
            begun = start_document(house, author, answers.child_id, answers.form_id, round_id=answers.round_id)
            return begun.id, answers.start_after(house.moment.date())

        document_id, day = self.does(start)
        self.documents[answers.name] = document_id
        if day is not None:
            more["startdato"] = day.isoformat()
        self.player.fill(author, document_id, {**answers.professional, **more})
        if answers.leader:
            self.player.fill(self.player.leader_of(answers.unit_id), document_id, answers.leader)
        return document_id

    def share(self, answers: AnswerSet) -> None:
        """Share with the parents ("Del med forældrene"); its copies are rendered when this returns."""
        author, document_id = self.player.staff(answers.author_id), self.documents[answers.name]
        self.does(lambda house: share_document(house, author, document_id))
        self.settle()

    def agree(self, answers: AnswerSet) -> Version:
        """The parents write their part, all agree; the agreed version, rendered."""
        document_id, holders = self.documents[answers.name], self.holders(answers)
        self.player.fill(holders[0], document_id, {**answers.parents, **answers.child})
        for who in (self.player.staff(answers.author_id), *holders):
            self.player.agree(who, document_id)
        self.settle()
        version = self.version(answers, self.document(answers).agreed_version or 0)
        check(version.agreed, "teksten blev ikke frosset som enig tekst")
        return version

    def document(self, answers: AnswerSet = SET) -> Document:
        with self.open() as house:
            document = house.documents.get(self.documents[answers.name])
        if document is None:
            raise Failed("dokumentet findes ikke")
        return document

    def version(self, answers: AnswerSet, number: int) -> Version:
        with self.open() as house:
            version = house.documents.version(self.documents[answers.name], number)
        if version is None:
            raise Failed(f"udgave {number} findes ikke")
        return version

    def copy(self, who: Identity, operation: Any) -> OpenedCopy:
        """The PDF of the walk's document as ``who`` gets it; raises what the reader would meet."""
        with self.open() as house:
            return open_copy(house, who, self.document_id, operation, purpose=PURPOSE)

    def record(self, event_id: str) -> bytes:
        """The signed XML of an event."""
        with self.open() as house:
            record = house.ledger.attachments(event_id).get(RECORD)
        if record is None:
            raise Failed("hændelsen har ingen forseglet post")
        return record

    def refused(self, ask: Callable[[], object], what: str) -> None:
        """``ask`` must be answered as if nothing were there (R-18); else ``Failed(what)``."""
        try:
            ask()
        except NotFound:
            return
        raise Failed(what)
