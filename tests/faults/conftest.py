"""The same worlds as in tests/walks: a plain store with real LibreOffice, real seal, real index and real audit file."""

from __future__ import annotations

from tests.walks.conftest import renderer, stages, world_at

__all__ = ["renderer", "stages", "world_at"]
