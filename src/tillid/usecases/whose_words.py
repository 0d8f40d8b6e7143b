"""Whose words stand in a field after a change, and who must confirm them (O2, station 2)."""

from __future__ import annotations

from tillid.consents.custody import Custody
from tillid.documents.model import Draft, DraftField, WrittenFor
from tillid.documents.talks import again, lives_on
from tillid.process.access import Identity


def whose_words(
    draft: Draft, who: Identity, field_id: str, new: DraftField, holder: str | None, custody: Custody | None
) -> dict[str, tuple[WrittenFor, ...]]:
    """``draft.written_for`` with ``new`` in the field: words a professional wrote in ``holder``'s talk wait for that
    parent's confirmation, a parent's own wait for nobody's. Another holder's words that are still in the text wait for
    that holder again, since the text around them is another; nothing waits for who has left ``custody``."""
    others = {field: talks for field, talks in draft.written_for.items() if field != field_id}
    in_talk = who.kind == "staff" and holder is not None
    found = _still_in(draft, field_id, new, holder if who.kind == "staff" else who.person_id)
    found = tuple(one for one in found if custody is None or custody.holder(one.with_holder, new.at) is not None)
    if in_talk:
        found = (*found, WrittenFor(by=who.person_id, with_holder=holder, revision=new.revision))
    return {**others, field_id: found} if found else others


def _still_in(draft: Draft, field_id: str, new: DraftField, speaker: str | None) -> tuple[WrittenFor, ...]:
    """The holders other than ``speaker`` whose words are in ``new`` too. Without a speaker (a professional corrects
    outside any talk) that is everybody the text was written for."""
    before = draft.fields.get(field_id)
    if before is None or before.value is None or new.value is None:
        return ()
    talks = draft.written_for.get(field_id, ())
    if before.side == "parent" and new.side == "professional":  # a parent's own words, no longer that parent's alone
        talks = (*talks, WrittenFor(by=new.by, with_holder=before.by, revision=new.revision))
    others = again((one for one in talks if one.with_holder != speaker), new.revision)
    return others if speaker is None or lives_on(before.value, new.value) else ()
