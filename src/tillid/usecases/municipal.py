"""What the municipality's choices mean for the house: its settings, and its words in the forms (ADR 0022, T7)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec

from tillid.forms.definition import FormDefinition
from tillid.forms.loading import Definitions
from tillid.forms.positions import with_position_words
from tillid.forms.settings import merged
from tillid.forms.settings_units import by_unit
from tillid.usecases.ports import Settings


class Municipal:
    """Remembers both under the stored choices themselves, so that an ordinary request works out nothing."""

    def __init__(self, settings: Settings) -> None:
        self._settings = lru_cache(4)(lambda raw: applied(settings, _decoded(raw)))
        self._worded: tuple[Definitions, bytes, Definitions] | None = None

    def settings(self, raw: bytes) -> Settings:
        """The installation's settings with what is chosen in ``raw`` (the port ``Choices``)."""
        return self._settings(raw)

    def worded(self, definitions: Definitions, raw: bytes) -> Definitions:
        """``definitions`` with the municipality's names of the positions; the same object if it uses those of the forms."""
        last = self._worded
        if last is None or last[0] is not definitions or last[1] != raw:
            choices = self._settings(raw).choices
            forms = [with_position_words(one, choices) for one in definitions.all()]
            same = all(new is old for new, old in zip(forms, definitions.all(), strict=True))
            made = definitions if same else _with(definitions, forms, choices)
            last = self._worded = (definitions, raw, made)
        return last[2]


def _with(definitions: Definitions, forms: list[FormDefinition], choices: Mapping[str, Any]) -> Definitions:
    additions = [
        msgspec.structs.replace(one, form=with_position_words(one.form, choices)) for one in definitions.additions
    ]
    return Definitions(forms, definitions.list_digests, resting=definitions.resting, additions=additions)


def applied(settings: Settings, stored: Mapping[str, Any]) -> Settings:
    """``settings`` of the installation with what the municipality has chosen since.

    What it has not chosen of the bases and the signers stays as the installation was set up.
    """
    values = merged(stored)
    bases, signers = values["grundlag_pr_overgang"], values["underskriver"]
    return msgspec.structs.replace(
        settings,
        choices=values,
        unit_choices=by_unit(stored),
        basis_of_transition={**settings.basis_of_transition, **(bases if "grundlag_pr_overgang" in stored else {})},
        resident_parent_suffices=tuple(sorted(name for name, who in signers.items() if who == "bopael"))
        if "underskriver" in stored
        else settings.resident_parent_suffices,
    )


def _decoded(raw: bytes) -> dict[str, Any]:
    return msgspec.json.decode(raw, type=dict[str, Any]) if raw else {}
