"""The walk through the pages as people click it, with every request, every answer and every line of the logs kept."""

from __future__ import annotations

from typing import Any

from tests.security.kept import Walk, listening
from tests.security.walk_consent import consent_to_archive
from tests.security.walk_design import designed, own_template
from tests.security.walk_draft import newer_version, strangers_and_draft
from tests.security.walk_together import both_sides, read_and_added_to, round_gathered
from tests.security.walker import Walker

PARTS = (
    strangers_and_draft,
    newer_version,
    designed,
    own_template,
    both_sides,
    read_and_added_to,
    round_gathered,
    consent_to_archive,
)


def walked(stages: Any) -> Walk:
    """The whole of it, played once on worlds of ``stages``."""
    walker = Walker(stages)
    with listening(walker.walk):
        for part in PARTS:
            part(walker)
    return walker.walk
