"""What of a chain is about to end, with clocks that are moved: certificates, lists, methods."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509

from scripts.make_devca import issue, revocation_list
from tillid.signatures.algorithms import Algorithms
from tillid.signatures.running_out import RunsOut, running_out

ROOT = issue("TEST root", authority=True, years=(2020, 2034))
LEAF = issue("TEST seal", issuer=ROOT, years=(2024, 2030))
WAY = (LEAF[0], ROOT[0])
NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
LASTING = Algorithms(digests={"sha256": None}, keys={"ec-256": None})


def crl(made: datetime, days: int = 7) -> x509.CertificateRevocationList:
    return x509.load_der_x509_crl(revocation_list(ROOT, valid=(made, made + timedelta(days=days))))


def told(now: datetime = NOW, algorithms: Algorithms = LASTING, lists=None) -> list[tuple[str, str, str]]:
    given = (crl(now - timedelta(days=1)),) if lists is None else lists
    return [(one.what, one.state, one.name) for one in running_out([WAY], given, algorithms, now)]


@pytest.mark.req("R-85")
@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (NOW, []),
        (datetime(2029, 11, 1, tzinfo=UTC), []),
        (datetime(2029, 11, 3, tzinfo=UTC), [("certificate", "soon", "TEST seal")]),
        (datetime(2030, 1, 1, tzinfo=UTC), [("certificate", "over", "TEST seal")]),
        (
            datetime(2033, 8, 1, tzinfo=UTC),
            [("certificate", "over", "TEST seal"), ("certificate", "soon", "TEST root")],
        ),
    ],
)
def test_a_certificate_is_told_two_months_ahead_and_an_authoritys_half_a_year(now, expected):
    assert told(now) == expected


@pytest.mark.req("R-85")
def test_a_method_is_told_a_year_ahead_and_one_that_no_table_names_at_once():
    ends = datetime(2028, 1, 1, tzinfo=UTC)
    curves = Algorithms(digests={"sha256": None}, keys={"ec-256": ends})
    assert told(ends - timedelta(days=366), curves) == []
    names = ["TEST root", "TEST seal"]
    for now, state in ((ends - timedelta(days=365), "soon"), (ends, "over")):
        assert sorted(told(now, curves)) == [("method", state, name) for name in names]
    # A root is trusted by itself: what signed it does not count, its key does.
    digest = Algorithms(digests={"sha256": ends}, keys={"ec-256": None})
    assert told(ends, digest) == [("method", "over", "TEST seal")]
    assert told(NOW, Algorithms(digests={}, keys={"ec-256": None})) == [("method", "over", "TEST seal")]


@pytest.mark.req("R-85")
def test_a_list_that_is_missing_late_or_somebody_elses_is_told():
    stranger = issue("TEST root", authority=True, years=(2020, 2034))
    foreign = x509.load_der_x509_crl(revocation_list(stranger, valid=(NOW, NOW + timedelta(days=7))))
    late = crl(NOW - timedelta(days=8))
    assert told(lists=()) == told(lists=(foreign,)) == [("list", "missing", "TEST root")]
    assert told(lists=(late,)) == [("list", "over", "TEST root")]
    assert told(lists=(late, crl(NOW - timedelta(days=2)))) == []


def test_a_leaf_that_leads_to_nobody_is_told():
    assert running_out([(LEAF[0],)], (), LASTING, NOW) == (
        RunsOut(what="authority", state="missing", name="TEST root"),
    )


def test_what_two_chains_share_is_told_once_and_what_is_over_first():
    other = issue("TEST other", issuer=ROOT, years=(2024, 2027))
    found = running_out([WAY, (other[0], ROOT[0])], (), LASTING, datetime(2026, 12, 1, tzinfo=UTC))
    assert found == (
        RunsOut(what="list", state="missing", name="TEST root"),
        RunsOut(what="certificate", state="soon", name="TEST other", until=datetime(2027, 1, 1, tzinfo=UTC)),
    )
