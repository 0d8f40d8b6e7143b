"""The declared test seal as a key file of its own."""

from __future__ import annotations

from pathlib import Path

from tillid.adapters.keyfile import DEVCA
from tillid.kernel.files import put


def create_demo_key(folder: Path) -> tuple[Path, Path]:
    """Put the declared test seal of ``signing/devca`` into ``folder`` with mode 0600; its key and chain paths.

    Git does not keep the mode, so the committed file itself cannot be used. The key is published and worthless: only
    ``signing/trust/test`` pins it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    key, chain = folder / "seal.key.pem", folder / "seal.chain.pem"
    for name, target in (("seal.key.pem", key), ("seal.chain.pem", chain)):
        put(target, (DEVCA / name).read_bytes())
    return key, chain
