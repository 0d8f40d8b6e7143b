"""``tillid keys …``: the life of the seal's keys. The ceremony around it, step by step: signing/ceremony.md.

A running server needs no new start: it looks at the ring of keys before each seal.
"""

from __future__ import annotations

import argparse
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import get_args

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from tillid.adapters.keys.life import certificate_of, certify_in_the_demo, make_key, revoke_key, take_into_use
from tillid.adapters.keys.ring import KeyRing, Reason, RingKey, TokenPlace
from tillid.cli.alarms import sentences
from tillid.cli.common import add_demo, add_var, is_demo, require_folder, require_store
from tillid.kernel.canonical import sha256
from tillid.kernel.clock import SystemClock, instant, parse_instant
from tillid.kernel.errors import TillidError
from tillid.wiring.beside import ring_of, trust_of, watch_of

SOON = timedelta(days=60)  # a real authority takes weeks to answer
STATES = {
    "requested": "venter på certifikat",
    "ready": "klar",
    "current": "i brug",
    "retired": "afløst",
    "revoked": "spærret",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", metavar="HVAD", required=True)
    new = verbs.add_parser("new", help="lav en ny nøgle og anmodningen om dens certifikat")
    new.add_argument("name", metavar="NAVN", help="små bogstaver, tal og bindestreger, fx 2027-a")
    new.add_argument(
        "--organisation", required=True, metavar="NAVN", help="kommunens navn, som det skal stå i certifikatet"
    )
    new.add_argument("--module", metavar="FIL", help="enhedens PKCS#11-bibliotek; uden det laves nøglen i en fil")
    new.add_argument("--token", metavar="NAVN", help="enhedens navn (token label)")
    new.add_argument("--pin-file", type=Path, metavar="FIL", help="filen med enhedens pinkode, med rettighederne 0600")
    new.add_argument("--allow-key-file", action="store_true", help="tillad en nøgle i en fil uden for demoen")
    rotate = verbs.add_parser(
        "rotate", help="tag en nøgle i brug; den forrige bliver gyldig for det, den har forseglet"
    )
    rotate.add_argument("name", metavar="NAVN")
    rotate.add_argument("--chain", type=Path, metavar="FIL", help="certifikatet og udstederens certifikat (PEM)")
    rotate.add_argument(
        "--controller", action="append", default=[], metavar="NUMMER",
        help="den dataansvarlige, nøglen forsegler for; kan gentages (standard: dem, den forrige nøgle forsegler for)",
    )  # fmt: skip
    revoke = verbs.add_parser("revoke", help="spær en nøgle; det kan ikke fortrydes")
    revoke.add_argument("name", metavar="NAVN")
    revoke.add_argument(
        "--since", type=parse_instant, metavar="TID", help="hvornår den blev usikker, fx 2027-01-31T08:00:00Z"
    )
    revoke.add_argument("--reason", choices=get_args(Reason), default="unspecified", help="hvorfor (RFC 5280)")
    status = verbs.add_parser("status", help="vis nøglerne, og sig til om det, der haster")
    status.add_argument("--json", action="store_true", help="skriv som JSON")
    for one in (new, rotate, revoke, status):
        add_var(one)
        add_demo(one, "demoen: TEST-udstederen svarer selv")


def run(args: argparse.Namespace) -> int:
    """0; 1 when something is refused, and for ``status`` when nothing can be sealed now."""
    require_folder(args.var)
    args.demo = is_demo(args.var, said=args.demo)
    verbs = {"new": _new, "rotate": _rotate, "revoke": _revoke, "status": _status}
    return verbs[args.verb](args, ring_of(args.var), SystemClock().now())


def _new(args: argparse.Namespace, ring: KeyRing, now: datetime) -> int:
    request = make_key(ring, args.name, args.organisation, now, token=_place(args), file_allowed=args.allow_key_file,
                       demo=args.demo)  # fmt: skip
    print(f"Nøglen {args.name} er lavet og endnu ikke i brug.")
    print(f"Send anmodningen til udstederen: {request}")
    print(f"Aftryk af anmodningen (SHA-256): {sha256(request.read_bytes())}")
    print(f"Når svaret er kommet: tillid keys rotate {args.name} --chain SVAR.pem")
    return 0


def _place(args: argparse.Namespace) -> TokenPlace | None:
    given = [args.module, args.token, args.pin_file]
    if not any(given):
        return None
    if not all(given):
        raise TillidError(
            code="keys.token", text="En nøgle i hardware kræver alle tre: --module, --token og --pin-file."
        )
    return TokenPlace(module=args.module, token=args.token, label=args.name, pin_file=str(args.pin_file.absolute()))


def _rotate(args: argparse.Namespace, ring: KeyRing, now: datetime) -> int:
    before, chain = ring.current(), None
    if args.chain is not None:
        try:
            chain = args.chain.read_bytes()
        except OSError as error:
            raise TillidError(
                type(error).__name__, code="keys.no-file", text="Filen {path} kan ikke læses.", path=args.chain
            ) from None
    elif args.demo and ring.state(ring.key(args.name)) == "requested":
        if ring.key(args.name).token is not None:  # its certificate would say TEST for as long as the key lives
            raise TillidError(
                code="keys.demo-hardware",
                text="Nøglen {name} ligger i hardware. TEST-udstederen svarer kun nøgler i filer: Angiv certifikatet med --chain.",
                name=args.name,
            )
        chain = certify_in_the_demo(ring, args.name, now)
    trust = trust_of(args.var, demo=args.demo)
    found = take_into_use(ring, trust, args.name, chain, now, dict.fromkeys(args.controller, ""))
    print(f"Nøglen {args.name} forsegler fra nu af, også i en Tillid, der kører.")
    if before is not None:
        print(f"Nøglen {before.name} er afløst. Det, den har forseglet, gælder stadig.")
    print(f"Segl: {found.leaf.subject.rfc4514_string()}")
    print(f"Certifikatets aftryk (SHA-256): {fingerprint(found.leaf)}")
    print(f"Den forsegler for den dataansvarlige: {', '.join(sorted(trust.now().seals_for(found.leaf)))}")
    return 0


def _revoke(args: argparse.Namespace, ring: KeyRing, now: datetime) -> int:
    since = args.since or now
    if since > now:
        raise TillidError(
            code="keys.future", text="--since ligger i fremtiden. En nøgle spærres fra nu af eller fra før."
        )
    revoke_key(ring, trust_of(args.var, demo=args.demo), args.name, since, args.reason)
    print(f"Nøglen {args.name} er spærret fra {instant(since)}.")
    print(
        "Poster, som et tidsstempel viser er ældre, gælder stadig. Andre poster med den kan ikke længere bevise noget."
    )
    if ring.current() is None:
        print(
            "Ingen nøgle er i brug nu: Ingen kan give samtykke. Tilbagekaldelser virker, og deres segl sættes senere."
        )
    print("Bed også udstederen om at spærre certifikatet.")
    return 0


def _status(args: argparse.Namespace, ring: KeyRing, now: datetime) -> int:
    keys = ring.all()
    if not keys:  # the first is made before Tillid is started
        require_store(args.var)
    alarms = [*alarms_of(ring, now), *sentences(watch_of(args.var, demo=args.demo).running_out())]
    if args.json:
        rows = [{"name": key.name, "state": ring.state(key), **_certificate(ring, key)} for key in keys]
        print(json.dumps({"keys": rows, "alarms": alarms}, ensure_ascii=False, indent=1))
        return 1 if cannot_seal(ring, now) else 0
    for key in keys:
        about = _certificate(ring, key)
        place = "hardware" if key.token else "fil"
        print(
            f"{key.name:<16} {STATES[ring.state(key)]:<20} {place:<9} {about.get('valid_to', ''):<21} {about.get('sha256', '')}"
        )
    print("\n".join(alarms) if alarms else "Alt er i orden.")
    return 1 if cannot_seal(ring, now) else 0


def cannot_seal(ring: KeyRing, now: datetime) -> bool:
    """Whether no key is in use, or the one that is has run out."""
    current = ring.current()
    return current is None or certificate_of(ring, current.name).not_valid_after_utc < now


def alarms_of(ring: KeyRing, now: datetime) -> list[str]:
    """What has to be done about the keys, in Danish; empty when nothing."""
    current = ring.current()
    if current is None:
        return ["Ingen nøgle er i brug, så intet kan forsegles. Lav en med »tillid keys new«, og tag den i brug."]
    ends = certificate_of(ring, current.name).not_valid_after_utc
    if ends < now:
        return [
            f"Nøglen {current.name} udløb {instant(ends)}: Intet kan forsegles. Tag en ny i brug med »tillid keys rotate«."
        ]
    if ends - now < SOON:
        return [f"Nøglen {current.name} udløber {instant(ends)}. Lav en ny med »tillid keys new«."]
    return []


def _certificate(ring: KeyRing, key: RingKey) -> dict[str, str]:
    if not ring.chain(key.name).exists():
        return {}
    leaf = certificate_of(ring, key.name)
    return {"valid_to": instant(leaf.not_valid_after_utc), "sha256": fingerprint(leaf)}


def fingerprint(certificate: x509.Certificate) -> str:
    """As ``openssl x509 -fingerprint -sha256`` writes it, in lower case without colons."""
    return certificate.fingerprint(SHA256()).hex()
