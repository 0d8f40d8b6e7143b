"""What the tests of renewed evidence stand on is what its vectors are made with."""

from __future__ import annotations

from scripts.vectors.evidence_base import ALGORITHMS, Memory, Years, day, everybody, made, objects

__all__ = ["ALGORITHMS", "Memory", "Years", "day", "everybody", "made", "objects"]
