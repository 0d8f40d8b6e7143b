"""The provider of personal signatures as a process, and the hands of the person at its page."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from pathlib import Path
from urllib.request import HTTPRedirectHandler, Request, build_opener

from cryptography import x509
from msgspec import structs

from tillid.adapters.personal_provider import PersonalProvider, ProviderSettings
from tillid.kernel.clock import SystemClock
from tillid.kernel.paths import PROJECT
from tillid.signatures.trust import Trust

CLOCK = SystemClock()


class NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Process:
    """The provider, and the hands of the person at its page."""

    def __init__(self, folder: Path, moment: datetime | None = None) -> None:
        self.folder = folder
        command = [sys.executable, "-m", "tests.support.sign_provider", str(folder)]
        command += [moment.isoformat()] if moment else []
        self._process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
        self.address = f"http://127.0.0.1:{self._process.stdout.readline().strip()}"
        roots = x509.load_pem_x509_certificates((folder / "root.pem").read_bytes())
        told = x509.load_der_x509_crl((folder / "root.crl").read_bytes())
        self.trust = Trust(persons=tuple(roots), lists=(told,))

    def added(self, trust: Trust) -> Trust:
        """``trust`` and this provider, with what its root has revoked."""
        return structs.replace(trust, persons=self.trust.persons, lists=(*trust.lists, *self.trust.lists))

    def client(self, *, seconds: float = 10.0, secret: str = "", clock=CLOCK) -> PersonalProvider:
        secret = secret or (self.folder / "secret").read_text()
        settings = ProviderSettings(name="TEST-underskrift", address=self.address, secret=secret)
        return PersonalProvider(settings, lambda: self.trust, clock, seconds=seconds)

    def person(self, go_to: str, what: str) -> str:
        """Does ``what`` on the provider's page; where the browser is sent then."""
        try:
            build_opener(NoRedirect).open(Request(f"{go_to}?do={what}", method="POST"), timeout=10)
        except Exception as error:  # urllib takes 303 for an error
            return error.headers["Location"]
        raise AssertionError("not sent back")

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()
