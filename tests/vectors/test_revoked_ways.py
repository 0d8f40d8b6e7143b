"""An authority that is certified by two, one of them revoked: the way that holds is found, for seals, timestamps and people, and what is frozen
holds the news of that way."""

from __future__ import annotations

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from scripts.make_devca import KEEPS, revocation_list
from scripts.make_vectors import AT
from scripts.vectors import personal as people
from scripts.vectors.base import SEAL, SEALED_AT, SEALED_RECORD
from scripts.vectors.certificates import FOREIGN, ISSUING, ROOT, issue
from scripts.vectors.personal_base import AT as PERSONAL_AT
from scripts.vectors.personal_base import listing, person, signature, stamp
from scripts.vectors.stamped import AUTHORITY, answer, token
from scripts.vectors.stamped_chains import BETWEEN, COMMON, OURS, authority_below, list_of_between, stamped_by
from tests.vectors.test_evidence_years import told_in
from tests.vectors.test_personal_vectors import TRUST as OF_PEOPLE
from tillid.kernel.paths import SIGNING
from tillid.signatures.long_term import freeze
from tillid.signatures.long_term_xades import parts
from tillid.signatures.personal import personal_imprint
from tillid.signatures.personal_evidenced import freeze_personal, verify_frozen_personal
from tillid.signatures.timed import verify_timed
from tillid.signatures.timestamp_token import read_token
from tillid.signatures.timestamp_xades import imprint_of, with_timestamp
from tillid.signatures.trust import Trust, load_trust
from tillid.usecases.keep_evidence import with_proofs

BASE = load_trust(SIGNING / "trust" / "test")


def revoked_below(issuer, common):
    """An authority, and the list by which its issuer revoked it before all else."""
    made = issue(common, issuer, authority=True)
    return made, x509.load_der_x509_crl(revocation_list(issuer, made[0], at=SEALED_AT.replace(day=1), extra=(KEEPS,)))


def of_seals(*authorities) -> Trust:
    return msgspec.structs.replace(BASE, authorities=(*authorities, ROOT[0]), lists=(*BASE.lists, LIST_OF_ROOT))


ABOVE_SEALS, LIST_OF_ROOT = revoked_below(ROOT, "TEST revoked above seals")
ABOVE_STAMPS, LIST_OF_STAMPS = revoked_below(AUTHORITY, "TEST revoked above stamps")
SEAL_CROSS = issue("TEST Tillid issuing", ABOVE_SEALS, authority=True, key=ISSUING[1])[0]
STAMP_CROSS = issue(COMMON, ABOVE_STAMPS, authority=True, key=BETWEEN[1])[0]
GOOD = issue(COMMON, FOREIGN, authority=True, key=BETWEEN[1], extra=(OURS,))  # longer: it stands behind in the token
TWO_ROOTS = authority_below((STAMP_CROSS, BETWEEN[1]), ABOVE_STAMPS[0], GOOD[0], label="stamps below two roots")
BELOW_TWO_ROOTS = with_timestamp(SEALED_RECORD, answer(TWO_ROOTS, imprint_of(SEALED_RECORD)))
LIST_OF_FOREIGN = revocation_list(FOREIGN, extra=(KEEPS,))
OF_STAMPS = msgspec.structs.replace(
    BASE, lists=(*BASE.lists, LIST_OF_STAMPS, x509.load_der_x509_crl(list_of_between()))
)


def of_two_roots(trust: Trust) -> Trust:
    lists = (*trust.lists, x509.load_der_x509_crl(LIST_OF_FOREIGN))
    return msgspec.structs.replace(trust, stampers=(*trust.stampers, FOREIGN[0]), lists=lists)


@pytest.mark.req("R-85")
def test_a_seal_below_a_revoked_authority_and_a_good_one_counts_and_is_frozen():
    trust, without = of_seals(SEAL_CROSS, ABOVE_SEALS[0], ISSUING[0]), of_seals(SEAL_CROSS, ABOVE_SEALS[0])
    assert trust.seal_way(SEAL.leaf, SEALED_AT)[1:3] == (SEAL_CROSS, ABOVE_SEALS[0]), "the revoked one is met first"
    for kept in (None, token()):
        for _ in range(2):  # asked anew, and remembered
            assert verify_timed(SEALED_RECORD, trust, at=AT, token=kept).step == "ok"
            assert verify_timed(SEALED_RECORD, without, at=AT, token=kept).step == "seal.authority-revoked"
    made = freeze(SEALED_RECORD, token(), trust, at=AT)
    assert verify_timed(made, trust, at=AT).details["level"] == "LT"
    inside = {x509.load_der_x509_certificate(one) for one in parts(made).certificates}
    assert ROOT[0] in inside and not inside & {SEAL_CROSS, ABOVE_SEALS[0]}, "the way that counts is shown"
    assert verify_timed(made, without, at=AT).step == "seal.authority-revoked"
    only = msgspec.structs.replace(trust, lists=())
    assert verify_timed(made, only, at=AT).passed, "what is inside says enough of one way"


@pytest.mark.req("R-85")
def test_a_timestamp_below_a_revoked_authority_and_a_good_one_counts_and_is_completed():
    good = stamped_by(BETWEEN, STAMP_CROSS, ABOVE_STAMPS[0], label="stamps below two")
    bad = stamped_by((STAMP_CROSS, BETWEEN[1]), ABOVE_STAMPS[0], label="stamps below a revoked one")
    assert verify_timed(bad, OF_STAMPS, at=AT).step == "timestamp.revoked"
    assert verify_timed(good, OF_STAMPS, at=AT).step == "ok"
    seen = read_token(parts(good).token)
    first = BASE.stamp_way(seen.leaf, seen.certificates, seen.moment).chain
    assert ABOVE_STAMPS[0] in first, "the revoked one is met first"
    made = freeze(SEALED_RECORD, seen.der, OF_STAMPS, at=AT)
    assert verify_timed(made, OF_STAMPS, at=AT).details["level"] == "LT" and list_of_between() in parts(made).lists
    (of_root,) = (one for one in OF_STAMPS.lists if one.issuer == AUTHORITY[0].subject and one != LIST_OF_STAMPS)
    assert told_in(with_proofs(seen, OF_STAMPS, AT))[0] == [list_of_between(), of_root.public_bytes(Encoding.DER)]


def test_of_a_timestamp_below_two_roots_the_list_of_the_one_that_counts_is_inside():
    held, trust = parts(BELOW_TWO_ROOTS), of_two_roots(OF_STAMPS)
    seen = read_token(held.token)
    assert ABOVE_STAMPS[0] in BASE.stamp_way(seen.leaf, seen.certificates, seen.moment).chain
    made = freeze(SEALED_RECORD, held.token, trust, at=AT)
    assert LIST_OF_FOREIGN in parts(made).lists
    one = people.lived()["years-listed"]
    told = msgspec.structs.replace(trust, persons=OF_PEOPLE.persons, lists=(*trust.lists, *OF_PEOPLE.lists))
    frozen = freeze_personal(one.data, answer(TWO_ROOTS, personal_imprint(one.data)), told, at=one.at)
    assert LIST_OF_FOREIGN in parts(frozen).lists


@pytest.mark.req("R-100", "R-101")
def test_of_a_person_below_two_roots_the_list_of_the_one_that_counts_is_inside():
    above, second = (people.REVOKED_CROSS, people.REVOKED_BEFORE[0]), people.CROSS
    data = signature(person(), *above, second)
    told = listing(people.STRANGER)
    trust = msgspec.structs.replace(
        OF_PEOPLE,
        persons=(*OF_PEOPLE.persons, people.STRANGER[0]),
        lists=(*OF_PEOPLE.lists, x509.load_der_x509_crl(told)),
    )
    made = freeze_personal(data, stamp(data), trust, at=PERSONAL_AT)
    assert told in parts(made).lists


@pytest.mark.req("R-100", "R-101")
def test_a_persons_signature_below_a_revoked_authority_and_a_good_one_is_frozen():
    one = people.lived()["revoked-way-first"]
    made = freeze_personal(one.data, one.token, OF_PEOPLE, at=one.at)
    assert verify_frozen_personal(made, OF_PEOPLE, at=one.at).details["level"] == "LT"
    assert people.trust()["crl/personal-root.crl"] in parts(made).lists
