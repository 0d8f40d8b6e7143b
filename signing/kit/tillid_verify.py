#!/usr/bin/env python3
# fmt: off
# ruff: noqa: E401, I001, UP017
"""Efterprøv en kvittering fra Tillid uden Tillid og uden net. / Verify a receipt of Tillid without Tillid and without network.

    python3 tillid_verify.py KVITTERING.zip --trust MAPPE [--at 2026-11-26T12:00:00Z] [--json]

Needs python3 (3.9 or newer, its standard library), ``openssl`` (3.0 or newer) and ``xmlsec1``. MAPPE is what you trust, and
must come from elsewhere than the receipt: ca/*.pem (authorities, root first or last), seals/*.pem (the seals in use),
log/*.txt (the log's key, as ``tillid log head`` writes it) and tsa/*.pem (roots of timestamp authorities).

Exit code: 0 passed, 1 failed (something is changed or forged), 2 cannot be told (something to trust is missing or too old).
How each check is done is said where it is done. Written to be read: the trust rests on these lines and the two programs.
"""

import argparse, base64, hashlib, json, os, re, struct, subprocess, sys, tempfile, zlib
import xml.etree.ElementTree as ET
from datetime import datetime, timedelta, timezone
from html import escape
from pathlib import Path

MAX = 5_000_000
C, DS, XA = "{urn:tillid:xml:consent:1}", "{http://www.w3.org/2000/09/xmldsig#}", "{http://uri.etsi.org/01903/v1.3.2#}"
NAMES = ("certificates/issuer.pem", "certificates/seal.pem", "checkpoint.txt", "how-to-verify.html", "log-key.txt",
         "manifest.json", "proof.json", "record.html", "record.xml")  # and record.tst, where there is a timestamp
HOW = "36e85b1807d7c4125a87803eda556d09a9acdfcb9af3cb075c43c0d0d86c239e"  # SHA-256 of how-to-verify.html, which says the same in every receipt
LOOK = "d13811021495b3815447615c2883e02402a2fa40eeb109c52fd85528bb314d12"  # SHA-256 of the stylesheet that ``page_1`` writes once more
EXC, SHA256 = "http://www.w3.org/2001/10/xml-exc-c14n#", "http://www.w3.org/2001/04/xmlenc#sha256"
# All algorithms a record may name, in their order: an attacker chooses none (XML Signature 1.1, RFC 9231).
ALGORITHMS = [EXC, "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
              "http://www.w3.org/2000/09/xmldsig#enveloped-signature", EXC, SHA256, EXC, SHA256, SHA256, SHA256]

class Stop(Exception):
    """The first objection: exit code, Danish, English."""

def failed(danish, english):
    raise Stop(1, danish, english)

def unsure(danish, english):
    raise Stop(2, danish, english)

def run(*command):
    """(whether it exited with 0, what it printed); no environment but the path, so that no setting of the machine matters."""
    env = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "OPENSSL_CONF": os.devnull}
    try:
        done = subprocess.run(command, env=env, capture_output=True, timeout=60)
    except OSError:
        unsure(f"Programmet {command[0]} mangler.", f"The program {command[0]} is missing.")
    except subprocess.TimeoutExpired:
        failed(f"{command[0]} blev ikke færdig.", f"{command[0]} did not finish.")
    return done.returncode == 0, done.stdout

def zipped(members):
    """The one way a receipt is packed: names in order, nothing compressed, no dates, no extra fields (APPNOTE 6.3.10)."""
    body, index = b"", b""
    for name, data in sorted(members.items()):
        what = struct.pack("<5H3I2H", 20, 0, 0, 0, 33, zlib.crc32(data), len(data), len(data), len(name), 0)
        index += b"PK\1\2" + struct.pack("<H", 0x0314) + what + struct.pack("<3H2I", 0, 0, 0, 0o600 << 16, len(body)) + name.encode()
        body += b"PK\3\4" + what + name.encode() + data
    count = len(members)
    return body + index + b"PK\5\6" + struct.pack("<4H2IH", 0, 0, count, count, len(index), len(body), 0)

def unzipped(data):
    """The members. Read by hand, only the names we know and never onto the disk under them, then packed again: one byte that
    is otherwise (a second member of one name, a path that leads out, compression, a comment) is refused."""
    members, at = {}, 0
    try:
        while data[at:at + 4] == b"PK\3\4":
            size, length = struct.unpack_from("<I", data, at + 18)[0], struct.unpack_from("<H", data, at + 26)[0]
            name, start = data[at + 30:at + 30 + length].decode("ascii"), at + 30 + length
            if name in members or name not in (*NAMES, "record.tst"):
                raise ValueError
            members[name], at = data[start:start + size], start + size
    except (ValueError, struct.error):
        failed("Pakken er ikke en kvittering.", "The package is no receipt.")
    if not set(NAMES) <= set(members) or zipped(members) != data:
        failed("Pakken er ikke en kvittering, eller den er ændret.", "The package is no receipt, or it was changed.")
    return members

def spelled(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"

def check_manifest(members):
    """Every file has the digest that the list says, and no file is outside the list."""
    files = {name: hashlib.sha256(data).hexdigest() for name, data in members.items() if name != "manifest.json"}
    if members["manifest.json"] != spelled({"files": files, "format": "tillid-receipt-1"}):
        failed("En fil i kvitteringen er ændret.", "A file of the receipt was changed.")
    if files["how-to-verify.html"] != HOW:
        failed("Vejledningen i kvitteringen er ændret.", "The instructions in the receipt were changed.")

def read_record(data):
    """The record's elements, when the file is what a sealed record looks like and nothing else: signature wrapping lives on
    what a library does not ask about. One spelling (canonical XML), so that no byte is free."""
    try:
        if re.search(rb"<[!?]", data) or len(data) > MAX or ET.canonicalize(data.decode()).encode() != data:
            raise ValueError
        root = ET.fromstring(data)
        signature = root[-1]
        used = [e.get("Algorithm") for e in root.iter() if e.get("Algorithm")]
        uris = [e.get("URI") for e in root.iter(DS + "Reference")]
        ids = [(e.tag, e.get("Id")) for e in root.iter() if e.get("Id") is not None]
        inside = {id(e) for e in signature.iter()}
        held = (root.tag == C + "ConsentRecord" and signature.tag == DS + "Signature" and len(root) == 3
                and len(list(root.iter(DS + "Signature"))) == 1 and len(list(root.iter(XA + "SignedProperties"))) == 1
                and all(e.tag.startswith((DS, XA) if id(e) in inside else C) for e in root.iter())
                and [e.tag for e in signature] == [DS + n for n in ("SignedInfo", "SignatureValue", "KeyInfo", "Object")]
                and [len(e) for e in (signature[2], signature[2][0], signature[3], signature[3][0])] == [1, 2, 1, 1]
                and not any(e.tail or (len(e) and e.text) for e in signature.iter())
                and base64.b64encode(base64.b64decode(signature[1].text)).decode() == signature[1].text
                and used == ALGORITHMS and uris == ["", "#seal-properties"]
                and ids == [(DS + "Signature", "seal"), (DS + "Reference", "seal-record"),
                            (XA + "SignedProperties", "seal-properties")])
    except (ValueError, IndexError, TypeError, ET.ParseError):
        held = False
    if not held:
        failed("Posten har ikke form som en forseglet post.", "The record has not the shape of a sealed record.")
    return root

def pem(der):
    text = base64.b64encode(der).decode()
    return "\n".join(["-----BEGIN CERTIFICATE-----", *re.findall(".{1,64}", text), "-----END CERTIFICATE-----", ""]).encode()

def trusted(folder, kind, suffix="pem"):
    return [path.read_bytes() for path in sorted(Path(folder, kind).glob("*." + suffix))] if folder else []

def seconds(moment):
    return str(int(moment.timestamp()))

def moment_of(text):
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)

def certificates_of(root, members):
    """The two certificates that the seal names by digest; the files beside the record are the same two."""
    texts = [node.text or "" for node in root.iter(DS + "X509Certificate")]
    named = [node.findtext(DS + "DigestValue") for node in root.iter(XA + "CertDigest")]
    ders = [base64.b64decode(text) for text in texts]
    found = [pem(der) for der in ders]
    held = named == [base64.b64encode(hashlib.sha256(der).digest()).decode() for der in ders]
    held = held and [one.decode().split("-----")[2][1:] for one in found] == texts  # one spelling
    if not held or found != [members["certificates/seal.pem"], members["certificates/issuer.pem"]]:
        failed("Certifikaterne er ikke dem, seglet nævner.", "The certificates are not those that the seal names.")
    return found

def check_seal(root, members, trust, work):
    """Digests and signature by xmlsec1, with the key of the seal's certificate alone; then the chain by openssl as of the
    time that the record claims; then whether it is a seal that you trust."""
    leaf, issuer = certificates_of(root, members)
    sealed = moment_of(root.findtext(f".//{XA}SigningTime"))
    (work / "record.xml").write_bytes(members["record.xml"])
    (work / "leaf.pem").write_bytes(leaf)
    (work / "issuer.pem").write_bytes(issuer)
    held, _ = run("openssl", "x509", "-in", str(work / "leaf.pem"), "-pubkey", "-noout", "-out", str(work / "key.pem"))
    lax = [] if b" 1.2." in run("xmlsec1", "--version")[1] else ["--lax-key-search"]  # 1.3 and newer want to be told
    held = held and run("xmlsec1", "--verify", *lax, "--enabled-key-data", "key-name", "--enabled-reference-uris",
                        "empty,same-doc", "--id-attr:Id", XA[1:-1] + ":SignedProperties", "--pubkey-pem",
                        str(work / "key.pem"), str(work / "record.xml"))[0]
    if not held:
        failed("Seglet passer ikke til posten: Den er ændret eller forfalsket.", "The seal does not fit the record.")
    anchors = trusted(trust, "ca")
    if not anchors:
        unsure("Mappen med det, I har tillid til (ca/), mangler.", "What you trust (ca/) was not given.")
    (work / "ca.pem").write_bytes(b"".join(anchors))
    chain = ("openssl", "verify", "-no-CApath", "-no-CAstore", "-x509_strict", "-CAfile", str(work / "ca.pem"), "-untrusted",
             str(work / "issuer.pem"))
    if not run(*chain, "-attime", seconds(sealed), str(work / "leaf.pem"))[0]:
        unsure("Seglet er ikke udstedt af nogen, I har tillid til.", "The seal was issued by nobody that you trust.")
    if leaf.split() not in [one.split() for one in trusted(trust, "seals")]:
        unsure("Seglet står ikke på jeres liste over segl.", "The seal is not on your list of seals.")
    if sealed < moment_of(root.findtext(f"{C}Header/{C}CreatedAt")):
        failed("Seglet er ældre end det, det er sat på.", "The seal is older than what it is set on.")
    return sealed, lambda at: run(*chain, "-attime", seconds(at), str(work / "leaf.pem"))[0]

def check_stamp(root, members, trust, at, work):
    """The timestamp (RFC 3161) is over the seal's value; by openssl, judged for ``at``. The proven moment, or None."""
    if "record.tst" not in members:
        return None
    roots = trusted(trust, "tsa")
    if not roots:
        unsure("Udstederne af tidsstempler, I har tillid til (tsa/), mangler.", "No timestamp authorities to trust (tsa/).")
    text = members["record.xml"]
    value = re.search(rb"<ds:SignatureValue>[^<]*</ds:SignatureValue>", text).group()
    stamped = value.replace(b"<ds:SignatureValue>", b'<ds:SignatureValue xmlns:ds="' + DS[1:-1].encode() + b'">')
    for name, data in (("value", stamped), ("token", members["record.tst"]), ("tsa.pem", b"".join(roots))):
        (work / name).write_bytes(data)
    _, said = run("openssl", "ts", "-reply", "-in", str(work / "token"), "-token_in", "-text")
    found = re.search(rb"Time stamp: (\w+ +\d+ [\d:]+)(?:\.\d+)? (\d+) GMT", said)
    if not found:
        failed("Tidsstemplet kan ikke læses.", "The timestamp cannot be read.")
    proven = datetime.strptime(b" ".join(found.groups()).decode(), "%b %d %H:%M:%S %Y").replace(tzinfo=timezone.utc)

    def holds(when):
        return run("openssl", "ts", "-verify", "-data", str(work / "value"), "-in", str(work / "token"), "-token_in",
                   "-CAfile", str(work / "tsa.pem"), "-attime", seconds(when))[0]

    if not holds(proven):
        failed("Tidsstemplet passer ikke, eller ingen, I har tillid til, har givet det.", "The timestamp does not hold.")
    if not holds(at):
        unsure("Tidsstemplets certifikat er udløbet; der skal et nyere bevis til.", "The timestamp has run out.")
    return proven

def check_log(root, members, trust, work):
    """The event's digest leads by the Merkle proof (RFC 6962 2.1.1) to the head, and the log's key has signed the head."""
    proof, note = json.loads(members["proof.json"]), members["checkpoint.txt"].decode()
    key_text, leaf = members["log-key.txt"].decode(), root.find(f"{C}Header/{C}Event").get("sha256")
    try:
        at, last, path = proof["index"], proof["size"] - 1, [bytes.fromhex(step) for step in proof["path"]]
        exact = spelled({"index": at, "leaf": leaf, "path": [p.hex() for p in path], "size": last + 1}) == members["proof.json"]
        name, _, key = key_text.rstrip("\n").split("+", 2)
        public = base64.b64decode(key, validate=True)
        lines = note.split("\n")
        signature = base64.b64decode(lines[4].rsplit(" ", 1)[1], validate=True)
        root_hash = base64.b64decode(lines[2], validate=True)
        once = "\n".join([name, str(last + 1), base64.b64encode(root_hash).decode(), "",
                          f"— {name} {base64.b64encode(signature).decode()}", ""])
        key_id = hashlib.sha256(name.encode() + b"\n" + public).digest()[:4]
        held = (exact and 0 <= at <= last and once == note and public[:1] == b"\1" and len(public) == 33
                and key_text == f"{name}+{key_id.hex()}+{base64.b64encode(public).decode()}\n" and signature[:4] == key_id)
        found = hashlib.sha256(b"\0" + bytes.fromhex(leaf)).digest()
        for step in path:
            held = held and last > 0
            right = not (at & 1 or at == last)
            found = hashlib.sha256(b"\1" + (found + step if right else step + found)).digest()
            while not right and not at & 1 and at:
                at, last = at >> 1, last >> 1
            at, last = at >> 1, last >> 1
        held = held and last == 0 and found == root_hash
    except (KeyError, ValueError, TypeError, IndexError):
        held = False
    if held:
        (work / "log.der").write_bytes(bytes.fromhex("302a300506032b6570032100") + public[1:])
        (work / "note").write_bytes("\n".join([*lines[:3], ""]).encode())
        (work / "note.sig").write_bytes(signature[4:])
        held = run("openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", str(work / "log.der"), "-rawin",
                   "-in", str(work / "note"), "-sigfile", str(work / "note.sig"))[0]
    if not held:
        failed("Beviset for, at hændelsen står i loggen, holder ikke.", "The proof that the event is in the log does not hold.")
    if key_text.strip() not in [one.decode().strip() for one in trusted(trust, "log", "txt")]:
        unsure("Loggens nøgle er ikke en, I har tillid til (log/).", "The log's key is none that you trust (log/).")

def page_1(root):
    """signing/schemas/record-1.xslt written once more, in Python: the page must be what the sealed content gives, to the byte."""
    body = root[1]
    title = {C + "ConsentGiven": "Samtykke", C + "ConsentRefused": "Nej til samtykke"}.get(body.tag, "Tilbagekaldelse af samtykke")

    def text(path, inside=body):
        return escape(inside.findtext("/".join(C + step for step in path.split("/"))) or "", quote=False)

    def attribute(tag, key):
        return escape(body.find(C + tag).get(key) or "", quote=False)

    def part(tag, lines):
        return lines() if body.find(C + tag) is not None else []

    def listed(rows):
        return ["<dl>", *(line for term, value in rows for line in (f"<dt>{term}</dt>", f"<dd>{value}</dd>")), "</dl>"]

    def yes(value):
        return "Ja" if value == "yes" else "Nej"

    def items():
        rows = ["<tr>\n" + "\n".join(f"<td>{value}</td>" for value in (
            text("Title", item), yes(item.get("sensitive")), yes(item.get("answer")) if item.get("answer") else "Trukket tilbage"
        )) + "\n</tr>" for item in body.find(C + "Items")]
        head = "\n".join(f'<th scope="col">{one}</th>' for one in ("Del", "Følsom", "Svar"))
        inside = rows[0] if len(rows) == 1 else "\n" + "\n".join(rows) + "\n"
        return ["<table>", f"<thead><tr>\n{head}\n</tr></thead>", f"<tbody>{inside}</tbody>", "</table>"]

    def recorded():
        how = "en telefonsamtale" if attribute("Recorded", "method") == "phone" else "et personligt fremmøde"
        return ["<p>Registreret af en medarbejder efter", f"        {how}.</p>"]

    return "\n".join([
        '<html lang="da">', "<head>", '<meta http-equiv="Content-Type" content="text/html; charset=UTF-8">',
        f"<title>{title}</title>", "</head>", f"<body><main><h1>{title}</h1>",
        *listed([("Barn", text("Child/Name")), ("Forældremyndighedsindehaver", text("Holder/Name")), ("Fra", text("From/Name")),
                 ("Til", text("To/Name")), ("Formål", text("Purpose")), *part("Basis", lambda: [("Hjemmel", text("Basis"))]),
                 ("Dokument", f"{text('Document/Title')}, version {attribute('Document', 'version')}"),
                 *part("ValidTo", lambda: [("Gælder til og med", text("ValidTo"))])]),
        "<h2>Hvad det handler om</h2>", *part("Everything", lambda: ["<p>Hele samtykket er trukket tilbage.</p>"]),
        *part("Items", items), *part("OralPermission", lambda: [
            "<p>Må også fortælles mundtligt:", f"        <strong>{yes(attribute('OralPermission', 'answer'))}</strong></p>"]),
        "<h2>Teksten, der blev vist</h2>", f'<pre lang="{attribute("ShownText", "language")}">{text("ShownText")}</pre>',
        "<h2>Hvem trykkede</h2>", *part("Login", lambda: [
            f"<p>Logget ind gennem {attribute('Login', 'provider')}, {attribute('Login', 'authTime')} (UTC).</p>"]),
        *part("Recorded", recorded), "<h2>Om denne post</h2>",
        *listed([("Registreret", text("Header/CreatedAt", root) + " (UTC)"), ("Dataansvarlig", text("Header/Controller/Name", root)),
                 ("Postens nummer", text("Header/RecordId", root)), ("Nummer i rækken", text("Header/Sequence", root))]),
        "<p>Posten bærer platformens segl. Seglet viser, hvad en person, der var logget ind, trykkede på. Det er ikke",
        "            personens egen underskrift.</p></main></body>", "</html>", ""]).encode()

def check_page(root, members):
    look = root.find(f"*/{C}SealedAs").get("stylesheetSha256")
    if look != LOOK:
        unsure("Posten er lavet med en visning, som dette program ikke kender.", "The record's stylesheet is unknown here.")
    if page_1(root) != members["record.html"]:
        failed("Siden viser ikke det, der er forseglet.", "The page does not show what was sealed.")

def verify(data, trust, at, work):
    """The moments and the record. Raises ``Stop``; the order matters only for which objection is told: a forgery before a doubt."""
    members = unzipped(data)
    check_manifest(members)
    root = read_record(members["record.xml"])
    doubts, moments = [], {}

    def ask(check, *rest):
        try:
            return check(*rest)
        except Stop as stop:
            if stop.args[0] == 1:
                raise
            doubts.append(stop)

    moments["sealed"], valid_at = ask(check_seal, root, members, trust, work) or (None, None)
    ask(check_page, root, members)
    moments["stamped"] = ask(check_stamp, root, members, trust, at, work)
    ask(check_log, root, members, trust, work)
    if doubts:
        raise doubts[0]
    if moments["stamped"] and moments["stamped"] < moments["sealed"] - timedelta(minutes=5):
        failed("Tidsstemplet er ældre end seglet.", "The timestamp is older than the seal.")
    if moments["sealed"] > at + timedelta(minutes=5):
        unsure("Seglet er fra fremtiden.", "The seal is from the future.")
    if not valid_at(moments["stamped"] or at):
        unsure("Seglets certifikat er udløbet, og intet tidsstempel viser, at det var før.", "The seal's certificate has run out.")
    return root, moments

def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("receipt")
    parser.add_argument("--trust")
    parser.add_argument("--at", type=moment_of, default=datetime.now(timezone.utc).replace(microsecond=0))
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    told = {"result": "passed", "da": "Kvitteringen er ægte og uændret.", "en": "The receipt is genuine and unchanged."}
    code = 0
    try:
        with open(args.receipt, "rb") as file, tempfile.TemporaryDirectory() as work:
            data = file.read(MAX + 1)
            if len(data) > MAX:
                failed("Filen er for stor til at være en kvittering.", "The file is too large for a receipt.")
            root, moments = verify(data, args.trust, args.at, Path(work))
            told |= {"kind": root[1].tag.replace(C, ""), "record": root.findtext(f"{C}Header/{C}RecordId"),
                     **{name: moment.isoformat() for name, moment in moments.items() if moment}}
    except Stop as stop:
        code, told["da"], told["en"] = stop.args
        told["result"] = ("", "failed", "indeterminate")[code]
    except OSError:
        code, told = 2, {"result": "indeterminate", "da": "En fil kan ikke læses.", "en": "A file cannot be read."}
    except Exception:  # whatever a forger thought of that these lines did not: never accepted
        code, told = 1, {"result": "failed", "da": "Kvitteringen kan ikke læses.", "en": "The receipt cannot be read."}
    word = ("GODKENDT / PASSED", "IKKE GODKENDT / FAILED", "KAN IKKE AFGØRES / CANNOT BE TOLD")[code]
    limits = ("Det vises ikke, at samtykket gælder endnu: En senere tilbagekaldelse er en post for sig.",
              "Not shown: that the consent still holds. A later withdrawal is a record of its own.")
    print(json.dumps(told, ensure_ascii=False) if args.json else "\n".join(
        [word, *(f"  {key}: {value}" for key, value in told.items() if key != "result"), *limits]))
    return code

if __name__ == "__main__":
    sys.exit(main())
