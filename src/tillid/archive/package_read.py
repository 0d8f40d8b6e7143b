"""What a METS file of somebody else's says is in a package, read so that nothing in it can do harm.

No DTD, so no entity and nothing fetched (XXE); one size; the schemas that the project brings, never those that lie in the package.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import unquote

import msgspec
from lxml import etree

from tillid.archive.package import SCHEMAS
from tillid.archive.package_mets import METS, XLINK
from tillid.kernel.errors import TillidError
from tillid.signatures.xml import other

MAX_METS = 20_000_000
MAX_TAGS, MAX_ATTRIBUTES = 200_000, 600_000  # what lxml makes of a byte is far larger than the byte
MAX_PATH, MAX_DEPTH = 1_000, 40  # letters, and folders one in another
_DIGEST = re.compile(r"[0-9a-fA-F]{64}\Z")
_FILES = tuple(f"{{{METS}}}{name}" for name in ("file", "mdRef"))
_PLACES = frozenset(f"{{{METS}}}{name}" for name in ("FLocat", "mdRef", "mptr"))  # what may say where something lies

WHY = {
    "package.unreadable": "den kan ikke læses som en pakke (mappe eller zip)",
    "package.no-mets": "METS.xml mangler",
    "package.mets-size": "METS.xml er for stor",
    "package.mets-dtd": "METS.xml har en DTD, som kunne hente andre filer ind",
    "package.mets-broken": "METS.xml er ikke den XML, som den skal være",
    "package.mets-schema": "METS.xml følger ikke METS og E-ARK",
    "package.duplicate-id": "det samme id står to gange i METS.xml",
    "package.duplicate-file": "den samme fil står to gange",
    "package.same-name": "to navne i den er det samme navn på nogle maskiner",
    "package.path": "en sti fører ud af pakken",
    "package.long-path": "en sti er for lang",
    "package.link": "den indeholder et link eller en særlig fil",
    "package.packed-by": "en fil er pakket på en måde, som ikke er tilladt",
    "package.encrypted": "den er krypteret. Åbn den først med modtagerens nøgle",
    "package.locked": "en fil i den er låst med en adgangskode",
    "package.overlap": "to filer i den deler de samme byte",
    "package.hidden": "den indeholder mere end de filer, dens liste nævner, så andre programmer kan finde andre filer i den",
    "package.too-many": "den har for mange filer",
    "package.too-large": "den er for stor, eller pakket så hårdt, at den kunne fylde disken",
    "package.checksum-kind": "en fil har intet kontroltal af den slags, der bruges (SHA-256)",
    "package.missing": "en fil mangler",
    "package.extra": "en fil er ikke nævnt i METS.xml",
    "package.size": "en fil har ikke den størrelse, som METS.xml siger",
    "package.checksum": "en fil er ikke den, som METS.xml siger (kontroltallet er et andet)",
    "package.bag": "BagIt-listerne passer ikke med filerne",
    "package.bag-fetch": "den vil have filer hentet fra nettet (fetch.txt)",
    "package.bag-zip": "en BagIt-pakke skal pakkes ud, før den kan efterses",
    "package.not-ours": "den er ikke lavet af Tillid",
}


class PackageRefused(TillidError):
    """The package is not taken; ``code``: of ``WHY``, ``path``: where, fit for a terminal."""

    code = "package.refused"
    text = "Pakken er afvist: {why}."

    def __init__(self, code: str, path: str = "") -> None:
        where = "".join(letter if letter.isprintable() else "�" for letter in path[-200:])
        why = f"{WHY[code]}: {where}" if where else WHY[code]
        super().__init__(code, code=code, why=why)
        self.path = where


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A file that a METS names. ``path``: from the package's root."""

    path: str
    size: int
    sha256: str
    media_type: str


class MetsRead(msgspec.Struct, frozen=True, kw_only=True):
    """``pointers``: paths of the representations' own METS files."""

    id: str
    label: str
    made_at: str
    agents: tuple[str, ...]
    files: tuple[Listed, ...]
    pointers: tuple[str, ...]


def read_mets(data: bytes, path: str = "METS.xml") -> MetsRead:
    """The METS file that lies at ``path``. Raises ``PackageRefused``."""
    root = _parsed(data, path)
    _require_ids(root, path)
    if not _schema().validate(root):
        raise PackageRefused("package.mets-schema", path)
    _require_one_place(root, path)
    folder = posixpath.dirname(path)
    return MetsRead(
        id=root.get("OBJID", ""),
        label=root.get("LABEL", ""),
        made_at=root.find(f"{{{METS}}}metsHdr").get("CREATEDATE", ""),
        agents=tuple(node.text or "" for node in root.iter(f"{{{METS}}}name")),
        files=tuple(_listed(root, folder)),
        pointers=tuple(_inside(node, folder) for node in root.iter(f"{{{METS}}}mptr")),
    )


def safe_path(path: str) -> str:
    """``path``, if it stays in the package under every reading of it. Raises ``PackageRefused``."""
    wrong = (
        not path
        or path.startswith("/")
        or "\\" in path
        or "\x00" in path
        or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", path)
        or any(part in ("", ".", "..") for part in path.split("/"))
    )
    if wrong:
        raise PackageRefused("package.path", path)
    if len(path) > MAX_PATH or path.count("/") > MAX_DEPTH:
        raise PackageRefused("package.long-path", path)
    return path


def _parsed(data: bytes, path: str) -> Any:
    if len(data) > MAX_METS or data.count(b"<") > MAX_TAGS or data.count(b"=") > MAX_ATTRIBUTES:
        raise PackageRefused("package.mets-size", path)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise PackageRefused("package.mets-broken", path) from None
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise PackageRefused("package.mets-dtd", path)
    try:
        root = other(data, encoding="utf-8")  # a declared encoding could spell a DTD otherwise
    except etree.XMLSyntaxError:
        raise PackageRefused("package.mets-broken", path) from None
    if root.tag != f"{{{METS}}}mets" or root.find(f"{{{METS}}}metsHdr") is None:
        raise PackageRefused("package.mets-broken", path)
    return root


def _require_ids(root: Any, path: str) -> None:
    ids = [one for node in root.iter() if (one := node.get("ID")) is not None]
    if len(set(ids)) < len(ids):
        raise PackageRefused("package.duplicate-id", path)


def _require_one_place(root: Any, path: str) -> None:
    """Each file lies in one place, and nothing else of METS' says a place: another reader could follow what is not looked at here."""
    for node in root.iter(f"{{{METS}}}*"):
        places = len(node.findall(f"{{{METS}}}FLocat"))
        if places > 1 or (node.get(f"{{{XLINK}}}href") is not None and node.tag not in _PLACES):
            raise PackageRefused("package.mets-schema", node.get("ID") or path)


def _listed(root: Any, folder: str) -> Iterator[Listed]:
    for node in root.iter(*_FILES):
        place = node if node.tag == f"{{{METS}}}mdRef" else node.find(f"{{{METS}}}FLocat")
        if place is None:
            raise PackageRefused("package.mets-schema", node.get("ID", ""))
        path, digest = _inside(place, folder), node.get("CHECKSUM", "")
        if node.get("CHECKSUMTYPE") != "SHA-256" or not _DIGEST.match(digest):
            raise PackageRefused("package.checksum-kind", path)
        size = node.get("SIZE", "")
        if not (size.isascii() and size.isdigit() and len(size) < 16):
            raise PackageRefused("package.size", path)
        yield Listed(path=path, size=int(size), sha256=digest.lower(), media_type=node.get("MIMETYPE", ""))


def _inside(node: Any, folder: str) -> str:
    """Where a link leads, from the package's root; checked before and after percent signs are read."""
    href = node.get(f"{{{XLINK}}}href", "")
    safe_path(href)
    return posixpath.join(folder, safe_path(unquote(href)))


@cache
def _schema() -> Any:
    path = SCHEMAS / "mets1_12.xsd"
    return etree.XMLSchema(other(path.read_bytes(), at=str(path)))
