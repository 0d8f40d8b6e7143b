"""What ``tillid doctor`` asks of the search server, with the key that Tillid itself has."""

from __future__ import annotations

from pathlib import Path

from tillid.cli.probes import Finding
from tillid.kernel.errors import TillidError


def search_server(address: str, var: Path) -> Finding:
    """The server at ``address``; empty: the index in this process, which ``tantivy`` above stands for."""
    base = {"name": "Søgeserver", "purpose": "søger i dokumenterne", "needed": bool(address)}
    if not address:
        return Finding(**base, found=True, version="indbygget", usable=True)
    from tillid.adapters.elasticsearch import ElasticIndex, server_at

    try:
        server = server_at(address, var / "keys")
        index = ElasticIndex(server)
    except TillidError as error:
        return Finding(**base, found=False, usable=False, advice=error.message)
    try:
        count = index.count()
    except TillidError as error:
        advice = (
            f"Søgeserveren kan ikke bruges ({error.detail}). Se efter adressen, keys/search.key og keys/search-ca.crt."
        )
        return Finding(**base, found=False, usable=False, advice=advice)
    finally:
        index.close()
    advice = "" if count is not None else "Der er intet søgeindeks endnu. Tillid bygger det selv, når det kører."
    version = f"{server.product}, {count or 0} dokumenter"
    return Finding(**base, found=True, version=version, usable=True, advice=advice)
