"""The last station's look at a receipt: a parent fetches it, and the offline kit judges it with nothing of Tillid around it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path

from tillid.demo.walk_scene import Failed, Scene, check
from tillid.kernel.canonical import sha256
from tillid.kernel.clock import instant
from tillid.kernel.paths import SIGNING
from tillid.signatures.receipt import KIT, certificates_of
from tillid.usecases.fetch_receipt import fetch_receipt

SECONDS = 60
ZIP, KEY, CERTIFICATE = "receipt.zip", "log-key.txt", "certificate.pem"


def receipt(scene: Scene) -> str:
    """The receipt of the first holder's consent, fetched after it was withdrawn: the kit passes it, and refuses it with one byte
    changed. Left as files, with the log's key and
    the seal's certificate. Its SHA-256. The log's head must be signed before."""
    scene.settle()
    holder, key = scene.holders()[0], scene.parts.event_log.verifier.text()
    with scene.open() as house:
        moment = house.moment
        given = next(
            event
            for event in house.ledger.of_request(scene.request)
            if event.kind == "consent_given" and event.payload["holder_id"] == holder.person_id
        )
        found = fetch_receipt(house, holder, scene.request, given.id)
    check(found.token is not None, "kvitteringen er uden tidsstempel")
    check(scene.files["consent-1.xml"] == found.record, "kvitteringen er om en anden post")
    with tempfile.TemporaryDirectory() as folder:
        trust = Path(folder) / "trust"
        shutil.copytree(SIGNING / "trust" / "test", trust)
        (trust / "log").mkdir()
        (trust / "log" / "key.txt").write_text(f"{key}\n", "utf-8")
        told = _judged(found.data, trust, moment)
        check(told["result"] == "passed", f"programmet uden Tillid godkender ikke kvitteringen: {told['da']}")
        middle = len(found.data) // 2
        changed = found.data[:middle] + bytes([found.data[middle] ^ 1]) + found.data[middle + 1 :]
        check(_judged(changed, trust, moment)["result"] == "failed", "en ændret kvittering blev godkendt")
    scene.files[CERTIFICATE] = b"".join(certificates_of(found.record))
    scene.files[ZIP], scene.files[KEY] = found.data, f"{key}\n".encode()
    return sha256(found.data)


def _judged(data: bytes, trust: Path, moment: datetime) -> dict[str, str]:
    """What the kit says of ``data``, in a process with an empty environment and none of our packages."""
    file = trust.parent / ZIP
    file.write_bytes(data)
    command = [
        sys.executable,
        "-I",
        "-S",
        str(KIT),
        str(file),
        "--trust",
        str(trust),
        "--at",
        instant(moment),
        "--json",
    ]
    try:
        done = subprocess.run(command, env={}, capture_output=True, timeout=SECONDS, check=False)
        return json.loads(done.stdout)
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise Failed(f"programmet uden Tillid kunne ikke køres ({type(error).__name__})") from error
