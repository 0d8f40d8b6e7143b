"""Two wrote in one field at the same time: the one whose text lost the race chooses which stands."""

from __future__ import annotations

from typing import Literal

from msgspec.structs import replace

from tillid.documents.model import Undo
from tillid.kernel.errors import NotFound
from tillid.process.access import Identity
from tillid.usecases.choices import HolderLeft
from tillid.usecases.fill import definition_of, draft_to_write
from tillid.usecases.ports import House
from tillid.usecases.share_document import refuse_protected
from tillid.usecases.void import void_agreement
from tillid.usecases.whose_words import whose_words
from tillid.usecases.writing import note


def settle_clash(
    house: House, who: Identity, document_id: str, field_id: str, *, keep: Literal["theirs", "yours"]
) -> None:
    """Choose between the current text and the writer's own kept one; the one not chosen is what "Fortryd" brings back.
    Raises ``NotFound`` when there is nothing to settle, ``NotReady`` (R-37), and ``HolderLeft`` for a text from a talk with somebody who can
    confirm nothing any more: the other one stands, and the own can be brought back in a present holder's talk."""
    view = draft_to_write(house, who, document_id)
    draft = house.documents.draft(document_id)
    own = [field for field in draft.kept.get(field_id, ()) if field.by == who.person_id]
    if not own or field_id not in view.mine | view.for_parents:
        raise NotFound("nothing kept")
    note(house, who, "write_draft", view.document)
    others = tuple(field for field in draft.kept[field_id] if field.by != who.person_id)
    kept = {field: texts for field, texts in {**draft.kept, field_id: others}.items() if texts}
    fields, written_for = dict(draft.fields), draft.written_for
    now = draft.fields[field_id]
    left = Undo(value=own[-1].value, by=who.person_id, revision=now.revision)
    if keep == "yours":
        talk, custody = own[-1].with_holder, view.access.custody
        if talk is not None and custody is not None and custody.holder(talk, house.moment) is None:
            raise HolderLeft("written in the talk of a former holder")
        if who.kind == "staff" and view.document.state == "shared":
            refuse_protected(house, view.document, definition_of(house, view.document), {field_id: own[-1].value})
        new = replace(own[-1], revision=now.revision + 1, with_holder=None)
        fields[field_id], written_for = new, whose_words(draft, who, field_id, new, talk, custody)
        waited = draft.written_for.get(field_id, ())
        left = Undo(value=now.value, by=who.person_id, revision=new.revision, written_for=waited)
    house.documents.save_draft(
        replace(draft, fields=fields, kept=kept, written_for=written_for, undo={**draft.undo, field_id: left})
    )
    if keep == "yours":
        void_agreement(house, who, view.document)
