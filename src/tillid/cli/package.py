"""``tillid package VERB``: documents as E-ARK packages, and what becomes of them (ADR 0053, 0056). The verbs lie in modules of their own:
``add_verbs(verbs)`` adds their parsers, and a function does what was asked for (its return: the exit code).

Exit codes: 0 done, 1 not, or refused.
"""

from __future__ import annotations

import argparse
import importlib

# Verb → its module and the function in it.
VERBS = {
    "make": ("tillid.cli.package_make", "make"),
    "received": ("tillid.cli.package_received", "received"),
    "avid": ("tillid.cli.package_avid", "avid"),
    "check": ("tillid.cli.package_look", "look"),
    "list": ("tillid.cli.package_look", "look"),
    "import": ("tillid.cli.package_import", "take"),
    "remove": ("tillid.cli.package_import", "remove"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The verbs with their arguments."""
    verbs = parser.add_subparsers(dest="verb", metavar="HVAD", required=True)
    for module in dict.fromkeys(module for module, _ in VERBS.values()):
        importlib.import_module(module).add_verbs(verbs)


def run(args: argparse.Namespace) -> int:
    """Do one of them."""
    module, function = VERBS[args.verb]
    return getattr(importlib.import_module(module), function)(args)
