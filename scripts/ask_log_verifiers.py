"""Ask verifiers and a witness of other transparency logs about our heads and proofs; write what they said to docs/validators-log.md.

    make validators        (Go 1.25 and OpenSSH's ssh-agent are needed; Go fetches the programs by the digests in go.sum)
    .venv/bin/python scripts/ask_log_verifiers.py --make     also write signing/vectors/log/foreign anew, by them

Everything of ours must be accepted, and nothing that was changed. Exits with 1 when it is not so.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from scripts.log_witness import NAME, Witness, running  # noqa: E402
from scripts.make_log_vectors import KEY, LOG_VECTORS  # noqa: E402
from tillid.signatures.checkpoint import Checkpoint, CheckpointError, LogKey, LogVerifier  # noqa: E402

SOURCE = PROJECT / "scripts" / "validators" / "log"
BUILT = PROJECT / "var" / "validators"
TABLE = PROJECT / "docs" / "validators-log.md"
INTRO = (SOURCE / "intro.md").read_text("utf-8")
SEED = "07" * 32
OURS, FOREIGN, WITNESSED = (LOG_VECTORS / name for name in ("ours", "foreign", "witnessed"))
DAMAGED = (" changed", " from another head", " of another leaf")


def build() -> None:
    """The two programs."""
    for program in ("go", "ssh-agent"):
        if shutil.which(program) is None:
            raise SystemExit(f"{program} is missing: install Go 1.25 or newer, and openssh-client")
    BUILT.mkdir(parents=True, exist_ok=True)
    for name, package in (("log-judge", "."), ("litewitness", "filippo.io/torchwood/cmd/litewitness")):
        subprocess.run(["go", "build", "-o", str(BUILT / name), package], cwd=SOURCE, check=True)


def versions() -> list[str]:
    """Who is asked, as go.mod pins them."""
    lines = [line.split() for line in (SOURCE / "go.mod").read_text("utf-8").splitlines()]
    return [f"{line[0]} {line[1]}" for line in lines if len(line) == 2 and "." in line[0]]


def judged(folder: Path) -> tuple[list[str], list[str]]:
    """A row of the table for each verifier and kind of file, and what it should have said otherwise."""
    out = subprocess.run([BUILT / "log-judge", "judge", folder], check=True, capture_output=True, text=True).stdout
    counted: Counter[tuple[str, str, str]] = Counter()
    wrong = []
    for line in out.splitlines():
        word, who, what = line.split("\t")
        damaged = what.endswith(DAMAGED)
        kind = {"h": "heads", "g": "consistency proofs", "p": "inclusion proofs"}[what[0]]
        counted[kind, who, "refused" if damaged else "accepted"] += 1
        if word != ("refused" if damaged else "accepted"):
            wrong.append(f"{folder.name}: {who} {word} {what}")
    pairs = sorted({(kind, who) for kind, who, _ in counted})
    rows = [
        f"| {folder.name} | {kind} | {who} | {counted[kind, who, 'accepted']} | {counted[kind, who, 'refused']} |"
        for kind, who in pairs
    ]
    return rows, wrong


def stranger() -> LogKey:
    """Who has our log's name and not its key."""
    return LogKey(KEY.verifier.name, b"s" * 32)


def forged(size: int) -> bytes:
    """A head that our key has signed and our log never had: what a fork looks like."""
    return KEY.sign(Checkpoint(origin=KEY.verifier.name, size=size, root=bytes(32)))


def cases() -> list[tuple[str, int, bytes]]:
    """What the witness is sent, in this order, and the status that it answers by its standard."""
    grown = {path.stem[len("grown-") :]: path.read_bytes() for path in OURS.glob("grown-*.txt")}
    step = grown["6-11"].split(b"\n")[1]
    by_stranger = stranger().sign(KEY.verifier.read((OURS / "head-11.txt").read_bytes()))
    unknown = LogKey("other.example/log", b"o" * 32)
    return [
        ("the first head it hears of (`grown-0-6`)", 200, grown["0-6"]),
        ("a proof from a head that it has not seen (`grown-7-11`)", 409, grown["7-11"]),
        ("one step changed", 422, grown["6-11"].replace(step, b"A" * 43 + b"=")),
        ("a forked head, signed by our own key", 422, grown["6-11"].partition(b"\n\n")[0] + b"\n\n" + forged(11)),
        ("another key under our name", 403, grown["6-11"].partition(b"\n\n")[0] + b"\n\n" + by_stranger),
        ("a log that it does not know", 403, b"old 0\n\n" + unknown.sign(Checkpoint(origin="other.example/log", size=1, root=bytes(32)))),
        ("the newer head with its proof (`grown-6-11`)", 200, grown["6-11"]),
        ("an older head after it (`grown-6-8`)", 409, grown["6-8"]),
    ]  # fmt: skip


def witnessed(witness: Witness, keep: bool) -> tuple[list[str], list[str]]:
    """As ``judged``; each head that it cosigned is read by us with its line beside ours, and is none without ours."""
    witness.knows(KEY.verifier.name, KEY.verifier.text())
    rows, wrong = [], []
    for what, expected, body in cases():
        status, answer = witness.asked(body)
        rows.append(f"| {what} | {status} |")
        if status != expected:
            wrong.append(f"the witness answered {status} to {what}")
        if status == 200:
            note = body.partition(b"\n\n")[2] + answer
            wrong += read_with_its_line(note, answer)
            if keep:
                WITNESSED.mkdir(exist_ok=True)
                (WITNESSED / f"head-{KEY.verifier.read(note).size}.txt").write_bytes(note)
    return rows, wrong


def read_with_its_line(note: bytes, line: bytes) -> list[str]:
    """What is wrong with how we read a head that was cosigned."""
    alone = note.partition(b"\n\n")[0] + b"\n\n" + line
    wrong = [] if line.startswith(f"— {NAME} ".encode()) else ["the witness answered no signature line"]
    try:
        KEY.verifier.read(note)
    except CheckpointError as error:
        wrong.append(f"we do not read a head with the witness's line: {error}")
    try:
        KEY.verifier.read(alone)
    except CheckpointError:
        return wrong
    return [*wrong, "we read a head that the witness alone has signed"]


def made_anew(keep: bool) -> list[str]:
    """Whether the foreign files are what their maker makes today."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([BUILT / "log-judge", "make", SEED, folder], check=True)
        made = {path.name: path.read_bytes() for path in Path(folder).iterdir()}
    if keep:
        shutil.rmtree(FOREIGN, ignore_errors=True)
        FOREIGN.mkdir(parents=True)
        for name, data in made.items():
            (FOREIGN / name).write_bytes(data)
    LogVerifier.parsed(made["key.txt"].decode())
    same = made == {path.name: path.read_bytes() for path in FOREIGN.iterdir()}
    return [] if same else ["the foreign files are not what their maker makes: --make writes them anew"]


def main() -> int:
    """Build, ask, write, and say whether all is as it should be."""
    keep = "--make" in sys.argv[1:]
    build()
    wrong = made_anew(keep)
    table: list[str] = []
    for folder in (OURS, FOREIGN):
        rows, said = judged(folder)
        table, wrong = table + rows, wrong + said
    with running(BUILT / "litewitness") as witness:
        answers, said = witnessed(witness, keep)
    wrong += said
    asked = "\n".join(f"- {one}" for one in versions())
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    text = INTRO.format(date=day, asked=asked, table="\n".join(table), answers="\n".join(answers))
    TABLE.write_text(text, encoding="utf-8")
    print(
        "\n".join([*wrong, f"heads and proofs of the log: {len(wrong)} objections; wrote {TABLE.relative_to(PROJECT)}"])
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
