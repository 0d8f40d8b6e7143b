"""Reads a definition from standard input under limits of memory, processor time and stack; prints what is refused.

Run as a process of its own: the limits cannot be taken back, and a breach of one must not take the test run along.
"""

from __future__ import annotations

import json
import resource
import sys

from tillid.forms.loading import definition_from
from tillid.forms.problems import DefinitionError
from tillid.forms.yamldata import read_yaml

MEMORY, SECONDS = 600 * 2**20, 60


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        definition_from(read_yaml(sys.stdin.buffer.read(), "demo/v1.yaml"))
        problems = []
    except DefinitionError as error:
        problems = error.problems
    print(json.dumps([[p.code, p.field, p.text[:200]] for p in problems[:5]]))


if __name__ == "__main__":
    main()
