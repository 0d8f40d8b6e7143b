"""The METS file of an E-ARK package or of one of its representations (CSIP 2.2.0, METS 1.12), as the profile wants it.

No kept Python library writes it, and it is little: header, metadata, groups of files, one structural map.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from lxml import etree

from tillid.kernel.canonical import sha256
from tillid.kernel.clock import instant

METS, XLINK = "http://www.loc.gov/METS/", "http://www.w3.org/1999/xlink"
CSIP, SIP = "https://DILCIS.eu/XML/METS/CSIPExtensionMETS", "https://DILCIS.eu/XML/METS/SIPExtensionMETS"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
PROFILE = "https://earksip.dilcis.eu/profile/E-ARK-SIP-v2-2-0.xml"
_SPACES = {None: METS, "xlink": XLINK, "csip": CSIP, "sip": SIP, "xsi": XSI}
_LOCATIONS = (
    (METS, "mets1_12.xsd"),
    (XLINK, "xlink.xsd"),
    (CSIP, "DILCISExtensionMETS.xsd"),
    (SIP, "DILCISExtensionSIPMETS.xsd"),
)


class PackageFile(msgspec.Struct, frozen=True, kw_only=True):
    """``path``: with slashes, from the folder it is told in; ``of_the_moment``: it says when it was made, and is another each
    time."""

    path: str
    data: bytes
    media_type: str
    of_the_moment: bool = False


class Agent(msgspec.Struct, frozen=True, kw_only=True):
    """An organisation or program that has to do with the package; never a person."""

    role: str
    type: str
    name: str
    note: str
    note_type: str = "IDENTIFICATIONCODE"


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Files of one use, in a division of the structural map."""

    use: str
    files: tuple[PackageFile, ...]


def mets(
    *,
    id: str,
    label: str,
    made_at: datetime,
    agents: Iterable[Agent],
    preserved: PackageFile,
    groups: Sequence[Group],
    described: PackageFile | None = None,
    pointers: Sequence[tuple[str, PackageFile]] = (),
    up: str = "",
) -> bytes:
    """``described``: Dublin Core; ``preserved``: PREMIS; ``pointers``: representation → its own METS file; ``up``: the way from
    this file's folder to the package's."""
    at = instant(made_at)
    root = _root(id, label, up)
    _header(root, at, agents)
    if described is not None:
        _metadata(_add(root, "dmdSec", ID=_id("dmd"), CREATED=at, STATUS="CURRENT"), described, "DC", at)
    provenance = _add(_add(root, "amdSec", ID=_id("amd")), "digiprovMD", ID=_id("premis"), CREATED=at, STATUS="CURRENT")
    _metadata(provenance, preserved, "PREMIS", at)
    all_groups = [*groups, *(Group(use=f"Representations/{name}", files=(file,)) for name, file in pointers)]
    files = _add(root, "fileSec", ID=_id("files"))
    for group in (one for one in all_groups if one.files):
        part = _add(files, "fileGrp", ID=_id(group.use), USE=group.use)
        for one in group.files:
            _locate(_add(part, "file", ID=_id(one.path), **_measures(one, at)), "FLocat", one.path)
    _structure(root, id, described is not None, groups, pointers)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _root(id_: str, label: str, up: str) -> Any:
    root = etree.Element(f"{{{METS}}}mets", nsmap=_SPACES, OBJID=id_, LABEL=label, TYPE="Mixed", PROFILE=PROFILE)
    root.set(f"{{{CSIP}}}CONTENTINFORMATIONTYPE", "MIXED")
    where = " ".join(f"{space} {up}schemas/{file}" for space, file in _LOCATIONS)
    root.set(f"{{{XSI}}}schemaLocation", where)
    return root


def _header(root: Any, at: str, agents: Iterable[Agent]) -> None:
    header = _add(root, "metsHdr", CREATEDATE=at, LASTMODDATE=at, RECORDSTATUS="NEW")
    header.set(f"{{{CSIP}}}OAISPACKAGETYPE", "SIP")
    for one in agents:
        other = {"OTHERTYPE": "SOFTWARE"} if one.type == "OTHER" else {}
        agent = _add(header, "agent", ROLE=one.role, TYPE=one.type, **other)
        _add(agent, "name").text = one.name
        note = _add(agent, "note")
        note.set(f"{{{CSIP}}}NOTETYPE", one.note_type)
        note.text = one.note


def _metadata(section: Any, file: PackageFile, kind: str, at: str) -> None:
    _locate(section, "mdRef", file.path, MDTYPE=kind, **_measures(file, at))


def _structure(
    root: Any, id_: str, described: bool, groups: Sequence[Group], pointers: Sequence[tuple[str, PackageFile]]
) -> None:
    whole = _add(_add(root, "structMap", ID=_id("map"), TYPE="PHYSICAL", LABEL="CSIP"), "div", ID=_id("div"), LABEL=id_)
    about = _add(whole, "div", ID=_id("div-metadata"), LABEL="Metadata", ADMID=_id("premis"))
    if described:
        about.set("DMDID", _id("dmd"))
    for group in (one for one in groups if one.files):
        part = _add(whole, "div", ID=_id(f"div-{group.use}"), LABEL=group.use)
        _add(part, "fptr", FILEID=_id(group.use))
    for name, file in pointers:
        use = f"Representations/{name}"
        part = _add(whole, "div", ID=_id(f"div-{use}"), LABEL=use)
        _locate(part, "mptr", file.path).set(f"{{{XLINK}}}title", _id(use))


def _measures(file: PackageFile, at: str) -> dict[str, str]:
    return {
        "MIMETYPE": file.media_type,
        "SIZE": str(len(file.data)),
        "CREATED": at,
        "CHECKSUM": sha256(file.data),
        "CHECKSUMTYPE": "SHA-256",
    }


def _locate(parent: Any, name: str, path: str, **attributes: str) -> Any:
    made = _add(parent, name, LOCTYPE="URL", **attributes)
    made.set(f"{{{XLINK}}}type", "simple")
    made.set(f"{{{XLINK}}}href", path)
    return made


def _add(parent: Any, name: str, **attributes: str) -> Any:
    return etree.SubElement(parent, f"{{{METS}}}{name}", **attributes)


def _id(name: str) -> str:
    """An id of XML's for what has this name in the file."""
    return f"id-{sha256(name.encode())[:32]}"
