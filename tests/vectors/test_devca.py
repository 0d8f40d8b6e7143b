"""The declared test authority is what its script makes of the keys, and it is whole: chains, lists, addresses."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography import x509

from scripts.ask_validators import DOUBTED, in_words
from scripts.make_devca import DEVCA, TRUST, certificates, files
from tillid.kernel.paths import PROJECT, SIGNING

MADE = certificates()
LISTS = {path.stem: x509.load_der_x509_crl(path.read_bytes()) for path in (TRUST / "crl").glob("*.crl")}


def test_each_file_is_made_again() -> None:
    made = files()
    assert {path: path.read_bytes() for path in made} == made
    kept = {path for folder in (DEVCA, TRUST) for path in folder.rglob("*.*") if path.suffix in (".pem", ".crl")}
    assert kept - set(made) == {DEVCA / f"{label}.key.pem" for label in [*MADE, "rsa"]}


@pytest.mark.parametrize("label", [label for label in MADE if not label.endswith("root")])
def test_each_certificate_says_where_its_issuers_list_lies(label: str) -> None:
    found = MADE[label][0].extensions
    (point,) = found.get_extension_for_class(x509.CRLDistributionPoints).value
    (access,) = found.get_extension_for_class(x509.AuthorityInformationAccess).value
    assert [Path(one.value).suffix for one in (*point.full_name, access.access_location)] == [".crl", ".cer"]
    assert Path(point.full_name[0].value).stem == Path(access.access_location.value).stem


@pytest.mark.parametrize(("issuer", "revoked"), [("root", []), ("issuing", ["revoked"]), ("tsa-root", ["tsa-revoked"])])
def test_each_authority_has_a_list(issuer: str, revoked: list[str]) -> None:
    held = LISTS[issuer]
    assert held.is_signature_valid(MADE[issuer][0].public_key()) and held.issuer == MADE[issuer][0].subject
    assert [one.serial_number for one in held] == [MADE[label][0].serial_number for label in revoked]


def test_what_others_said_is_about_these_files() -> None:
    """``make validators`` (docs/validators.md): each valid vector is listed as it is now, accepted by all."""
    rows = (PROJECT / "docs" / "validators.md").read_text(encoding="utf-8").splitlines()
    told = {
        cells[1]: cells for cells in ([part.strip(" `") for part in row.split("|")] for row in rows) if len(cells) == 9
    }
    for path in (SIGNING / "vectors" / "valid").glob("*.xml"):
        cells = told.get(path.stem)
        assert cells, f"{path.stem}: run make validators"
        assert cells[7] == sha256(path.read_bytes()).hexdigest()[:16], f"{path.stem}: run make validators"
        level = {"t": "T", "lt": "LT"}.get(path.stem.split("-")[0], "B")
        assert cells[2:7] == [f"TOTAL_PASSED XAdES-BASELINE-{level}", "yes", "yes", "yes", "yes"]


def test_what_was_said_of_those_that_are_not_valid_is_about_these_files_too() -> None:
    """Every doubtful or invalid vector of levels T and LT, and of whose seal it is, has its row, with the verdict that it has now."""
    rows = (PROJECT / "docs" / "validators.md").read_text(encoding="utf-8").splitlines()
    cells = [[part.strip() for part in row.split("|")] for row in rows]
    told = {one[1].strip("`"): one[2] for one in cells if len(one) == 5 and "/" in one[1] and one[3]}
    meant = {}
    for path in (path for kind in ("invalid", "indeterminate") for path in (SIGNING / "vectors" / kind).glob("*.xml")):
        if path.stem.startswith(DOUBTED):
            said = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
            meant[f"{path.parent.name}/{path.stem}"] = f"`{said['step']}` {in_words(said)}"
    assert told == meant, "run make validators"
