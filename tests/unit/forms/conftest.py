from __future__ import annotations

import pytest

from tests.support.definitions import our_definitions
from tillid.forms.definition import FormDefinition
from tillid.forms.loading import Definitions


@pytest.fixture(scope="session")
def definitions() -> Definitions:
    return our_definitions()


@pytest.fixture(scope="session")
def transition(definitions: Definitions) -> FormDefinition:
    return definitions.get("overgangsbeskrivelse", 3)
