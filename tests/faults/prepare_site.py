"""Makes a ``var`` on which Alma's document waits for her parents' answers, in a process of its own (``forked.py``).

The real installation with real Plone, without the archive's older cases that ``tillid start`` makes the first time.
"""

from __future__ import annotations

import json
from pathlib import Path

from tests.support import world as stages
from tillid.demo.loading import accounts, demo_people, demo_settings, load_people
from tillid.demo.playing import Player
from tillid.wiring.running import fill_once, start_installation


class RunningWorld(stages.World):
    """The stages of ``tests.support.world`` played on an installation instead of a plain store."""

    def __init__(self, installation) -> None:
        self.installation, self.clock, self.made = installation, installation.clock, {}
        self.parts, self.ids = installation.parts, demo_people()
        self.house = installation.open_house

    @property
    def player(self) -> Player:
        return Player(self.installation.open_house, self.installation.test_login)


def prepare(var: Path) -> None:
    installation = start_installation(var, demo_settings())
    try:
        fill_once(installation, lambda house: load_people(house.people, house.moment), accounts())
        world = RunningWorld(installation)
        for stage in ("draft", "shared", "agreed", "asked"):
            stages.STAGES[stage](world)
        parents = [holder.person_id for holder in world.holders(stages.SET.child_id)]
        (var / "made.json").write_text(json.dumps({**world.made, "parents": parents}))
    finally:
        installation.close()
