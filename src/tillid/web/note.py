"""What a request is called in the database's undo log, and by whoever asks whether a full disk may stop it (R-17)."""

from __future__ import annotations

from pyramid.request import Request

# On these pages a consent is given or asked for, and taken back: by their ``trin`` (D12).
TAKES_BACK = {"meeting": ("alt", "dele"), "meeting_consent": ("tilbage",)}


def note_of(request: Request) -> str:
    """The route's name; ``withdraw_…`` for a click on a page of several that takes a consent back."""
    name = request.matched_route.name if request.matched_route else "-"
    if request.method == "POST" and name in TAKES_BACK and _step(request) in TAKES_BACK[name]:
        return f"withdraw_{name}"
    return name


def _step(request: Request) -> str:
    try:
        return str(request.POST.get("trin"))
    except Exception:  # asked also while the answer to a form that cannot be read is made
        return ""
