"""``signing/ceremony/seal_key.sh``: two people make the seal's key, take it into use and revoke it, in a file and in hardware (SoftHSM 2); and
whatever is wrong with the answer, or with what they say, leaves all as it was."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from tests.consent_examples import uid
from tests.support.ceremony import (
    ISSUING,
    NAME,
    PEOPLE,
    ROOT,
    SCRIPT,
    SIGNED,
    TOWN,
    Ceremony,
    changed_request,
    changed_usage,
    good_answers,
    liar,
    of_another_key,
    printed,
    self_signed,
)  # fmt: skip
from tests.support.key_usage import usage_of
from tests.support.softhsm import LABEL, MODULE, PIN, SoftToken
from tillid.adapters.keyfile import DEVCA
from tillid.adapters.keys.certificates import certified_for_the_demo
from tillid.kernel.canonical import sha256
from tillid.kernel.paths import PROJECT, SIGNING


@pytest.fixture
def ceremony(tmp_path) -> Ceremony:
    return Ceremony(tmp_path)


@pytest.fixture(scope="module")
def token(tmp_path_factory):
    made = SoftToken(tmp_path_factory.mktemp("softhsm"))
    yield made
    made.close()


def hardware(token) -> tuple[str, ...]:
    return ("--module", MODULE, "--token", LABEL, "--pin-file", str(token.pin_file))


@pytest.mark.parametrize("place", ["file", "hardware"])
def test_from_the_first_key_to_its_end(ceremony, token, place):
    where = hardware(token) if place == "hardware" else ("--key-file",)
    words = ("request", NAME, "--organisation", TOWN, *where)
    rehearsed = ceremony.run(*words, really=False)
    assert rehearsed.returncode == 0 and "PRØVE" in rehearsed.stdout and "keys new" in rehearsed.stdout
    assert ceremony.everything() == {}

    # The request's fingerprint is known when it is there: the people stop once, and its end is what the minutes of that say.
    digest = ceremony.asked(*where)
    assert ceremony.state == "requested" and digest
    asked = ceremony.request.read_bytes()
    again = ceremony.run(*words, answers=PEOPLE)
    assert again.returncode == 1 and ceremony.request.read_bytes() == asked and "allerede" in again.stderr

    chain = certified_for_the_demo(asked, datetime.now(UTC))
    before = ceremony.everything()
    rehearsed = ceremony.certify(chain, really=False)
    assert rehearsed.returncode == 0 and printed(chain) in rehearsed.stdout and ceremony.everything() == before
    done = ceremony.certify(chain, *good_answers(chain))
    assert done.returncode == 0, done.stdout + done.stderr
    assert ceremony.state == "current"
    told = ceremony.minutes()
    assert printed(chain) in told and printed(ROOT.read_bytes()) in told and "som beskrevet" in told
    assert f"Den forsegler for den dataansvarlige: {uid(1)}, " in told, "nobody was named: those of the declared seal"
    assert told.count("Anna Holm") == told.count("Bo Dahl") == 3 and "Rådhuset" in told
    assert PIN not in told and "PRIVATE KEY" not in told
    next(ceremony.minutes_in.iterdir()).unlink()

    since = "2026-11-01T06:00:00Z"
    revoke = ("revoke", NAME, "--since", since, "--reason", "keyCompromise")
    before = ceremony.everything()
    assert ceremony.run(*revoke, really=False).returncode == 0
    assert ceremony.run(*revoke, answers=(*PEOPLE, "2027-b")).returncode == 1, "the key's name is typed"
    assert ceremony.everything() == before and ceremony.state == "current"
    done = ceremony.run(*revoke, answers=(*PEOPLE, NAME, *SIGNED))
    assert done.returncode == 0 and ceremony.state == "revoked", done.stderr
    assert since in ceremony.minutes() and "keyCompromise" in ceremony.minutes()
    assert printed(chain) in (ceremony.var / "trust" / "revoked.json").read_text()


def test_a_request_that_is_read_along_and_signed_for(ceremony, monkeypatch):
    """With the fingerprint that is shown, as a person types it: by a program that reads the screen."""
    command = ["bash", str(SCRIPT), "request", NAME, "--organisation", TOWN, "--key-file", "--var", str(ceremony.var)]
    command += ["--minutes", str(ceremony.minutes_in), "--demo", "--really"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=PROJECT) as process:
        process.stdin.write("".join(f"{one}\n" for one in (*PEOPLE, "ja")))
        process.stdin.flush()
        for line in process.stdout:
            if "Anmodningens aftryk" in line:
                process.stdin.write("".join(f"{one}\n" for one in (line.strip()[-8:].upper(), *SIGNED)))
                process.stdin.flush()
                break
        said = process.stdout.read()
    assert process.returncode == 0 and "certify" in said
    told = ceremony.minutes()
    assert (
        sha256(ceremony.request.read_bytes()) in told
        and "Bekræftet med navn: Bo Dahl" in told
        and "kun" in told.lower()
    )


def test_what_people_do_not_agree_on_is_not_done(ceremony):
    words = ("request", NAME, "--organisation", TOWN, "--key-file")
    for answers in (
        (),
        ("Anna Holm", "anna holm", "Her", "ja", "ja"),  # one person
        ("Anna Holm", "", "Her", "ja", "ja"),
        (*PEOPLE[:3], "nej", "ja"),  # the clock
        (*PEOPLE, "måske"),
    ):
        done = ceremony.run(*words, answers=answers)
        assert done.returncode == 1 and "Intet er ændret" in done.stderr, answers
        assert ceremony.everything() == {} and not (ceremony.var / "keys").exists()
    nowhere = ceremony.run(*words, answers=(*PEOPLE, "ja"), minutes=ceremony.folder / "none")
    assert nowhere.returncode == 1 and ceremony.everything() == {}, "no ceremony whose minutes could not be kept"
    inside = ceremony.run(*words, answers=(*PEOPLE, "ja"), minutes=ceremony.var)
    assert inside.returncode == 1 and ceremony.everything() == {}, "minutes lie where the keys are not"
    for more in ((), ("--key-file", "--unknown"), ("--token", LABEL), ("--key-file", "--var")):
        assert (
            subprocess.run(["bash", str(SCRIPT), *words[:4], *more], capture_output=True, check=False).returncode == 2
        )
    assert ceremony.everything() == {}


def test_a_fingerprint_that_is_not_the_same_stops_it_and_is_in_the_minutes(ceremony):
    """The key is made by then: nothing seals with it, and the minutes say where it stopped."""
    done = ceremony.run("request", NAME, "--organisation", TOWN, "--key-file", answers=(*PEOPLE, "ja", "deadbeef"))
    assert done.returncode == 1 and ceremony.state == "requested"
    assert "AFBRUDT" in ceremony.minutes() and "Aftrykket passer ikke" in ceremony.minutes()


def test_hardware_that_refuses_leaves_nothing(ceremony, token):
    words = ("request", NAME, "--organisation", TOWN, *hardware(token))
    token.write_pin("000000")
    try:
        done = ceremony.run(*words, answers=(*PEOPLE, "ja"))
    finally:
        token.write_pin(PIN)
    assert done.returncode == 1 and "blev ikke lavet" in done.stderr and "Intet er ændret" in done.stderr
    assert ceremony.everything() == {}
    token.pin_file.chmod(0o644)
    try:
        done = ceremony.run(*words, answers=(*PEOPLE, "ja"))
    finally:
        token.pin_file.chmod(0o600)
    assert (
        done.returncode == 1
        and "0600" in done.stderr
        and "Hvem skriver" not in done.stdout
        and ceremony.everything() == {}
    )


WRONG = {
    "of another key": (lambda one, asked: of_another_key(), "en anden nøgle"),
    "another seal's": (lambda one, asked: (DEVCA / "seal.chain.pem").read_bytes(), "en anden nøgle"),
    "expired": (lambda one, asked: certified_for_the_demo(asked, datetime.now(UTC) - timedelta(days=900)), "udløbet"),
    "of the future": (lambda one, asked: certified_for_the_demo(asked, datetime.now(UTC) + timedelta(days=9)), "gælder ikke nu"),
    "self-signed": (lambda one, asked: self_signed(one), "fører ikke til den rod"),
    "an authority's": (lambda one, asked: changed_usage(asked, usage_of("digital_signature", "key_cert_sign"), ca=True), "andet end segl"),
    "to encipher": (lambda one, asked: changed_usage(asked, usage_of("key_agreement")), "ikke til at sætte segl"),
    "to seal and encipher": (lambda one, asked: changed_usage(asked, usage_of("digital_signature", "key_encipherment")), "andet end segl"),
    "for a web server": (lambda one, asked: changed_usage(asked, usage_of("digital_signature"), purposes=("1.3.6.1.5.5.7.3.1",)), "andet end segl"),
    "for documents and mail": (lambda one, asked: changed_usage(asked, usage_of("digital_signature"), purposes=("1.3.6.1.5.5.7.3.36", "1.3.6.1.5.5.7.3.4")), "andet end segl"),
    "for nothing": (lambda one, asked: changed_usage(asked, None), "ikke til at sætte segl"),
    "alone": (lambda one, asked: certified_for_the_demo(asked, datetime.now(UTC)).split(b"-----END CERTIFICATE-----\n")[0] + b"-----END CERTIFICATE-----\n", "derefter udstederens"),
    "damaged": (lambda one, asked: ISSUING.read_bytes().replace(b"MII", b"MIJ", 1) * 2, "kan ikke læses"),
    "no certificate": (lambda one, asked: b"<html>It works!</html>", "derefter udstederens"),
    "turned round": (lambda one, asked: ISSUING.read_bytes() + certified_for_the_demo(asked, datetime.now(UTC)), "en anden nøgle"),
}  # fmt: skip


def test_no_wrong_certificate_is_taken_into_use(ceremony):
    ceremony.asked()
    asked, before = ceremony.request.read_bytes(), ceremony.everything()
    for what, (made, why) in WRONG.items():
        chain = made(ceremony, asked)
        for really in (False, True):  # the rehearsal says it too
            done = ceremony.certify(chain, *PEOPLE, *["ja"] * 9, really=really)
            assert (done.returncode, why in done.stderr) == (1, True), (what, done.stdout, done.stderr)
            assert ceremony.everything() == before and ceremony.state == "requested", what
    chain = certified_for_the_demo(asked, datetime.now(UTC))
    ceremony.request.write_bytes(changed_request())
    assert "ændret, siden" in ceremony.certify(chain, *PEOPLE).stderr
    ceremony.request.write_bytes(asked)
    other = ceremony.folder / "other.pem"
    other.write_bytes((SIGNING / "trust" / "test" / "tsa" / "root.pem").read_bytes())
    before = ceremony.everything()
    assert "fører ikke til den rod" in ceremony.certify(chain, *PEOPLE, roots=other).stderr
    good = good_answers(chain)
    for place, said in (
        (4, "nej"),
        (5, "00000000"),
        (6, "00000000"),
        (7, ""),
    ):  # name, root, certificate, last question
        answers = (*good[:place], said, *good[place + 1 :])
        assert ceremony.certify(chain, *answers).returncode == 1, place
        assert ceremony.everything() == before and ceremony.state == "requested"
    # In use, and then somebody does not stand for it: that is in the minutes.
    done = ceremony.certify(chain, *good[:-1], "Carl Carlsen")
    assert done.returncode == 1 and ceremony.state == "current"
    assert "AFBRUDT" in ceremony.minutes() and "Bo Dahl stod ikke inde" in ceremony.minutes()


@pytest.mark.req("R-05")
def test_the_two_say_whose_the_seal_is(ceremony):
    ceremony.asked()
    chain, own, other = certified_for_the_demo(ceremony.request.read_bytes(), datetime.now(UTC)), uid(0x31), uid(0x32)
    before = ceremony.everything()
    assert "keys.controller" in ceremony.certify(chain, *good_answers(chain), controllers=("12345678",)).stderr
    assert ceremony.everything() == before and ceremony.state == "requested"
    rehearsed = ceremony.certify(chain, really=False, controllers=(own, other))
    assert f"--controller={own} --controller={other}" in rehearsed.stdout
    done = ceremony.certify(chain, *good_answers(chain), controllers=(own, other))
    assert done.returncode == 0 and f"forsegler for {own} {other}. Skal den det?" in done.stdout
    assert f"Den forsegler for den dataansvarlige: {own}, {other}" in ceremony.minutes()
    assert (ceremony.var / "trust" / "seals" / f"{NAME}.txt").read_text("utf-8") == f"{own}\n{other}\n"


def test_a_certificate_for_documents_is_taken(ceremony):
    """RFC 9336; whoever names a purpose names this."""
    ceremony.asked()
    asked = ceremony.request.read_bytes()
    chain = changed_usage(asked, usage_of("content_commitment"), purposes=("1.3.6.1.5.5.7.3.36",))
    assert ceremony.certify(chain, *good_answers(chain)).returncode == 0 and ceremony.state == "current"


def test_a_key_that_is_not_there_is_neither_certified_nor_revoked(ceremony):
    chain = (DEVCA / "seal.chain.pem").read_bytes()
    assert "ingen anmodning" in ceremony.certify(chain, *PEOPLE).stderr
    words = ("revoke", "2030-x", "--since", "2026-11-01T06:00:00Z")
    done = ceremony.run(*words, answers=(*PEOPLE, "2030-x"))
    assert done.returncode == 1 and "kan ikke læses" in done.stderr and ceremony.everything() == {}
    ceremony.asked()
    before = ceremony.everything()
    done = ceremony.run(*words, answers=(*PEOPLE, "2030-x"))
    assert done.returncode == 1 and "ingen nøgle med det navn" in done.stderr and ceremony.everything() == before


LIES = {
    "another fingerprint": ("new", "sed 's/(SHA-256): ......../(SHA-256): 00000000/'", "andet aftryk"),
    "another curve": ("new", 'cat; cp "$LIES/p384.pem" "$REQUEST"', "ikke P-256"),
    "a request that nobody signed": ("new", 'cat; cp "$LIES/changed.pem" "$REQUEST"', "underskrevet af sin egen"),
}


@pytest.mark.parametrize("lie", LIES)
def test_what_tillid_says_and_does_is_looked_at_with_openssl(ceremony, tmp_path, monkeypatch, lie):
    verb, what, why = LIES[lie]
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "x")])
    asked = x509.CertificateSigningRequestBuilder().subject_name(name)
    (tmp_path / "p384.pem").write_bytes(
        asked.sign(ec.generate_private_key(ec.SECP384R1()), SHA256()).public_bytes(Encoding.PEM)
    )
    (tmp_path / "changed.pem").write_bytes(changed_request())
    liar(tmp_path, monkeypatch, f'if [[ $2 == {verb} ]]; then "$REAL" "$@" | {{ {what}; }}; else "$REAL" "$@"; fi')
    monkeypatch.setenv("REQUEST", str(ceremony.request))
    done = ceremony.run("request", NAME, "--organisation", TOWN, "--key-file", answers=(*PEOPLE, "ja"))
    assert (done.returncode, why in done.stderr) == (1, True), done.stderr
    assert "AFBRUDT" in ceremony.minutes() and why in ceremony.minutes()


def test_a_step_that_did_not_work_is_not_taken_for_done(ceremony, tmp_path, monkeypatch):
    ceremony.asked()
    chain = certified_for_the_demo(ceremony.request.read_bytes(), datetime.now(UTC))
    liar(tmp_path, monkeypatch, 'if [[ $2 == status ]]; then "$REAL" "$@"; fi')
    assert "ikke, at nøglen er i brug" in ceremony.certify(chain, *good_answers(chain)).stderr
    words = ("revoke", NAME, "--since", "2026-11-01T06:00:00Z")
    assert "ikke, at nøglen er spærret" in ceremony.run(*words, answers=(*PEOPLE, NAME)).stderr
    assert all("AFBRUDT" in one.read_text("utf-8") for one in ceremony.minutes_in.iterdir())
    before = ceremony.everything()
    liar(tmp_path, monkeypatch, 'if [[ $2 == status ]]; then "$REAL" "$@"; else exit 1; fi')
    for done, why in (
        (ceremony.certify(chain, *good_answers(chain)), "blev ikke taget i brug"),
        (ceremony.run(*words, answers=(*PEOPLE, NAME)), "blev ikke spærret"),
    ):
        assert done.returncode == 1 and why in done.stderr and "Intet er ændret" in done.stderr
    assert {name: data for name, data in ceremony.everything().items() if name != "tillid"} == {
        name: data for name, data in before.items() if name != "tillid"
    }
