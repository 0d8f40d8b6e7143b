"""Remembering by key, the oldest forgotten first."""

from __future__ import annotations

from tillid.kernel.once import Once


def test_a_value_is_made_once_per_key_and_the_least_used_goes():
    made: list[str] = []

    def make(key: str) -> str:
        made.append(key)
        return key.upper()

    once: Once[str] = Once(2)
    assert [once.get(k, lambda k=k: make(k)) for k in ("a", "a", "b", "a", "c", "a", "b")] == list("AABACAB")
    assert made == ["a", "b", "c", "b"]
