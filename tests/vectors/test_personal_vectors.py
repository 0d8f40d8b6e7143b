"""Every vector of a person's own signature gets the verdict beside it, by signxml and by libxmlsec, which must agree; xmlsec1 accepts the valid ones."""

from __future__ import annotations

import json
import shlex
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest

from scripts.make_personal_vectors import ABOUT, FOLDER, beside, files, judged, path_of
from scripts.vectors.personal import LISTED, UNLISTED, for_years, trust, vectors
from scripts.vectors.personal_base import AT, ISSUING, SIGNED_AT, PersonalVector, person, signature, stamp
from tests.support.receipts import proof_of
from tillid.adapters import package_judges, xmlsec_engine
from tillid.adapters.xmlsec_engine import libxmlsec_personal
from tillid.cli import main
from tillid.cli.judging import Judging
from tillid.kernel.clock import instant
from tillid.kernel.errors import TillidError
from tillid.kernel.paths import PROJECT
from tillid.signatures import personal_core, personal_time
from tillid.signatures.long_term_xades import parts
from tillid.signatures.personal_evidenced import freeze_personal
from tillid.signatures.receipt import OWN, OWN_TOKEN, receipt
from tillid.signatures.receipt_verify import OwnSigned
from tillid.signatures.trust import load_trust
from tillid.usecases import freeze_record

FOUND = {name: one for some in vectors().values() for name, one in some.items()}
TRUST = load_trust(FOLDER / "trust")
VALID = sorted((FOLDER / "valid").glob("*.xml"))


def said(name: str) -> dict[str, str]:
    return json.loads((FOLDER / f"{path_of(name, FOUND[name])}.json").read_text("utf-8"))


def stored(name: str) -> PersonalVector:
    """As it lies in the folder."""
    path = FOLDER / f"{path_of(name, FOUND[name])}.xml"
    beside = path.with_suffix(".tst")
    token = beside.read_bytes() if beside.exists() else None
    return FOUND[name]._replace(data=path.read_bytes(), token=token)


@pytest.mark.req("R-100", "R-101", "R-102")
@pytest.mark.parametrize("second", [None, libxmlsec_personal], ids=["signxml", "signxml and libxmlsec"])
@pytest.mark.parametrize("name", FOUND)
def test_verdict(name, second):
    found, wanted = judged(stored(name), TRUST, second), said(name)
    assert (found.status, found.indication, found.sub_indication, found.step) == (
        wanted["status"], wanted["indication"], wanted["sub_indication"], wanted["step"],
    )  # fmt: skip
    assert (found.signed == ABOUT.record) is found.passed and (found.signed is None) is not found.passed
    assert {name: found.details.get(name) for name in ("level", "assurance")} == {
        name: wanted.get(name) for name in ("level", "assurance")
    }


def test_each_file_and_the_table_are_made_again():
    made = {f"trust/{name}": data for name, data in trust().items()} | files(TRUST)
    there = {str(path.relative_to(FOLDER)): path for path in FOLDER.rglob("*") if path.is_file()}
    assert set(made) == set(there)
    assert not [name for name, path in there.items() if path.read_bytes() != made[name]]
    kinds = [path.parent.name for path in FOLDER.glob("*/*.xml")]
    assert kinds.count("valid") >= 12 and kinds.count("invalid") >= 25 and kinds.count("indeterminate") >= 15


@pytest.mark.req("R-103", "R-105")
def test_the_verdict_names_the_level_as_found_and_what_the_certificate_says():
    """Level: what was judged. A timestamp that does not hold makes no T."""
    told = {name: judged(FOUND[name], TRUST).details for name in ("given", "stamped", "lt-years", "qualified")}
    assert [one["level"] for one in told.values()] == ["B", "T", "LT", "T"]
    assert [one["assurance"] for one in told.values()] == ["unstated"] * 3 + ["qualified-device"]
    assert {one["login_level"] for one in told.values()} == {"https://data.gov.dk/concept/core/nsis/Substantial"}
    assert judged(FOUND["token-of-another"], TRUST).details["level"] == "B"


@pytest.mark.parametrize("name", ["stamped", "lt-years", "other-key", "changed-property"])
def test_engines_that_disagree_are_an_alarm(name, monkeypatch):
    """Whichever of the two is content: neither is chosen."""
    found = judged(FOUND[name], TRUST, lambda *given: not libxmlsec_personal(*given))
    assert (found.status, found.step, found.signed) == ("disputed", "engines.disagree", None)
    fault = personal_core._by_signxml
    monkeypatch.setattr(personal_core, "_by_signxml", lambda *given: None if fault(*given) else "personal.changed")
    assert judged(FOUND[name], TRUST, libxmlsec_personal).step == "engines.disagree"


@pytest.mark.req("R-103")
@pytest.mark.parametrize("name", FOUND)
def test_the_command_judges_each_by_both_engines(name, tmp_path, monkeypatch):
    """``tillid verify --all``: the same verdict, and what the second engine says is heard. About the record that is inside."""
    one = FOUND[name]
    (tmp_path / "a.xml").write_bytes(one.data)
    if one.token is not None:
        (tmp_path / "a.tst").write_bytes(one.token)
    asked = []
    monkeypatch.setattr(
        xmlsec_engine, "libxmlsec_personal", lambda *given: asked.append(1) or libxmlsec_personal(*given)
    )
    found = dict(Judging(trust=TRUST, at=one.at, both=True).path(tmp_path / "a.xml"))[str(tmp_path / "a.xml")]
    # Alone a file is about the record that is in it; a comment is found by whatever reads XML, and garbage is nobody's signature.
    alone = {"other-record": "personal.ok", "changed-record": "personal.changed", "comment": "form.comment"}
    assert found.step == alone.get(name, "unreadable.not-a-record" if name == "garbage" else one.step)
    before = one.step in ("personal.shape", "personal.certificates", "personal.other-record") or name == "comment"
    assert bool(asked) is (not before or name in ("changed-record", "other-record"))
    monkeypatch.setattr(xmlsec_engine, "libxmlsec_personal", lambda *given: not libxmlsec_personal(*given))
    if asked:
        again = dict(Judging(trust=TRUST, at=one.at, both=True).path(tmp_path / "a.xml"))
        assert again[str(tmp_path / "a.xml")].step == "engines.disagree"


def test_a_package_is_judged_by_both_engines_too(monkeypatch):
    one = FOUND["stamped"]
    own = OwnSigned(record=ABOUT.record, signature=one.data, token=one.token)
    for second, step in ((False, "personal.ok"), (True, "engines.disagree")):
        monkeypatch.setattr(xmlsec_engine, "libxmlsec_personal", lambda *given: False)
        assert package_judges.judges_of(FOLDER / "trust", one.at, second=second).personal(own).step == step


def documented_command() -> list[str]:
    """The command in ``signing/policies/personal-1.md`` without what is to be filled in."""
    text = (PROJECT / "signing" / "policies" / "personal-1.md").read_text("utf-8")
    return shlex.split(text[text.index("    xmlsec1 --verify") :].replace("\\\n", " "))[:-1]


def xmlsec1(path: Path) -> subprocess.CompletedProcess[str]:
    """What it says of a file, at the moment of signing."""
    filled = {"PROVIDER-ROOT.pem": str(FOLDER / "trust" / "persons" / "root.pem"), "WHEN IT WAS SIGNED": f"{SIGNED_AT:%Y-%m-%d %H:%M:%S}"}  # fmt: skip
    command = [filled.get(word, word) for word in documented_command()]
    return subprocess.run([*command, str(path)], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_xmlsec1_accepts_each_valid_one(path):
    done = xmlsec1(path)
    if path.stem == "dead-end-first":  # it takes the first issuer that fits, and searches no further
        assert (
            done.returncode == 1
            and "issuer=/C=DK/O=TEST Tillid, not a real authority/CN=TEST personal stranger" in done.stderr
        )
        return
    assert done.returncode == 0, done.stderr
    assert "SignedInfo References (ok/all): 2/2" in done.stdout + done.stderr


@pytest.mark.req("R-85")
def test_what_is_frozen_holds_the_news_that_its_certificate_needs():
    for issuer, signer in ((LISTED, for_years(LISTED)), (ISSUING, person())):
        data = signature(signer, issuer[0])
        frozen = freeze_personal(data, stamp(data), TRUST, at=AT)
        inside = parts(frozen).lists
        assert (trust()["crl/personal-for-years.crl"] in inside) is (issuer is LISTED)
        assert trust()["crl/personal-root.crl"] in inside
    data = signature(for_years(UNLISTED), UNLISTED[0])
    with pytest.raises(TillidError) as refused:
        freeze_personal(data, stamp(data), TRUST, at=AT)
    assert refused.value.detail == "personal.revocation-missing"


def test_a_list_that_breaks_its_reader_is_no_reason_to_pass(monkeypatch):
    def broken(*_, **__):
        raise TypeError("met deep inside")

    monkeypatch.setattr(personal_time, "objection", broken)
    assert judged(FOUND["years-listed"], TRUST).step == "personal.list"


def test_the_folder_holds_the_verdicts_that_it_says():
    for name, one in FOUND.items():
        assert beside(one, judged(one, TRUST)) == Path(FOLDER / f"{path_of(name, one)}.json").read_text("utf-8")


def test_what_other_validators_said_is_about_these_files():
    """``make validators`` (docs/validators-personal.md): each vector is listed as it is now."""
    text = (PROJECT / "docs" / "validators-personal.md").read_text("utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    valid = {path.stem: sha256(path.read_bytes()).hexdigest()[:16] for path in VALID}
    told = {row.split("`")[1]: row for row in rows if "/" not in row.split("`")[1]}
    assert {name: row.split("`")[-2] for name, row in told.items()} == valid
    doubted = {row.split("`")[1]: row.split("`")[3] for row in rows if "/" in row.split("`")[1]}
    assert doubted == {path_of(name, one): one.step for name, one in FOUND.items() if name not in valid}
    for name, row in told.items():
        level = f"TOTAL_PASSED XAdES-BASELINE-{said(name)['level']}"
        assert (level in row) is (name not in ("a-day", "dead-end-first", "revoked-way-first", "unlisted-way-first")), (
            row
        )
        assert row.count("| yes ") == (3 if name == "dead-end-first" else 4), row


@pytest.mark.req("R-103", "R-105")
def test_the_command_says_level_login_and_assurance_in_words(capsys):
    one = FOUND["qualified"]
    main(["verify", "--trust", str(FOLDER / "trust"), "--at", instant(one.at), str(FOLDER / "valid" / "qualified.xml")])
    said = capsys.readouterr().out.partition("qualified.xml!record")[0]
    assert "Personens egen underskrift er ægte og gælder netop denne post." in said
    assert "Niveau (XAdES): T" in said and "Loginets sikringsniveau: https://data.gov.dk/" in said
    assert "Certifikatet er (udstederens ord): kvalificeret, med nøglen i godkendt udstyr" in said


@pytest.mark.parametrize(
    ("name", "may"), [("years-unlisted", True), ("years-old-list", True), ("years-revoked", False)]
)
def test_level_lt_is_waited_for_where_a_list_may_come(name, may):
    """What a list can cure is frozen again when it comes; a revocation is none."""
    one = FOUND[name]
    assert freeze_record._at_lt(one.data, one.token, TRUST, True, one.at) == (None, may)


def test_in_a_receipt_both_engines_are_asked_too(tmp_path, monkeypatch):
    one, file = FOUND["stamped"], tmp_path / "receipt.zip"
    file.write_bytes(receipt(ABOUT.record, proof_of(ABOUT.record), None, {OWN: one.data, OWN_TOKEN: one.token}))
    judging = Judging(trust=TRUST, at=one.at, both=True)
    assert dict(judging.path(file))[f"{file}!{OWN}"].step == "personal.ok"
    monkeypatch.setattr(xmlsec_engine, "libxmlsec_personal", lambda *given: False)
    assert dict(judging.path(file))[f"{file}!{OWN}"].step == "engines.disagree"
