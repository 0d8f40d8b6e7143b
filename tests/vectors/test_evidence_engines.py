"""A record that its renewed evidence carries is judged by both engines too, wherever two are asked: as of the moment that the evidence proves."""

from __future__ import annotations

import pytest

from tests.support.evidence import ALGORITHMS
from tests.vectors.test_receipt_beside import ER, FAR, FROZEN, KEYS, RENEWED, TRUST
from tillid.adapters import package_judges, xmlsec_engine
from tillid.cli import judging
from tillid.cli.judging import Judging


@pytest.fixture
def frozen_engine(monkeypatch):
    """What libxmlsec says of the frozen record from now on; it agrees about all others."""
    monkeypatch.setattr(judging, "read_algorithms", lambda: ALGORITHMS)
    monkeypatch.setattr(package_judges, "read_algorithms", lambda: ALGORITHMS)
    monkeypatch.setattr(package_judges, "load_trust", lambda folder: TRUST)

    def says(opinion):
        monkeypatch.setattr(xmlsec_engine, "libxmlsec", lambda root, leaf: opinion)

    return says


@pytest.mark.req("R-85")
def test_in_a_receipt(tmp_path, frozen_engine):
    file = tmp_path / "receipt.zip"
    file.write_bytes(RENEWED)

    def found(both):
        return dict(Judging(trust=TRUST, at=FAR, both=both, log_keys=frozenset(KEYS)).path(file))[str(file)]

    assert found(both=True).passed and found(both=False).passed
    frozen_engine(False)
    assert found(both=True).status == "disputed" and found(both=False).passed


@pytest.mark.req("R-85")
@pytest.mark.parametrize("second", [True, False])
def test_of_a_record_alone_and_in_a_package(tmp_path, frozen_engine, second):
    judges = (
        Judging(trust=TRUST, at=FAR, both=second).evidenced,
        package_judges.judges_of(tmp_path, FAR, second=second).evidenced,
    )
    assert all(judge(ER, FROZEN).passed for judge in judges)
    frozen_engine(False)
    for judge in judges:
        assert judge(ER, FROZEN).step == ("engines.disagree" if second else "ok")
