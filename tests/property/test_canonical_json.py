"""The fast way to canonical JSON is the kept library's, byte for byte."""

from __future__ import annotations

import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from tests.support.effort import times
from tillid.kernel.canonical import canonical_json

text = st.text(st.characters(exclude_categories=["Cs"]))
names = st.one_of(text, st.sampled_from(["a", "b", "B", "_", "é", "\U0001f600", "\ufb33", "\u20ac", "1", "\n"]))
numbers = st.one_of(st.integers(-(2**53) + 1, 2**53 - 1), st.floats(allow_nan=False, allow_infinity=False))
values = st.recursive(
    st.one_of(st.none(), st.booleans(), text, numbers),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(names, inner, max_size=5)),
    max_leaves=20,
)


@times(4)
@given(values)
def test_same_bytes_as_the_library(value):
    assert canonical_json(value) == rfc8785.dumps(value)


def test_every_character_is_written_the_same():
    for plane in range(0, 0x110000, 0x1000):
        value = {"a": "".join(chr(c) for c in range(plane, plane + 0x1000) if not 0xD800 <= c < 0xE000)}
        assert canonical_json(value) == rfc8785.dumps(value)
    rest = {"b": [1, -1, True, False, None, "", 2**53 - 1, 1 - 2**53], "B": {"z": {}, "a": []}}
    assert canonical_json(rest) == rfc8785.dumps(rest)
