"""The canonical spelling of definitions: what format and designer write."""

from __future__ import annotations

import pytest

from tillid.forms.canonical_yaml import canonical_yaml
from tillid.forms.yaml_comments import comments_of
from tillid.forms.yamldata import read_yaml


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({"title": "Ja: # \"og\"", "id": "a_b", "version": 2}, 'id: a_b\nversion: 2\ntitle: "Ja: # \\"og\\""\n'),
        ({"required": "yes", "a": "true", "b": True, "c": None, "d": ""}, 'required: "yes"\na: "true"\nb: true\nc: null\nd: ""\n'),
        ({"notes": "to\nlinjer"}, "notes: |-\n  to\n  linjer\n"),
        ({"notes": "to\nlinjer\n"}, "notes: |\n  to\n  linjer\n"),
        ({"notes": " indrykket\nx"}, 'notes: " indrykket\\nx"\n'),
        ({"notes": "x\u2028y\u0085\ufeff"}, 'notes: "x\\u2028y\\u0085\\ufeff"\n'),
        ({"when": {"eq": [{"field": "a"}, "b"]}}, "when: {eq: [{field: a}, b]}\n"),
        ({"states": [{"title": "T", "id": "t"}], "id": "x"}, 'id: x\n\nstates:\n  - {id: t, title: "T"}\n'),
        ({"variants": {"gl": "ny"}}, "variants:\n  gl: ny\n"),
        ({"x": [], "z": {}}, "x: []\nz: {}\n"),
    ],
)  # fmt: skip
def test_spelling(data: dict, text: str):
    assert canonical_yaml(data) == text
    assert read_yaml(text.encode(), "x").data == data


def test_the_order_of_keys_makes_no_difference():
    one = {"id": "x", "version": 1, "sections": [{"id": "s", "title": "S", "fields": [{"id": "f", "label": "F"}]}]}
    other = {"sections": [{"fields": [{"label": "F", "id": "f"}], "title": "S", "id": "s"}], "version": 1, "id": "x"}
    assert canonical_yaml(one) == canonical_yaml(other)


COMMENTED = """\
# Øverst
# to linjer
id: demo # bag på
texts:
  # over teksten
  - {id: a, language: da, version: 1, body: "# ikke en kommentar"} # bag teksten
  - id: b
    body: |
      # heller ikke
      en kommentar
    # inde i
    language: da
# nederst
"""


def test_comments_stay_at_what_they_stand_at():
    data = read_yaml(COMMENTED.encode(), "x").data
    text = canonical_yaml(data, comments_of(COMMENTED))
    assert (
        text
        == """\
# Øverst
# to linjer
# bag på
id: demo

texts:
  # over teksten
  # bag teksten
  - id: a
    version: 1
    language: da
    body: "# ikke en kommentar"
  - id: b
    # inde i
    language: da
    body: |
      # heller ikke
      en kommentar
# nederst
"""
    )
    assert canonical_yaml(data, comments_of(text)) == text and read_yaml(text.encode(), "x").data == data
