"""One underretning in a case of insight, on the pages of the intake that alone reads it (R-53, R-54, R-72)."""

from __future__ import annotations

from pyramid.request import Request
from pyramid.response import Response

from tillid.archive.insight import Choice
from tillid.usecases.insight_text import LeftOut
from tillid.usecases.intake_case import require_intake_case
from tillid.usecases.intake_item import Typed, decide_notification, notification_file, see_notification_item
from tillid.web import intake_words as own
from tillid.web.views.insight_item import Side, decided_about, file_opened, looked_at, which


def _decide(request: Request, choice: Choice, left_out: LeftOut, typed: dict[str, str], event_id: str) -> None:
    said = Typed(
        provision=typed["bestemmelse"], reason=typed["hvorfor"], despite=typed["trods"], notifier=typed["underretter"]
    )
    decide_notification(
        request.house, request.person, *which(request), choice, said, left_out=left_out, event_id=event_id
    )


INTAKE = Side(
    see=see_notification_item, decide=_decide, file=notification_file, asked=require_intake_case, template="intake_item.html",
    route="intake_insight", kinds=own.KIND, held=own.HELD,
    typed={"provision": "bestemmelse", "reason": "hvorfor", "despite": "trods", "notifier": "underretter"},
)  # fmt: skip


def look(request: Request) -> Response:
    """What was written, why it is held back, and how it would be handed out."""
    return looked_at(request, INTAKE)


def decide(request: Request) -> Response:
    """As the officer decides, with a reason for what is given too."""
    return decided_about(request, INTAKE)


def file(request: Request) -> Response:
    """An attached file, to look at before it is decided about."""
    return file_opened(request, INTAKE)
