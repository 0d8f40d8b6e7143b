"""Packages written to the disk so that they are whole or not there; what lies there is read by ``package_sources.py``."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import bagit

from tillid.adapters.package_sources import BAG
from tillid.archive.package import Contents, Package
from tillid.kernel.canonical import sha256
from tillid.kernel.clock import instant
from tillid.kernel.files import sync


def write(package: Package, contents: Contents, out: Path, *, bag: bool = False) -> bool:
    """Write it to ``out/<id>``; ``False`` if that is there already (it was whole when it got its name). What an earlier attempt
    left of it is taken away. Raises ``OSError``."""
    place, beside = out / package.id, out / f".{package.id}.part"
    if os.path.lexists(place):
        return False
    out.mkdir(parents=True, exist_ok=True)
    if beside.is_symlink():
        raise FileExistsError(beside)
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(mode=0o700)
    inside = beside / package.id if bag else beside
    for one in package.files:
        path = inside / one.path
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "wb") as file:
            file.write(one.data)
            file.flush()
            os.fsync(file.fileno())
    if bag:
        # Nothing in it that would be another the next time: no day of today, no version of the library.
        bagit.make_bag(str(beside), checksums=["sha256"], bag_info={
            "Bagging-Date": instant(contents.made_at)[:10],
            "Bag-Software-Agent": f"Tillid {contents.software}",
            "External-Identifier": package.id,
            "Source-Organization": contents.controller.name,
        })  # fmt: skip
    os.rename(beside, place)
    sync(out)
    return True


def root_digest(out: Path, package_id: str) -> str:
    """SHA-256 of the root METS of a package that ``write`` has written, also by an earlier run. Raises ``OSError``."""
    place = out / package_id
    return sha256(((place / "data" / package_id if (place / BAG).exists() else place) / "METS.xml").read_bytes())
