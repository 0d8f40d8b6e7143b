"""Which archive timestamps an object has had, worked out from a list of acts: batches closed, timestamps and trees renewed.

Only what cannot be made again is kept: the leaves and the tokens. Trees, paths and the ``.er`` of one object are functions of
those. A chain is opened by the closing of a batch, or by the renewal of hash trees, which takes the place of the chains that it
covers; all objects of an opener share its tokens.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, Protocol

import msgspec
from asn1crypto import parser

from tillid.kernel.errors import TillidError
from tillid.signatures.evidence import Stamped, rehashed_leaf, stamped, tokens_group
from tillid.signatures.evidence_tree import SIZES, Groups, digest, levels, reduced, top

Kind = Literal["close", "renew", "rehash"]


class EvidenceDamaged(TillidError):
    """Something of the evidence is in no copy as it was."""

    code = "evidence.damaged"
    text = "Beviserne er beskadiget i alle kopier: {name}. Hent mappen fra en sikkerhedskopi, og kør »tillid evidence status«."

    @classmethod
    def unreadable(cls, act: Act) -> EvidenceDamaged:
        """What lies there as its token is none, and came so from elsewhere."""
        return cls("no token", name=f"acts/{act.number:06}.tst")


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """One archive timestamp over many objects. ``close``: over the leaves from ``begin`` to ``end`` of ``algorithm``;
    ``renew``: over the tokens of the chains that the acts ``covers`` opened; ``rehash``: over the objects of those chains,
    by a stronger ``algorithm``, ``end`` of them. ``token``, ``leaves``: SHA-256 of the bytes kept with it."""

    number: int
    kind: Kind
    algorithm: str
    begin: int = 0
    end: int = 0
    covers: tuple[int, ...] = ()
    token: str = ""
    leaves: str = ""


class Kept(Protocol):
    """Where acts, tokens and leaves come from."""

    def acts(self) -> Sequence[Act]:
        """All, in the order of their numbers, from 1 without a gap."""

    def token(self, act: Act) -> bytes: ...
    def leaves(self, act: Act) -> list[bytes]:
        """Those under a ``close`` or a ``rehash``."""

    def place(self, algorithm: str, leaf: bytes) -> int | None:
        """Where the digest of an object stands among all of its ``algorithm``."""


class Book:
    """The acts of ``kept`` as they are now; trees are made once."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self.acts = {act.number: act for act in kept.acts()}
        self._trees: dict[int, Groups] = {}
        self._groups: dict[tuple[int, int | None], list[bytes]] = {}
        self._renewals: dict[int, list[Act]] = {}
        self._after: dict[int, Act] = {}  # an opener → the renewal of hash trees that replaced it
        for act in self.acts.values():
            for one in act.covers:
                if act.kind == "renew":
                    self._renewals.setdefault(one, []).append(act)
                else:
                    self._after[one] = act

    def live(self) -> list[Act]:
        """The acts that opened a chain which no renewal of hash trees has replaced."""
        return [act for act in self.acts.values() if act.kind != "renew" and act.number not in self._after]

    def chain(self, opener: int) -> list[Act]:
        """The opener and the renewals of its timestamp, oldest first."""
        return [self.acts[opener], *self._renewals.get(opener, ())]

    def closed(self, algorithm: str) -> int:
        """How many leaves of ``algorithm`` are in a batch."""
        return max(
            (act.end for act in self.acts.values() if act.kind == "close" and act.algorithm == algorithm), default=0
        )

    def renewal_leaves(self, covers: Sequence[int], algorithm: str, before: int | None = None) -> list[bytes]:
        """What a renewal of the timestamps of those chains covers, a leaf per chain; ``before``: as it was before that act."""
        return [top([self._group(one, before, algorithm)], algorithm) for one in covers]

    def rehash_leaves(
        self, covers: Sequence[int], algorithm: str, digest_of: Callable[[bytes], bytes | None]
    ) -> list[bytes]:
        """What a renewal of the hash trees covers, a leaf per object. ``digest_of``: the digest by ``algorithm`` of the
        object that had that leaf in its batch; ``None`` where it was destroyed by rule: its leaf is then nothing at all."""
        made = []
        for close, place in (one for opener in covers for one in self.objects(opener)):
            new = digest_of(self._tree(close)[0][place])
            gone = bytes(SIZES[algorithm])
            made.append(gone if new is None else rehashed_leaf(new, self._chains(close, place), algorithm))
        return made

    def objects(self, opener: int) -> list[tuple[int, int]]:
        """Batch and place of every object under an opener, in the order of its leaves."""
        act = self.acts[opener]
        if act.kind == "close":
            return [(opener, place) for place in range(act.end - act.begin)]
        return [one for covered in act.covers for one in self.objects(covered)]

    def chains(self, data: bytes) -> list[list[Stamped]] | None:
        """The evidence of an object's bytes; ``None``: it is in no batch."""
        for algorithm in SIZES:
            place = self._kept.place(algorithm, digest(algorithm, data))
            for act in self.acts.values() if place is not None else ():
                if act.kind == "close" and act.algorithm == algorithm and act.begin <= place < act.end:
                    return self._chains(act.number, place - act.begin)
        return None

    def _chains(self, opener: int, place: int) -> list[list[Stamped]]:
        """All chains of the object at ``place`` under the batch ``opener``."""
        made = []
        while True:
            act = self.acts[opener]
            first = stamped(reduced(self._tree(opener), place), self._token(act), act.algorithm)
            made.append([first, *(self._renewed(one, opener) for one in self.chain(opener)[1:])])
            after = self._after.get(opener)
            if after is None:
                return made
            before = (self.acts[one] for one in after.covers[: after.covers.index(opener)])
            place += sum(one.end - one.begin for one in before)
            opener = after.number

    def _renewed(self, act: Act, opener: int) -> Stamped:
        """The archive timestamp that ``act`` added to the chain of ``opener``."""
        if act.number not in self._trees:
            self._trees[act.number] = levels(self.renewal_leaves(act.covers, act.algorithm, act.number), act.algorithm)
        path = reduced(self._trees[act.number], act.covers.index(opener))
        group = self._group(opener, act.number, act.algorithm)
        return stamped([group, *path[1:]], self._token(act), act.algorithm)

    def _group(self, opener: int, before: int | None, algorithm: str) -> list[bytes]:
        """The digests of the tokens of that chain, those of the acts ``before`` one, or all."""
        found = self._groups.get((opener, before))
        if found is None:
            acts = (one for one in self.chain(opener) if before is None or one.number < before)
            found = self._groups[opener, before] = tokens_group([self._token(one) for one in acts], algorithm)
        return found

    def _token(self, act: Act) -> bytes:
        """Raises ``EvidenceDamaged`` for one that no evidence record can hold."""
        token = self._kept.token(act)
        try:
            parser.parse(token, strict=True)
        except ValueError:
            raise EvidenceDamaged.unreadable(act) from None
        return token

    def _tree(self, number: int) -> Groups:
        if number not in self._trees:
            act = self.acts[number]
            self._trees[number] = levels(self._kept.leaves(act), act.algorithm)
        return self._trees[number]
