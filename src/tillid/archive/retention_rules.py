"""``retention.yaml``, read and checked: a rule that is not whole, or a form without one, stops the program at its start."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import msgspec

from tillid.archive.retention import Rule, is_period
from tillid.forms.yamldata import read_bytes, read_yaml
from tillid.kernel.canonical import json_digest
from tillid.kernel.errors import TillidError

FILE = Path(__file__).with_name("retention.yaml")
SUBJECT = re.compile(r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}\Z")  # KLE: group, subgroup, subject
FACET = re.compile(r"[A-ZÆØÅ][0-9]{2}\Z")  # KLE: action facet
# Where a trigger can be known at all.
_OF_WHAT = {
    "document": {"round_closed", "child_left", "case_closed", "submitted", "written"},
    "evidence": {"consent_ended"},
    "draft": {"untouched"},
    "access_log": {"written"},
    "insight": {"insight_closed"},
}


class RulesWrong(TillidError):
    """``problem``: what is wrong, in English, for who writes the file."""

    code = "retention.rules"
    text = "Reglerne for bevaring er ikke i orden: {problem}. Ret filen, og prøv igen."


class RetentionRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All rules. ``cooling_off``: between the second person's word and the destruction; ``backups_keep``: for how long the
    municipality's backups are kept at most (ADR 0051); ``round_ends``: how long after a round's deadline its overviews stand open."""

    version: int
    cooling_off: str
    backups_keep: str
    round_ends: str
    rules: tuple[Rule, ...]

    def of_forms(self) -> dict[str, Rule]:
        """Form id → the rule for its documents."""
        return {form: rule for rule in self.rules if rule.what == "document" for form in rule.forms}

    def of_kind(self, what: str) -> Rule:
        """The one rule for ``evidence``, ``draft``, ``access_log`` or ``insight``."""
        return next(rule for rule in self.rules if rule.what == what)

    @property
    def digest(self) -> str:
        """SHA-256 of the RFC 8785 JSON; a tombstone names the rules it was made under."""
        return json_digest(self)


@cache
def our_rules() -> RetentionRules:
    """The rules of the program."""
    return load_rules(FILE)


def load_rules(path: Path) -> RetentionRules:
    """The rules in a file. Raises ``RulesWrong``; ``OSError`` when it cannot be read."""
    read = read_yaml(read_bytes(path), path.name)
    if read.problems:
        first = read.problems[0]
        raise _wrong(f"{path.name}: {first.code}")
    try:
        found = msgspec.convert(read.data, RetentionRules)
    except msgspec.ValidationError as error:
        raise _wrong(str(error)) from error
    for problem in problems_of(found):
        raise _wrong(problem)
    return found


def problems_of(rules: RetentionRules) -> Iterable[str]:
    """What is wrong with rules that have the right shape."""
    seen: set[str] = set()
    for period in (rules.cooling_off, rules.backups_keep, rules.round_ends):
        if not is_period(period):
            yield f"not a period: {period}"
    for rule in rules.rules:
        yield from _of_rule(rule)
        for name in (f"rule {rule.id}", *(f"form {form}" for form in rule.forms)):
            if name in seen:
                yield f"twice: {name}"
            seen.add(name)
    for what in ("evidence", "draft", "access_log", "insight"):
        if sum(rule.what == what for rule in rules.rules) != 1:
            yield f"exactly one rule for {what}"
    for rule in rules.rules:
        if (rule.what == "draft") != is_period(rule.warn):
            yield f"{rule.id}: a draft, and nothing else, is warned about: {rule.warn}"


def _of_rule(rule: Rule) -> Iterable[str]:
    if not is_period(rule.period):
        yield f"{rule.id}: not a period: {rule.period}"
    if not rule.source.strip():
        yield f"{rule.id}: no source"
    if rule.trigger not in _OF_WHAT[rule.what]:
        yield f"{rule.id}: {rule.trigger} is never known of {rule.what}"
    if rule.what == "document" and not rule.forms:
        yield f"{rule.id}: for no form"
    for name, pattern in (("subject", SUBJECT), ("facet", FACET)):
        if getattr(rule, name) and not pattern.match(getattr(rule, name)):
            yield f"{rule.id}: {name} is not as KLE writes it"


def _wrong(problem: str) -> RulesWrong:
    return RulesWrong(problem, problem=problem)
