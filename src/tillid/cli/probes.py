"""What ``tillid doctor`` asks of the machine. Each probe really uses the part: a program that is there but cannot run
(bubblewrap in a container without user namespaces) is found but not usable."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

import msgspec

from tillid.cli.common import NEEDED_MB, free_mb, nearest

SECONDS = 60


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One part. ``needed``: Tillid does not work without it; ``advice``: Danish, what to do, empty when usable."""

    name: str
    purpose: str
    needed: bool = True
    found: bool
    version: str = ""
    usable: bool
    advice: str = ""


class Program(msgspec.Struct, frozen=True, kw_only=True):
    """A program with the command that tries it; ``version`` picks the version out of what the command prints."""

    name: str
    purpose: str
    package: str
    command: list[str]
    version: str = r"(\d+(?:\.\d+)+)"
    needed: bool = True
    hint: str = ""


def programs(scratch: Path) -> list[Program]:
    """The programs to try; ``scratch`` is a folder they may write in (LibreOffice's profile)."""
    profile = f"-env:UserInstallation={(scratch / 'soffice').as_uri()}"
    return [
        Program(
            name="LibreOffice",
            purpose="laver PDF af dokumenterne",
            package="libreoffice-writer-nogui",
            command=["soffice", profile, "--headless", "--version"],
        ),
        Program(
            name="bubblewrap",
            purpose="lukker det inde, der åbner dokumenter og filer, så en ondsindet fil ikke når maskinen",
            package="bubblewrap",
            command=["bwrap", "--unshare-all", "--ro-bind", "/", "/", "--die-with-parent", "bwrap", "--version"],
            needed=False,  # without it the next best is used, and "Dokument til PDF" and "Filer fra andre" warn
            hint="Programmet er her, men må ikke lave egne navnerum. Tillad brugernavnerum (user namespaces) i kernen "
            "eller i containeren.",
        ),
        Program(
            name="xmlsec1",
            purpose="efterprøver signaturer uafhængigt af Tillid",
            package="xmlsec1",
            command=["xmlsec1", "--version"],
        ),
        Program(
            name="qpdf",
            purpose="efterser PDF-filer uafhængigt af Tillid (kun til test)",
            package="qpdf",
            command=["qpdf", "--version"],
            needed=False,
        ),
        Program(
            name="pdftotext",
            purpose="læser tekst ud af PDF-filer",
            package="poppler-utils",
            command=["pdftotext", "-v"],
        ),
        Program(
            name="Chromium",
            purpose="prøver siderne i en rigtig browser (kun til test)",
            package="chromium-headless-shell",
            command=["chromium-headless-shell", "--no-sandbox", "--version"],
            needed=False,
        ),
    ]


def try_program(program: Program) -> Finding:
    """Run the program's command; usable means that it ended with 0."""
    base = {"name": program.name, "purpose": program.purpose, "needed": program.needed}
    if not shutil.which(program.command[0]):
        advice = f"Installér Debian-pakken {program.package}, eller kør »make install«."
        return Finding(**base, found=False, usable=False, advice=advice)
    code, output = _run(program.command)
    match = re.search(program.version, output)
    advice = "" if code == 0 else program.hint or f"Programmet er her, men svarer ikke. Geninstallér {program.package}."
    return Finding(**base, found=True, version=match[1] if match else "", usable=code == 0, advice=advice)


def uno() -> Finding:
    """The bridge to LibreOffice belongs to the system's Python, not to ours."""
    base = {"name": "Python-UNO", "purpose": "taler med LibreOffice"}
    for python in ("/usr/bin/python3", "python3"):
        code, output = _run([python, "-c", "import sys, uno; print('%d.%d.%d' % sys.version_info[:3])"])
        if code == 0:
            return Finding(**base, found=True, version=f"Python {output.strip()}", usable=True)
    advice = "Installér Debian-pakken python3-uno, eller kør »make install«."
    return Finding(**base, found=False, usable=False, advice=advice)


def fonts() -> Iterator[Finding]:
    """Fonts with the measures of those the templates name; without them every line breaks elsewhere."""
    packages = {
        "Carlito": "fonts-crosextra-carlito",
        "Liberation Sans": "fonts-liberation",
        "DejaVu Sans": "fonts-dejavu-core",
    }
    for family, package in packages.items():
        there = bool(_run(["fc-list", family, "family"])[1].strip()) if shutil.which("fc-list") else False
        advice = "" if there else f"Installér Debian-pakkerne fontconfig og {package}, eller kør »make install«."
        yield Finding(
            name=f"Skrifttypen {family}", purpose="sættes i dokumenterne", found=there, usable=there, advice=advice
        )


def python() -> Finding:
    """Plone 6.2 with our locks runs on 3.11 and 3.12."""
    right = (3, 11) <= sys.version_info[:2] < (3, 13)
    advice = "" if right else "Brug Python 3.11 eller 3.12: sæt TILLID_PYTHON, og kør »make install«."
    own = ".".join(map(str, sys.version_info[:3]))
    return Finding(name="Python", purpose="kører Tillid", found=True, version=own, usable=right, advice=advice)


def libraries() -> Iterator[Finding]:
    """Libraries, each made to do a little of its work; of those that are heavy to start only the version is asked."""
    for name, purpose, attempt in _LIBRARIES:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # what a library says to its makers
                told = attempt()
        except Exception as error:  # a broken wheel may fail in any way
            advice = f"Pakken kan ikke bruges ({type(error).__name__}). Slet mappen .venv, og kør »make install«."
            yield Finding(
                name=name, purpose=purpose, found=not isinstance(error, ImportError), usable=False, advice=advice
            )
        else:
            yield Finding(name=name, purpose=purpose, found=True, version=told, usable=True)


def _lxml() -> str:
    from lxml import etree

    etree.fromstring(b"<a/>")
    return f"{etree.__version__} (libxml2 {'.'.join(map(str, etree.LIBXML_VERSION))})"


def _cryptography() -> str:
    import cryptography
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec

    ec.generate_private_key(ec.SECP256R1()).sign(b"tillid", ec.ECDSA(hashes.SHA256()))
    return cryptography.__version__


def _pikepdf() -> str:
    import pikepdf

    pikepdf.new().close()
    return f"{pikepdf.__version__} (qpdf {pikepdf.__libqpdf_version__})"


def _tantivy() -> str:
    import tantivy

    tantivy.Index(tantivy.SchemaBuilder().build())
    return version("tantivy")


def _signxml() -> str:
    import signxml

    return version(signxml.__name__)


def _pyramid() -> str:
    from pyramid.config import Configurator

    Configurator().commit()
    return version("pyramid")


def _installed(package: str) -> Callable[[], str]:
    """For what is heavy to import: it is there, whole enough to tell its version."""
    return lambda: version(package)


_LIBRARIES: list[tuple[str, str, Callable[[], str]]] = [
    ("lxml", "læser og skriver XML", _lxml),
    ("cryptography", "signerer", _cryptography),
    ("signxml", "sætter og kontrollerer segl i XML", _signxml),
    ("pikepdf", "gør PDF-filer færdige", _pikepdf),
    ("tantivy", "søger i dokumenterne", _tantivy),
    ("pyramid", "viser siderne", _pyramid),
    ("Plone", "gemmer dokumenter og brugere", _installed("Plone")),
    ("Celery", "udfører det, der kan vente", _installed("celery")),
]


def disk(folder: Path) -> Iterator[Finding]:
    """Room for data, and whether what is written there reaches the disk."""
    existing, free = nearest(folder), free_mb(folder)
    advice = "" if free >= NEEDED_MB else f"Frigør plads, så der er mindst {NEEDED_MB} MB."
    yield Finding(
        name="Diskplads",
        purpose=f"til data i {folder.name}/",
        found=True,
        version=f"{free} MB ledig",
        usable=not advice,
        advice=advice,
    )
    try:
        with tempfile.TemporaryFile(dir=existing) as file:
            file.write(b"tillid")
            file.flush()
            os.fsync(file.fileno())
        advice = ""
    except OSError as error:
        advice = f"Der kan ikke skrives i {existing} ({error.strerror}). Ret rettighederne, eller frigør plads."
    yield Finding(name="Skrivning", purpose="gemmer sikkert på disken", found=True, usable=not advice, advice=advice)


def port(number: int) -> Finding:
    """Whether ``tillid start`` could listen; a demo that already runs is no fault, so the port is not *needed*."""
    try:
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(("127.0.0.1", number))
        advice = ""
    except OSError:
        advice = f"Port {number} er optaget, måske af Tillid selv. Stop det andet program, eller vælg en anden port."
    return Finding(
        name=f"Port {number}", purpose="til siderne", needed=False, found=True, usable=not advice, advice=advice
    )


def _run(command: list[str]) -> tuple[int, str]:
    """Exit code and everything printed; 127 when it cannot start, 124 when it never ends."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return 124, ""
    except OSError:
        return 127, ""
    return done.returncode, done.stdout + done.stderr
