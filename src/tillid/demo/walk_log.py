"""The last station's look at the log: every event of the walk's document is in it, and it only grew since the consents were given."""

from __future__ import annotations

import json

from tillid.demo.walk_scene import Failed, Scene, check
from tillid.demo.walk_timestamps import head_timestamp
from tillid.signatures.checkpoint import Checkpoint
from tillid.signatures.log_extension import LogExtension
from tillid.signatures.merkle import includes

EARLIER, NOW = "log-checkpoint-earlier.txt", "log-checkpoint.txt"


def keep_head(scene: Scene) -> None:
    """As somebody would who witnesses the log: the head of now, kept outside of it."""
    scene.files[EARLIER] = scene.parts.event_log.sign_head()


def proofs(scene: Scene) -> int:
    """Head, key and proofs are left as files (docs/verify.md says how to check them). How many events the log has."""
    scene.settle()
    log = scene.parts.event_log
    note = log.sign_head()
    head = log.verifier.read(note)
    _grown(scene, note)
    with scene.open() as house:
        events = house.ledger.of_document(scene.document_id)
    found = [{"event": event.id, **_in_log(scene, event.digest, head)} for event in events]
    scene.files[NOW] = note
    head_timestamp(scene, note)
    scene.files["log-proofs.json"] = json.dumps({"key": log.verifier.text(), "proofs": found}, indent=1).encode()
    return head.size


def _in_log(scene: Scene, digest: str, head: Checkpoint) -> dict[str, object]:
    log = scene.parts.event_log
    place = log.place(digest)
    if place is None:
        raise Failed("en hændelse mangler i loggen")
    path = log.inclusion(place, head.size)
    held = includes(bytes.fromhex(digest), place, head.size, path, head.root)
    check(held, "et bevis fører ikke til loggens hoved")
    return {"leaf": digest, "index": place, "size": head.size, "path": [step.hex() for step in path]}


def _grown(scene: Scene, note: bytes) -> None:
    """What was kept before the withdrawals is the beginning of the log of now."""
    log = scene.parts.event_log
    kept, head = log.verifier.read(scene.files[EARLIER]), log.verifier.read(note)
    check(0 < kept.size < head.size, "loggen er ikke vokset, siden samtykkerne blev givet")
    grown = LogExtension(old=kept.size, path=tuple(log.consistency(kept.size, head.size)), note=note)
    check(grown.follows(kept, log.verifier), "loggen begynder ikke med det hoved, der blev gemt før tilbagekaldelsen")
    scene.files["log-consistency.txt"] = grown.text()
