"""The words of ETSI EN 319 102-1 (V1.4.1, 5.1.3, tables 5 and 6): three indications, and for two of them why.

A sub-indication belongs to one indication, so the pair follows from it and can never be one that the standard does not know.
What Tillid itself concludes is another value (``Verdict.status``, docs/adr/0080): it may be stricter than the standard, never
milder.
"""

from __future__ import annotations

from typing import Literal

Indication = Literal["TOTAL-PASSED", "TOTAL-FAILED", "INDETERMINATE"]
# "disputed": two engines disagree (docs/adr/0038), or one broke off. An alarm about the verifiers, not a judgement of the record.
Status = Literal["passed", "failed", "indeterminate", "unreadable", "disputed"]

TOTAL_FAILED = frozenset(
    {"FORMAT_FAILURE", "HASH_FAILURE", "SIG_CRYPTO_FAILURE", "REVOKED", "EXPIRED", "NOT_YET_VALID"}
)
# CUSTOM: none of the others fits; the diagnostic that the standard then asks for is our own step.
INDETERMINATE = frozenset(
    {
        "SIG_CONSTRAINTS_FAILURE",
        "CHAIN_CONSTRAINTS_FAILURE",
        "CERTIFICATE_CHAIN_GENERAL_FAILURE",
        "CRYPTO_CONSTRAINTS_FAILURE",
        "POLICY_PROCESSING_ERROR",
        "SIGNATURE_POLICY_NOT_AVAILABLE",
        "TIMESTAMP_ORDER_FAILURE",
        "NO_SIGNING_CERTIFICATE_FOUND",
        "NO_CERTIFICATE_CHAIN_FOUND",
        "NO_CERTIFICATE_CHAIN_FOUND_NO_POE",
        "REVOKED_NO_POE",
        "REVOKED_CA_NO_POE",
        "OUT_OF_BOUNDS_NOT_REVOKED",
        "OUT_OF_BOUNDS_NO_POE",
        "REVOCATION_OUT_OF_BOUNDS_NO_POE",
        "CRYPTO_CONSTRAINTS_FAILURE_NO_POE",
        "NO_POE",
        "TRY_LATER",
        "SIGNED_DATA_NOT_FOUND",
        "CUSTOM",
    }
)


def indication_of(sub_indication: str) -> Indication:
    """The indication that a sub-indication belongs to; only what passed has none. Raises ``ValueError`` for any other word."""
    if not sub_indication:
        return "TOTAL-PASSED"
    if sub_indication in TOTAL_FAILED:
        return "TOTAL-FAILED"
    if sub_indication in INDETERMINATE:
        return "INDETERMINATE"
    raise ValueError(f"{sub_indication} is no sub-indication")
