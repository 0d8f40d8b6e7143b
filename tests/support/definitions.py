"""Our own form definitions, read once in a run: reading and checking them all takes longer than most tests do."""

from __future__ import annotations

from functools import cache

from tillid.forms.loading import Definitions, load_definitions


@cache
def our_definitions() -> Definitions:
    """Every version of every form in ``form_definitions/``; frozen, so that all tests can share it."""
    return load_definitions()
