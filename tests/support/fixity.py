"""All that is stored in a world is read again, as the archive's thread does."""

from __future__ import annotations

from tests.support.world import World
from tillid.adapters.fixity_parts import Parts
from tillid.archive.fixity import Fixity
from tillid.usecases.check_fixity import check_share


def read_again(world: World, days: int = 1) -> Fixity:
    """The next share, or what is left of the round."""
    return check_share(world.house, Parts(world.folder, lambda: world.parts.trust), days)
