"""Kills what follows a click later, many times at one point: the receiver's copy, the timestamp, the revision of the archive's copy, and the
row of a withdrawal that could not be written at the click (test_often_killed.py).

What LibreOffice, the validator of PDF and the authority answer is remembered: the same question is put to them for real once for each
store, not a thousand times."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from tests.faults.dying import IN_SOFFICE
from tests.faults.killed_often import FOLLOWING, TAKES, Killed, points_of
from tests.faults.quick_parts import Remembered, put_back
from tests.support.world import START, World
from tillid.adapters.pdf.box import opened
from tillid.adapters.renderer import DocumentRenderer
from tillid.adapters.tsa_client import Authorities
from tillid.adapters.tsa_own import own_authority
from tillid.kernel.clock import FixedClock
from tillid.signatures.timed import verify_timed
from tillid.usecases.add_revision import archive_bytes
from tillid.usecases.follow_up import STEPS
from tillid.usecases.seal_record import RECORD, TIMESTAMP

LATER = {
    "consent": (*points_of("render_released", "timestamp_record", "add_revision"), IN_SOFFICE),
    "withdrawal": points_of("timestamp_record", "add_revision"),
    "withdrawal_unlogged": points_of("audit_withdrawal"),
    "meeting": points_of("timestamp_record"),
    "meeting_withdrawal": points_of("timestamp_record"),
}
read = cache(opened)  # in a process of its own each time, and the bytes are mostly the same
GONE = {**TAKES, "withdrawal_unlogged": TAKES["withdrawal"]}


class Followed(Killed):
    """With an authority that stamps, and PDFs that are made and grow."""

    steps = FOLLOWING | {
        name: STEPS[name] for name in ("render_released", "timestamp_record", "add_revision", "audit_withdrawal")
    }
    takes = GONE
    made_once: ClassVar[dict[bytes, Any]] = {}

    def __post_init__(self) -> None:
        """All that follows is done once, for real, and LibreOffice ended: none of those that die has it."""
        self.office = DocumentRenderer()
        super().__post_init__()
        world = self.opened(put_back(self.after, self.scratch / "done-once"))
        self.heal(world)
        world.close()
        self.office.close()

    def opened(self, folder: Path) -> World:
        made = self.made_once
        world = World(folder, Remembered(Remembered(self.office, "render", made), "append", made), clock=FixedClock(START), made=self.made)  # type: ignore[arg-type]  # fmt: skip
        own = own_authority(folder / "keys", world.clock, demo=True)
        world.parts.time_stamper = Remembered(Authorities([own], world.parts.trust, world.clock), "stamp", made)  # type: ignore[assignment]
        return world

    def lives(self, folder: Path, point: str, step: str, told: int) -> None:
        if point == IN_SOFFICE:  # there LibreOffice must be asked, and it is a new one
            self.made_once.clear()
        super().lives(folder, point, step, told)

    def make_ready(self, world: World, step: str) -> None:
        """A withdrawal is sealed after the click, stamped and added after that."""
        if step in ("timestamp_record", "add_revision"):
            self.follow(world, {name: self.steps[name] for name in ("seal_withdrawal", "seal_meeting")})

    def look_at_evidence(self, world: World) -> None:
        """The record is stamped, what is made for readers is there once, and one row about a withdrawal is in the log."""
        super().look_at_evidence(world)
        with world.house() as house:
            attached = house.ledger.attachments(self.event_id)
        stamped = verify_timed(attached[RECORD], world.parts.trust, at=world.clock.now(), token=attached[TIMESTAMP])
        assert stamped.passed and "timestamped_at" in stamped.details
        rows = [row.action for row in world.parts.audit.of_child(self.child)]
        assert rows.count("withdraw_meeting" if "meeting" in self.click else "withdraw") == (self.click in self.takes)
        if "meeting" not in self.click:
            self.look_at_files(world, attached[RECORD], attached[TIMESTAMP])

    def look_at_files(self, world: World, record: bytes, token: bytes) -> None:
        """Record and timestamp once in the archive's copy, in this order, and one copy for the receiver."""
        with world.house() as house:
            documents, document = house.documents, house.documents.get(self.made["document"])
            versions = [documents.version(document.id, number) for number in range(1, document.versions + 1)]
            (grown,) = (one for one in versions if one.archive_revisions)
            data = archive_bytes(house, grown)
        assert sum(len(one.receiver_copies) for one in versions) == 1
        files = [(file.name, file.data) for one in read(data)[1:] for file in one.files]
        name = f"record-{self.event_id}"
        assert [one for one in files if name in one[0]] == [(f"{name}.xml", record), (f"{name}.tst", token)]
