"""What lints in the process of its own: limits on itself, one docx from stdin, the findings to stdout.

python -I -m tillid.adapters.docx.lint.inside '{"memory": …, "cpu": …, "fields": {…}, "elsewhere": {…}, "form": "…"}'
"""

from __future__ import annotations

import resource
import time
from typing import Any

import msgspec

from tillid.adapters.boxed.inside import answer
from tillid.adapters.docx.lint import lint


def _read(docx: bytes, order: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    found = lint(docx, fields=order["fields"], elsewhere=order["elsewhere"], form=order["form"])
    return {"findings": msgspec.to_builtins(found)}, b""


def _limit_cpu(limits: dict[str, Any]) -> None:
    seconds = int(time.process_time()) + 1 + limits["cpu"]
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))


if __name__ == "__main__":
    answer(_read, _limit_cpu)
