"""From a certificate to a trusted one, by every rule of RFC 5280 and for seals, timestamps and people alike (signing/policies/chains-1.yaml)."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID as Purpose
from cryptography.x509.oid import NameOID

from tests.support.key_usage import usage_of
from tillid.signatures import ways
from tillid.signatures.chain_policy import chain_policy
from tillid.signatures.ways import find_way, first_way, ways_of_seal

AT = datetime(2026, 11, 26, tzinfo=UTC)
USES = ("seal", "stamp", "person")
RIGHT = {"seal": Purpose.EMAIL_PROTECTION, "stamp": Purpose.TIME_STAMPING, "person": Purpose.EMAIL_PROTECTION}
UNKNOWN = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.55555.1"), b"\x05\x00"), True


def named(common: str, organisation: str = "TEST") -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation), x509.NameAttribute(NameOID.COMMON_NAME, common)]
    )


def key():
    return ec.generate_private_key(ec.SECP256R1())


def issued(
    subject, own, issuer=None, *, ca=True, years=(2020, 2060), depth=None, extra=(), digest=None, certifies=True
):
    """Certificate and key; ``issuer``: another pair, by default itself; ``certifies``: an authority whose key is for certificates."""
    parent, signer = issuer or (None, own)
    uses = ("digital_signature",) * (not ca) + ("key_cert_sign",) * (ca and certifies)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(parent.subject if parent else subject)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(years[0], 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(years[1], 1, 1, tzinfo=UTC))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=depth), critical=True)
        .add_extension(usage_of(*uses), critical=True)
    )
    for extension, critical in extra:
        made = made.add_extension(extension, critical=critical)
    return made.sign(signer, digest or hashes.SHA256()), own


def names_only(permitted=None, excluded=None):
    """Name constraints of these organisations."""
    bases = [
        [x509.DirectoryName(x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, one)])) for one in some] or None
        for some in (permitted or (), excluded or ())
    ]
    return x509.NameConstraints(*bases), True


def purposes(*some):
    return x509.ExtendedKeyUsage(some), False


class Three:
    """Root, authority and leaf; ``of_root``, ``of_between``, ``of_leaf``: extensions more."""

    def __init__(self, of_root=(), of_between=(), of_leaf=(), **between):
        self.root = issued(named("root"), key(), extra=of_root)
        self.between = issued(named("between"), key(), self.root, extra=of_between, **between)
        self.leaf = issued(named("leaf"), key(), self.between, ca=False, extra=of_leaf)

    def found(self, use, between=None, trusted=None, at=AT):
        above = [self.between[0]] if between is None else between
        return find_way(use, trusted or [self.root[0]], self.leaf[0], above, at)


@pytest.mark.parametrize("use", USES)
def test_the_way_of_a_plain_chain(use):
    three = Three()
    chain = (three.leaf[0], three.between[0], three.root[0])
    assert three.found(use) == ways.Way(chain, "")
    assert three.found(use, trusted=[three.between[0]]).chain == chain[:2], "who is trusted ends it"
    assert three.found(use, between=[]) == ways.Way((), "missing")
    assert three.found(use, at=datetime(2061, 1, 1, tzinfo=UTC)) == ways.Way((), "missing")
    assert first_way(ways_of_seal((three.between[0], three.root[0]), three.leaf[0], AT)).chain == chain
    assert first_way(ways_of_seal((three.between[0],), three.leaf[0], AT)).chain == (), (
        "of a seal only who issued itself is trusted"
    )


MAIL = x509.SubjectAlternativeName([x509.RFC822Name("a@example.org")]), False
BAD = {
    "names permitted": ({"of_between": (names_only(["Another"]),)}, "refused"),
    "names excluded": ({"of_between": (names_only(excluded=["TEST"]),)}, "refused"),
    "names of the root": ({"of_root": (names_only(["Another"]),)}, "refused"),
    "mail": ({"of_between": ((x509.NameConstraints([x509.RFC822Name("example.com")], None), True),), "of_leaf": (MAIL,)}, "refused"),
    "condition of the leaf": ({"of_leaf": (UNKNOWN,)}, "refused"),
    "condition of the authority": ({"of_between": (UNKNOWN,)}, "refused"),
    "policy wanted": ({"of_between": ((x509.PolicyConstraints(0, None), True),)}, "refused"),
    "for web servers": ({"of_between": (purposes(Purpose.SERVER_AUTH),)}, "purpose"),
    "root for web servers": ({"of_root": (purposes(Purpose.SERVER_AUTH),)}, "purpose"),
    "ended": ({"years": (2020, 2024)}, "missing"),
    "not begun": ({"years": (2030, 2060)}, "missing"),
    "no authority": ({"ca": False}, "missing"),
    "weak digest": ({"digest": hashes.SHA224()}, "missing"),
}  # fmt: skip


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("what", BAD)
def test_no_way_leads_through_an_authority_that_may_not(use, what):
    how, lack = BAD[what]
    assert Three(**how).found(use) == ways.Way((), lack)


GOOD = {
    "its names": {"of_between": (names_only(["TEST"]),)},
    "others' names": {"of_between": (names_only(excluded=["Another"]),)},
    "an unknown word that is no condition": {"of_between": ((UNKNOWN[0], False),)},
    "for everything": {"of_between": (purposes(Purpose.ANY_EXTENDED_KEY_USAGE),)},
    "a policy that is there": {
        name: ((x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier("1.2.3.4"), None)]), False), *more)
        for name, more in {"of_between": ((x509.PolicyConstraints(0, None), True),), "of_leaf": ()}.items()
    },
    "a policy that the root alone has": {
        "of_root": ((x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier("1.2.3.4"), None)]), False),)
    },
}  # fmt: skip


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("what", GOOD)
def test_what_binds_nobody_here_is_in_nobodys_way(use, what):
    assert Three(**GOOD[what]).found(use).chain


def test_each_use_has_its_purposes():
    for use, other in itertools.permutations(USES, 2):
        three = Three(of_between=(purposes(RIGHT[use]),))
        assert three.found(use).chain
        assert (three.found(other).lack == "purpose") is (RIGHT[other] != RIGHT[use])


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("bad", ["other key", "ended", "names", "purpose", "condition"])
@pytest.mark.parametrize("first", [True, False])
def test_a_dead_end_before_the_right_authority_is_left_again(use, bad, first):
    """The same name; for all but the first the same key, too: a renewed certificate or one by another authority."""
    three = Three()
    how = {
        "other key": {},
        "ended": {"years": (2020, 2024)},
        "names": {"extra": (names_only(["Another"]),)},
        "purpose": {"extra": (purposes(Purpose.SERVER_AUTH),)},
        "condition": {"extra": (UNKNOWN,)},
    }[bad]
    own = key() if bad == "other key" else three.between[1]
    dead = issued(named("between"), own, three.root, **how)[0]
    some = [dead, three.between[0]] if first else [three.between[0], dead]
    assert three.found(use, between=some).chain == (three.leaf[0], three.between[0], three.root[0])
    assert not three.found(use, between=[dead]).chain


def test_a_dead_end_two_steps_up_is_left_again():
    """The authority was certified by two: one that nobody trusts and that is met first, and one that leads on."""
    three = Three()
    stranger = issued(named("stranger"), key())
    cross = issued(named("between"), three.between[1], stranger)[0]
    above = issued(named("stranger"), stranger[1], issued(named("nobody"), key()))[0]
    found = three.found("stamp", between=[cross, stranger[0], above, three.between[0]])
    assert found.chain == (three.leaf[0], three.between[0], three.root[0])


def test_authorities_that_certify_each_other_end():
    """A cross-certificate is a way; a circle of them is none, and the same name and key never stand on a way twice."""
    one, two, root = (issued(named(name), key()) for name in ("one", "two", "root"))
    one_by_two, two_by_one = issued(named("one"), one[1], two)[0], issued(named("two"), two[1], one)[0]
    leaf = issued(named("leaf"), key(), one, ca=False)[0]
    circle = [one_by_two, two_by_one, one[0], two[0]]
    assert find_way("person", [root[0]], leaf, circle, AT) == ways.Way((), "missing")
    two_by_root = issued(named("two"), two[1], root)[0]
    for order in itertools.permutations([*circle[:2], two_by_root]):
        assert find_way("person", [root[0]], leaf, order, AT).chain == (leaf, one_by_two, two_by_root, root[0])
    assert find_way("person", [two[0]], leaf, circle[:2], AT).chain == (leaf, one_by_two, two[0])
    assert list(ways._Search([one[0]], circle[:2], AT).chains((leaf,))) == [(leaf, one[0])]


def test_the_way_that_nothing_is_against_and_where_there_is_none_what_was_said_first():
    three = Three()
    one, two = (issued(named(name), key(), three.root) for name in ("one", "two"))
    crossed = [issued(named("between"), three.between[1], above)[0] for above in (one, two)]
    some = [crossed[0], one[0], crossed[1], two[0], three.between[0]]
    asked = []

    def found(*bad):
        asked.clear()
        said = {ca: f"against {place}" for place, ca in enumerate(bad)}
        return find_way(
            "person", [three.root[0]], three.leaf[0], some, AT, lambda way: asked.append(way) or said.get(way[1])
        )

    straight = (three.leaf[0], three.between[0], three.root[0])
    assert found(*crossed) == ways.Way(straight) and len(asked) == 3
    assert found() == found(three.between[0]) == ways.Way((three.leaf[0], crossed[0], one[0], three.root[0]))
    assert len(asked) == 1, "the first will do"
    none = found(three.between[0], crossed[1], crossed[0])
    assert (none.chain[1], none.lack, none.against, len(asked)) == (crossed[0], "", "against 2", 3)
    some.append(issued(named("between"), three.between[1], three.root, extra=(UNKNOWN,))[0])
    assert found(three.between[0], crossed[1], crossed[0]) == none, "one that does not hold is no reason"


def test_a_way_has_an_end():
    made = [issued(named("0"), key())]
    for number in range(1, 6):
        made.append(issued(named(str(number)), key(), made[-1]))
    known = [one[0] for one in made]
    most = chain_policy().most_authorities
    for depth in range(1, len(made)):
        leaf = issued(named("leaf"), key(), made[depth - 1], ca=False)[0]
        found = find_way("stamp", known[:1], leaf, known[1:], AT)
        assert bool(found.chain) is (depth <= most), depth


@pytest.mark.parametrize(("depth", "allowed"), [(None, True), (1, True), (0, False)])
def test_a_length_that_the_root_says_counts(depth, allowed):
    root = issued(named("root"), key(), depth=depth)
    between = issued(named("between"), key(), root)
    leaf = issued(named("leaf"), key(), between, ca=False)[0]
    for use in USES:
        assert bool(find_way(use, [root[0]], leaf, [between[0]], AT).chain) is allowed


def test_the_work_of_a_question_is_bounded(monkeypatch):
    """Authorities that have all issued each other, a hundred of them or as few as have no more pairs than may be tried: many chains."""
    asked = []
    monkeypatch.setattr(ways._Search, "_counts", lambda self, *pair: asked.append(pair) or True)
    tried = []
    monkeypatch.setattr(ways, "holds", lambda chain: tried.append(chain) and False)
    own = [key() for _ in range(100)]
    # The name is one; whose key has signed is not looked at here.
    crowd = [issued(named("all"), one)[0] for one in own]
    leaf = issued(named("leaf"), key(), (crowd[0], own[0]), ca=False)[0]
    for trusted, some in itertools.product(([issued(named("nobody"), key())[0]], crowd[50:]), (crowd, crowd[:17])):
        asked.clear(), tried.clear()
        found = find_way("stamp", trusted, leaf, some, AT, lambda way: pytest.fail("none holds"))
        assert not found.chain and found.lack == ("refused" if tried else "missing")
        assert len(asked) <= chain_policy().most_issuers_tried and len(tried) <= chain_policy().most_ways_tried


def test_as_many_ways_as_may_be_tried_are_asked_about(monkeypatch):
    """However many hold, and whatever is against them."""
    monkeypatch.setattr(ways._Search, "_counts", lambda self, *pair: True)
    monkeypatch.setattr(ways, "holds", lambda chain: True)
    own = [key() for _ in range(60)]
    crowd = [issued(named("all"), one)[0] for one in own]
    leaf, asked = issued(named("leaf"), key(), (crowd[0], own[0]), ca=False)[0], []
    found = find_way("stamp", crowd, leaf, [], AT, lambda way: asked.append(way) or "revoked")
    assert (len(asked), found.against, found.lack) == (chain_policy().most_ways_tried, "revoked", "")


def test_a_key_that_is_too_short_issues_nothing():
    short = rsa.generate_private_key(65537, 1024)
    root = issued(named("root"), short)
    leaf = issued(named("leaf"), key(), root, ca=False)[0]
    assert find_way("person", [root[0]], leaf, [], AT) == ways.Way((), "missing")


@pytest.mark.parametrize("use", USES)
def test_a_trusted_authority_whose_key_is_for_no_certificates_issues_none(use):
    for certifies in (True, False):
        root = issued(named("root"), key(), certifies=certifies)
        leaf, _ = issued(named("leaf"), key(), root, ca=False)
        assert bool(find_way(use, [root[0]], leaf, [], AT).chain) is certifies
