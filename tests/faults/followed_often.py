"""Kills what follows a click later, many times at one point: the timestamp, the revision of the archive's copy, and the row of a withdrawal that
could not be written at the click (test_often_killed.py). LibreOffice is asked by none of them."""

from __future__ import annotations

from pathlib import Path

from tests.faults.killed_often import FOLLOWING, TAKES, Killed
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


def _of(*steps: str) -> tuple[str, ...]:
    return tuple(f"{step}:{when}" for step in steps for when in ("begun", "worked", "done"))


LATER = {
    "consent": _of("timestamp_record", "add_revision"),
    "withdrawal": _of("timestamp_record", "add_revision"),
    "withdrawal_unlogged": _of("audit_withdrawal"),
}
GONE = {**TAKES, "withdrawal_unlogged": TAKES["withdrawal"]}


class Followed(Killed):
    """With an authority that stamps, and a PDF that grows."""

    steps = FOLLOWING | {name: STEPS[name] for name in ("timestamp_record", "add_revision", "audit_withdrawal")}
    takes = GONE
    renderer = DocumentRenderer()

    def opened(self, folder: Path) -> World:
        world = World(folder, self.renderer, clock=FixedClock(START), made=self.made)
        own = own_authority(folder / "keys", world.clock, demo=True)
        world.parts.time_stamper = Authorities([own], world.parts.trust, world.clock)
        return world

    def make_ready(self, world: World, step: str) -> None:
        """A withdrawal is sealed after the click, stamped and added after that."""
        if step != "audit_withdrawal":
            self.follow(world, {"seal_withdrawal": self.steps["seal_withdrawal"]})

    def look_at_evidence(self, world: World) -> None:
        """Record and timestamp once in the archive's copy, in this order, and one row about the withdrawal in the log."""
        super().look_at_evidence(world)
        with world.house() as house:
            attached = house.ledger.attachments(self.event_id)
            record, token = attached[RECORD], attached[TIMESTAMP]
            documents, document = house.documents, house.documents.get(self.made["document"])
            versions = [documents.version(document.id, number) for number in range(1, document.versions + 1)]
            (grown,) = (one for one in versions if one.archive_revisions)
            data = archive_bytes(house, grown)
        stamped = verify_timed(record, world.parts.trust, at=world.clock.now(), token=token)
        assert stamped.passed and "timestamped_at" in stamped.details
        files = [(file.name, file.data) for one in opened(data)[1:] for file in one.files]
        name = f"record-{self.event_id}"
        assert [one for one in files if name in one[0]] == [(f"{name}.xml", record), (f"{name}.tst", token)]
        rows = [row.action for row in world.parts.audit.of_child(self.child)]
        assert rows.count("withdraw") == (self.click in self.takes)
