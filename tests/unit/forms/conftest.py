from __future__ import annotations

import pytest

from tillid.forms.definition import FormDefinition
from tillid.forms.loading import Definitions, load_definitions


@pytest.fixture(scope="session")
def definitions() -> Definitions:
    return load_definitions()


@pytest.fixture(scope="session")
def transition(definitions: Definitions) -> FormDefinition:
    return definitions.get("overgangsbeskrivelse", 3)
