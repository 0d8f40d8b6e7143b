"""What the trust benchmark measures on: a key of the declared test authority, records, one child's events, a filled log."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import msgspec
import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tests.consent_examples import HOLDER, MOMENT, SYSTEM, all_yes, answer_event, request, uid
from tests.support.demo_key import create_demo_key
from tillid.adapters.keyfile import load_key
from tillid.adapters.log_file import WIDTH, LogFile
from tillid.consents.custody import Custody, Holder
from tillid.consents.events import Event, EventKind, next_event
from tillid.consents.model import ConsentRequest, Given, Withdrawn
from tillid.consents.record import build_record
from tillid.kernel.paths import SIGNING
from tillid.signatures.checkpoint import LogKey
from tillid.signatures.sign import SealKey, seal
from tillid.signatures.trust import Trust, load_trust

TRUST = SIGNING / "trust" / "test"
OTHER = uid(0xA2)


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """The same key for ours and for the peer, which takes PEM and a list of trusted certificates."""

    seal: SealKey
    pem: bytes
    manager: object


def key_of(folder: Path) -> Key:
    """The demo's key."""
    path, chain = create_demo_key(folder / "keys")
    manager = xmlsec.KeysManager()
    for ca in _authorities():
        trusted = xmlsec.constants.KeyDataTypeTrusted if ca.subject == ca.issuer else xmlsec.constants.KeyDataTypePublic
        manager.load_cert_from_memory(ca.public_bytes(Encoding.PEM), xmlsec.constants.KeyDataFormatPem, trusted)
    return Key(seal=load_key(path, chain), pem=path.read_bytes(), manager=manager)


@cache
def trust_of() -> Trust:
    """Whom the demo trusts."""
    return load_trust(TRUST)


def _authorities() -> tuple[x509.Certificate, ...]:
    return trust_of().authorities


def record_bytes(number: int = 0) -> bytes:
    """A record to be sealed; each number is another one."""
    asked = request(valid_to=date(2027, 2, 1))
    event = answer_event(asked, answers=all_yes(), oral=True, holder_name=f"Forælder {number}")
    return build_record(event, asked, role="parent", system=SYSTEM)


def sealed_records(folder: Path, key: Key, count: int) -> Path:
    """``count`` different records in ``folder``, a thousand in each folder of it."""
    for number in range(count):
        place = folder / f"{number // 1000:03d}"
        place.mkdir(parents=True, exist_ok=True)
        sealed = seal(record_bytes(number), key.seal, MOMENT + timedelta(seconds=number))
        (place / f"{number:06d}.xml").write_bytes(sealed)
    return folder


def child_of_events(count: int) -> tuple[ConsentRequest, list[Event], Custody]:
    """The newest question about a document with ``count`` events: asked, given by both and taken back time after time, and at
    last given by both again."""
    events: list[Event] = []
    rounds = count // 5
    for number in range(rounds):
        asked = request(
            id=uid(0x10_000 + number), valid_to=date(2027, 2, 1), required_holders=(HOLDER, OTHER),
            series={HOLDER: uid(0x20_000 + number), OTHER: uid(0x30_000 + number)},
        )  # fmt: skip
        _add(events, "request_created", asked, "system", asked.document.document_id, asked)
        for holder in (HOLDER, OTHER):
            answer = answer_event(asked, answers=all_yes(), holder_id=holder)
            given = msgspec.convert(answer.payload, Given)
            _add(events, "consent_given", asked, holder, asked.series[holder], given)
        _add(events, "set_signed", asked, "system", asked.document.document_id)
        if number < rounds - 1:
            _add(events, "consent_withdrawn", asked, HOLDER, asked.series[HOLDER], _withdrawn(events))
    while len(events) < count:
        _add(events, "words_confirmed", asked, HOLDER, asked.document.document_id)
    since = MOMENT - timedelta(days=900)
    holders = tuple(
        Holder(person_id=one, name="Forælder", relation="parent", resident=True, since=since) for one in (HOLDER, OTHER)
    )
    return asked, events, Custody(child_id=asked.child_id, holders=holders, shared_residence=False, checked_at=MOMENT)


def _withdrawn(events: list[Event]) -> Withdrawn:
    yes = next(one for one in reversed(events) if one.kind == "consent_given" and one.actor == HOLDER)
    given = msgspec.convert(yes.payload, Given)
    return Withdrawn(
        holder_id=HOLDER, holder_name=given.holder_name, items=(), given_event=yes.id, given_digest=yes.digest,
        text=given.text, method="portal", login=given.login,
    )  # fmt: skip


def _add(
    events: list[Event], kind: EventKind, asked: ConsentRequest, actor: str, series: str, payload: object = None
) -> None:
    before = [one for one in events if one.series_id == series]
    events.append(
        next_event(
            before, id=uid(0x40_000 + len(events)), kind=kind, series_id=series, at=MOMENT, actor=actor,
            child_id=asked.child_id, document_id=asked.document.document_id, request_id=asked.id, payload=payload,
        )
    )  # fmt: skip


def filled_log(folder: Path, size: int) -> LogFile:
    """A log of ``size`` leaves; put down at once, for entering each would wait for the disk each time."""
    folder.mkdir(parents=True)
    leaves = b"".join(hashlib.sha256(b"%d" % number).digest() for number in range(size))
    assert len(leaves) == size * WIDTH
    (folder / "leaves").write_bytes(leaves)
    return open_log(folder)


def open_log(folder: Path) -> LogFile:
    """The log in ``folder``, as a start opens it."""
    return LogFile(folder, LogKey("bench.example/log", b"k" * 32))
