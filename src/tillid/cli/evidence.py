"""``tillid evidence close|renew|status|export|verify|copies``: proof that lasts longer than certificates and algorithms (RFC 4998).

All of it works beside a running Tillid. What needs the database (``--records``) is then ordered from the server, which does it with
its next sweep (``adapters/orders``); else the command opens the database itself. ``export`` of an event only reads, and
writes a row in ``audit/operators.jsonl`` first. Exit codes: ``verify`` as ``tillid verify``; ``status`` 1 when somebody has to look;
else 0.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import yaml

from tillid.cli import evidence_copies
from tillid.cli.common import add_demo, add_tsa, add_var, is_demo, require_store, trust_folder, tsa_of, writing
from tillid.cli.reading import note, opened
from tillid.cli.verify import EXIT, headline
from tillid.kernel.clock import SystemClock, instant, parse_instant
from tillid.kernel.errors import TillidError
from tillid.kernel.files import NoFile
from tillid.kernel.files import put_where_told as put
from tillid.signatures.algorithms import Algorithms, read_algorithms
from tillid.signatures.evidence import MAX_RECORD
from tillid.signatures.evidence_book import Act
from tillid.signatures.evidenced import LEVEL_T_DOES_NOT_PROVE, verify_evidenced
from tillid.signatures.long_term_xades import parts
from tillid.signatures.personal import enveloped, may_envelop
from tillid.signatures.personal_evidenced import verify_personal_evidenced
from tillid.signatures.trust import load_trust
from tillid.signatures.xml import MAX_BYTES
from tillid.usecases.keep_evidence import close_batch, evidence_of, record_of, renew
from tillid.usecases.ports_evidence import EvidenceState
from tillid.wiring.beside import evidence_desk, is_running, time_stamper_of, trust_of

if TYPE_CHECKING:
    from tillid.wiring.beside import EvidenceDesk

ORDER_SECONDS = 120.0  # the server sweeps every half minute
ALARMS = {
    "evidence.due": "Noget er ikke fornyet og gælder mindre end et halvt år endnu. Kør »tillid evidence renew«, og læs, hvad den siger.",
    "evidence.late": "Noget er ikke fornyet i tide. Det kan ikke længere bevises, hvornår de poster fandtes.",
    "evidence.unstamped": "En post har ventet i over en uge på sit tidsstempel. Kommer det mere end 30 dage efter seglet, er det for altid i "
    "tvivl, hvornår seglet blev sat. Se efter udstederen (--tsa) og de opgivne trin på siden Drift.",
    "evidence.below": "Nogle poster er frosset uden spærrelister. Tillid prøver igen hver dag, til listerne er der. Se efter dem med »tillid lists«.",
    "evidence.away": "En kopi på en anden disk er ikke blevet skrevet i to dage. Se efter, om disken er der, med »tillid evidence copies«.",
    "evidence.copies": "Ikke alle kopier er ens. Kør »tillid evidence close«; den retter det, som en anden kopi har.",
}
KIND = {"close": "Nye poster samlet", "renew": "Tidsstempler fornyet", "rehash": "Metode fornyet"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of ``tillid evidence``."""
    verbs = parser.add_subparsers(dest="verb", metavar="HVAD", required=True)
    close = verbs.add_parser("close", help="saml det, der venter, under ét tidsstempel (sker selv en gang om dagen)")
    again = verbs.add_parser("renew", help="forny det, der snart udløber (sker selv)")
    status = verbs.add_parser("status", help="vis, om beviserne holder, og hvor længe")
    export = verbs.add_parser("export", help="skriv beviset for én post (.er)")
    export.add_argument("what", metavar="POST", help="en frosset post som fil, eller hændelsens id")
    export.add_argument(
        "--out", type=Path, required=True, metavar="STI", help="filen; for et id: en mappe til post og bevis"
    )
    check = verbs.add_parser("verify", help="efterprøv et bevis og den post, det gælder")
    check.add_argument("record", type=Path, metavar="FIL.er", help="beviset")
    check.add_argument("object", type=Path, metavar="POST", help="den fil, det gælder")
    check.add_argument("--trust", type=Path, metavar="MAPPE", help="mappen med tillidslisten (tsa/, også de gamle)")
    check.add_argument("--at", type=moment, metavar="TID", help="kontrollér for dette tidspunkt (2066-01-01T12:00:00Z)")
    check.add_argument("--algorithms", type=Path, metavar="FIL", help="en anden tabel over metoder og deres ophør")
    check.set_defaults(failure=EXIT["unreadable"])
    for verb in (close, again):
        verb.add_argument(
            "--records",
            action="store_true",
            help="frys også poster, og læs dem igen; en Tillid, der kører, gør det selv",
        )
        add_tsa(verb)
    for verb in (status, check):
        verb.add_argument("--json", action="store_true", help="skriv som JSON")
    further = verbs.add_parser("copies", help="vis eller vælg flere kopier, på andre diske")
    evidence_copies.add_arguments(further)
    for verb in (close, again, status, export, further):
        add_var(verb)
        add_demo(verb)


def run(args: argparse.Namespace) -> int:
    """Do one of them; see the module for the exit code."""
    if args.verb == "verify":
        return _verify(args)
    args.demo = is_demo(args.var, said=args.demo)
    if args.verb == "export":
        return _export(args)
    if args.verb == "copies" and args.add is not None:
        return evidence_copies.run(args)
    if not (args.var / "evidence").is_dir():
        require_store(args.var)
    if args.verb == "status":
        return _status(args)
    if args.verb == "copies":
        return evidence_copies.run(args)
    made = _with_records(args) if args.records else _alone(args)
    for act in made:
        print(f"{KIND[act.kind]}: {act.end - act.begin or len(act.covers)}, tidsstempel {act.number}.")
    if not made:
        print("Der var intet at gøre.")
    return 0


def _desk(args: argparse.Namespace) -> EvidenceDesk:
    return evidence_desk(args.var, trust_of(args.var, demo=args.demo).now)


def _alone(args: argparse.Namespace) -> list[Act]:
    """What needs no record: digests that are entered, tokens."""
    desk = _desk(args)
    desk.copies.fetch()
    desk.store.mend()
    keeping = desk.keeping(time_stamper_of(args.var, tsa_of(args), demo=args.demo))
    try:
        if args.verb == "renew":
            return renew(keeping)
        closed = close_batch(keeping)
        return [closed] if closed else []
    finally:
        desk.copies.carry(SystemClock().now())


def _with_records(args: argparse.Namespace) -> list[Act]:
    """All, over the database; records that were never noted are found too. By the running server, if there is one."""
    if is_running(args.var):
        return _ordered(args)
    from tillid.wiring.ordering import evidence_done

    with _installation(args) as installation:
        return evidence_done(installation)


def _ordered(args: argparse.Namespace) -> list[Act]:
    """What the server did for us. Raises ``TillidError`` (``evidence.ordered``, ``evidence.not-kept``)."""
    from tillid.wiring.ordering import evidence_ordered

    desk = _desk(args)
    before = {act.number for act in desk.store.acts()}
    print("Tillid kører og gør det selv. Vent op til to minutter.", flush=True)
    answer = evidence_ordered(desk, ORDER_SECONDS)
    if answer is None:
        raise TillidError(
            "no answer in time",
            code="evidence.ordered",
            text="Tillid er ikke færdig endnu og gør det, når der er tid. Se efter om lidt med »tillid evidence status«.",
        )
    if answer.problem:
        raise TillidError(
            answer.problem,
            code="evidence.not-kept",
            text="Tillid kunne ikke samle eller forny beviserne: {problem}. Intet er ændret eller tabt.",
            problem=answer.problem,
        )
    return [act for act in _desk(args).store.acts() if act.number not in before]


@contextmanager
def _installation(args: argparse.Namespace) -> Iterator[Any]:
    """The installation in ``--var``, while no other Tillid runs on it."""
    from tillid.demo.loading import demo_settings
    from tillid.wiring.running import start_installation

    installation = start_installation(args.var, demo_settings(), tsa=tsa_of(args) if "tsa" in args else ())
    try:
        yield installation
    finally:
        installation.close()


def _status(args: argparse.Namespace) -> int:
    state = _desk(args).examined()
    if args.json:
        print(json.dumps(msgspec.to_builtins(state), ensure_ascii=False, indent=1))
    else:
        print("\n".join(_told(state)))
    return 1 if state.alarm else 0


def _told(state: EvidenceState) -> Iterator[str]:
    yield f"Poster med bevis: {state.objects} i {state.batches} samlinger, fornyet {state.renewals} gange."
    yield f"Venter: {state.noted} poster på at blive frosset, {state.waiting} på næste samling."
    if state.below:
        yield f"Venter på spærrelister: {state.below} poster, der er frosset uden."
    if state.holds_until is not None:
        yield f"Alt gælder mindst til {instant(state.holds_until)}."
    if state.alarm:
        yield f"ADVARSEL: {ALARMS[state.alarm]}"
    yield from (f"  {problem}" for problem in (*state.problems, *state.away))


def _export(args: argparse.Namespace) -> int:
    given = Path(args.what)
    if given.is_file():
        proof = evidence_of(_desk(args).store, given.read_bytes())
        with writing(args.out, "evidence.no-out"):
            put(args.out, proof, mode=0o644)
        return 0
    from tillid.usecases.freeze_record import FROZEN, OWN, best_proven, is_level_t

    with opened(args.var) as store:
        event = store.ledger.event(args.what)
        kinds = store.ledger.attachments(args.what) if event else {}
        kept = _desk(args).store
        if event is None or FROZEN not in kinds:
            raise TillidError("not frozen", code="evidence.no-record",
                              text="Der er ingen frosset post med det id. Se efter, om det er skrevet rigtigt.")  # fmt: skip
        note(args.var, "export_evidence", args.what, event.child_id)
        best, own = (best_proven(kinds, lambda frozen: record_of(kept, frozen), own=one) for one in (False, True))
        made = {args.what: best or (kinds[FROZEN], evidence_of(kept, kinds[FROZEN]))}
        if own is not None:
            made[args.what + OWN] = own
    with writing(args.out, "evidence.no-out"):
        args.out.mkdir(parents=True, exist_ok=True)
        for name, (frozen, record) in made.items():
            put(args.out / f"{name}.xml", frozen)
            put(args.out / f"{name}.er", record)
    for name, (frozen, _) in made.items():
        if is_level_t(frozen):
            print(f"{name}: {LEVEL_T_DOES_NOT_PROVE}")
    return 0


def _verify(args: argparse.Namespace) -> int:
    try:
        record, data = _bytes(args.record, MAX_RECORD), _bytes(args.object, MAX_BYTES)
    except OSError:
        raise TillidError(
            "no such file", code="evidence.no-file", text="Beviset eller posten kan ikke læses."
        ) from None
    algorithms = _algorithms(args.algorithms) if args.algorithms else read_algorithms()
    trust = load_trust(args.trust or trust_folder())
    at = args.at or SystemClock().now()
    # Both engines, as of all that is judged for decades. Only here: who keeps evidence needs no second one.
    from tillid.cli.judging import second_for_people, twice

    if may_envelop(data) and (about := enveloped(parts(data).record)) is not None:
        found = verify_personal_evidenced(record, data, about, trust, algorithms, at=at, second=second_for_people())
    else:
        found = verify_evidenced(record, data, trust, algorithms, at=at, verifier=twice)
    if args.json:
        print(json.dumps(found.public(), ensure_ascii=False, indent=1))
        return EXIT[found.status]
    print(headline(args.object.name, found))
    print(*(f"  {line}" for line in (found.sentence, *found.warnings)), sep="\n")
    for key, label in _LABELS.items():
        if key in found.details:
            print(f"  {label}: {found.details[key]}")
    print("\nBemærk:", *(f"  - {limit}" for limit in found.does_not_prove), sep="\n")
    return EXIT[found.status]


def _algorithms(path: Path) -> Algorithms:
    """A table of somebody else's. Raises ``TillidError``."""
    try:
        if not path.is_file():
            raise NoFile("no file")
        return read_algorithms(path)
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:  # msgspec's are of the second
        text = "Tabellen over metoder {path} kan ikke læses. Skriv den som Tillids egen, signing/policies/algorithms-1.yaml."
        raise TillidError(type(error).__name__, code="evidence.table", text=text, path=path) from error


_LABELS = {"proven_at": "Fandtes senest", "renewed_at": "Senest fornyet", "holds_until": "Holder til",
           "timestamps": "Tidsstempler", "level": "Niveau (XAdES)", "kind": "Post", "seal": "Segl"}  # fmt: skip


def moment(text: str) -> datetime:
    """A moment for argparse."""
    try:
        return parse_instant(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} er ikke et tidspunkt. Skriv 2066-01-01T12:00:00Z") from None


def _bytes(path: Path, most: int) -> bytes:
    """Never more than is judged, however large the file. Raises ``OSError``, also for a pipe: it would never end."""
    if not path.is_file():
        raise NoFile("no file")
    with path.open("rb") as file:
        return file.read(most + 1)
