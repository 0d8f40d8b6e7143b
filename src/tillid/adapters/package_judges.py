"""Who judges what lies in a package: the verifiers of ``signatures`` with the trust list of a folder; and the box for its PDF."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from tillid.adapters.pdf.box import OpenedRevision, opened
from tillid.adapters.pdf.refusals import BadPdf
from tillid.archive.package_proof import Judges
from tillid.signatures.algorithms import read_algorithms
from tillid.signatures.engines import Engine
from tillid.signatures.evidenced import verify_evidenced
from tillid.signatures.personal import expected_over
from tillid.signatures.personal_evidenced import verify_own
from tillid.signatures.receipt_verify import OwnSigned
from tillid.signatures.timed import verify_timed
from tillid.signatures.trust import load_trust, log_keys
from tillid.signatures.verdict import Verdict
from tillid.signatures.verify import verify


def judges_of(folder: Path, at: datetime, *, second: bool = False) -> Judges:
    """With the trust list in ``folder`` alone, as of ``at``. ``second``: libxmlsec is asked as well (ADR 0038). Raises ``TillidError``
    (``trust.…``)."""
    trust = load_trust(folder)
    verifier: Callable[..., Verdict] = verify
    engine: Engine | None = None
    if second:  # only here: a record must be verifiable without it
        from tillid.adapters.xmlsec_engine import libxmlsec_personal as engine
        from tillid.adapters.xmlsec_engine import verify_twice as verifier

    def record(data: bytes, token: bytes | None) -> Verdict:
        return verify_timed(data, trust, at=at, token=token, verifier=verifier)

    def personal(own: OwnSigned) -> Verdict:
        return verify_own(own, expected_over(own.record), trust, read_algorithms(), at=at, second=engine)

    def evidenced(evidence: bytes, frozen: bytes) -> Verdict:
        return verify_evidenced(evidence, frozen, trust, read_algorithms(), at=at, verifier=verifier)

    return Judges(record=record, evidenced=evidenced, personal=personal, log_keys=log_keys(folder))


def revisions(pdf: bytes) -> Sequence[OpenedRevision]:
    """The revisions of a stranger's PDF, taken apart in a process of its own; none where it is refused."""
    try:
        return opened(pdf)
    except BadPdf:
        return ()
