"""Reads ``catalogue.yaml``: each number once, with its sentence and the place it rests on."""

from __future__ import annotations

from importlib.resources import files
from typing import Literal

import msgspec
import yaml

from tillid.kernel.errors import TillidError

Kind = Literal["requirement", "law"]


class CatalogueBroken(TillidError):
    """The catalogue names a number twice or holds an entry of the wrong shape."""

    code = "requirements.catalogue"
    text = "Kravkataloget kan ikke læses: {problem}."


class Requirement(msgspec.Struct, frozen=True, kw_only=True):
    """One number. ``provision`` is empty for requirements of the method."""

    number: str
    kind: Kind
    group: str
    statement: str
    provision: str = ""


class _Law(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    says: str
    provision: str


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    requirement: dict[str, dict[str, str]]
    law: dict[str, dict[str, _Law]]


def load_catalogue(text: str | None = None) -> dict[str, Requirement]:
    """Every requirement by its number, in the order of the file.

    ``text``: YAML to read instead of the shipped file. Raises `CatalogueBroken`.
    """
    source = text if text is not None else files(__package__).joinpath("catalogue.yaml").read_text("utf-8")
    try:
        data = msgspec.convert(yaml.load(source, Loader=_UniqueKeys), _File)
    except (yaml.YAMLError, msgspec.ValidationError) as error:
        raise CatalogueBroken(str(error), problem=str(error)) from error
    entries = [
        Requirement(number=number, kind="requirement", group=group, statement=statement)
        for group, numbers in data.requirement.items()
        for number, statement in numbers.items()
    ] + [
        Requirement(number=number, kind="law", group=group, statement=law.says, provision=law.provision)
        for group, numbers in data.law.items()
        for number, law in numbers.items()
    ]
    catalogue: dict[str, Requirement] = {}
    for entry in entries:
        if entry.number in catalogue:
            raise CatalogueBroken(entry.number, problem=f"nummeret {entry.number} står to gange")
        catalogue[entry.number] = entry
    return catalogue


class _UniqueKeys(yaml.SafeLoader):
    """PyYAML lets the last of two equal keys win in silence; here that would lose a requirement."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = {key for key in keys if keys.count(key) > 1}
        if twice:
            raise yaml.constructor.ConstructorError(None, None, f"{sorted(twice)[0]} står to gange", node.start_mark)
        return super().construct_mapping(node, deep)
