from __future__ import annotations

import uuid

from tillid.kernel.ids import is_id, new_id


def test_an_id_is_a_random_uuid_in_its_one_spelling():
    made = [new_id() for _ in range(400)]
    read = [uuid.UUID(one) for one in made]
    assert all(map(is_id, made)) and [str(one) for one in read] == made
    assert {(one.version, one.variant) for one in read} == {(4, uuid.RFC_4122)}
    assert len(set(made)) == len(made)
    fixed = (14, 19, 8, 13, 18, 23)
    assert {one[19] for one in made} == set("89ab")
    for place in set(range(36)) - set(fixed):
        assert {one[place] for one in made} == set("0123456789abcdef"), "random in every place"
