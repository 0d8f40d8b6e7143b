"""How many examples a random test looks at; the profiles stand in ``tests/conftest.py``."""

from __future__ import annotations

import os

from hypothesis import settings

# Whether this is the run of the night (``make test-thorough``): then nothing is picked out of many that are alike.
EVERYTHING = os.environ.get("TILLID_TESTS") == "all"


def times(factor: float, **more: bool) -> settings:
    """The profile in use with ``factor`` times its examples; for a test whose single examples say little."""
    return settings(max_examples=int(factor * settings().max_examples), **more)
