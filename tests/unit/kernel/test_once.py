"""Remembering by key, the oldest forgotten first."""

from __future__ import annotations

from tillid.kernel.once import Once, forget_old


def test_a_value_is_made_once_per_key_and_the_least_used_goes():
    made: list[str] = []

    def make(key: str) -> str:
        made.append(key)
        return key.upper()

    once: Once[str] = Once(2)
    assert [once.get(k, lambda k=k: make(k)) for k in ("a", "a", "b", "a", "c", "a", "b")] == list("AABACAB")
    assert made == ["a", "b", "c", "b"]


def test_nothing_gets_old_or_too_heavy():
    now = [0.0]
    once: Once[str] = Once(9, seconds=10, weight=len, most=6, clock=lambda: now[0])
    made: list[str] = []

    def get(value: str) -> str:
        return once.get(value, lambda: made.append(value) or value)  # type: ignore[func-returns-value]

    get("abc")
    get("de")
    now[0] = 9.0
    assert get("abc") == "abc" and made == ["abc", "de"]
    get("fg")  # the three weigh 7: the one used longest ago goes
    get("abc")
    assert made == ["abc", "de", "fg"] and len(once) == 2
    assert get("far too heavy") == "far too heavy" and len(once) == 2, "what weighs too much is not kept"
    now[0] = 19.0
    get("abc")
    assert made.count("abc") == 2, "ten seconds after it was made it is made again"
    now[0] = 29.0
    once.forget_old()
    assert len(once) == 0


def test_the_upkeep_reaches_every_memory():
    now = [0.0]
    once: Once[str] = Once(9, seconds=10, clock=lambda: now[0])
    once.get("a", lambda: "A")
    forget_old()
    assert len(once) == 1
    now[0] = 10.0
    forget_old()
    assert len(once) == 0
