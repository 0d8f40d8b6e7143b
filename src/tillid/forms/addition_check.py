"""What stands between an addition in the making and its publication: the checks of files, on the addition alone (O22)."""

from __future__ import annotations

from typing import Any

from tillid.forms.canonical_yaml import canonical_yaml
from tillid.forms.definition import FormDefinition
from tillid.forms.designs import Checked, Design
from tillid.forms.loading import shaped
from tillid.forms.overlays import overlaid
from tillid.forms.overlays_data import FixedBase, own_parts, without_own
from tillid.forms.problems import DefinitionError
from tillid.forms.yamldata import read_yaml
from tillid.kernel.canonical import json_digest


def addition_data(design: Design, base: FormDefinition) -> dict[str, Any]:
    """The addition as its file has it; raises ``FixedBase``."""
    of = design.addition
    assert of is not None
    head = {"id": of.id, "version": of.version, "title": of.title, "base": base.name, "base_digest": base.digest}
    return {**head, **({"unit": of.unit} if of.unit else {}), **own_parts(design.data, base.ids)}


def require_same_base(design: Design, base: FormDefinition) -> None:
    """Raises ``FixedBase`` unless everything that is not the addition's own is the form as it was published."""
    if json_digest(base_data(design, base)) != base.digest:
        raise FixedBase("the form itself was changed")
    own_parts(design.data, base.ids)


def base_data(design: Design, base: FormDefinition) -> dict[str, Any]:
    """The form's own data out of the design."""
    return {**without_own(design.data, base.ids), "version": base.version, "status": base.status}


def check_addition(design: Design, base: FormDefinition, data: dict[str, Any]) -> Checked:
    """Everything that is wrong with the addition ``data``, on the text of its file; the form with it put in, for the look."""
    text = canonical_yaml(data)
    source = read_yaml(text.encode(), f"overlays/{data['id']}/v{data['version']}.yaml")
    problems, definition = list(source.problems), None
    if not problems:
        try:
            definition = overlaid(base_data(design, base), source)
        except DefinitionError as error:
            problems = error.problems
            # The whole although it is not fine yet, if it has the shape of a form.
            definition = shaped({**design.data, "version": base.version, "status": base.status})
    return Checked(text=text, digest=json_digest(data), problems=tuple(problems), definition=definition)
