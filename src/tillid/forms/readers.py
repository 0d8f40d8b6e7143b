"""Who reads and who fills: the codes used in ``visible_to`` and ``filled_by``."""

from __future__ import annotations

AUTHOR, TEAM, PARENT, RECEIVER = "author", "team", "parent", "receiver"
AUTHORITY, NOTIFIER, ARCHIVE = "authority", "notifier", "archive"
KEPT = "kept"  # the receiving archive, of what is kept for good: no definition names it, and no page is read as it
READERS = (AUTHOR, TEAM, PARENT, RECEIVER, AUTHORITY, NOTIFIER, ARCHIVE)

# Who fills a field, and as which reader that person sees the form.
FILLERS: dict[str, str] = {
    "professional": TEAM,
    "leader": TEAM,
    "team": TEAM,
    "parent": PARENT,
    "child": PARENT,  # an adult writes for the child, in the parents' talk or at home
    "receiver": RECEIVER,
    "notifier": NOTIFIER,
    "authority": AUTHORITY,
    "system": "",
}


def may_see(visible_to: tuple[str, ...], reader: str) -> bool:
    """Whether ``reader`` is among ``visible_to``; an author sees what the own team sees.

    The archive is named field by field like everybody else: a transition's whole file is for it (design 16), an
    individual trivselsskema never is (design 22). What is kept for good is kept whole (ADR 0066).
    """
    return reader == KEPT or reader in visible_to or (reader == AUTHOR and TEAM in visible_to)


def filling_readers(filled_by: tuple[str, ...]) -> set[str]:
    """The readers as which the fillers of a field meet it; ``system`` is nobody."""
    return {reader for reader in (FILLERS.get(code, "") for code in filled_by) if reader}


def may_fill(filled_by: tuple[str, ...], reader: str) -> bool:
    """Whether somebody who reads as ``reader`` can be among those who fill the field."""
    readers = filling_readers(filled_by)
    return reader in readers or (reader == AUTHOR and TEAM in readers)
