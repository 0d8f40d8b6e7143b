"""Two versions of a small form with every kind of step between them, and a way to change the second."""

from __future__ import annotations

from functools import cache

from tillid.forms.definition import FormDefinition
from tillid.forms.loading import definition_from
from tillid.forms.yamldata import LinedData, read_yaml

_HEAD = """\
id: demo
version: {version}
status: candidate
title: "Demo"
purpose: "Et lille skema"
allowed_bases: []
variants: [{{id: {variant}, title: "Vuggestue"}}, {{id: bh, title: "Børnehave"}}]
phases: [{{id: content, title: "Indhold"}}, {{id: derived, title: "Afledt"}}]
states: [{{id: draft, title: "Kladde"}}]
"""
_BY = "required: 'no', filled_by: [professional], visible_to: [team]"

OLD = (
    _HEAD.format(version=1, variant="vug")
    + f"""\
sections:
  - id: alt
    title: "Alt"
    fields:
      - {{id: same, label: "Samme", type: text, settings: {{max: 40}}, {_BY}}}
      - {{id: comment, label: "Kommentar", type: long_text, settings: {{max: 200}}, {_BY}}}
      - {{id: colour, label: "Farve", type: choice, settings: {{code_list: colours}}, {_BY}}}
      - {{id: tags, label: "Emner", type: multi_choice, settings: {{code_list: topics}}, {_BY}}}
      - {{id: tongue, label: "Sprog", type: choice_text, settings: {{code_list: colours, max: 60}}, {_BY}}}
      - {{id: strong, label: "Styrker", type: long_text, settings: {{max: 60}}, {_BY}}}
      - {{id: likes, label: "Interesser", type: long_text, settings: {{max: 60}}, {_BY}}}
      - {{id: grip_1, label: "Greb 1", type: text, settings: {{max: 60}}, {_BY}}}
      - {{id: grip_2, label: "Greb 2", type: text, settings: {{max: 60}}, {_BY}}}
      - {{id: other, label: "Andet", type: long_text, settings: {{max: 60}}, {_BY}}}
      - {{id: siblings, label: "Søskende", type: text, settings: {{max: 60}}, {_BY}}}
      - id: deals
        label: "Aftaler"
        type: table
        settings:
          max_rows: 4
          columns:
            - {{id: what, label: "Hvad", type: text, settings: {{max: 40}}}}
            - {{id: who, label: "Hvem", type: text, settings: {{max: 40}}}}
            - {{id: price, label: "Pris", type: text, settings: {{max: 10}}}}
        required: 'no'
        filled_by: [professional]
        visible_to: [team]
      - {{id: made, label: "Lavet", type: instant, phase: derived, required: 'no', filled_by: [system], visible_to: [team]}}
code_lists:
  - {{id: colours, version: 1, title: "Farver", choices: [{{code: red, label: "Rød"}}, {{code: green, label: "Grøn"}}, {{code: grey, label: "Grå"}}]}}
  - {{id: topics, version: 1, title: "Emner", choices: [{{code: play, label: "Leg"}}, {{code: sleep, label: "Søvn"}}, {{code: food, label: "Mad"}}]}}
"""
)

NEW = (
    _HEAD.format(version=2, variant="dag")
    + f"""\
sections:
  - id: alt
    title: "Alt"
    fields:
      - {{id: same, label: "Samme", type: long_text, settings: {{max: 20}}, {_BY}}}
      - {{id: remark, label: "Bemærkning", type: long_text, settings: {{max: 120}}, {_BY}}}
      - {{id: position, label: "Position", type: choice, settings: {{code_list: positions}}, {_BY}}}
      - {{id: sleeps, label: "Søvn nævnt", type: yes_no, {_BY}}}
      - {{id: tags, label: "Emner", type: multi_choice, settings: {{code_list: topics}}, {_BY}}}
      - {{id: hue, label: "Kulør", type: choice, settings: {{code_list: positions}}, {_BY}}}
      - {{id: own, label: "Egne ord", type: text, settings: {{max: 60}}, {_BY}}}
      - {{id: can, label: "Barnet kan", type: long_text, settings: {{max: 90}}, {_BY}}}
      - id: grips
        label: "Greb"
        type: table
        settings:
          columns: [{{id: grip, label: "Greb", type: text, settings: {{max: 60}}}}, {{id: about, label: "Emne", type: text, settings: {{max: 60}}}}]
        required: 'no'
        filled_by: [professional]
        visible_to: [team]
      - id: deals
        label: "Aftaler"
        type: table
        settings:
          max_rows: 2
          columns: [{{id: what, label: "Hvad", type: text, settings: {{max: 5}}}}, {{id: responsible, label: "Ansvarlig", type: text, settings: {{max: 40}}}}]
        required: 'no'
        filled_by: [professional]
        visible_to: [team]
      - {{id: practice, label: "Egen praksis", type: long_text, settings: {{max: 60}}, {_BY}}}
code_lists:
  - {{id: positions, version: 2, title: "Positioner", choices: [{{code: roed, label: "Rød"}}, {{code: groen, label: "Grøn"}}]}}
  - {{id: topics, version: 2, title: "Emner", choices: [{{code: play, label: "Leg"}}, {{code: meals, label: "Måltider"}}]}}
upcast:
  from: 1
  note: "Version 2 spørger om egen praksis."
  variants: {{vug: dag}}
  steps:
    - rename: {{field: comment, to: remark}}
    - rename: {{field: colour, to: position, codes: {{red: roed, green: groen, grey: null}}, why: "Grå bruges ikke mere."}}
    - split: {{field: tags, into: [{{field: sleeps, has: sleep}}, {{field: tags, codes: {{play: play, food: meals}}}}]}}
    - split: {{field: tongue, into: [{{field: hue, codes: {{red: roed, green: groen}}}}, {{field: own, part: text}}], why: "Grå bruges ikke mere."}}
    - merge: {{fields: [strong, likes], into: can}}
    - merge: {{fields: [grip_1, grip_2], into: grips, column: grip, label_column: about}}
    - recode: {{field: deals, columns: {{who: responsible, price: null}}, why: "Prisen bruges ikke mere."}}
    - drop: {{field: other, text_to: remark, why: "Skrives nu under bemærkninger."}}
    - drop: {{field: siblings, why: "Søskendes oplysninger hører ikke til her."}}
  new: [practice]
"""
)


@cache  # frozen, so that tests can share what is read once
def old() -> FormDefinition:
    return definition_from(read_yaml(OLD.encode(), "demo/v1.yaml"))


def new_source(before: str = "", after: str = "") -> LinedData:
    """Version 2 as read, with ``before`` replaced by ``after``."""
    assert before in NEW
    return read_yaml(NEW.replace(before, after, 1).encode(), "demo/v2.yaml")


@cache
def new(before: str = "", after: str = "") -> FormDefinition:
    return definition_from(new_source(before, after))
