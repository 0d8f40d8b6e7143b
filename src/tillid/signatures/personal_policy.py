"""What is asked of the certificate of a person's own signature: the table ``signing/policies/personal-1.yaml``."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

import msgspec
import yaml
from cryptography import x509

from tillid.kernel.paths import SIGNING
from tillid.signatures.chains import Chain

TABLE = SIGNING / "policies" / "personal-1.yaml"
UNSTATED = "unstated"


class PersonalPolicy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table; its words are explained in it."""

    short_life_hours: int
    assured: frozenset[str]
    assured_life_hours: int
    assurance: dict[str, frozenset[str]]

    def is_short_lived(self, certificate: x509.Certificate) -> bool:
        """Whether nobody needs news of the certificate's own revocation."""
        life = certificate.not_valid_after_utc - certificate.not_valid_before_utc
        said = any(one.oid.dotted_string in self.assured for one in certificate.extensions)
        return life <= timedelta(hours=self.assured_life_hours if said else self.short_life_hours)

    def asked_about(self, way: Chain) -> Chain:
        """The part of ``way`` that news of revocation are needed of. Who issues for minutes assures that of the person's certificate and of no
        authority (EN 319 412-1 5.2): whoever had a stolen one's key could issue new ones every day."""
        return way[1:] if way and self.is_short_lived(way[0]) else way

    def assurance_of(self, certificate: x509.Certificate) -> str:
        """What the issuer says of how sure it is whose signature it is; ``unstated`` where it says nothing that is known here."""
        said = {
            one.policy_identifier.dotted_string
            for extension in certificate.extensions
            if isinstance(extension.value, x509.CertificatePolicies)
            for one in extension.value
        }
        return next((name for name, policies in self.assurance.items() if policies & said), UNSTATED)


@cache
def personal_policy() -> PersonalPolicy:
    """The table. Raises ``msgspec.ValidationError`` or ``yaml.YAMLError``: it is the project's own file."""
    return msgspec.convert(yaml.safe_load(TABLE.read_text("utf-8")), PersonalPolicy)
