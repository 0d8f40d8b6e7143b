"""What ``tillid doctor`` asks of the virus scanner: to find what every scanner knows and to pass what is harmless."""

from __future__ import annotations

from tillid.cli.probes import Finding
from tillid.kernel.errors import TillidError

# The harmless file that all scanners have agreed to find (EICAR), in two halves: our own files shall not be found.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def virus_scanner(address: str) -> Finding:
    """The scanner at ``address``; empty: none was chosen."""
    from tillid.adapters.uploads.virus import Clamd, VirusFound

    base = {"name": "Virusscanner (clamd)", "purpose": "efterser filer, som folk vedhæfter", "needed": bool(address)}
    if not address:
        advice = "Filer bliver ikke efterset for virus. Vælg ClamAVs adresse med --clamd eller TILLID_CLAMD."
        return Finding(**base, found=False, usable=False, advice=advice)
    try:
        scanner = Clamd(address)
        told = scanner.version()
        scanner.look_through(b"tillid")
    except TillidError as error:
        advice = f"Virusscanneren svarer ikke som den skal ({error.code}). Se efter, om clamd kører på adressen."
        return Finding(**base, found=False, usable=False, advice=advice)
    try:
        scanner.look_through(EICAR)
    except VirusFound:
        return Finding(**base, found=True, version=told[:40], usable=True)
    except TillidError:
        pass
    advice = "Virusscanneren fandt ikke den fil, som alle scannere skal finde. Hent dens virusliste med freshclam."
    return Finding(**base, found=True, version=told[:40], usable=False, advice=advice)
