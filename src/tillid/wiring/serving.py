"""What a server has beside its pages and its worker: who keeps the archive, who does what a command orders, Plone's own screens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tillid.adapters.archive_keeper import ArchiveKeeper
from tillid.adapters.index_keeper import IndexKeeper
from tillid.adapters.journal_desk import JournalDesk
from tillid.adapters.transfer_desk import TransferDesk
from tillid.cms import starting
from tillid.wiring.backing_up import BackupKeeper
from tillid.wiring.repeating import again_on_conflict
from tillid.wiring.running import Installation


class Desks:
    """Of a running ``installation``, once per process."""

    def __init__(self, installation: Installation) -> None:
        self._installation, parts, run = installation, installation.parts, installation.var / "run"
        trust, give_way = parts.trust_now or (lambda: parts.trust), installation.clicks.give_way
        self._keeper = ArchiveKeeper(
            installation.var, parts.search, self._pack, installation.clock, trust=trust, give_way=give_way
        )
        self._index, self._transfers = IndexKeeper(run, parts.search), TransferDesk(run)
        self._journal = JournalDesk(parts.journal)
        self._backups = BackupKeeper(installation.var, installation.clock)

    def replay(self) -> int:
        """Before anybody is answered: destroy again what an older backup brought back. Returns how many documents."""
        return self._keeper.replay(self._installation.open_house)

    def upkeep(self) -> None:
        """With every sweep: the installation's own, and each desk looks whether something is due or ordered."""
        open_house = self._installation.open_house
        self._installation.upkeep()
        self._index.look(open_house)
        self._keeper.look(open_house, again_on_conflict)
        self._transfers.look(open_house, again_on_conflict)
        self._journal.look(open_house, again_on_conflict)
        self._backups.look()

    def wait(self, seconds: float) -> None:
        """Let what destroys and reads again end."""
        self._keeper.wait(seconds)
        self._journal.wait(seconds)

    def _pack(self) -> None:
        """What has destroyed texts leave every file (ADR 0051)."""
        starting.database().pack()
        self._installation.second.pack()


def plone_screens_app() -> Callable[..., Any]:
    """See ``cms/starting``."""
    return starting.plone_screens_app()
