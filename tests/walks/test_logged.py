"""Every page that shows something of somebody, and every click that stores, has written its row before its answer leaves (R-71)."""

from __future__ import annotations

import pytest

from tests.support.logged import Case, Played
from tests.walks.logged_admin import SCENES as ADMIN
from tests.walks.logged_archive import SCENES as ARCHIVE
from tests.walks.logged_consents import SCENES as CONSENTS
from tests.walks.logged_document import SCENES as DOCUMENT
from tests.walks.logged_exempt import EXEMPT
from tests.walks.logged_insight import SCENES as INSIGHT
from tests.walks.logged_notification import SCENES as NOTIFICATION
from tests.walks.logged_release import SCENES as RELEASE
from tests.walks.test_asked_again import at as at
from tillid.web.routes import ROUTES

TABLES = (DOCUMENT, CONSENTS, RELEASE, NOTIFICATION, ARCHIVE, INSIGHT, ADMIN)
SCENES = {name: scene for table in TABLES for name, scene in table.items()}


@pytest.mark.req("R-71", "R-18")
@pytest.mark.parametrize("scene", SCENES)
def test_the_row_of_each_request_is_written_first(at, scene):
    prepare, steps = SCENES[scene]
    played = Played(prepare(at))
    try:
        for step in steps:
            played.play(step) if isinstance(step, Case) else step(played)
    finally:
        for end in played.ends:
            end()
    assert not played.wrong, "\n".join(played.wrong)


@pytest.mark.req("R-71")
def test_no_route_is_left_out():
    """A new one is played in a scene, or stands in the list of exceptions with its reason."""
    assert sum(map(len, TABLES)) == len(SCENES), "two scenes of one name"
    played = {f"{one.method} {one.route}" for _, steps in SCENES.values() for one in steps if isinstance(one, Case)}
    without = [one for names in EXEMPT.values() for one in names]
    every = {f"{method} {one.name}" for one in ROUTES for method in one.views}
    assert len(without) == len(set(without)) and not played & set(without), "both played and left out"
    assert every - played - set(without) == set(), "neither played nor left out"
    assert (played | set(without)) - every == set(), "no route any more"
