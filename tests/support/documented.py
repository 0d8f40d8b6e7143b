"""Commands of docs/verify.md, run as they are written there."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tillid.kernel.paths import PROJECT

DAMAGED = {  # a file of the log, and how somebody may have changed it
    "log-key.txt, another name": lambda data: b"x" + data,
    "log-checkpoint.txt, another name": lambda data: data.replace(b"/tillid\n", b"/tillit\n", 1),
    "log-checkpoint.tst, one byte": lambda data: data[:-1] + bytes([data[-1] ^ 1]),
    "log-checkpoint-earlier.txt, its head": lambda data: re.sub(rb"\n[A-Za-z0-9+/]{5}", b"\nAAAAA", data, count=1),
    "log-consistency.txt, a step": lambda data: re.sub(rb"\n.{5}", b"\nAAAAA", data, count=1),
    "log-proofs.json, a leaf": lambda data: re.sub(rb'"leaf": ".{5}', b'"leaf": "00000', data, count=1),
    "log-proofs.json, without the record's": lambda data: json.dumps({"proofs": json.loads(data)["proofs"][:1]}).encode(),
}  # fmt: skip


def text() -> str:
    """All of the document."""
    return (PROJECT / "docs" / "verify.md").read_text("utf-8")


def xmlsec1_command() -> list[str]:
    """Without its last word, the file."""
    block = text()[text().index("    xmlsec1 --verify") :].split("\n\n", 1)[0]
    return shlex.split(block.replace("\\\n", " "))[:-1]


def log_blocks() -> list[str]:
    """Each block of commands that checks the log's files without Tillid, in order."""
    section = text()[text().index("\n## The log\n") :]
    section = section[section.index("### Without Tillid") :].split("\n## ", 1)[0]
    found = re.findall(r"(?:^    .*\n)+", section, re.MULTILINE)
    return ["".join(line.removeprefix("    ") for line in one.splitlines(keepends=True)) for one in found]


def log_checked(folder: Path) -> tuple[bool, str]:
    """Whether every one of them ends well in ``folder``, up to the first that does not, and what they said."""
    said = ""
    for block in log_blocks():
        done = subprocess.run(["bash", "-euc", block], cwd=folder, capture_output=True, text=True, check=False)
        said += done.stdout + done.stderr
        if done.returncode:
            return False, said
    return True, said


def accepted_though_damaged(files: list[Path], beside: Path) -> Iterator[str]:
    """What of ``DAMAGED`` the commands do not find."""
    for what, change in DAMAGED.items():
        folder = Path(tempfile.mkdtemp(dir=beside))
        for path in files:
            data = path.read_bytes()
            (folder / path.name).write_bytes(change(data) if path.name == what.split(",")[0] else data)
        if log_checked(folder)[0]:
            yield what
