"""A backup was put back, as ``tillid backup restore`` leaves the database: all that was said until now was said before."""

from __future__ import annotations

from datetime import timedelta

from tillid.consents.restored import Restored
from tillid.kernel.ids import new_id


def put_back(world, *, lost=0):
    """The id of what holds."""
    one = Restored(id=new_id(), backup_at=world.clock.now() - timedelta(hours=3), until=world.clock.now(), lost=lost)
    with world.house() as house:
        house.restorations.add(one)
    world.clock.move(minutes=1)
    return one.id
