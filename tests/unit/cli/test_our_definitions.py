"""Our own definitions: in the canonical spelling, and with a way for every answer from each version to the next."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.definitions import our_definitions
from tillid.cli.definition_files import canonical_file
from tillid.cli.forms import ways_problems
from tillid.kernel.paths import FORM_DEFINITIONS

FILES = sorted([*FORM_DEFINITIONS.glob("*/v*.yaml"), *FORM_DEFINITIONS.glob("code_lists/*/v*.yaml")])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(FORM_DEFINITIONS).as_posix())
def test_our_files_are_in_canonical_form(path: Path):
    """Run ``tillid definitions format`` when this fails."""
    assert path.read_text("utf-8") == canonical_file(path)


@pytest.mark.req("T30")
def test_the_ways_between_our_own_versions_are_total():
    assert ways_problems(our_definitions(), FORM_DEFINITIONS) == []
