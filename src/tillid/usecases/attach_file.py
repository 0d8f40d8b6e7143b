"""Attaching a file: never a trivselsskema where parents or another place read along (T9, R-11).

What can be read is compared with what the form asks (``forms/likeness.py``). What cannot, a photograph or a scan, nobody here can
tell; an employee, who may have such a form in hand, is asked, and the answer stands in the log with the file's digest before the
file is kept. Parents never have one, so they are not asked.
"""

from __future__ import annotations

from tillid.documents.model import Document
from tillid.forms.definition import Field
from tillid.forms.likeness import asked_by, looks_like
from tillid.kernel.canonical import sha256
from tillid.process.access import Identity
from tillid.usecases.ports import House
from tillid.usecases.ports_parts import CleanFile
from tillid.usecases.refused_files import NotSaid, Sheet
from tillid.usecases.writing import note

FORM = "trivselsskema"
ACTION, FILE = "said_no_sheet", "file:"
IS_ONE, IS_NONE = "ja", "nej"


def is_asked(who: Identity, field: Field) -> bool:
    """Whether ``who`` is asked what a file in ``field`` is that cannot be read."""
    return who.kind == "staff" and not {"parent", "receiver"}.isdisjoint(field.visible_to)


def admit_file(house: House, who: Identity, document: Document, field: Field, file: CleanFile, said: str) -> None:
    """Return when ``file`` may be kept as an answer to ``field``; ``said``: the answer to the question, empty when there is none.
    Raises ``Sheet``, ``NotSaid``; ``Unavailable`` when an answer cannot be logged."""
    asked = is_asked(who, field)
    if (asked and said == IS_ONE) or _is_one(house, file):
        raise Sheet(f"{field.id}")
    if asked and file.unread:
        if said != IS_NONE:
            raise NotSaid(f"{field.id}")
        note(house, who, ACTION, document, purpose=FILE + sha256(file.data))


def _is_one(house: House, file: CleanFile) -> bool:
    return any(file.pages) and looks_like(file.pages, asked_by(FORM, house.definitions.all()))
