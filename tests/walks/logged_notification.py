"""Requests about an underretning, each with the rows that it writes."""

from __future__ import annotations

from tests.support.logged import Scene, get, post
from tests.support.world import fill_all

TEAM, INTAKE = "sofie", "mettemarie"


def filled(played):
    world = played.world
    fill_all(world, world.staff(TEAM), played.kept["document_id"], {"c_kort": "Alma virker bange."})


SCENES: dict[str, Scene] = {
    "underretning": (
        lambda at: at("people"),
        (
            post("notify", TEAM, "start_document other", pick="kind", said={"kind": "bekymring"}, keep="other_id"),
            post("notify_child", TEAM, "start_document document", pick="kind", said={"kind": "bekymring"}, keep="document_id"),
            filled,
            get("notification", TEAM, "see_draft document"),
            post("send_notification", TEAM, "send_notification document", on="notification"),
            get("notification", TEAM, "read_notification document"),
            get("notification", INTAKE, "read_notification document"),
        ),
    ),
}  # fmt: skip
