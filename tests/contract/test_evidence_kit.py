"""The second file of the kit, piece by piece and imported: what is spelled or made otherwise is refused, also where no vector is."""

from __future__ import annotations

import importlib.util

import pytest
from asn1crypto import cms, core, parser
from cryptography.hazmat.primitives.serialization import Encoding

from tests.support.evidence import Years, day, made
from tests.support.receipts import VECTORS
from tillid.signatures.evidence import EvidenceRefused, Stamped, read, tokens_group, written
from tillid.signatures.evidence_asn1 import EvidenceRecord
from tillid.signatures.evidence_tree import digest
from tillid.signatures.receipt import EVIDENCE_KIT
from tillid.signatures.timestamp_token import TokenRefused, read_token

TRUST = VECTORS / "evidence" / "trust"
DATA = b"Tillid, object 0\n"
TABLE = {"sha256": "null", "sha512": "null", "ec-256": "null", "ec-384": "null"}


@pytest.fixture(scope="module")
def kit():
    spec = importlib.util.spec_from_file_location("tillid_evidence", EVIDENCE_KIT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def step(kit):
    return lambda record: kit.judged(record, DATA, TRUST, day(2030), TABLE)["step"]


def token(**more: object) -> bytes:
    """Of ``DATA``; ``more``: what its authority says otherwise."""
    authority = Years().keeping(1).stamper
    plain = authority.info
    authority.info = lambda asked: plain(asked) | more
    return authority.stamp(digest("sha256", DATA).hex())


def link(der: bytes) -> Stamped:
    return Stamped(algorithm="sha256", groups=((digest("sha256", DATA),),), token=der)


def test_each_length_has_one_spelling(step):
    record = written([[link(token())]])
    assert step(record) == "evidence.ok"
    inside = record[4:]
    assert record[:2] == b"\x30\x82"
    assert step(b"\x30\x83\0" + record[2:]) == "evidence.shape", "a zero in front"
    longer = b"\2\x81\1" + inside[2:]
    assert step(b"\x30\x82" + len(longer).to_bytes(2, "big") + longer) == "evidence.shape", (
        "two bytes where one will do"
    )


def test_no_byte_before_the_token_can_be_another(step):
    record = written([[link(token())]])
    begin = record.index(link(token()).token)
    for place in range(begin):
        changed = record[:place] + bytes([record[place] ^ 1]) + record[place + 1 :]
        assert step(changed) in ("evidence.shape", "evidence.unreadable", "evidence.object"), place


def test_what_means_nothing_here_is_no_part_of_it(step):
    record = EvidenceRecord.load(written([[link(token())]]))
    stamp = record["archiveTimeStampSequence"][0][0]
    stamp["attributes"] = [cms.CMSAttribute({"type": "1.3.6.1.4.1.32473.7", "values": [core.OctetString(b"x")]})]
    assert step(record.dump(force=True)) == "evidence.shape"


def test_a_chain_has_one_digest(step):
    """A renewed timestamp by another digest, right in itself."""
    first = link(token())
    group = tuple(tokens_group([first.token], "sha512"))
    other = Stamped(
        algorithm="sha512", groups=(group,), token=Years(day(2027)).keeping(1).stamper.stamp(group[0].hex(), "sha512")
    )
    assert step(written([[first, other]])) == "evidence.shape"
    with pytest.raises(EvidenceRefused, match="shape"):
        read(written([[first, other]]))


def test_there_is_a_bound_to_what_is_read(kit, step):
    assert step(written([[link(token())] * 201])) == "evidence.shape"
    assert step(written([[link(token())] * 200])) == "evidence.link"
    assert step(parser.emit(0, 1, 16, core.OctetString(bytes(1_000_000)).dump())) == "evidence.unreadable"
    info = cms.ContentInfo.load(token())
    other = cms.OtherRevocationInfoFormat(
        {"other_rev_info_format": "1.2.3.4", "other_rev_info": core.OctetString(bytes(99_000))}
    )
    info["content"]["crls"] = cms.RevocationInfoChoices([cms.RevocationInfoChoice("other", other)])
    long = info.dump()
    assert len(long) > 100_000
    with pytest.raises(kit.Stop, match="unreadable"):
        kit.Token(long)


@pytest.mark.parametrize(
    "more",
    [
        {"version": "v1", "extensions": [{"extn_id": "1.2.3.4", "critical": True, "extn_value": b"\5\0"}]},
        {"version": 2},
        {"gen_time": core.GeneralizedTime(contents=b"20260301120000+0100")},
    ],
    ids=["critical", "version", "local time"],
)
def test_a_token_that_says_what_is_not_known_is_refused(more, kit):
    with pytest.raises(TokenRefused, match="unreadable"):
        read_token(token(**more))
    with pytest.raises(kit.Stop, match="unreadable"):
        kit.Token(token(**more))


def test_the_signature_must_cover_whose_it_is_by_a_digest_that_counts(kit):
    """The older attribute, with SHA-1, is not enough (RFC 5816): as in ``read_token``."""
    der = token()
    v2 = bytes.fromhex("060b2a864886f70d010910022f")
    assert der.count(v2) == 1
    with pytest.raises(kit.Stop, match="algorithm"):
        kit.Token(der.replace(v2, v2[:-1] + b"\x0c"))


def test_an_authority_above_that_is_for_something_else_is_not_believed(kit):
    """A root whose extended key usage leaves timestamps out is none, whatever lies in ``tsa``."""
    one = kit.ssl.DER_cert_to_PEM_cert
    assert kit.lets(one(made(1).leaf.public_bytes(Encoding.DER)).encode())
    web = bytes.fromhex("06082b06010505070301")
    der = made(1).leaf.public_bytes(Encoding.DER).replace(kit.STAMPING, web)
    assert not kit.lets(one(der).encode())
