"""What is read, agreed to and added to by several: both sides of a text, an assessment and a sheet, a round."""

from __future__ import annotations

import re

from tests.security.clicking import crawl, submit, type_into
from tests.security.people import HOLDERS
from tests.security.walker import Walker
from tests.walks.test_round_pages import SOFIE as MARK
from tests.walks.test_round_pages import submit as submit_mark
from tillid.demo.loading import ANSWERS
from tillid.demo.present import assessed, called


def both_sides(walker: Walker) -> None:
    """A shared text that is written in and agreed to, and what changed in it as a PDF."""
    with walker.at("shared"):
        for who in (*HOLDERS, "sofie", "birgit"):
            crawl(walker.as_(who))
        app = walker.as_(HOLDERS[0])
        type_into(app, app.get(f"/dokument/{walker.world.made['document']}/udfyld").follow())
        submit(walker.as_(HOLDERS[1]), f"/foraelder/dokument/{walker.world.made['document']}/enig", "/enig")
    with walker.at("agreed"):
        for who in (HOLDERS[0], "sofie"):
            crawl(walker.as_(who), most=30)
        changes = f"/dokument/{walker.world.made['document']}/aendringer"
        app = walker.as_(HOLDERS[0])
        submit(app, changes, "/aendringer/pdf").follow()
        app.get(f"{changes}/fremdrift?fra=1&til=2")
        assert walker.world.drain() == []
        app.get(f"{changes}.pdf?fra=1&til=2")
        app = walker.as_("sofie")
        app.get(f"/dokument/{walker.world.made['document']}/fremdrift")
        submit(app, f"/dokument/{walker.world.made['document']}", "/sporg")


def read_and_added_to(walker: Walker) -> None:
    """An assessment and the sheet of a meeting: read, added to, acknowledged by a mother, locked by the leader (T6, D1)."""
    with walker.at("people"):
        shared = [assessed(walker.world.player, ANSWERS["theo_vurdering"])]
        shared.append(called(walker.world.player, ANSWERS["theo_dialogmoede"]))
        assert walker.world.drain() == []
        submit(walker.as_("birgit"), f"/dokument/{shared[1]}/moedesamtykke", "/moedesamtykke").follow()
        app = walker.as_("maria")
        question = re.search(r'href="(/moede/[^"]+)"', app.get("/").text)[1]
        submit(app, question, question, ("trin", "svar"))  # without an answer
        crawl(app, most=40)
        for document in shared:
            type_into(app, app.get(f"/dokument/{document}/udfyld").follow())
            submit(app, f"/foraelder/dokument/{document}", "/laest").follow()
        app = walker.as_("birgit")
        for document in shared:
            submit(app, f"/dokument/{document}/gennemse", "/indsend")
        assert walker.world.drain() == []
        for who in ("maria", "louise", "sofie"):
            crawl(walker.as_(who), most=40)


def round_gathered(walker: Walker) -> None:
    """A form of a round, all of whose documents are ordered, watched, fetched in one file and forgotten."""
    with walker.at("people", lambda world: submit_mark(world, "sofie", MARK.professional)):
        app, gather = walker.as_("sofie"), f"/runde/{MARK.round_id}/dokumenter"
        submit(app, gather, "/dokumenter")  # without a purpose
        submit(app, gather, "/dokumenter", purpose="team_meeting").follow()
        app.get(f"{gather}/fremdrift")
        assert walker.world.drain() == []
        assert app.get(f"{gather}.zip").body.startswith(b"PK")
        submit(app, gather, "/stop").follow()
