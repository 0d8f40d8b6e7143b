"""Who asks: the session's person, read anew from the people register in every request."""

from __future__ import annotations

import msgspec
from pyramid.request import Request

from tillid.consents.login import is_assured
from tillid.consents.model import LoginEvidence
from tillid.process.access import Identity
from tillid.web.installation import Session


def load_identity(request: Request) -> Identity | None:
    """The person behind the session, or ``None`` when there is no session or the register no longer knows the person.

    Roles are never kept in the session: an employee who loses an assignment loses it with the next click. Nor is it kept that a
    parent's login was once enough: its level is asked for each time (R-105).
    """
    session: Session | None = request.session_row
    if session is None:
        return None
    people = request.house.people
    if session.kind == "staff":
        staff = people.staff(session.person_id)
        return staff and Identity.of_staff(staff, session.id)
    login = msgspec.convert(session.login, LoginEvidence)
    parent = people.parent(session.person_id) if is_assured(login) else None
    return parent and Identity(
        person_id=parent.id,
        name=parent.name,
        kind="parent",
        login=login,
        session_id=session.id,
    )
