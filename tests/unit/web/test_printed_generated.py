"""The empty form on paper of any form whatever: every question can be drawn, and a parent's paper asks for nothing that parents
may not see."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.property.generated import definition_data, fine
from tillid.forms.readers import READERS
from tillid.web.views.printed import _asked, _question


@pytest.mark.req("T9")
@given(definition_data())
def test_a_form_on_paper_asks_its_reader_alone(data):
    form, _ = fine(data)
    for field in form.fields:
        for variant in (None, "bh", "sk"):
            assert _question(form, field, variant).label == field.label
        for reader in READERS:
            assert not _asked(field, (reader,)) or reader in {
                *field.visible_to,
                *(["author"] if "team" in field.visible_to else []),
            }
