"""Which template a copy is made with now: the municipality's own, or the program's (ADR 0033)."""

from __future__ import annotations

from collections.abc import Sequence

from tillid.documents.templates import Publication
from tillid.kernel.errors import TillidError
from tillid.usecases.ports import House


def own_template(house: House, form: str, version: int) -> Publication | None:
    """The own template for ``form`` in ``version``: of the own ones not newer than it the newest, unless the program has one
    for a later version still. ``None``: the program's own is used."""
    newest = newest_of_each(house.templates.published(form))
    own = [one for one in newest.values() if one.version <= version and one.sha256]
    if not own:
        return None
    best = max(own, key=lambda one: one.version)
    return best if best.version >= program_version(house, form, version) else None


def own_bytes(house: House, form: str, version: int) -> bytes:
    """The docx of ``own_template``; empty for the program's own. Raises ``TillidError`` if the bytes are damaged or gone."""
    found = own_template(house, form, version)
    return bytes_of(house, found.sha256) if found is not None else b""


def digest_in_use(house: House, form: str, version: int) -> str:
    """The template digest that a copy made now would name; empty where there is no template at all."""
    try:
        return house.renderer.template_digest(form, version, own_bytes(house, form, version))
    except TillidError:
        return ""


def bytes_of(house: House, sha256: str) -> bytes:
    """The docx with that digest; empty for an empty digest."""
    if not sha256:
        return b""
    data = house.blobs.get(sha256)
    if data is None:
        raise TillidError(f"template {sha256} is gone", code="template.gone", text="Skabelonens fil kan ikke findes. Kontakt jeres administrator.")  # fmt: skip
    return data


def program_version(house: House, form: str, version: int) -> int:
    """For which version the program's template for ``form`` in ``version`` was made; 0 = it has none."""
    try:
        return house.renderer.template_file(form, version)[0]
    except TillidError:
        return 0


def newest_of_each(published: Sequence[Publication]) -> dict[int, Publication]:
    """Form version → what was taken into use last."""
    return {one.version: one for one in published}
