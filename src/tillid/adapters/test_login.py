"""The declared test login that stands in for MitID in the demo: anyone may be anybody, and every record says so."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from tillid.consents.login import TEST_LEVEL, Level
from tillid.consents.model import LoginEvidence
from tillid.kernel.errors import TillidError
from tillid.process.organisation import Child, Parent
from tillid.usecases.ports_login import Proven
from tillid.usecases.recognise import evidence_of

ISSUER = "urn:tillid:test-mitid"


class TestLogin:
    """``demo``: the installation's setting; ``key``: the pseudonym key of the municipality; ``level``: what it plays
    to be. It is said in words of its own, since nobody's identity was checked (``consents/login.py``)."""

    __test__ = False  # not a test class, whatever its name looks like to pytest

    def __init__(self, *, demo: bool, key: bytes, level: Level = "Substantial") -> None:
        """Raises ``TillidError`` (``login.test-outside-demo``) unless the installation is a demo."""
        if not demo:
            raise TillidError(
                "the test login was asked for outside demo mode",
                code="login.test-outside-demo",
                text="Testlogin kan kun bruges i demotilstand. Slå det fra, og sæt MitID op.",
            )
        self._key, self._loa = key, TEST_LEVEL + level

    def log_in(self, parent: Parent | Child, moment: datetime) -> LoginEvidence:
        """What a login as ``parent``, or as a young person, proves: nothing but that the demo was used. The subject is a pseudonym (R-102).

        Raises ``TillidError`` (``login.no-mitid``) for a person without MitID.
        """
        if not parent.mitid:
            raise TillidError(
                "parent without MitID",
                code="login.no-mitid",
                text="Personen har ikke MitID og kan ikke logge ind. Institutionen kan hjælpe i telefonen eller ved et møde.",
            )
        subject = hmac.digest(self._key, b"test-login\0" + parent.id.encode(), hashlib.sha256).hex()
        return evidence_of(
            Proven(issuer=ISSUER, subject=subject, provider="test-mitid", loa=self._loa, auth_time=moment)
        )
