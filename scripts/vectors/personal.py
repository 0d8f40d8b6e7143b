"""People's own signatures, each with the verdict it must get: whose, over what, under whom, and whether the certificate counted then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID
from lxml import etree

from scripts.make_devca import TRUST as TEST_TRUST
from scripts.make_devca import files as test_files
from scripts.vectors.answers import answer as ocsp_answer
from scripts.vectors.base import b64, devca_key, sealed_by
from scripts.vectors.certificates import CONDITION, der, private
from scripts.vectors.personal_base import (
    ASSURED,
    DAY,
    ISSUING,
    ROOT,
    SIGNED_AT,
    STAMPED_AT,
    STRANGER,
    TWO_YEARS,
    Issuer,
    PersonalVector,
    authority,
    below,
    certificate,
    listing,
    person,
    rewritten,
    signature,
    stamp,
)
from scripts.vectors.stamped_chains import names, purpose
from tillid.signatures.long_term_xades import with_long_term
from tillid.signatures.names import ds

Found = dict[str, PersonalVector]
QUALIFIED = x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier("0.4.0.194112.1.2"), None)]), False
SECOND = timedelta(seconds=1)
YEAR_BEFORE, DAYS_99 = SIGNED_AT - timedelta(days=365), timedelta(days=99)
AFTER = datetime(2025, 11, 6, tzinfo=UTC)  # the day after what is revoked here was revoked
LISTED, UNLISTED, OLD, LATE = (
    below(one) for one in ("issuing for years", "without a list", "with an old list", "with a late list")
)
NAMING = {one: below(f"whose list names {one}") for one in ("early", "between", "later")}
REVOKED = below("revoked")
DEEP, DEEP_LISTED = authority("TEST personal deep", UNLISTED), authority("TEST personal deep, listed", LISTED)
REVOKED_BEFORE = below("revoked before")
CROSS, REVOKED_CROSS, UNLISTED_CROSS = (
    authority("TEST personal issuing", one, key=ISSUING[1])[0] for one in (STRANGER, REVOKED_BEFORE, UNLISTED)
)


def for_years(issuer: Issuer, label: str = "person for years", **how: object) -> Issuer:
    """A person with a certificate of two years."""
    return person(label, issuer, **{"begins": YEAR_BEFORE, "life": TWO_YEARS, "extra": ()} | how)  # type: ignore[arg-type]


EARLY, BETWEEN, LATER = (for_years(NAMING[one], f"person {one}") for one in ("early", "between", "later"))
LATE_PERSON = for_years(LATE, life=timedelta(days=370))


def trust() -> dict[str, bytes]:
    """The trust list that they are judged by: the test authorities, and who issues to people, with its lists. No seal: the record's is judged by
    itself."""
    found = {
        str(path.relative_to(TEST_TRUST)): data
        for path, data in test_files().items()
        if path.is_relative_to(TEST_TRUST) and path.parent.name != "seals"
    }
    found["persons/root.pem"] = ROOT[0].public_bytes(Encoding.PEM)
    old = datetime(2025, 10, 1, tzinfo=UTC), datetime(2025, 11, 1, tzinfo=UTC)
    late = datetime(2025, 11, 25, tzinfo=UTC), datetime(2064, 1, 1, tzinfo=UTC)
    first = datetime(2025, 10, 1, tzinfo=UTC), datetime(2025, 11, 11, tzinfo=UTC)  # what was known when they were set
    lists = {
        "root-first": listing(ROOT, REVOKED_BEFORE[0], since=first[0] + DAY, valid=first),
        "root": listing(ROOT, REVOKED[0]),
        "for-years": listing(LISTED),
        "old": listing(OLD, valid=old),
        "late": listing(LATE, valid=late, keeps=False),
        **{
            one: listing(NAMING[one], signer[0])
            for one, signer in (("early", EARLY), ("between", BETWEEN), ("later", LATER))
        },
    }
    return found | {f"crl/personal-{name}.crl": data for name, data in lists.items()}


def _by(
    signer: Issuer, issuer: Issuer = ISSUING, *, step: str, why: str, stamped: bool = True, **how: object
) -> PersonalVector:
    """A signature of ``signer``, with a timestamp unless that is not wanted."""
    more = {name: how.pop(name) for name in ("at",) if name in how}
    moment, chain = how.pop("stamped_at", STAMPED_AT), how.pop("chain", (issuer[0],))
    data = signature(signer, *chain, **how)  # type: ignore[misc, arg-type]
    return PersonalVector(step, data, why, stamp(data, moment) if stamped else None, **more)  # type: ignore[arg-type]


def lived() -> Found:
    """How long a certificate lives, and what is known of its revocation."""
    minutes = SIGNED_AT + timedelta(minutes=5)
    ok, missing = "personal.ok", "personal.revocation-missing"
    week = timedelta(days=7)
    claims_late = {"moment": SIGNED_AT + DAYS_99, "stamped_at": STAMPED_AT + DAYS_99, "at": SIGNED_AT + DAYS_99 + DAY}
    return {
        "given": _by(person(), step=ok, why="a signature while its certificate of ten minutes holds", stamped=False, at=minutes),
        "stamped": _by(person(), step=ok, why="the same a month later, with its timestamp"),
        "qualified": _by(person("qualified", extra=(QUALIFIED, ASSURED)), step=ok, why="a certificate that says it is qualified: the verdict tells"),
        "a-day": _by(person("a day", life=DAY, extra=()), step=ok, why="a certificate of a day that does not say that it is assured, the longest that nobody asks about"),
        "a-day-and-a-second": _by(person("more", UNLISTED, life=DAY + SECOND, extra=()), UNLISTED, step=missing, why="a second longer: there is no news of it"),
        "assured-week": _by(person("assured", UNLISTED, life=week, extra=(ASSURED,)), UNLISTED, step=ok, why="a week, and its issuer says that it is assured (EN 319 412-1)"),
        "assured-more": _by(person("assured more", UNLISTED, life=week + SECOND, extra=(ASSURED,)), UNLISTED, step=missing, why="a second longer, whatever it says of itself"),
        "assured-years": _by(for_years(UNLISTED, "assured years", extra=(ASSURED,)), UNLISTED, step=missing, why="two years, and says that it is assured"),
        "expired": _by(person(), step="personal.expired", why="a month later without a timestamp", stamped=False),
        "stamped-too-late": _by(person(), step="personal.expired", why="stamped after the certificate had ended", stamped_at=SIGNED_AT + DAY),
        "years-listed": _by(for_years(LISTED), LISTED, step=ok, why="two years, and a list that says that it counted"),
        "years-revoked-later": _by(LATER, NAMING["later"], step=ok, why="revoked after the moment that the timestamp proves"),
        "years-unlisted": _by(for_years(UNLISTED), UNLISTED, step=missing, why="two years, and nobody says whether it was revoked"),
        "years-old-list": _by(for_years(OLD), OLD, step="personal.revocation-old", why="a list that had a successor before the signature"),
        "years-late-list": _by(LATE_PERSON, LATE, step="personal.revocation-bounds", why="a list from after the certificate's end, which keeps nobody"),
        "years-revoked": _by(EARLY, NAMING["early"], step="personal.revoked", why="a certificate of two years, revoked, used 99 days later", **claims_late),
        "years-revoked-backdated": _by(BETWEEN, NAMING["between"], step="personal.revoked-no-proof", why="revoked, then stamped; it says that it was set before", stamped_at=AFTER),
        "years-revoked-unstamped": _by(BETWEEN, NAMING["between"], step="personal.revoked-no-proof", why="the same without a timestamp", stamped=False),
        "minutes-of-a-revoked-authority": _by(person("under revoked", REVOKED, begins=AFTER), REVOKED, step="personal.authority-revoked", why="an authority that was revoked the day before", moment=AFTER, stamped_at=AFTER + SECOND),
        "revoked-way-first": _by(person(), step=ok, why="the authority is certified by two; the one that is shown first had been revoked", chain=(REVOKED_CROSS, REVOKED_BEFORE[0], ISSUING[0])),
        "revoked-way-alone": _by(person(), step="personal.authority-revoked", why="the same without the other way", chain=(REVOKED_CROSS, REVOKED_BEFORE[0])),
        "unlisted-way-first": _by(person(), step=ok, why="the authority is certified by two; nobody says whether it was revoked by the one that is shown first", chain=(UNLISTED_CROSS, UNLISTED[0], ISSUING[0])),
        "minutes-below-an-unlisted-authority": _by(person("deep", DEEP), DEEP, step=missing, why="ten minutes; of the authority that issued it nobody says whether it was revoked", chain=(DEEP[0], UNLISTED[0])),
        "minutes-below-a-listed-authority": _by(person("deep, listed", DEEP_LISTED), DEEP_LISTED, step=ok, why="the same where each authority above has a list that says that it counted", chain=(DEEP_LISTED[0], LISTED[0])),
        **_frozen(),
    }  # fmt: skip


def _frozen() -> Found:
    """At level LT: what is inside must suffice."""
    long, short = for_years(LISTED), person()
    data, minute = signature(long, LISTED[0]), signature(short, ISSUING[0])
    lists = {name.partition("/")[2]: one for name, one in trust().items() if name.startswith("crl/")}
    stamps, issuers, mine = (lists[f"{name}.crl"] for name in ("tsa-root", "personal-root", "personal-for-years"))
    good = ocsp_answer(long[0], LISTED)

    def made(signed: bytes, *inside: bytes, answers: tuple[bytes, ...] = ()) -> bytes:
        return with_long_term(signed, stamp(signed), [der(ROOT[0])], inside, answers)

    ok = "personal.ok"
    return {
        "lt-minutes": PersonalVector(ok, made(minute, stamps, issuers), "level LT, of a certificate that nobody asks about, with the list that speaks of its authority"),
        "lt-years": PersonalVector(ok, made(data, stamps, issuers, mine), "level LT with the list that speaks of a certificate of two years"),
        "lt-years-answer": PersonalVector(ok, made(data, stamps, issuers, answers=(good,)), "the same with an answer (OCSP)"),
        "lt-minutes-not-inside": PersonalVector("personal.revocation-missing", made(minute, stamps), "the list of the authority's own issuer is known, but not inside"),
        "lt-years-not-inside": PersonalVector("personal.revocation-missing", made(data, stamps, issuers), "the list is known, but not inside"),
    }  # fmt: skip


def chained() -> Found:
    """Whose certificate it is, and what the authorities above may."""
    other = authority("TEST personal stranger's", STRANGER)
    web = purpose(ExtendedKeyUsageOID.SERVER_AUTH)
    ours = below(
        "for this name", names("TEST Tillid, not a real authority"), purpose(ExtendedKeyUsageOID.EMAIL_PROTECTION)
    )
    others, bound, servers = (
        below("for other names", names("Another")),
        below("with a condition", CONDITION),
        below("for web servers", web),
    )
    chain, outside = "personal.chain", "personal.outside"
    before = SIGNED_AT - timedelta(minutes=11)
    return {
        "authority-for-its-names": _by(person("own", ours), ours, step="personal.ok", why="an authority that may issue for this name and this use"),
        "dead-end-first": _by(person(), step="personal.ok", why="the authority's certificate by somebody nobody trusts before the right one", chain=(CROSS, ISSUING[0])),
        "dead-end-alone": _by(person(), step="personal.authority", why="the same without the right one", chain=(CROSS,)),
        "foreign-authority": _by(person("of a stranger", other), other, step="personal.authority", why="an authority that nobody trusts", chain=(other[0], STRANGER[0])),
        "authority-missing": _by(person(), step="personal.authority", why="a way to the trusted authority that is not shown", chain=()),
        "authority-for-other-names": _by(person("other", others), others, step=chain, why="an authority that may not issue for this name"),
        "authority-with-a-condition": _by(person("bound", bound), bound, step=chain, why="an authority with a condition (critical extension) that nobody knows"),
        "with-a-condition": _by(person("condition", extra=(CONDITION,)), step=chain, why="the same in the person's certificate"),
        "authority-for-web-servers": _by(person("web", servers), servers, step="personal.chain-purpose", why="an authority for web servers that certifies people"),
        "for-web-servers": _by(person("server", extra=(web,)), step="personal.usage", why="a certificate for a web server"),
        "not-binding": _by(person("login", usage="digital_signature"), step="personal.usage", why="a certificate for logins, which binds nobody"),
        "authority-as-person": _by(certificate("TEST both", ROOT, begins=SIGNED_AT, life=DAY, authority=True), ROOT, step="personal.usage", why="an authority itself as a person"),
        "other-person": _by(person(subject="0" * 64), step="personal.other-person", why="another person than who answered"),
        "nobody": _by(person(subject=""), step="personal.other-person", why="a certificate without the provider's identifier"),
        "cpr": _by(person("Person 010190-1234"), step="personal.cpr", why="a CPR number in the certificate (R-102)"),
        "set-after-the-end": _by(person(begins=before), step=outside, why="set a minute after its certificate had ended"),
        "set-before-the-beginning": _by(person(begins=SIGNED_AT + DAY), step=outside, why="set before its certificate began"),
        "set-tomorrow": _by(person(begins=SIGNED_AT + DAY), step="personal.future", why="says a moment after its timestamp", moment=SIGNED_AT + DAY),
    }  # fmt: skip


def attacked() -> Found:
    """Changed, wrapped, exchanged."""
    whole, key = signature(person(), ISSUING[0]), private("somebody else's")
    true = stamp(whole)
    shape, text = "personal.shape", b"<xades:MimeType>text/xml"

    def changed(step: str, old: bytes, new: bytes, why: str) -> PersonalVector:
        return PersonalVector(step, rewritten(whole, old, new), why, true)

    def first(step: str, old: bytes, new: bytes, why: str) -> PersonalVector:
        """In KeyInfo, which stands before the record."""
        assert old in whole
        return PersonalVector(step, whole.replace(old, new, 1), why, true)

    def signed(step: str, why: str, change: object) -> PersonalVector:
        data = signature(person(), ISSUING[0], change=change)  # type: ignore[arg-type]
        return PersonalVector(step, data, f"{why}, truly signed", true)

    def another_object(root: etree._Element) -> None:
        root.append(etree.fromstring(etree.tostring(root[3])))
        root[-1].set("Id", "another")

    def third_reference(root: etree._Element) -> None:
        root[0].append(etree.fromstring(etree.tostring(root[0][2])))

    def whole_document(root: etree._Element) -> None:
        root[0][2].set("URI", "")

    def hash_of(root: etree._Element) -> None:
        root[0][2].find(ds("DigestMethod")).set("Algorithm", "http://www.w3.org/2000/09/xmldsig#sha1")

    def key_name(root: etree._Element) -> None:
        etree.SubElement(root[2], ds("KeyName")).text = "x"

    again = person(key=private("TEST person"), begins=SIGNED_AT + SECOND)  # the same key, another certificate
    exchanged = rewritten(whole, *(f"<ds:X509Certificate>{b64(der(one[0]))}".encode() for one in (person(), again)))
    other = sealed_by(devca_key("unpinned"))
    of_other = signature(person(), ISSUING[0], record=other)
    return {
        "changed-property": changed("personal.changed", text, text.replace(b"xml", b"htm"), "a changed property"),
        "changed-record": PersonalVector("personal.other-record", whole.replace(b'answer="yes"', b'answer="no"', 1), "an answer turned round in the record inside", true),
        "other-record": PersonalVector("personal.other-record", of_other, "a true signature of this person over another record", stamp(of_other)),
        "other-key": PersonalVector("personal.signature", signature(person(), ISSUING[0], key=key), "another key, while KeyInfo shows the person's certificate", true),
        "certificate-exchanged": PersonalVector("personal.certificates", exchanged, "a later certificate of the same key; the signed properties name the first", true),
        "certificate-tail": first("personal.certificates", b"</ds:X509Certificate></ds:X509Data>", b"AAAA</ds:X509Certificate></ds:X509Data>", "bytes behind the issuer's certificate"),
        "two-objects": signed(shape, "a second payload", another_object),
        "three-references": signed(shape, "a third reference", third_reference),
        "reference-to-all": signed(shape, "a reference to the whole file, which the signature is part of", whole_document),
        "digest-sha1": signed(shape, "SHA-1 over the record", hash_of),
        "key-name": signed(shape, "a key by its name beside the certificates", key_name),
        "comment": changed("personal.changed", b"<ds:SignatureValue>", b"<!-- --><ds:SignatureValue>", "a comment"),
        "identifier-of-the-seal": changed(shape, b'Id="personal-record"', b'Id="seal"', "an identifier that the seal inside has"),
        "unsigned-property": changed(shape, b"</xades:QualifyingProperties>", b"<xades:UnsignedProperties></xades:UnsignedProperties></xades:QualifyingProperties>", "an unsigned property"),
        "no-certificate": first(shape, whole[whole.index(b"<ds:X509Certificate>") : whole.index(b"</ds:X509Data>")], b"", "no certificate"),
        "garbage": PersonalVector("personal.shape", b"<html>It works!</html>", "what a broken provider sends"),
        "token-of-another": PersonalVector("timestamp.imprint", whole, "the timestamp of another signature", stamp(of_other)),
        "token-broken": PersonalVector("timestamp.unreadable", whole, "something else in the timestamp's place", b"\x30\x00"),
    }  # fmt: skip


@cache
def vectors() -> dict[str, Found]:
    """Kind of threat → name → vector, in the order of the table."""
    return {
        "Certificates that live long or short, and their revocation": lived(),
        "Whose certificate, and under whom": chained(),
        "Changed, wrapped, exchanged": attacked(),
    }
