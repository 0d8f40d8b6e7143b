"""The offline kit as a module, and a folder of what its user trusts."""

from __future__ import annotations

import importlib.util
import shutil
from functools import cache
from pathlib import Path
from types import ModuleType

from tillid.kernel.paths import SIGNING
from tillid.signatures.receipt import KIT


@cache
def kit() -> ModuleType:
    """``signing/kit/tillid_verify.py``, imported from its file as nobody's package."""
    spec = importlib.util.spec_from_file_location("tillid_verify", KIT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def trust_folder(folder: Path, key: str, name: str = "test") -> Path:
    """A list of ``signing/trust`` with the log's key."""
    shutil.copytree(SIGNING / "trust" / name, folder)
    (folder / "log").mkdir()
    (folder / "log" / "key.txt").write_text(f"{key}\n", "utf-8")
    return folder
