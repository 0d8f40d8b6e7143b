"""What several commands share: the folder with the data, ports, and how much room there must be."""

from __future__ import annotations

import argparse
import errno
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tillid.kernel.errors import NoStore, TillidError
from tillid.kernel.paths import PROJECT, SIGNING

VAR = PROJECT / "var"
PORT = 8080
FULL_DISK = (errno.ENOSPC, errno.EDQUOT)
NEEDED_MB = 500  # the demo's store, index, log and the reserve for withdrawals


def add_var(parser: argparse.ArgumentParser) -> None:
    """``--var``, the same in every command."""
    parser.add_argument(
        "--var", type=Path, default=VAR, metavar="MAPPE", help="mappen med data (standard: projektets var/)"
    )


def add_port(parser: argparse.ArgumentParser) -> None:
    """``--port``, the same in every command."""
    parser.add_argument(
        "--port", type=port, default=PORT, metavar="PORT", help=f"porten, som siderne svarer på (standard: {PORT})"
    )


def add_clamd(parser: argparse.ArgumentParser) -> None:
    """``--clamd``, the same in every command."""
    _or_environment(
        parser,
        "clamd",
        "ADRESSE",
        "virusscanneren ClamAV: stien til clamds sokkel eller vært:port (standard: TILLID_CLAMD, ellers ingen)",
    )


def add_search(parser: argparse.ArgumentParser) -> None:
    """``--search``, the same in every command."""
    _or_environment(
        parser,
        "search",
        "ADRESSE",
        "søgeserveren: elasticsearch://vært:9200/navn eller opensearch://… (standard: TILLID_SEARCH, ellers den indbyggede "
        "søgning). Nøglen ligger i keys/search.key i mappen med data",
    )


def add_journal(parser: argparse.ArgumentParser) -> None:
    """``--journal``, the same in every command."""
    _or_environment(
        parser,
        "journal",
        "MAPPE",
        "mappen, som kommunens journalsystem henter fra og svarer i (standard: TILLID_JOURNAL, ellers ingen)",
    )


def add_witness(parser: argparse.ArgumentParser) -> None:
    """``--witness``, the same in every command."""
    _or_environment(
        parser,
        "witness",
        "MAPPE",
        "mappen på en anden disk, hvor loggens hoveder lægges for et vidne (standard: TILLID_WITNESS, ellers ingen)",
    )


def _or_environment(parser: argparse.ArgumentParser, name: str, metavar: str, help_: str) -> None:
    """``--name``; the environment's TILLID_NAME where it is not given."""
    default = os.environ.get(f"TILLID_{name.upper()}", "")
    parser.add_argument(f"--{name}", default=default, metavar=metavar, help=help_)


def add_tsa(parser: argparse.ArgumentParser) -> None:
    """``--tsa``, once for each authority, the preferred one first; the environment's TILLID_TSA (with spaces between) where it
    is not given."""
    parser.add_argument(
        "--tsa",
        action="append",
        metavar="ADRESSE",
        help="en udsteder af tidsstempler (RFC 3161): http(s)://…, evt. med komma og politikkens OID; kan gentages "
        "(standard: TILLID_TSA, ellers i demoen en egen, der intet beviser)",
    )


def tsa_of(args: argparse.Namespace) -> list[str]:
    """What was chosen."""
    return args.tsa if args.tsa is not None else os.environ.get("TILLID_TSA", "").split()


def add_demo(parser: argparse.ArgumentParser, what: str = "demoen") -> None:
    """``--demo``, the same in every command."""
    parser.add_argument(
        "--demo", action="store_true", help=f"{what} (også TILLID_MODE=demo; ellers ved installationen det selv)"
    )


def is_demo(var: Path, *, said: bool = False, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the installation in ``var`` is the demo: as ``--demo`` (``said``) or TILLID_MODE say; where neither says anything, by the
    name that its own start has given the log."""
    if said or (mode := environment.get("TILLID_MODE", "")):
        return said or mode == "demo"
    # Only now: most commands have been told, or ask nothing of an installation.
    from tillid.wiring.beside import log_name

    if not (name := log_name(var)):
        return False
    from tillid.demo.loading import demo_settings

    return name == f"{demo_settings().instance}/tillid"


def trust_folder(environment: Mapping[str, str] = os.environ, of: Path | None = None) -> Path:
    """The trust list where none is named: ``signing/trust/production``, or ``test`` in demo mode. ``of``: the data of the installation that
    is asked about; what is judged for itself, a file of anybody's, is believed by the TEST list only where somebody says demo."""
    demo = environment.get("TILLID_MODE") == "demo" if of is None else is_demo(of, environment=environment)
    return SIGNING / "trust" / ("test" if demo else "production")


def port(text: str) -> int:
    """A TCP port for argparse; 0 would mean a port that nobody knows."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"{text} er ikke en port. Skriv et helt tal fra 1 til 65535")
    return int(text)


def nearest(folder: Path) -> Path:
    """``folder``, or what is there already of the way to it. Raises ``OSError`` for a name that can never be there."""
    folder = folder.absolute()
    for path in (folder, *folder.parents):
        try:
            path.lstat()
            return path
        except (FileNotFoundError, NotADirectoryError):
            continue
    raise FileNotFoundError(folder)


def require_folder(folder: Path, option: str = "--var") -> None:
    """Raises ``TillidError`` if ``folder``, given as ``option``, is, or lies in, something that is no folder or may not be written to."""
    try:
        there = nearest(folder)
        usable = there.is_dir() and os.access(there, os.W_OK | os.X_OK)
    except OSError:  # a name that is too long
        usable = False
    if not usable:
        raise TillidError(
            f"{option} is no folder to write in",
            code="cli.var",
            text="{folder} er ikke en mappe, der kan skrives i. Angiv en anden med {option}.",
            folder=folder,
            option=option,
        )


def require_store(var: Path) -> None:
    """Raises ``NoStore``: a folder that was mistyped is left as it is."""
    try:
        there = (var / "data" / "Data.fs").is_file()
    except OSError:  # a name that can never be there
        there = False
    if not there:
        raise NoStore("no store", folder=var)


@contextmanager
def writing(path: Path, code: str) -> Iterator[None]:
    """What goes to ``--out``. Raises ``TillidError`` with that code where nothing can be written there, ``OSError`` where a disk is full:
    that is told the same by every command."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL_DISK:
            raise
        raise TillidError(
            type(error).__name__,
            code=code,
            text="{path} kan ikke skrives. Se efter, om mappen findes, og om I må skrive i den.",
            path=path,
        ) from error


def free_mb(folder: Path) -> int:
    """Free space where ``folder`` is or will be."""
    return shutil.disk_usage(nearest(folder)).free // 2**20
