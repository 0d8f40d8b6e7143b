"""The data of a definition file of the project, as whoever builds on it (a design, an addition) needs it."""

from __future__ import annotations

from typing import Any

from tillid.forms.code_lists import load_code_lists, with_lists
from tillid.forms.yamldata import read_yaml
from tillid.kernel.paths import FORM_DEFINITIONS


def addition_file(name: str) -> dict[str, Any]:
    """The data of the addition's file; ``name``: ``<id>/v<N>``. Raises ``OSError``."""
    path = FORM_DEFINITIONS / "overlays" / f"{name}.yaml"
    return read_yaml(path.read_bytes(), path.name).data


def file_data(form: str, version: int) -> dict[str, Any]:
    """The data of the version's file with every code list written out; raises ``OSError`` for one that is not there."""
    path = FORM_DEFINITIONS / form / f"v{version}.yaml"
    return with_lists(read_yaml(path.read_bytes(), path.name), load_code_lists(FORM_DEFINITIONS)[0]).data
