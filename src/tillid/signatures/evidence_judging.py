"""Whether acts that come from elsewhere are what they say: each the timestamp of a trusted authority, over what the acts before it make.

Whoever can write where a copy lies can write an act there that fits its own digests. Among ours, one whose token is none would
take the proof from all that it says it covers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import msgspec

from tillid.kernel.errors import TillidError
from tillid.signatures.evidence_book import Act, Book, Kept
from tillid.signatures.evidence_tree import SIZES, levels
from tillid.signatures.timestamp import judge_read
from tillid.signatures.timestamp_token import TokenRefused, read_token
from tillid.signatures.trust import Trust


class EvidenceUntrue(TillidError):
    """An act is not what it says."""

    code = "evidence.untrue"
    text = (
        "Tidsstemplet {name} i mappen dækker ikke det, det skulle, eller er fra en udsteder, som ikke står på tillidslisten. Intet er "
        "hentet eller skrevet. Flyt dets filer et andet sted hen, eller sæt udstederen på tillidslisten, og prøv igen."
    )


def judged(kept: Kept, ours: Collection[int], trust: Trust) -> Iterator[Act]:
    """The acts of ``kept`` in their order; those not numbered in ``ours`` are judged. Raises ``EvidenceUntrue`` at the first that does
    not hold, ``EvidenceDamaged`` at one that cannot be judged, for its bytes or those of what it covers are gone."""
    book, live, closed = Book(kept), dict[int, Act](), dict.fromkeys(SIZES, 0)
    # Whether its authority was revoked since is for the verdict on a record to say: that takes no proof from anything else.
    trust = msgspec.structs.replace(trust, lists=(), answers=())
    for act in book.acts.values():
        if act.number not in ours and not _holds(book, kept, act, live, closed[act.algorithm], trust):
            raise EvidenceUntrue(f"act {act.number}", name=f"acts/{act.number:06}")
        if act.kind == "close":
            closed[act.algorithm] = act.end
        if act.kind == "rehash":
            live = {number: one for number, one in live.items() if number not in act.covers}
        if act.kind != "renew":
            live[act.number] = act
        yield act


def _holds(book: Book, kept: Kept, act: Act, live: dict[int, Act], closed: int, trust: Trust) -> bool:
    """``live``: the chains that there are before it; ``closed``: how many leaves are in a batch."""
    if act.kind == "close":
        if act.covers or not act.begin == closed < act.end or len(leaves := kept.leaves(act)) != act.end - act.begin:
            return False
    elif not act.covers or len(set(act.covers)) < len(act.covers) or not live.keys() >= set(act.covers):
        return False
    elif act.kind == "rehash":
        leaves = kept.leaves(act)
        if act.begin or not len(leaves) == act.end == sum(len(book.objects(one)) for one in act.covers):
            return False
    elif any(live[one].algorithm != act.algorithm for one in act.covers):
        return False
    else:
        leaves = book.renewal_leaves(act.covers, act.algorithm, act.number)
    try:
        token = read_token(kept.token(act))
    except TokenRefused:
        return False
    top = levels(leaves, act.algorithm)[-1][0]
    return judge_read(token, top.hex(), trust, at=token.moment, algorithm=act.algorithm).holds
