"""What the walks of an assessment and a meeting's sheet have in common: the demo's texts, Theo's mothers, the leader's lock."""

from __future__ import annotations

from tests.support.world import fill_all
from tillid.demo.data import demo_data
from tillid.demo.loading import ANSWERS
from tillid.demo.present import called
from tillid.usecases.read_text import read_version
from tillid.usecases.save_fields import Change, save_fields
from tillid.usecases.share_document import share_document
from tillid.usecases.submit_form import submit_form

THEO, SHEET = ANSWERS["theo_vurdering"], ANSWERS["theo_dialogmoede"]


def mother(world, name="maria"):
    return world.parent(world.ids.parents[name])


def now(world, document_id):
    with world.house() as house:
        return house.documents.get(document_id)


def read_by_parent(world, document_id, who=None):
    with world.house() as house:
        return str(read_version(house, who or mother(world), document_id, "read_parent_copy", "da").sections)


def lock(world, document_id, who="birgit", **more):
    """``who``: a login name or an id."""
    leader = world.staff(who) if who in demo_data().staff else world.player.staff(who)
    with world.house() as house:
        return submit_form(house, leader, document_id, **more)


def held(world, agreed=SHEET.team["r_aftaler"]):
    """The meeting was held, its minutes with what was ``agreed`` shared and locked; returns the sheet's id."""
    sheet = world.made["document"] = called(world.player, SHEET)
    fill_all(world, world.staff("mikkel"), sheet, {**SHEET.team, "r_aftaler": agreed})
    with world.house() as house:
        share_document(house, world.staff("sofie"), sheet)
    lock(world, sheet)
    return sheet


def write_together(world, document_id, who, holder, words, field="f_foraeldre_bem"):
    with world.house() as house:
        base = house.documents.draft(document_id).fields
        change = Change(value=words, base=base[field].revision if field in base else 0)
        saved = save_fields(house, world.staff(who), document_id, {field: change}, together_with=holder)
    assert saved.revisions and not saved.problems
