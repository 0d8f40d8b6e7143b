"""The demo's YAML files as typed records. Every error names the file and the handle it is about."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from tillid.consents.model import Organisation
from tillid.forms.yamldata import read_yaml
from tillid.kernel.errors import TillidError
from tillid.process.organisation import Role, UnitKind
from tillid.usecases.ports import Settings

FOLDER = Path(__file__).parent
Record = TypeVar("Record")


class DemoError(TillidError):
    """The demo data is wrong; ``detail`` names file, handle and what is wrong with it."""

    code = "demo.data"
    text = "Demodata kan ikke indlæses: {file}, »{handle}«. Ret filen, eller hent den oprindelige igen."

    def __init__(self, file: str, handle: str, wrong: str) -> None:
        super().__init__(f"{file}, {handle}: {wrong}", file=file, handle=handle)


class _Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A misspelt key is an error, never a value that quietly falls back to its default."""


class MunicipalityRecord(_Record):
    demo_password: str
    settings: Settings


class UnitRecord(_Record):
    id: str
    name: str
    kind: UnitKind
    phone: str
    parent: str | None = None
    controller: Organisation | None = None


class AssignmentRecord(_Record):
    role: Role
    unit: str


class StaffRecord(_Record):
    id: str
    name: str
    profession: str
    assignments: tuple[AssignmentRecord, ...]


class ParentRecord(_Record):
    id: str
    name: str
    cpr: str
    mitid: bool
    phone: str
    protected_address: bool = False
    address: str = ""


class HolderRecord(_Record):
    """``since`` left out = from the child's birth."""

    parent: str
    relation: Literal["parent", "other"] = "parent"
    resident: bool = True
    since: datetime | None = None
    until: datetime | None = None


class ChildRecord(_Record):
    id: str
    name: str
    cpr: str
    birth_date: date
    unit: str
    group: str
    custody: tuple[HolderRecord, ...]
    shared_residence: bool = False
    protected_address: bool = False
    address: str = ""
    mitid: bool = False


class RoundRecord(_Record):
    id: str
    unit: str
    title: str
    deadline_in_days: int
    assigned: dict[str, tuple[str, ...]]


class DemoData(msgspec.Struct, frozen=True, kw_only=True):
    """All records by handle."""

    municipality: MunicipalityRecord
    units: dict[str, UnitRecord]
    staff: dict[str, StaffRecord]
    parents: dict[str, ParentRecord]
    children: dict[str, ChildRecord]
    rounds: dict[str, RoundRecord]


@cache
def demo_data() -> DemoData:
    """The committed demo records, read once. Raises ``DemoError``."""
    return read_demo()


def read_demo(folder: Path = FOLDER) -> DemoData:
    """All demo records of ``folder``. Raises ``DemoError``."""
    return DemoData(
        municipality=read_file(folder, "municipality.yaml", MunicipalityRecord),
        units=read_records(folder, "units.yaml", UnitRecord),
        staff=read_records(folder, "staff.yaml", StaffRecord),
        parents=read_records(folder, "parents.yaml", ParentRecord),
        children=read_records(folder, "children.yaml", ChildRecord),
        rounds=read_records(folder, "rounds.yaml", RoundRecord),
    )


def read_file(folder: Path, file: str, kind: type[Record]) -> Record:
    """A file that is one record. Raises ``DemoError``."""
    return _record(_mapping(folder, file), file, "", kind)


def read_records(folder: Path, file: str, kind: type[Record]) -> dict[str, Record]:
    """The records of one file by handle, in the file's order. Raises ``DemoError``."""
    return {handle: _record(raw, file, handle, kind) for handle, raw in _mapping(folder, file).items()}


def refer(file: str, handle: str, key: str, records: dict[str, Record]) -> Record:
    """``records[key]``; raises ``DemoError`` that names the record that pointed at nothing."""
    if key not in records:
        raise DemoError(file, handle, f"»{key}« is not among {', '.join(records)}")
    return records[key]


def _mapping(folder: Path, file: str) -> dict[str, object]:
    try:
        read = read_yaml((folder / file).read_bytes(), file)
    except OSError as error:
        raise DemoError(file, "", f"cannot be read: {error.strerror}") from error
    if read.problems:
        raise DemoError(file, read.problems[0].field, str(read.problems[0]))
    if not isinstance(read.data, dict):
        raise DemoError(file, "", "is no mapping of handles to records")
    return read.data


def _record(raw: object, file: str, handle: str, kind: type[Record]) -> Record:
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        raise DemoError(file, handle, str(error)) from error
