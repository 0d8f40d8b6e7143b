"""Who asks: the session's person, read anew from the people register in every request."""

from __future__ import annotations

import msgspec
from pyramid.request import Request

from tillid.consents.login import is_assured
from tillid.consents.model import LoginEvidence
from tillid.process.access import Identity
from tillid.usecases.whose_consent import as_registered
from tillid.web.installation import Session


def load_identity(request: Request) -> Identity | None:
    """The person behind the session, or ``None`` when there is no session or the register no longer knows the person.

    Roles are never kept in the session: an employee who loses an assignment loses it with the next click. Nor is it kept that the
    login of a parent or a young person was once enough: its level is asked for each time (R-105), and so is the age (R-41).
    """
    session: Session | None = request.session_row
    if session is None:
        return None
    if session.kind == "staff":
        staff = request.house.people.staff(session.person_id)
        return staff and Identity.of_staff(staff, session.id)
    login = msgspec.convert(session.login, LoginEvidence)
    person = as_registered(request.house, session.person_id) if is_assured(login) else None
    if person is None or person.kind != session.kind:
        return None
    return msgspec.structs.replace(person, login=login, session_id=session.id)
