"""``tillid retention due|preview``: what can be appraised in which month, and what another file of rules would move.

Read beside a running Tillid; nothing is written but a row in ``audit/operators.jsonl``. Numbers, forms and days; no names.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterable
from pathlib import Path

import msgspec

from tillid.archive.retention import by_month
from tillid.archive.retention_rules import RetentionRules, RulesWrong, load_rules, our_rules
from tillid.cli.common import add_var
from tillid.cli.reading import note, opened, reading_of
from tillid.usecases.retention_report import DueLine, changes, due_lines, uncounted

_WHAT = {"document": "", "evidence": ", svar på samtykke"}
_PERIODS = {
    "access_log": "loggen over, hvem der har læst hvad",
    "insight": "lukkede sager om indsigt",
    "cooling_off": "tiden fra bekræftelse til destruktion",
    "backups_keep": "så længe sikkerhedskopier gemmes",
    "round_ends": "tiden, til en rundes overblik låses af sig selv",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of ``tillid retention``."""
    verbs = parser.add_subparsers(dest="verb", metavar="HVAD", required=True)
    due = verbs.add_parser("due", help="hvor mange dokumenter der kan vurderes i hver måned")
    due.add_argument("--month", type=_month, metavar="ÅÅÅÅ-MM", help="vis dokumenterne i den måned")
    changed = verbs.add_parser("preview", help="hvad en anden fil med regler ville flytte; intet ændres")
    changed.add_argument("rules", type=Path, metavar="FIL", help="reglerne, som i src/tillid/archive/retention.yaml")
    for verb in (due, changed):
        verb.add_argument("--json", action="store_true", help="skriv som JSON")
        add_var(verb)


def run(args: argparse.Namespace) -> int:
    """Print it."""
    other = _rules(args.rules) if args.verb == "preview" else None
    with opened(args.var) as store:
        note(args.var, f"retention_{args.verb}", "")
        choices = reading_of(store, None).settings.choices
        lines = list(due_lines(store.documents, store.ledger, store.people, our_rules(), choices))
    if other is None:
        print("\n".join(_due(lines, args)) or "Intet har en frist endnu.")
        return 0
    print("\n".join(_preview(lines, other, args)))
    return 0


def _preview(lines: list[DueLine], other: RetentionRules, args: argparse.Namespace) -> Iterable[str]:
    moved, periods = list(changes(lines, our_rules(), other)), uncounted(our_rules(), other)
    without, new = _forms(our_rules(), other), _forms(other, our_rules())
    if args.json:
        told = {"moved": msgspec.to_builtins(moved), "periods": periods, "without_rule": without, "new_rule": new}
        yield json.dumps(told, ensure_ascii=False, indent=1)
        return
    for one in moved:
        yield f"{one.number}{_WHAT[one.what]}: {one.before or 'ingen frist'} → {one.after or 'ingen frist'}"
    for name, (was, will) in periods.items():
        yield f"{name} ({_PERIODS[name]}): {was} → {will}. Hvad det flytter, tælles ikke her."
    for form in without:
        yield f"{form}: ingen regel mere. Dokumenterne får ingen frist og kan aldrig vurderes."
    for form in new:
        yield f"{form}: har ingen regel i dag. Se efter, at et skema hedder sådan."
    documents = sum(one.what == "document" for one in moved)
    yield f"{documents} af {len(lines)} dokumenter ville få en anden frist. Intet er ændret."


def _forms(some: RetentionRules, others: RetentionRules) -> list[str]:
    """Forms that only ``some`` have a rule for: a slip of the pen moves no day, and is still no small thing."""
    return sorted(some.of_forms().keys() - others.of_forms().keys())


def _due(lines: list[DueLine], args: argparse.Namespace) -> Iterable[str]:
    months = by_month({one.document.id: one.due for one in lines})
    if args.json:
        yield json.dumps({month: len(ids) for month, ids in months.items()}, indent=1)
        return
    if args.month:
        known = {one.document.id: one for one in lines}
        for id_ in months.get(args.month, ()):
            one = known[id_]
            held = ", holdt tilbage" if one.held else ""
            yield f"{one.due}  {one.number}  {one.document.form_id}  {one.mark}{held}{f'  {one.filed}' if one.filed else ''}"
        return
    for month, ids in months.items():
        yield f"{month}  {len(ids)}"
    if waiting := sum(one.due is None for one in lines):
        yield f"uden frist endnu  {waiting}"


def _rules(path: Path) -> RetentionRules:
    try:
        return load_rules(path)
    except OSError as error:
        raise RulesWrong("no file", problem=f"{path.name} kan ikke læses") from error


def _month(text: str) -> str:
    if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", text):
        raise argparse.ArgumentTypeError(f"{text} er ikke en måned som 2031-08")
    return text
