"""What a verification answers: Tillid's conclusion, what ETSI EN 319 102-1 calls it, a Danish sentence, and its limits.

Two values that are never mixed up (docs/adr/0080). ``status`` is the conclusion, and the only one that anything is decided by
(``passed``). ``sub_indication`` is the standard's word for why not, and ``indication`` follows from it. Where that is INDETERMINATE,
Tillid may say ``failed`` all the same. A new step is a line of ``REASONS``: conclusion, sub-indication (a word of ``indications``;
``CUSTOM`` for a check of our own that the standard has no word for), sentence.
"""

from __future__ import annotations

import msgspec

from tillid.kernel.canonical import sha256
from tillid.signatures.around import AROUND
from tillid.signatures.indications import Indication, Status, indication_of
from tillid.signatures.limits import DOES_NOT_PROVE
from tillid.signatures.looks import warnings_in

_CHANGED = "Posten er ikke, som Tillid skrev den: {what}. Den kan ikke bruges som bevis."


def _form(what: str) -> tuple[Status, str, str]:
    return ("failed", "FORMAT_FAILURE", _CHANGED.format(what=what))


def _stamp(status: Status, sub: str, what: str) -> tuple[Status, str, str]:
    # A seal's, a person's signature's, a log head's: what was stamped is not named.
    return (status, sub, f"Tidsstemplet {what}. Det beviser ikke noget tidspunkt.")


def _list(sub: str, what: str) -> tuple[Status, str, str]:
    return (
        "indeterminate",
        sub,
        f"Det kan ikke afgøres, om et certifikat var spærret, da det blev brugt: Der er {what}.",
    )


# step → status, sub-indication (none: passed), Danish sentence. A step named here is part of the public interface.
REASONS: dict[str, tuple[Status, str, str]] = AROUND | {
    "ok": ("passed", "", "Seglet er ægte, og posten er uændret siden forseglingen."),
    "form.doctype": _form("der er sat en dokumenttype ind"),
    "form.comment": _form("der er sat en kommentar ind"),
    "form.cdata": _form("der er sat et CDATA-afsnit ind"),
    "form.instruction": _form("der er sat en instruktion til programmer ind"),
    "form.spelling": _form("filen er skrevet om, måske af et andet program"),
    "form.no-signature": _form("seglet mangler"),
    "form.signatures": _form("der er mere end ét segl"),
    "form.place": _form("seglet står et andet sted, end det skal"),
    "form.namespaces": _form("der er fremmed indhold i den"),
    "form.identifiers": _form("der er tilføjet eller flyttet mærker, som seglet peger på"),
    "form.algorithms": _form("seglet bruger en metode, som ikke er tilladt"),
    "form.references": _form("seglet dækker ikke netop hele posten"),
    "form.objects": _form("der er lagt ekstra indhold i seglet"),
    "form.value": _form("seglets talværdi er skrevet på en anden måde, end den skal"),
    "form.shape": _form("seglet er ikke bygget, som det skal være"),
    "form.schema": _form("indholdet følger ikke postens skema"),
    "form.certificates": _form("certifikaterne i seglet kan ikke læses eller hører ikke sammen"),
    "engines.disagree": (
        "disputed",
        "CUSTOM",
        "To uafhængige kontroller er uenige. En af dem har en fejl. Brug ikke posten, og kontakt jeres administrator.",
    ),
    "engines.broke-off": (
        "disputed",
        "CUSTOM",
        "Kontrollen gik i stå ved denne fil. Det er en fejl i Tillid og siger intet om filen. Brug den ikke som bevis, og kontakt "
        "jeres administrator.",
    ),
    "crypto.hash": ("failed", "HASH_FAILURE", "Indholdet er ændret, efter at seglet blev sat."),
    "crypto.signature": (
        "failed",
        "SIG_CRYPTO_FAILURE",
        "Seglet passer ikke til posten. Den er ændret eller forfalsket.",
    ),
    "crypto.certificate": (
        "failed",
        "NO_SIGNING_CERTIFICATE_FOUND",
        "Certifikatet i seglet er skiftet ud, efter at seglet blev sat.",
    ),
    "seal.imitated": (
        "failed",
        "CHAIN_CONSTRAINTS_FAILURE",
        "Seglet bærer et kendt navn, men er sat med en anden nøgle end den, tillidslisten kender.",
    ),
    "seal.usage": (
        "failed",
        "CHAIN_CONSTRAINTS_FAILURE",
        "Seglet er sat med et certifikat, der ikke er lavet til at forsegle med.",
    ),
    "seal.controller": (
        "failed",
        "CUSTOM",
        "Seglet tilhører en anden end den dataansvarlige, som posten siger, den er fra.",
    ),
    "seal.unbound": (
        "indeterminate",
        "CUSTOM",
        "Tillidslisten siger ikke, hvilken dataansvarlig seglet tilhører. Skriv nummeret i filen ved siden af seglets certifikat (seals/).",
    ),
    "seal.unknown": (
        "indeterminate",
        "CHAIN_CONSTRAINTS_FAILURE",
        "Seglet står ikke på tillidslisten, så det kan ikke afgøres, hvem der har sat det.",
    ),
    "seal.no-chain": (
        "indeterminate",
        "NO_CERTIFICATE_CHAIN_FOUND",
        "Udstederen af seglets certifikat er ikke på tillidslisten.",
    ),
    "seal.chain": (
        "indeterminate",
        "CERTIFICATE_CHAIN_GENERAL_FAILURE",
        "Udstederen må ikke udstede seglets certifikat, eller certifikaterne stiller et krav, som ingen her kender.",
    ),
    "seal.chain-purpose": (
        "indeterminate",
        "CHAIN_CONSTRAINTS_FAILURE",
        "Udstederen af seglets certifikat er til noget andet end segl.",
    ),
    "seal.revoked": (
        "failed",
        "REVOKED",
        "Seglet er sat, efter at det blev spærret. Nogen kan have misbrugt nøglen.",
    ),
    "seal.revoked-no-proof": (
        "indeterminate",
        "REVOKED_NO_POE",
        "Seglet er siden blevet spærret, og posten har intet tidsstempel, der viser, at seglet er sat før.",
    ),
    "seal.authority-revoked": (
        "indeterminate",
        "REVOKED_CA_NO_POE",
        "Udstederen af seglets certifikat er siden blevet spærret, og intet tidsstempel viser, at seglet er sat før.",
    ),
    "revocation.missing": _list("TRY_LATER", "ingen spærreliste, der taler om alle certifikaterne"),
    "revocation.old": _list("TRY_LATER", "kun spærrelister, der er for gamle til at tale om det tidspunkt"),
    "revocation.bounds": _list("REVOCATION_OUT_OF_BOUNDS_NO_POE", "kun spærrelister fra efter certifikaternes tid"),
    "longterm.list": _form("der ligger en spærreliste i eller ved den, som ikke hører til seglet eller tidsstemplet"),
    "longterm.certificate": _form("der ligger et certifikat i den, som ikke hører til seglet eller tidsstemplet"),
    "time.before-record": (
        "failed",
        "SIG_CONSTRAINTS_FAILURE",
        "Seglet siger, at det er sat, før posten blev til. Det kan ikke passe.",
    ),
    "time.not-yet-valid": (
        "failed",
        "NOT_YET_VALID",
        "Seglet siger, at det er sat, før dets certifikat begyndte at gælde.",
    ),
    "time.outside": (
        "indeterminate",
        "OUT_OF_BOUNDS_NO_POE",
        "Seglet siger, at det er sat, efter at dets certifikat udløb.",
    ),
    "time.future": (
        "indeterminate",
        "NO_POE",
        "Seglet siger, at det er sat senere end det tidspunkt, der kontrolleres for.",
    ),
    "time.expired": (
        "indeterminate",
        "OUT_OF_BOUNDS_NO_POE",
        "Seglets certifikat er udløbet, og posten har intet tidsstempel, der viser, at seglet er sat før.",
    ),
    "timestamp.unreadable": _stamp("failed", "FORMAT_FAILURE", "kan ikke læses eller er ødelagt"),
    "timestamp.algorithm": _stamp("failed", "CRYPTO_CONSTRAINTS_FAILURE", "bruger en metode, som ikke er tilladt"),
    "timestamp.signature": _stamp("failed", "SIG_CRYPTO_FAILURE", "er ændret, efter at det blev sat"),
    "timestamp.certificate": _stamp("failed", "NO_SIGNING_CERTIFICATE_FOUND", "har et andet certifikat, end det siger"),
    "timestamp.imprint": _stamp("failed", "HASH_FAILURE", "hører til noget andet end denne fil"),
    "timestamp.usage": _stamp(
        "failed", "CHAIN_CONSTRAINTS_FAILURE", "er sat med et certifikat, der ikke er til tidsstempler"
    ),
    "timestamp.before-seal": _stamp("failed", "TIMESTAMP_ORDER_FAILURE", "siger et tidspunkt, før seglet blev sat"),
    "timestamp.late": _stamp(
        "indeterminate",
        "SIG_CONSTRAINTS_FAILURE",
        "er sat længere efter seglets egen tid, end det kan tage at få et tidsstempel",
    ),
    "timestamp.future": _stamp("indeterminate", "NO_POE", "siger et senere tidspunkt end det, der kontrolleres for"),
    "timestamp.outside": _stamp(
        "indeterminate",
        "OUT_OF_BOUNDS_NO_POE",
        "er sat, før certifikatet bag det begyndte at gælde, eller efter det udløb",
    ),
    "timestamp.expired": _stamp(
        "indeterminate", "OUT_OF_BOUNDS_NO_POE", "er sat med et certifikat, som siden er udløbet"
    ),
    "timestamp.revoked": _stamp(
        "indeterminate", "REVOKED_NO_POE", "er sat med et certifikat, som er blevet spærret, og kan være sat af andre"
    ),
    "timestamp.authority": _stamp(
        "indeterminate", "NO_CERTIFICATE_CHAIN_FOUND", "kommer fra en udsteder, som ikke er på tillidslisten"
    ),
    "timestamp.chain": _stamp(
        "indeterminate",
        "CERTIFICATE_CHAIN_GENERAL_FAILURE",
        "er sat med et certifikat, som udstederen ikke må udstede, eller som stiller et krav, ingen her kender",
    ),
    "timestamp.chain-purpose": _stamp(
        "indeterminate", "CHAIN_CONSTRAINTS_FAILURE", "kommer fra en udsteder, der er til noget andet end tidsstempler"
    ),
    "timestamp.refused": _stamp("failed", "FORMAT_FAILURE", "blev afvist af udstederen"),
    "timestamp.nonce": _stamp("failed", "SIG_CONSTRAINTS_FAILURE", "er ikke svar på det, der blev spurgt om"),
    "timestamp.policy": _stamp("failed", "SIG_CONSTRAINTS_FAILURE", "er sat efter andre regler end aftalt"),
    "timestamp.past": _stamp("failed", "TIMESTAMP_ORDER_FAILURE", "er ældre end spørgsmålet"),
}


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to one file.

    ``step``: our own stable code; ``sub_indication``: what EN 319 102-1 calls it, empty when passed; ``signed``: the bytes that
    the seal covers, the only ones to read from (``None`` when failed or unreadable); ``details``: ids, codes, moments and
    digests, no names.
    """

    status: Status
    step: str
    sub_indication: str
    sentence: str
    details: dict[str, str]
    does_not_prove: tuple[str, ...] = DOES_NOT_PROVE
    signed: bytes | None = None

    @property
    def passed(self) -> bool:
        """Whether everything held."""
        return self.status == "passed"

    @property
    def indication(self) -> Indication:
        """What EN 319 102-1 says of it, as far as it says anything. Nothing is decided by this."""
        return indication_of(self.sub_indication)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What may deceive the eye in what the seal covers (``looks``); Danish, to be shown wherever the verdict is."""
        return warnings_in(self.signed)

    @property
    def in_words(self) -> str:
        """Indication and sub-indication, as other validators print them."""
        return f"{self.indication} {self.sub_indication}".rstrip()

    def public(self) -> dict[str, object]:
        """The JSON of ``tillid verify --json``: everything but the content. ``covered``: which bytes the seal holds for, by digest."""
        shown = {"status": self.status, "indication": self.indication, **msgspec.to_builtins(self)}
        del shown["signed"]
        shown["warnings"] = list(self.warnings)
        if self.signed is not None:
            shown["covered"] = {"sha256": sha256(self.signed), "bytes": len(self.signed)}
        return shown


def verdict(step: str, **details: str) -> Verdict:
    """The verdict of a step of ``REASONS``."""
    status, sub, sentence = REASONS[step]
    return Verdict(status=status, step=step, sub_indication=sub, sentence=sentence, details=details)
