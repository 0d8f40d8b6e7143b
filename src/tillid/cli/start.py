"""``tillid start``: the demo municipality, front door and worker in one process; Ctrl-C stops everything cleanly."""

from __future__ import annotations

import argparse
import errno
import logging
import socket
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tillid.cli.common import (
    NEEDED_MB,
    add_clamd,
    add_journal,
    add_port,
    add_search,
    add_tsa,
    add_var,
    add_witness,
    free_mb,
    port,
    require_folder,
)
from tillid.cli.stopping import Stop
from tillid.kernel.errors import TillidError, Unavailable
from tillid.wiring.first_start import FirstStart, has_data, is_marked

if TYPE_CHECKING:
    from tillid.wiring.running import Installation

Listeners = tuple[socket.socket, socket.socket | None]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_var(parser)
    add_port(parser)
    add_clamd(parser)
    add_tsa(parser)
    add_search(parser)
    add_journal(parser)
    add_witness(parser)
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
    listeners = _listeners(args.port, args.plone_port)
    _require_room(args.var)
    stop = Stop()
    try:
        with stop.in_one_piece():
            first = FirstStart(args.var)
        try:
            _run(args, listeners, first, stop, partial(_say, began))
        finally:
            with stop.in_one_piece():
                first.close()
    except KeyboardInterrupt:
        stop.end()
        raise
    finally:
        for one in listeners:
            if one is not None:
                one.close()
    return 0


def _run(
    args: argparse.Namespace, listeners: Listeners, first: FirstStart, stop: Stop, say: Callable[[str], None]
) -> None:
    if first.again:
        say("en første start, der blev afbrudt, er fjernet og begynder forfra")
        _require_room(args.var)
    stop.look()
    from tillid.cli.start_folders import told  # only now: it reads the log, which imports more than a refusal needs

    for line in told(args.var, args.journal, args.witness):
        say(line)
    stop.look()
    say("starter Plone")
    # Only now: what is imported here takes longer than everything above, and who is refused need not wait for it.
    from tillid.cli.filling import whole
    from tillid.tasks.starting import start_worker
    from tillid.web.app import make_app
    from tillid.web.installation import WebSettings
    from tillid.web.server import make_server
    from tillid.wiring.serving import Desks

    installation = whole(args, first, stop, say)
    worker = None
    try:
        _search(installation, say)
        installation.bind_seals()
        desks = Desks(installation)
        if count := desks.replay():
            say(f"{count} dokumenter, der var destrueret, fandtes i databasen og er destrueret igen")
        worker = start_worker(installation, desks.upkeep)
        web = WebSettings(origins=(f"http://localhost:{args.port}", f"http://127.0.0.1:{args.port}"), secure=False)
        server = make_server(make_app(installation, web), listeners[0], secure=False)
        threading.Thread(target=server.run, name="front-door", daemon=True).start()
        plone = _plone_screens(listeners[1])
        say("klar")
        print(_table(args.port, installation.settings.municipality), flush=True)
        stop.wait()
        print("\nTillid stopper …", flush=True)
        server.close()
        if plone is not None:
            plone.close()
    finally:
        if worker is not None:
            worker.stop()
            desks.wait(60.0)
        installation.close()


def _listeners(port: int, plone_port: int | None) -> Listeners:
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
    """Asked before anything is made. What has its data already starts on what is left: withdrawals go on (R-17); what a first
    start that was killed has left goes first."""
    if has_data(var) or is_marked(var):
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


def _search(installation: Installation, say: Callable[[str], None]) -> None:
    """Everything else goes on without it, and with each sweep it is tried again."""
    try:
        if (count := installation.rebuild_index_if_needed()) is not None:
            say(f"søgningen er bygget op igen ({count} sager)")
    except Unavailable as error:
        say(f"søgningen kan ikke bygges op lige nu ({error.code}); det prøves igen")


def _plone_screens(listener: socket.socket | None):  # type: ignore[no-untyped-def]
    """Plone's own screens on a second listener, off unless asked for, from this machine only (design 1)."""
    if listener is None:
        return None
    from waitress.server import create_server

    from tillid.wiring.serving import plone_screens_app

    server = create_server(plone_screens_app(), sockets=[listener], ident=None)
    threading.Thread(target=server.run, name="plone-screens", daemon=True).start()
    return server


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
