"""What somebody opens the archive for: a ground from a list and a note, logged as one text "<ground>: <note>" (R-71).

The ground alone could be said of anything. The note makes that what is read can be held against something outside Tillid: a case, a
letter, a decision. So each ground needs one, and a ground that is not in the list says in words what it is.
"""

from __future__ import annotations

from tillid.kernel.cpr import may_be_written
from tillid.kernel.errors import TillidError

# Code, as it is posted → what is logged. A code or text that was used is never given to something else: the log is not changed.
GROUNDS = {
    "aktindsigt": "Aktindsigt",
    "partsindsigt": "Partsindsigt",
    "indsigt": "Indsigt i egne oplysninger (artikel 15)",
    "sag": "Sagsbehandling eller klage",
    "aflevering": "Aflevering til arkiv",
    "bevaring": "Bevaring eller kassation",
    "tilsyn": "Tilsyn eller revision",
    "forskning": "Forskning med tilladelse",
    "andet": "Andet",
}
OTHER = "andet"
# Letters and digits. As much as the shortest number of a case; of what is not in the list as much as a sentence in brief.
LEAST_NOTE, LEAST_OTHER = 4, 10
LEAST_FREE = 10


class PurposeMissing(TillidError):
    code = "search.purpose-missing"
    text = "Vælg på listen, hvad du skal bruge det til. Formålet bliver gemt i loggen."


class NoteMissing(PurposeMissing):
    code = "search.purpose-note"
    text = "Skriv sagens nummer eller kort, hvad det gælder (mindst {count} bogstaver eller tal). Det bliver gemt i loggen."


class NoteUnfit(NoteMissing):
    code = "search.purpose-cpr"
    text = "Skriv ikke CPR-numre eller usynlige tegn her. Det bliver gemt i loggen. Skriv sagens nummer."


class OperatorsPurposeMissing(TillidError):
    code = "operator.purpose-missing"
    text = "Skriv kort, hvad det skal bruges til (mindst {count} tegn). Formålet bliver gemt i loggen."


class OperatorsPurposeUnfit(OperatorsPurposeMissing):
    code = "operator.purpose-unfit"
    text = "Skriv ikke CPR-numre eller usynlige tegn i formålet. Det bliver gemt. Skriv sagens nummer."


def as_logged(ground: str, note: str) -> str:
    """The one text; of a code that is not in the list one that ``stated_purpose`` refuses."""
    return f"{GROUNDS.get(ground, '')}: {note}"


def stated_purpose(purpose: str) -> str:
    """The purpose as it is logged. Raises ``PurposeMissing`` for a ground that is not in the list, ``NoteMissing`` when the note
    says too little, ``NoteUnfit``."""
    ground, _, note = (part.strip() for part in purpose.partition(":"))
    if ground not in GROUNDS.values():
        raise PurposeMissing("no ground of the list")
    if not may_be_written(note):
        raise NoteUnfit("note")
    least = LEAST_OTHER if ground == GROUNDS[OTHER] else LEAST_NOTE
    if sum(one.isalnum() for one in note) < least:
        raise NoteMissing("too short", count=least)
    return f"{ground}: {note}"


def operators_purpose(purpose: str) -> str:
    """What an operator's command is given for, in free words; raises ``OperatorsPurposeMissing`` when they say too little, or what
    may not be kept: they stand beside an imported package too (R-111)."""
    if not may_be_written(purpose):
        raise OperatorsPurposeUnfit("purpose")
    if len(purpose.strip()) < LEAST_FREE:
        raise OperatorsPurposeMissing("too short", count=LEAST_FREE)
    return purpose.strip()
