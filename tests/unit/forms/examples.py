"""A small definition as YAML text, and a way to change it, for tests of what is refused."""

from __future__ import annotations

from functools import cache

from tillid.forms.definition import FormDefinition
from tillid.forms.loading import definition_from
from tillid.forms.problems import DefinitionError, Problem
from tillid.forms.yamldata import read_yaml

SMALL = """\
id: demo
version: 1
status: candidate
title: "Demo"
purpose: "Et lille skema"
allowed_bases: [samtykke_gdpr]
variants:
  - {id: bh, title: "Børnehave"}
  - {id: sk, title: "Skole"}
phases:
  - {id: content, title: "Indhold"}
  - {id: reception, title: "Modtagelse"}
  - {id: derived, title: "Afledt"}
states:
  - {id: draft, title: "Kladde"}
sections:
  - id: first
    title: "Første"
    texts:
      - {id: hello}
    fields:
      - {id: kind, label: "Slags", type: choice, settings: {code_list: kinds}, required: "yes", filled_by: [professional], visible_to: [team, parent]}
      - {id: words, label: "Ord", type: long_text, settings: {max: 20}, required: {eq: [{field: kind}, b]}, filled_by: [professional], visible_to: [team, parent]}
      - {id: day, label: "Dag", type: date, required: "no", filled_by: [parent], visible_to: [team, parent]}
      - {id: secret, label: "Internt", type: yes_no, required: "no", filled_by: [professional], visible_to: [team]}
  - id: second
    title: "Anden"
    phase: reception
    fields:
      - {id: plan, label: "Plan", type: text, settings: {max: 20}, required: "no", filled_by: [receiver], visible_to: [receiver, parent]}
      - {id: moment, label: "Åbnet", type: instant, phase: derived, required: "no", filled_by: [system], visible_to: [team]}
code_lists:
  - id: kinds
    version: 1
    title: "Slags"
    choices:
      - {code: a, label: "A"}
      - {code: b, label: "B", variants: [bh]}
texts:
  - {id: hello, version: 1, language: da, body: "Hej {navn}"}
  - {id: hello, version: 1, language: en, body: "Hello {navn}"}
"""


@cache  # read and checked once for each spelling; frozen, so that tests can share it
def small(old: str = "", new: str = "") -> FormDefinition:
    """The small definition with ``old`` replaced by ``new``."""
    assert old in SMALL
    return definition_from(read_yaml(SMALL.replace(old, new).encode(), "demo/v1.yaml"))


def faults(old: str, new: str) -> list[Problem]:
    """The problems that replacing ``old`` by ``new`` leads to."""
    assert old in SMALL
    try:
        small(old, new)
    except DefinitionError as error:
        return error.problems
    return []


def line_of(text: str, changed: str) -> int:
    """The line (from 1) of the first line of ``changed`` that holds ``text``."""
    return next(number for number, line in enumerate(changed.splitlines(), start=1) if text in line)
