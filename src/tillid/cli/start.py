"""``tillid start``: the demo municipality, front door and worker in one process; Ctrl-C stops everything cleanly."""

from __future__ import annotations

import argparse
import errno
import logging
import signal
import socket
import sys
import threading
import time
from pathlib import Path

from tillid.cli.common import (
    NEEDED_MB,
    add_clamd,
    add_port,
    add_search,
    add_tsa,
    add_var,
    free_mb,
    port,
    require_folder,
    tsa_of,
)
from tillid.kernel.errors import TillidError, Unavailable


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_var(parser)
    add_port(parser)
    add_clamd(parser)
    add_tsa(parser)
    add_search(parser)
    parser.add_argument(
        "--plone-port",
        type=port,
        metavar="PORT",
        help="åbn også Plones egne skærme på denne port, kun fra denne maskine",
    )


def run(args: argparse.Namespace) -> int:
    """1. are the ports free, is there room? 2. Plone, site, adapters 3. demo people, the first time 4. worker 5. front door 6. wait."""
    began = time.monotonic()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s", stream=sys.stderr)
    logging.getLogger().setLevel(logging.WARNING)
    require_folder(args.var)
    listener, plone_listener = _listeners(args.port, args.plone_port)
    _require_room(args.var)
    unfinished = _mark_of_first_start(args.var)
    _say(began, "starter Plone")
    # Only now: what is imported here takes longer than everything above, and who is refused need not wait for it.
    from tillid.demo.loading import accounts, demo_settings, load_people
    from tillid.tasks.starting import start_worker
    from tillid.web.app import make_app
    from tillid.web.installation import WebSettings
    from tillid.web.server import make_server
    from tillid.wiring.running import fill_once, start_installation
    from tillid.wiring.serving import Desks

    settings = demo_settings()
    installation = start_installation(args.var, settings, clamd=args.clamd, tsa=tsa_of(args), search=args.search)
    worker = None
    if unfinished is not None:
        unfinished.touch()
    try:
        if fill_once(installation, lambda house: load_people(house.people, house.moment), accounts()):
            _say(began, f"{settings.municipality} er oprettet")
            _cases(installation, began)
        if unfinished is not None:
            unfinished.unlink()
        _search(installation, began)
        desks = Desks(installation)
        if count := desks.replay():
            _say(began, f"{count} dokumenter, der var destrueret, fandtes i databasen og er destrueret igen")
        worker = start_worker(installation, desks.upkeep)
        web = WebSettings(origins=(f"http://localhost:{args.port}", f"http://127.0.0.1:{args.port}"), secure=False)
        server = make_server(make_app(installation, web), listener, secure=False)
        threading.Thread(target=server.run, name="front-door", daemon=True).start()
        plone = _plone_screens(plone_listener)
        _say(began, "klar")
        print(_table(args.port, settings.municipality), flush=True)
        _wait()
        print("\nTillid stopper …", flush=True)
        server.close()
        if plone is not None:
            plone.close()
    finally:
        if worker is not None:
            worker.stop()
            desks.wait(60.0)
        installation.close()
        for one in (listener, plone_listener):
            if one is not None:
                one.close()
    return 0


def _listeners(port: int, plone_port: int | None) -> tuple[socket.socket, socket.socket | None]:
    """Both ports, taken before anything is made, so that a taken one leaves nothing half made."""
    if port == plone_port:  # the system would give it to both until the second one listens
        raise TillidError(
            f"port {port} twice",
            code="start.same-port",
            text="--port og --plone-port er begge {port}. Vælg to forskellige porte.",
            port=port,
        )
    listener = _listen(port, "--port")
    try:
        return listener, None if plone_port is None else _listen(plone_port, "--plone-port")
    except BaseException:
        listener.close()
        raise


def _listen(port: int, option: str) -> socket.socket:
    """The port, on this machine only."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        listener.close()
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            raise TillidError(
                f"port {port}: {errno.errorcode[error.errno]}",
                code="start.port-taken",
                text="Port {port} er optaget. Stop det andet program, eller vælg en anden med {option}.",
                port=port,
                option=option,
            ) from error
        raise
    return listener


def _require_room(var: Path) -> None:
    """Asked before anything is made. What has its data already starts on what is left: withdrawals go on (R-17)."""
    if (var / "data" / "Data.fs").exists():
        return
    free = free_mb(var)
    if free < NEEDED_MB:
        raise TillidError(
            f"{free} MB free",
            code="start.disk-full",
            text="Der er kun {free} MB ledig på disken, og der skal bruges {needed} MB. Gør plads, og start igen.",
            free=free,
            needed=NEEDED_MB,
        )


def _mark_of_first_start(var: Path) -> Path | None:
    """What stands in ``var`` while the demo is being made, so that a half-made one is told and never taken for whole;
    ``None`` where there are data already. Nothing is removed here: only a person can know that nothing is lost."""
    mark = var / "first-start"
    if mark.exists():
        raise TillidError(
            "the first start was interrupted",
            code="start.unfinished",
            text="Den første start blev afbrudt, så demoen er kun halvt lavet. Kør »tillid reset --var {var}«, og start igen.",
            var=var,
        )
    return None if (var / "data" / "Data.fs").exists() else mark


def _cases(installation, began: float) -> None:  # type: ignore[no-untyped-def]
    """Closed cases of earlier years, so that the archivist has something to find, and cases of today for the others."""
    from tillid.demo.older import load_older
    from tillid.demo.past import load_past
    from tillid.demo.present import load_present

    count = load_past(lambda clock: lambda: installation.open_house(clock), installation.test_login)
    _say(began, f"{count} ældre sager er lagt i arkivet")
    load_present(installation.open_house, installation.test_login)
    load_older(installation.open_house, installation.test_login)
    _say(began, "sager af i dag er begyndt")


def _search(installation, began: float) -> None:  # type: ignore[no-untyped-def]
    """Everything else goes on without it, and with each sweep it is tried again."""
    try:
        if (count := installation.rebuild_index_if_needed()) is not None:
            _say(began, f"søgningen er bygget op igen ({count} sager)")
    except Unavailable as error:
        _say(began, f"søgningen kan ikke bygges op lige nu ({error.code}); det prøves igen")


def _plone_screens(listener: socket.socket | None):  # type: ignore[no-untyped-def]
    """Plone's own screens on a second listener, off unless asked for, from this machine only (design 1)."""
    if listener is None:
        return None
    from waitress.server import create_server

    from tillid.wiring.serving import plone_screens_app

    server = create_server(plone_screens_app(), sockets=[listener], ident=None)
    threading.Thread(target=server.run, name="plone-screens", daemon=True).start()
    return server


def _wait() -> None:
    """Until Ctrl-C or SIGTERM."""
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    while not ended.wait(0.5):
        pass


def _say(began: float, text: str) -> None:
    print(f"{time.monotonic() - began:6.1f} s  {text}", flush=True)


def _table(port: int, municipality: str) -> str:
    """Who, address, how to log in."""
    from tillid.demo.loading import login_table

    address = f"http://localhost:{port}/"
    rows = [("Hvem", "Log ind som", "Hvordan"), *login_table()]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join(["", f"{municipality}: {address}   (Ctrl-C stopper)", "", *lines, ""])
