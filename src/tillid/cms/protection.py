"""Nothing of the house is removed, renamed or moved from Plone's side, at any depth (``findings``: deleting the parent folder
destroyed a document in a final state). Zope sends the event for every object below the one that is removed."""

from __future__ import annotations

from typing import Any

from zExceptions import Forbidden

TEXT = "Tillids dokumenter kan hverken slettes, flyttes eller omdøbes her."


def veto_removal(thing: Any, event: Any) -> None:
    """Subscriber of ``IObjectWillBeMovedEvent``; raises ``Forbidden`` unless ``thing`` is only being added."""
    if event.oldParent is not None:
        raise Forbidden(TEXT)
