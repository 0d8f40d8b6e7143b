"""The Merkle tree against the tree of RFC 6962 written as the standard words it, and against its published heads."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tillid.signatures.merkle import (
    EMPTY,
    completed_by,
    consistency_proof,
    extends,
    head,
    includes,
    inclusion_proof,
    inner_hash,
    leaf_hash,
)

# The leaves and heads that the reference implementation of Certificate Transparency publishes with its tests.
LEAVES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
HEADS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
SIZES = st.integers(min_value=1, max_value=70)


class Tree:
    """All complete subtrees of a list, in memory."""

    def __init__(self, leaves: list[bytes]) -> None:
        self.hashes: dict[tuple[int, int], bytes] = {}
        for place, leaf in enumerate(leaves):
            self.hashes[0, place] = leaf_hash(leaf)
            for level, index in completed_by(place + 1):
                below = self.hashes[level - 1, 2 * index], self.hashes[level - 1, 2 * index + 1]
                self.hashes[level, index] = inner_hash(*below)

    def node(self, level: int, index: int) -> bytes:
        return self.hashes[level, index]


def test_a_proof_that_goes_on_above_the_head_leads_nowhere():
    leaf, step = b"leaf", b"s" * 32
    assert includes(leaf, 0, 1, [], leaf_hash(leaf))
    assert not includes(leaf, 0, 1, [step], inner_hash(step, leaf_hash(leaf))), "a tree of one leaf has no path"


def numbered(count: int) -> list[bytes]:
    return [b"%d" % number for number in range(count)]


def by_the_words(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962 section 2.1."""
    if len(leaves) < 2:
        return hashlib.sha256(b"\0" + leaves[0]).digest() if leaves else EMPTY
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\1" + by_the_words(leaves[:k]) + by_the_words(leaves[k:])).digest()


def test_the_heads_are_the_published_ones():
    tree = Tree(LEAVES)
    assert [head(tree, size + 1).hex() for size in range(8)] == HEADS
    assert head(tree, 0).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@given(SIZES)
def test_each_head_is_what_the_standard_words(size):
    assert head(Tree(numbered(size)), size) == by_the_words(numbered(size))


@given(st.data(), SIZES)
def test_a_proof_leads_its_own_leaf_to_its_own_head_and_nothing_else_anywhere(data, size):
    leaves = numbered(size)
    tree, index = Tree(leaves), data.draw(st.integers(0, size - 1))
    proof, root = inclusion_proof(tree, index, size), head(tree, size)
    assert includes(leaves[index], index, size, proof, root)
    assert not includes(b"other", index, size, proof, root)
    assert not includes(leaves[index], index, size, [*proof, EMPTY], root)
    assert not includes(leaves[index], index, size, proof, EMPTY)
    for place in range(size):
        assert place == index or not includes(leaves[index], place, size, proof, root)
    for at in range(len(proof)):
        assert not includes(leaves[index], index, size, proof[:at] + proof[at + 1 :], root)
        assert not includes(leaves[index], index, size, [*proof[:at], EMPTY, *proof[at + 1 :]], root)


@given(st.data(), SIZES)
def test_an_older_tree_is_the_beginning_of_the_newer_and_no_other_is(data, size):
    old = data.draw(st.integers(1, size))
    leaves = numbered(size)
    tree, root = Tree(leaves), head(Tree(leaves), size)
    proof, old_root = consistency_proof(tree, old, size), head(tree, old)
    assert extends(old, old_root, size, root, proof)
    changed = Tree([b"other", *leaves[1:]])
    assert not extends(old, head(changed, old), size, root, proof)
    assert not extends(old, old_root, size, head(changed, size), proof)
    assert not extends(old, old_root, size, root, [*proof, EMPTY])
    for at in range(len(proof)):
        assert not extends(old, old_root, size, root, proof[:at] + proof[at + 1 :])
        assert not extends(old, old_root, size, root, [*proof[:at], EMPTY, *proof[at + 1 :]])


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_what_is_not_there_has_no_proof(index, size):
    tree = Tree(numbered(3))
    with pytest.raises(ValueError, match="no such leaf"):
        inclusion_proof(tree, index, size)
    assert not includes(b"0", index, size, [], EMPTY)


@pytest.mark.parametrize(("old", "size"), [(0, 3), (4, 3), (-1, 3)])
def test_no_tree_extends_what_it_cannot(old, size):
    with pytest.raises(ValueError, match="no such older tree"):
        consistency_proof(Tree(numbered(3)), old, size)
    assert not extends(old, EMPTY, size, EMPTY, [])
