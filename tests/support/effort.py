"""How many examples a random test looks at; the profiles stand in ``tests/conftest.py``."""

from __future__ import annotations

from hypothesis import settings


def times(factor: float, **more: bool) -> settings:
    """The profile in use with ``factor`` times its examples; for a test whose single examples say little."""
    return settings(max_examples=int(factor * settings().max_examples), **more)
