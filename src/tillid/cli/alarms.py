"""What the commands say of certificates, revocation lists and methods that end; the administrator's page says the same."""

from __future__ import annotations

from collections.abc import Iterable

from tillid.kernel.clock import instant
from tillid.signatures.running_out import RunsOut

WHAT = {
    "list": "Spærrelisten fra »{name}«. Tillid henter den hver dag; se efter, om udstederens adresse svarer, og kør »tillid lists«.",
    "authority": "Udstederen »{name}« er ikke på tillidslisten. Læg dens certifikat i mappen trust/ca eller trust/tsa.",
    "certificate": "Certifikatet »{name}«. Få et nyt hos udstederen.",
    "method": "Metoden bag certifikatet »{name}«. Få et certifikat med en stærkere metode hos udstederen.",
    "stamper": "Udstederen af tidsstempler »{name}«: Den har i to dage ikke givet et tidsstempel, der holder. Se efter adressen, "
    "aftalen og tillidslisten, før den skal bruges.",
    "digest": "Metoden »{name}«, som Tillid selv forsegler og fører log med. Opdatér Tillid.",
}
STATE = {"missing": "Mangler", "soon": "Udløber snart", "over": "Udløbet"}


def sentences(found: Iterable[RunsOut]) -> list[str]:
    """One for each, in Danish."""
    return [
        f"{STATE[one.state]}{f' ({instant(one.until)})' if one.until else ''}: {WHAT[one.what].format(name=one.name)}"
        for one in found
    ]
