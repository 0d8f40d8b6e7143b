"""Pyramid's security policy: a view's permission is its row in ``permissions.csv``; no row, no answer (design 9).

This is the outer check only: which kind of person a page is for at all. Whether a person may see *this* child's document
is asked in the use case, of the ledger.
"""

from __future__ import annotations

from functools import lru_cache

from pyramid.request import Request
from pyramid.security import Allowed, Denied

from tillid.process.access import Identity

NOBODY = "nobody"
PUBLIC = "public"


def admits(who: str, person: Identity | None) -> bool:
    """Whether ``person`` is among ``who``: words of public, person, parent, staff, or a role of the organisation."""
    return any_of(who, words_for(person))


def words_for(person: Identity | None) -> frozenset[str]:
    """All words of ``who`` that ``person`` is among."""
    if person is None:
        return frozenset({"public"})
    return frozenset({"public", "person", person.kind, *(one.role for one in person.assignments)})


@lru_cache(maxsize=1024)
def any_of(who: str, own: frozenset[str]) -> bool:
    """Whether one of the words of ``who`` is among ``own``."""
    return not own.isdisjoint(who.split())


class SecurityPolicy:
    """Identity from the session; permission from the view's words."""

    def identity(self, request: Request) -> Identity | None:
        return request.person

    def authenticated_userid(self, request: Request) -> str | None:
        return request.person.person_id if request.person else None

    def permits(self, request: Request, context, permission: str) -> Allowed | Denied:
        # Static files and the health check never open the database: who asks is not looked up for what is public.
        if permission == PUBLIC or permission != NOBODY and admits(permission, request.person):
            return Allowed("%s", permission)
        return Denied("%s", permission)

    def remember(self, request: Request, userid: str, **kw) -> list[tuple[str, str]]:
        return []

    def forget(self, request: Request, **kw) -> list[tuple[str, str]]:
        return []
