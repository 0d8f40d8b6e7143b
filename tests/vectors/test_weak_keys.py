"""A key that is too weak, or of a curve that the policy does not name, signs nothing: whoever certified it (signing/policies/chains-1.yaml)."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa

from scripts.vectors.answers import NAMED, NOCHECK, SEAL, answer
from scripts.vectors.base import SEALED_RECORD
from scripts.vectors.certificates import ISSUING, issue
from scripts.vectors.personal_base import ISSUING as PERSONAL_ISSUING
from scripts.vectors.personal_base import ROOT, SIGNED_AT, person, signature
from scripts.vectors.stamped import AUTHORITY, STAMPED_AT, Authority
from scripts.vectors.stamped import answer as token
from scripts.vectors.stamped_chains import STAMPING
from tillid.adapters.xmlsec_engine import libxmlsec_personal
from tillid.signatures.answers import read_answer, signer_of
from tillid.signatures.chain_policy import chain_policy
from tillid.signatures.personal import expected_over, verify_personal
from tillid.signatures.timestamp import judge
from tillid.signatures.timestamp_xades import imprint_of
from tillid.signatures.trust import Trust

WEAK = (ec.SECP192R1(), ec.SECP224R1(), ec.SECP256K1(), ec.BrainpoolP256R1())
GOOD = (ec.SECP256R1(), ec.SECP384R1(), ec.SECP521R1())
each = pytest.mark.parametrize(("curve", "good"), [(one, one in GOOD) for one in (*WEAK, *GOOD)], ids=lambda one: getattr(one, "name", None))  # fmt: skip


@pytest.mark.parametrize(
    ("make", "good"),
    [
        (lambda: rsa.generate_private_key(65537, 1024), False),
        (lambda: rsa.generate_private_key(65537, 2048), True),
        (lambda: dsa.generate_private_key(2048), False),
        (ed25519.Ed25519PrivateKey.generate, False),
    ],
    ids=["rsa-1024", "rsa-2048", "dsa", "ed25519"],
)
def test_by_kind_and_size(make, good):
    assert chain_policy().signs(make().public_key()) is good


@each
def test_a_timestamp(curve, good):
    leaf, key = issue(f"TEST stamps {curve.name}", AUTHORITY, key=ec.generate_private_key(curve), extra=(STAMPING,))
    authority = Authority("tsa", STAMPED_AT)
    authority._chain, authority._key = [leaf, AUTHORITY[0]], key
    made = token(authority, imprint_of(SEALED_RECORD))
    found = judge(made, imprint_of(SEALED_RECORD), Trust(stampers=(AUTHORITY[0],)), at=STAMPED_AT)
    assert found.step == ("ok" if good else "timestamp.algorithm")


@each
def test_an_answer_about_a_certificate(curve, good):
    who = issue(f"TEST answers {curve.name}", ISSUING, key=ec.generate_private_key(curve), extra=(NAMED, NOCHECK))
    found = signer_of(read_answer(answer(by=who)), SEAL, ISSUING[0])
    assert found == (who[0] if good else None)


@pytest.mark.req("R-100")
@pytest.mark.parametrize("second", [None, libxmlsec_personal], ids=["one engine", "two"])
@each
def test_a_persons_own_signature(curve, good, second):
    who = person(f"person {curve.name}", key=ec.generate_private_key(curve))
    data = signature(who, PERSONAL_ISSUING[0])
    trust = Trust(persons=(ROOT[0],))
    found = verify_personal(data, expected_over(SEALED_RECORD), trust, at=SIGNED_AT, second=second)
    # Of an authority that is not the trusted one itself news are asked for; here nobody has any.
    assert good or found.step == "personal.algorithm"
    assert found.step == ("personal.revocation-missing" if isinstance(curve, ec.SECP256R1) else "personal.algorithm")
