"""A question that is not put to any back end."""

from __future__ import annotations

from tillid.kernel.errors import TillidError


class QueryRefused(TillidError):
    """A question that asks for more than any person means, or for what there is not; it never reaches a back end."""

    code = "search.too-long"
    text = "Søgningen er for lang. Skriv højst {most} tegn."
