"""Seals that a list pins and that are for something else, or are somebody else's: by us, at three places, and by the offline kit. Each of these
vectors fails for the reason it names and for no other: with that one check out, it passes."""

from __future__ import annotations

import json
import shutil
from base64 import b64decode
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from scripts.vectors.base import SEAL, sealed_by
from scripts.vectors.certificates import DOCUMENTS, FOREIGN, ISSUING, issue
from tests.contract.test_receipt_kit import made_anew
from tests.support.key_usage import usage_of
from tests.support.kit import kit as imported
from tests.support.kit import trust_folder
from tests.support.receipts import AT, GIVEN, KEY, proof_of
from tests.unit.signatures.test_pins import bare
from tillid.kernel.clock import parse_instant
from tillid.kernel.errors import TillidError
from tillid.kernel.paths import SIGNING
from tillid.signatures import pins, verify
from tillid.signatures.names import ds
from tillid.signatures.receipt import receipt
from tillid.signatures.sign import SealKey
from tillid.signatures.trust import load_trust, read_trust
from tillid.signatures.verify import verify as judge
from tillid.signatures.xml import parse

LISTS = {name: read_trust(SIGNING / "trust" / name) for name in ("vectors", "misused")}
SAID = {
    path: json.loads(path.with_suffix(".json").read_text("utf-8"))
    for path in sorted((SIGNING / "vectors").glob("in*/*.xml"))
}
USAGE = [path for path, said in SAID.items() if said["step"] == "seal.usage" and said["trust"] == "misused"]
OTHERS = [path for path, said in SAID.items() if said["step"] in ("seal.controller", "seal.unbound")]


def leaf_of(path: Path) -> x509.Certificate:
    return x509.load_der_x509_certificate(b64decode(next(parse(path.read_bytes()).iter(ds("X509Certificate"))).text))


def step(path: Path) -> str:
    return judge(path.read_bytes(), LISTS[SAID[path]["trust"]], at=parse_instant(SAID[path]["at"])).step


def by_kit(path: Path, folder: Path) -> dict[str, object]:
    kit = imported()
    trust = trust_folder(folder, KEY.verifier.text(), SAID[path]["trust"])
    members = kit.unzipped(receipt(GIVEN, proof_of(GIVEN))) | made_anew(kit, path.read_bytes())
    return kit.judged(kit.zipped(members), trust, parse_instant(SAID[path]["at"]))


def test_there_are_such_vectors_and_each_is_pinned_by_the_list_it_is_judged_by() -> None:
    assert len(USAGE) == 8 and len(OTHERS) == 3
    assert all(LISTS[SAID[path]["trust"]].pins(leaf_of(path)) for path in (*USAGE, *OTHERS))
    assert not any(LISTS["vectors"].pins(leaf_of(path)) for path in USAGE), "the list of all other vectors stays whole"


@pytest.mark.req("R-85")
@pytest.mark.parametrize("path", USAGE, ids=lambda path: path.stem)
def test_of_another_usage_it_fails_for_that_alone(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert step(path) == "seal.usage"
    verify._issued.cache_clear()
    monkeypatch.setattr(verify, "may_seal", lambda certificate: True)
    assert step(path) == "ok"
    verify._issued.cache_clear()


@pytest.mark.req("R-85")
@pytest.mark.parametrize("path", USAGE, ids=lambda path: path.stem)
def test_the_kit_fails_it_for_that_alone(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = by_kit(path, tmp_path / "whole")
    assert (found["result"], found["step"]) == ("failed", "seal.usage")
    leaf = leaf_of(path)
    said = imported().x509(leaf.public_bytes(Encoding.PEM), "-ext", "keyUsage,basicConstraints")
    every = {one.strip() for line in said.splitlines() for one in line.split(b",")}
    purposes = [one.value.public_bytes() for one in leaf.extensions if isinstance(one.value, x509.ExtendedKeyUsage)]
    der = leaf.public_bytes(Encoding.DER)
    every |= {der[(at := der.index(one) - 2) : at + 14] for one in purposes}  # an OCTET STRING around it (RFC 5280 4.1)
    monkeypatch.setattr(imported(), "SIGNS", every)
    assert by_kit(path, tmp_path / "out")["result"] == "passed"


@pytest.mark.req("R-85")
def test_a_list_with_any_of_them_is_not_loaded(tmp_path: Path) -> None:
    for path in USAGE:
        folder = tmp_path / path.stem
        (folder / "seals").mkdir(parents=True)
        pem = SIGNING / "trust" / "misused" / "seals" / f"{path.stem}.pem"
        (folder / "seals" / pem.name).write_bytes(pem.read_bytes())
        with pytest.raises(TillidError) as refused:
            load_trust(folder)
        assert refused.value.code == "trust.usage" and pem.name in refused.value.message
        assert read_trust(folder).seals, "nothing else is wrong with it"


@pytest.mark.req("R-05", "R-85")
@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.stem)
def test_of_another_controller_the_kit_says_so_too(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found, status = by_kit(path, tmp_path / "whole"), SAID[path]["status"]
    said = {"failed": "seal.controller", "indeterminate": "seal.unknown"}
    assert (step(path), found["result"], found["step"]) == (SAID[path]["step"], status, said[status])
    mine = parse(path.read_bytes())[0].find("{*}Controller").get("uuid")
    monkeypatch.setattr(pins, "_controllers", lambda path: frozenset({mine}))
    bound = read_trust(SIGNING / "trust" / "vectors")
    assert judge(path.read_bytes(), bound, at=parse_instant(SAID[path]["at"])).passed, "and for nothing else"
    trust = trust_folder(tmp_path / "bound", KEY.verifier.text(), "vectors")
    for pem in (trust / "seals").glob("*.pem"):
        pem.with_suffix(".txt").write_text(f"{mine} den dataansvarlige\n", "utf-8")
    kit = imported()
    members = kit.unzipped(receipt(GIVEN, proof_of(GIVEN))) | made_anew(kit, path.read_bytes())
    assert kit.judged(kit.zipped(members), trust, parse_instant(SAID[path]["at"]))["result"] == "passed"


@pytest.mark.req("R-85")
@pytest.mark.parametrize(
    ("said", "result"),
    [
        ((x509.BasicConstraints(ca=True, path_length=0),), "failed"),
        ((x509.BasicConstraints(ca=False, path_length=None),), "passed"),
        ((), "passed"),
        ((x509.ExtendedKeyUsage([DOCUMENTS]),), "passed"),
    ],
    ids=["an authority that signs", "none", "nothing said", "for documents"],
)
def test_the_kit_says_the_same_of_what_no_vector_shows(
    said: tuple[x509.ExtensionType, ...], result: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = bare(
        usage_of("content_commitment", "digital_signature"),
        *said,
        *(
            one.value
            for one in SEAL.leaf.extensions
            if isinstance(one.value, x509.SubjectKeyIdentifier | x509.AuthorityKeyIdentifier)
        ),
    )
    record = sealed_by(SealKey(private_key=SEAL.private_key, leaf=pair, issuer=SEAL.issuer))
    assert pins.may_seal(pair) == (result == "passed")
    trust = trust_folder(tmp_path / "trust", KEY.verifier.text())
    (trust / "seals" / "made.pem").write_bytes(pair.public_bytes(Encoding.PEM))
    shutil.copy(trust / "seals" / "seal.txt", trust / "seals" / "made.txt")
    kit = imported()
    members = kit.unzipped(receipt(GIVEN, proof_of(GIVEN))) | made_anew(kit, record)
    assert kit.judged(kit.zipped(members), trust, parse_instant(AT))["result"] == result
    # Openssl has given names to purposes that it showed as numbers before.
    run = kit.run
    monkeypatch.setattr(
        kit,
        "run",
        lambda *words: (lambda ok, out: (ok, out.replace(b"1.3.6.1.5.5.7.3.36", b"documentSigning")))(*run(*words)),
    )
    assert kit.judged(kit.zipped(members), trust, parse_instant(AT))["result"] == result


@pytest.mark.req("R-85")
@pytest.mark.parametrize("right", [True, False])
def test_an_authority_certified_by_a_stranger_too_hides_no_way(right: bool, tmp_path: Path) -> None:
    """A certificate of the seal's authority by somebody whom nobody trusts, before the right one in the folder."""
    trust = trust_folder(tmp_path / "trust", KEY.verifier.text())
    cross = issue("TEST Tillid issuing", FOREIGN, authority=True, key=ISSUING[1])[0]
    (trust / "ca" / "a.pem").write_bytes(cross.public_bytes(Encoding.PEM))
    if not right:
        (trust / "ca" / "root.pem").unlink()
    expected = ("passed", "ok") if right else ("indeterminate", "seal.no-chain")
    found = imported().judged(receipt(GIVEN, proof_of(GIVEN)), trust, parse_instant(AT))["result"]
    assert (found, judge(GIVEN, load_trust(trust), at=parse_instant(AT)).step) == expected
