"""The last station's look at timestamps: each record and the log's head existed when an authority says so."""

from __future__ import annotations

from pathlib import PurePath

from cryptography.hazmat.primitives.serialization import Encoding

from tillid.demo.walk_scene import Failed, Scene, check
from tillid.kernel.canonical import sha256
from tillid.signatures.timed import verify_timed
from tillid.signatures.timestamp import judge
from tillid.signatures.timestamp_xades import stamped_bytes, with_timestamp
from tillid.usecases.seal_record import RECORD, TIMESTAMP


def timestamps(scene: Scene, records: dict[str, bytes]) -> int:
    """Every record of ``records`` (by file name) has a token that holds for it and for no other. Left as files: the tokens, the
    bytes they are about, and ``tsa.pem`` to check them with. How many there were."""
    scene.settle()
    with scene.open() as house:
        events = house.ledger.of_document(scene.document_id)
        attached = [house.ledger.attachments(event.id) for event in events]
        moment = house.moment
    tokens = {one[RECORD]: one[TIMESTAMP] for one in attached if RECORD in one and TIMESTAMP in one}
    for name, record in records.items():
        if record not in tokens:
            raise Failed(f"{name} har intet tidsstempel")
        token = tokens[record]
        for found in (
            verify_timed(record, scene.parts.trust, at=moment, token=token),
            verify_timed(with_timestamp(record, token), scene.parts.trust, at=moment),
        ):
            check(found.passed and "timestamped_at" in found.details, f"tidsstemplet på {name} holder ikke")
        others = [one for one in tokens if one != record]
        wrong = [verify_timed(one, scene.parts.trust, at=moment, token=token).passed for one in others]
        check(others and not any(wrong), f"tidsstemplet på {name} holder også for en anden post")
        stem = PurePath(name).stem
        scene.files[f"{stem}.tst"], scene.files[f"{stem}.signature"] = token, stamped_bytes(record)
    scene.files["tsa.pem"] = b"".join(one.public_bytes(Encoding.PEM) for one in scene.parts.trust.stampers)
    return len(records)


def head_timestamp(scene: Scene, note: bytes) -> None:
    """The head that the walk leaves has a timestamp of its own."""
    if scene.parts.time_stamper is None:
        raise Failed("der er ingen, der kan sætte tidsstempler")
    token = scene.parts.time_stamper.stamp(sha256(note))
    with scene.open() as house:
        held = judge(token, sha256(note), scene.parts.trust, at=house.moment).holds
    check(held, "tidsstemplet på loggens hoved holder ikke")
    scene.files["log-checkpoint.tst"] = token
