"""What the verification of a person's own signature answers (``personal.py``); the seal of the record is judged by itself."""

from __future__ import annotations

from tillid.signatures.limits import STILL_HOLDS
from tillid.signatures.verdict import REASONS, Status, Verdict

# R-103 the other way round: this one is nobody's seal.
DOES_NOT_PROVE = (
    STILL_HOLDS,
    "Underskriften er personens egen. Hvem personen er, står den udbyder inde for, som har udstedt certifikatet.",
)


def _own(status: Status, sub: str, what: str) -> tuple[Status, str, str]:
    return (status, sub, f"Personens egen underskrift {what}")


# step → status, sub-indication (EN 319 102-1, ``indications``), Danish sentence.
STEPS: dict[str, tuple[Status, str, str]] = {
    "personal.ok": _own("passed", "", "er ægte og gælder netop denne post."),
    "personal.unreadable": _own("unreadable", "FORMAT_FAILURE", "kan ikke læses."),
    "personal.shape": _own("failed", "FORMAT_FAILURE", "er ikke bygget, som den skal være."),
    "personal.certificates": _own("failed", "NO_SIGNING_CERTIFICATE_FOUND", "har et andet certifikat, end den siger."),
    "personal.other-record": _own("failed", "SIG_CONSTRAINTS_FAILURE", "gælder en anden post end denne."),
    "personal.changed": _own("failed", "HASH_FAILURE", "er ændret, efter at den blev sat."),
    "personal.signature": _own(
        "failed", "SIG_CRYPTO_FAILURE", "passer ikke til posten. Den er ændret eller forfalsket."
    ),
    "personal.algorithm": _own(
        "failed", "CRYPTO_CONSTRAINTS_FAILURE", "er sat med en nøgle af en slags, som ikke er tilladt."
    ),
    "personal.usage": _own(
        "failed", "CHAIN_CONSTRAINTS_FAILURE", "er sat med et certifikat, der ikke er til at skrive under med."
    ),
    "personal.cpr": _own(
        "failed", "CHAIN_CONSTRAINTS_FAILURE", "har et cpr-nummer i sit certifikat. Det må ikke gemmes her."
    ),
    "personal.other-person": _own("failed", "CHAIN_CONSTRAINTS_FAILURE", "er en anden persons end den, der svarede."),
    "personal.authority": _own(
        "indeterminate", "NO_CERTIFICATE_CHAIN_FOUND", "kommer fra en udbyder, som ikke er på tillidslisten."
    ),
    "personal.chain": _own(
        "indeterminate",
        "CERTIFICATE_CHAIN_GENERAL_FAILURE",
        "er sat med et certifikat, som udstederen ikke må udstede, eller som stiller et krav, ingen her kender.",
    ),
    "personal.chain-purpose": _own(
        "indeterminate",
        "CHAIN_CONSTRAINTS_FAILURE",
        "kommer fra en udsteder, der er til noget andet end underskrifter.",
    ),
    "personal.revoked": _own(
        "failed", "REVOKED", "er sat, efter at dens certifikat blev spærret. Nogen kan have misbrugt nøglen."
    ),
    "personal.revoked-no-proof": _own(
        "indeterminate",
        "REVOKED_NO_POE",
        "er sat med et certifikat, der blev spærret, før det er bevist, at underskriften fandtes.",
    ),
    "personal.authority-revoked": _own(
        "indeterminate",
        "REVOKED_CA_NO_POE",
        "har en udsteder, der blev spærret, før det er bevist, at underskriften fandtes.",
    ),
    "personal.revocation-missing": _own(
        "indeterminate",
        "TRY_LATER",
        "har et certifikat, der gælder længe, og ingen spærreliste taler om det eller om alle dets udstedere.",
    ),
    "personal.revocation-old": _own(
        "indeterminate", "TRY_LATER", "har kun spærrelister ved sig, der er for gamle til at tale om det tidspunkt."
    ),
    "personal.revocation-bounds": _own(
        "indeterminate",
        "REVOCATION_OUT_OF_BOUNDS_NO_POE",
        "har kun spærrelister ved sig fra efter certifikaternes tid.",
    ),
    "personal.list": _own("failed", "FORMAT_FAILURE", "har en spærreliste ved sig, der ikke kan læses."),
    "personal.outside": _own("failed", "SIG_CONSTRAINTS_FAILURE", "er sat, da dens certifikat ikke gjaldt."),
    "personal.other-evidence": _own(
        "failed", "CUSTOM", "har et fornyet bevis ved siden af sig, der gælder noget andet."
    ),
    "personal.future": _own("indeterminate", "NO_POE", "siger et senere tidspunkt end det, der kontrolleres for."),
    "personal.expired": _own(
        "indeterminate", "OUT_OF_BOUNDS_NO_POE", "har et udløbet certifikat og intet tidsstempel fra før."
    ),
}


def personal_verdict(step: str, details: dict[str, str] | None = None, signed: bytes | None = None) -> Verdict:
    """The verdict of a step of ``STEPS``, or of the timestamp beside the signature (``timestamp.…``, ``revocation.…``)."""
    status, sub, sentence = STEPS[step] if step in STEPS else REASONS[step]
    return Verdict(
        status=status,
        step=step,
        sub_indication=sub,
        sentence=sentence,
        details=details or {},
        does_not_prove=DOES_NOT_PROVE,
        signed=signed,
    )
