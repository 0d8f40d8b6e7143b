"""``tillid consents list|show|effective``: what the ledger of the installed store says of every question about a share or a meeting to
parents or the young person, and of every decision of a leader to share without consent, also beside a running Tillid.

Ids, codes and moments; names only with ``--names``. Each look is a row in ``audit/operators.jsonl`` first. Exit codes of
``effective``: 0 the receiver may read, 1 not (or no such id); of the others 0.
"""

from __future__ import annotations

import argparse
import json
from typing import Any

from tillid.cli.common import add_var
from tillid.cli.reading import add_at, note, opened, reading_of, unknown
from tillid.usecases.ledger_report import Reading, effective, listed, share_named, shown

WHAT = {"decision": "beslutning uden samtykke, ", "meeting": "møde, "}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of ``tillid consents``."""
    verbs = parser.add_subparsers(dest="verb", metavar="HVAD", required=True)
    everything = verbs.add_parser(
        "list", help="alle spørgsmål om samtykke, også til møder, beslutninger uden samtykke, og hvad der gælder af dem"
    )
    everything.add_argument("--child", metavar="NUMMER", help="kun et barns (barnets nummer i registret)")
    one = verbs.add_parser("show", help="et spørgsmål eller en beslutning med hændelser og beviser")
    now = verbs.add_parser("effective", help="hvad der gælder af et spørgsmål eller en beslutning, og hvorfor")
    for verb in (one, now):
        verb.add_argument(
            "id", metavar="NUMMER", help="spørgsmålets, beslutningens eller en af deres hændelsers nummer"
        )
    for verb in (everything, one, now):
        add_at(verb)
        verb.add_argument("--names", action="store_true", help="vis også navne (personoplysninger)")
        verb.add_argument("--json", action="store_true", help="skriv som JSON")
        add_var(verb)


def run(args: argparse.Namespace) -> int:
    """Print what was asked for; see the module for the exit code."""
    with opened(args.var) as store:
        reading = reading_of(store, args.at)
        if args.verb == "list":
            note(args.var, "consents_list", "", args.child or "", purpose="names" if args.names else "")
            children = [store.ledger.of_child(args.child)] if args.child else store.ledger.all()
            found = listed(reading, children, names=args.names)
            print(_json(found) if args.json else "\n".join(map(_row, found)) or "Der er ingen samtykker.")
            return 0
        told = _one(args, reading)
    print(_json(told) if args.json else "\n".join(_lines(told)))
    return 1 if args.verb == "effective" and not told["effective"] else 0


def _one(args: argparse.Namespace, reading: Reading) -> dict[str, Any]:
    share = share_named(reading.ledger, args.id)
    if share is None:
        raise unknown(args.id)
    note(args.var, f"consents_{args.verb}", share.id, share.child_id, purpose="names" if args.names else "")
    return (shown if args.verb == "show" else effective)(reading, share, names=args.names)


def _row(line: dict[str, Any]) -> str:
    holds = (
        f"gælder for {line['items']} af {line['of_items']}" if line["effective"] else f"gælder ikke ({line['reason']})"
    )
    to = line.get("receiver_name") or line.get("title", "")
    named = f"  {line['child_name']} → {to}" if "child_name" in line else ""
    what = WHAT.get(line["what"], "") + ("fornyelse, " if line.get("renews") else "")
    received = f", modtagelse kvitteret {line['acknowledged_at'][-1]}" if line.get("acknowledged_at") else ""
    return f"{line['request']}  {line['asked_at']}  barn {line['child']}  {what}{line['standing']}, {holds}{received}{named}"


def _lines(told: dict[str, Any]) -> list[str]:
    made = [_row(told)]
    made += [f"  {key}: {_plain(value)}" for key, value in told.items() if key not in ("request", "events")]
    for event in told.get("events", ()):
        made.append(f"  {event['at']}  {event['kind']}  {event['event']}")
        made += [f"    {key}: {_plain(value)}" for key, value in event.items()
                 if key not in ("at", "kind", "event") and value not in (None, [])]  # fmt: skip
    return made


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nej"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)
