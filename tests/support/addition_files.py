"""Files of additions beside two small versions of a form, for tests that read, check and lock them."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.support.definitions import our_definitions
from tillid.kernel.paths import FORM_DEFINITIONS

UNIT = "68590934-7dce-43d7-bf10-bdfb442b57b7"
FORM = "overgangsbeskrivelse"
USED = ("code_lists/overgangstype/v1.yaml", "code_lists/hjemmel/v1.yaml")


def forms_folder(folder: Path) -> Path:
    """``folder`` with the two small versions of the form, the code lists they use and no addition."""
    for part in (f"{FORM}/v1.yaml", f"{FORM}/v2.yaml", *USED):
        (folder / part).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(FORM_DEFINITIONS / part, folder / part)
    (folder / "overlays").mkdir()
    return folder


def put(
    root: Path,
    name: str,
    *,
    version: int = 1,
    unit: str = "",
    field: str = "egen_vaner",
    more: str = "",
    form: str = "v2",
) -> Path:
    """An addition of one field to a version of the form."""
    digest = our_definitions().get(FORM, int(form[1:])).digest
    where = f"unit: {unit}\n" if unit else ""
    body = "{id: %s, label: Vaner, type: text, settings: {max: 80}, filled_by: [professional]%s}" % (field, more)
    path = root / "overlays" / name / f"v{version}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(
        f"id: {name}\nversion: {version}\ntitle: T\nbase: {FORM}/{form}\nbase_digest: {digest}\n{where}"
        f"fields:\n  - {{section: fagpersonens_del, field: {body}}}\n",
        "utf-8",
    )
    return path
