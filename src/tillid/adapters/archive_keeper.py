"""What keeps the archive of an installation beside its clicks: what goes by a rule alone goes, destroyed texts leave every file,
stored bytes are read again, due days are worked out.

All in a thread of their own, for which no sweep and no click waits (ADR 0051).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from tillid.adapters.audit_file import AuditLocked, FileAudit
from tillid.adapters.destroyed_file import DestroyedFile
from tillid.adapters.evidence_desk import Repeat
from tillid.adapters.fixity_parts import Parts
from tillid.adapters.index_keeper import rebuild
from tillid.adapters.pace import Pace
from tillid.adapters.search import SearchBackend
from tillid.archive.fixity import Fixity
from tillid.archive.retention_rules import our_rules
from tillid.kernel.clock import Clock
from tillid.signatures.trust import Trust
from tillid.usecases.check_fixity import check_share, is_due
from tillid.usecases.destroy import destroy_again
from tillid.usecases.forget_drafts import forget_drafts
from tillid.usecases.forget_insight import forget_insight
from tillid.usecases.forget_log import forget_log
from tillid.usecases.forget_searches import forget_searches
from tillid.usecases.lock_overview import lock_overviews
from tillid.usecases.ports import OpenHouse
from tillid.usecases.work_out_due import work_out_due

log = logging.getLogger(__name__)
WAIT = timedelta(hours=1)  # between two packs: what falls due falls due at midnight, together


class ArchiveKeeper:
    """``pack``: writes the files of the content and of the second store anew without what nothing points at; ``trust``: whom the
    installation trusts now; ``give_way``: returns when no click is being answered."""

    def __init__(
        self, var: Path, search: SearchBackend, pack: Callable[[], None], clock: Clock,
        *, trust: Callable[[], Trust] = Trust, give_way: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        our_rules()  # rules that are not whole stop the start and not an archivist
        self._file, self._operators = DestroyedFile(var / "destroyed"), var / "audit" / "operators.jsonl"
        self._search, self._pack, self._clock, self._run = search, pack, clock, var / "run"
        self._parts, self._pace = Parts(var, trust), Pace(give_way)
        self._thread: threading.Thread | None = None
        self._next: datetime | None = None

    def look(self, open_house: OpenHouse, repeat: Repeat) -> None:
        """Have done what is due, if it is not being done already. ``repeat``: runs work again that met another's commit."""
        now = self._clock.now()
        if self._thread is not None and self._thread.is_alive() or self._next is not None and now < self._next:
            return
        with open_house() as house:
            unpacked = bool(house.documents.unpacked() or house.insights.unpacked())
            daily = is_due(house.blobs.fixity(), now)
        if unpacked or daily:
            self._next = now + WAIT
            self._thread = threading.Thread(
                target=self._work, args=(open_house, repeat, daily), name="archive", daemon=True
            )
            self._thread.start()

    def wait(self, seconds: float) -> None:
        """Let what is under way end."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _work(self, open_house: OpenHouse, repeat: Repeat, daily: bool) -> None:
        # The share of fixity last: that it was read is what says that the day's work is done.
        by_rule = (
            ("overviews", lock_overviews),
            ("searches", forget_searches),
            ("drafts", forget_drafts),
            ("insight", forget_insight),
            ("log", self.forget_log),
        )
        rules = (*by_rule, ("due", work_out_due)) if daily else ()
        for name, work in (*rules, ("wipe", self.wipe), *((("fixity", self.read_again),) if daily else ())):
            try:
                repeat(lambda work=work: work(open_house))
            except Exception as error:  # the next look tries again; its words could be a document's
                log.error("archive: %s failed: %s", name, type(error).__name__)

    def read_again(self, open_house: OpenHouse) -> Fixity:
        """The day's share of all that is stored, against its digests."""
        return check_share(open_house, self._parts, pace=self._pace)

    def forget_log(self, open_house: OpenHouse) -> int:
        """Rows of both access logs whose period is over. Returns how many."""
        others = []
        try:
            others = [FileAudit(self._operators, self._clock)] if self._operators.exists() else []
        except AuditLocked:
            pass  # a command writes in it; tomorrow it does not
        try:
            return forget_log(open_house, *others)
        finally:
            for one in others:
                one.close()

    def wipe(self, open_house: OpenHouse) -> int:
        """Every file without the texts of what was destroyed; the list of it first. Returns how many documents and cases."""
        with open_house() as house:
            ids, cases = house.documents.unpacked(), house.insights.unpacked()
            stones = [stone for id_ in ids if (stone := house.documents.tombstone(id_)) is not None]
            previews, moment = house.previews, house.moment
        if not ids and not cases:
            return 0
        # A case of insight is in no search and on no list: after a restore its rule finds it again.
        if ids:
            self._file.add(stones)
            rebuild(self._search, open_house, self._run)
            # Here once more, whatever became of the outbox's step: only what nothing points at is packed away.
            previews.forget_text(ids, moment)
        self._pack()
        with open_house() as house:
            house.documents.packed(ids)
            house.insights.packed(cases)
        return len(ids) + len(cases)

    def replay(self, open_house: OpenHouse) -> int:
        """Before anybody is answered: destroy again what an older backup brought back. Returns how many documents."""
        count = 0
        for stone in self._file.all():
            with open_house() as house:
                count += destroy_again(house, stone)
        return count
