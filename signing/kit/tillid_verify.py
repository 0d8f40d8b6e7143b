#!/usr/bin/env python3
"""Efterprøv en kvittering fra Tillid uden Tillid og uden net. / Verify a receipt of Tillid without Tillid and network.
    python3 tillid_verify.py KVITTERING.zip --trust MAPPE [--at 2026-11-26T12:00:00Z] [--json]
Needs python3 (3.9 or newer, its standard library), ``openssl`` (3.0 or newer) and ``xmlsec1``. KVITTERING.zip may be a
bundle of several, or a folder below records/ in an archive's package. MAPPE is what you trust, from elsewhere than the
receipt: ca/*.pem (authorities), seals/*.pem (the seals) and .txt (whose each is), log/*.txt (the log's key alone, as
``tillid log head`` has it), tsa/*.pem (roots of timestamp authorities), revoked.json, crl/*.crl, ocsp/*.ocsp.
Exit code: 0 passed, 1 failed (changed or forged), 2 cannot be told. ``verify`` says what is asked, in which order."""
import argparse, base64, hashlib, json, os, re, ssl, struct, subprocess, sys, tempfile, zlib
import xml.etree.ElementTree as ET
from datetime import datetime, timedelta, timezone
from pathlib import Path
RESULTS = ("passed", "failed", "indeterminate")  # by exit code, as these:
WORDS = ("GODKENDT / PASSED", "IKKE GODKENDT / FAILED", "KAN IKKE AFGØRES / CANNOT BE TOLD")
SKEW, LATE = timedelta(minutes=5), timedelta(days=30)  # two clocks apart; how late a timestamp may come
C, DS, XA = "{urn:tillid:xml:consent:1}", "{http://www.w3.org/2000/09/xmldsig#}", "{http://uri.etsi.org/01903/v1.3.2#}"
NAMES = {"certificates/issuer.pem", "certificates/seal.pem", "checkpoint.txt", "how-to-verify.html", "log-key.txt",
         "proof.json", "record.html", "record.xml", "record.xslt"}
# Renewed evidence and the person's own signature: here it is only asked whether they are this record's.
UNJUDGED = ("record.frozen.xml", "record.er", "personal.xml", "personal.tst", "personal.frozen.xml", "personal.er")
HOW = {"f81154fd5cd1e667cb82a69e5c53a4ec9d95a13cc9147ccf756a53c2cda00d88"}  # SHA-256, see pages.txt
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # the order of P-256 (FIPS 186-5)
XSLT = "http://www.w3.org/TR/1999/REC-xslt-19991116"
# What was stamped before such a revocation counts (RFC 3161 4); after others, a thief can write any moment.
HARMLESS = re.compile(b"(?i)unspecified|affiliation ?changed|superseded|cessation ?of ?operation")
SIGNS = {b"Digital Signature", b"Non Repudiation"}  # what a seal's key is for; and what may be said beside it
ALSO = {b"CA:FALSE", bytes.fromhex("040c300a06082b06010505070324")}  # no authority; documents (RFC 9336)
# Each answer: exit code, Danish, English.
STEPS = {name: (int(code), da, en) for name, code, da, en in (line.split(" | ") for line in """\
ok | 0 | Kvitteringen er ægte og uændret. | The receipt is genuine and unchanged.
file | 2 | En fil eller et program mangler eller kan ikke læses. | A file or a program is missing or cannot be read.
unreadable | 1 | Kvitteringen kan ikke læses. | The receipt cannot be read.
package | 1 | Det er ikke en kvittering, eller en fil i den er ændret. | It is no receipt, or a file was changed.
record | 1 | Posten har ikke form som en forseglet post. | The record has not the shape of a sealed record.
seal.certificates | 1 | Certifikaterne er ikke dem, seglet nævner. | The certificates are not those the seal names.
seal | 1 | Seglet passer ikke til posten: Den er ændret eller forfalsket. | The seal does not fit the record.
seal.usage | 1 | Certifikatet er ikke til segl. | The certificate is for no seals.
early | 1 | Tidsstemplet er ældre end seglet, eller seglet end posten. | The timestamp or the seal is too old.
seal.authority | 2 | Seglet er ikke udstedt af nogen, I har tillid til (ca/). | The seal is of nobody you trust (ca/).
seal.unknown | 2 | Seglet, eller hvis det er, kendes ikke (seals/). | Its seal or owner is unknown (seals/).
seal.controller | 1 | Seglet er en anden dataansvarligs end postens. | It is the seal of another controller.
seal.after | 1 | Seglet er sat, efter at det blev spærret. | The seal was set after it was revoked.
future | 2 | Seglet eller dets tidsstempel er fra fremtiden. | The seal or its timestamp is from the future.
seal.revoked | 2 | Seglet er siden spærret, uden et tidsstempel fra før. | Revoked since, with no timestamp of before.
seal.expired | 2 | Certifikatet er udløbet, uden et tidsstempel fra før. | It has run out, with no timestamp of before.
page.xslt | 2 | Siden kan ikke laves igen: xmlsec1 mangler XSLT. | The page cannot be made again: xmlsec1 lacks XSLT.
page | 1 | Siden viser ikke det, der er forseglet. | The page does not show what was sealed.
stamp | 1 | Tidsstemplet passer ikke til seglet, eller det er ændret. | The timestamp is not the seal's, or was changed.
stamp.authority | 2 | Ingen, I har tillid til (tsa/), har givet tidsstemplet. | It is of nobody you trust (tsa/).
stamp.expired | 2 | Tidsstemplets certifikat er udløbet; der skal et nyere bevis til. | The timestamp has run out.
stamp.revoked | 2 | Tidsstemplets certifikat er spærret. | The timestamp's certificate has been revoked.
stamp.late | 2 | Tidsstemplet er sat længe efter seglets egen tid. | The timestamp is much younger than the seal's time.
log | 1 | Beviset for, at hændelsen står i loggen, holder ikke. | The proof that the event is in the log does not hold.
log.key | 2 | Loggens nøgle er ikke en, I har tillid til (log/). | The log's key is none that you trust (log/).
beside | 1 | Det fornyede bevis eller den personlige underskrift er ikke om denne post. | What is beside is of another.
""".splitlines())}
# SHA-256 of a seal without its values, which is seal.txt: an attacker chooses no algorithm, reference or place.
SEAL = "c7c7486ebafbbc538a2cefaaf05d630d006e39cf55e5c9fa19aa56f4a7a5b2a6"
VALUE = re.compile("(<(?:ds:DigestValue|ds:SignatureValue|ds:X509Certificate|xades:SigningTime)>)([^<]*)")
class Stop(Exception): """An objection: its name in ``STEPS``; of a doubt, what was not judged too."""
def must(held, step):  # else it is changed or forged, and nothing more is looked at
    if not held: raise Stop(step)
def known(doubts, held, step):  # else it cannot be told; the checks go on, for a forgery weighs more than a doubt
    if not held: doubts.append(step)
def run(*command):
    """(it exited with 0, what it printed). Bytes become files. No setting of the machine counts, but the path."""
    env = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "OPENSSL_CONF": os.devnull}
    with tempfile.TemporaryDirectory() as work:
        files = {part: Path(work, str(place)) for place, part in enumerate(command) if isinstance(part, bytes)}
        for part, path in files.items(): path.write_bytes(part)
        done = subprocess.run([files.get(part, part) for part in command], env=env, capture_output=True, timeout=60)
    return done.returncode == 0, done.stdout
def xmlsec1(what, *arguments):  # 1.3 and newer want to be told that the key has no name
    lax = [] if b" 1.2." in run("xmlsec1", "--version")[1] else ["--lax-key-search"]
    return run("xmlsec1", what, *lax, "--id-attr:Id", XA[1:-1] + ":SignedProperties", *arguments)
def x509(certificate, *asked): return run("openssl", "x509", "-in", certificate, "-noout", *asked)[1]
def digest(data): return hashlib.sha256(data).hexdigest()
def moment_of(text): return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
def when(text): return datetime.strptime(text.decode(), "%b %d %H:%M:%S %Y").replace(tzinfo=timezone.utc)  # of openssl
def seconds(moment): return str(int(moment.timestamp()))
def trusted(folder, kind, suffix="pem"):
    return [one.read_bytes() for one in sorted(Path(folder, kind).glob("*." + suffix))] if folder else []
def zipped(members):
    """The one way a receipt is packed: names in order, nothing compressed, no dates, nothing extra (APPNOTE 6.3.10)."""
    body, index = b"", b""
    for name, data in sorted(members.items()):
        what = struct.pack("<5H3I2H", 20, 0, 0, 0, 33, zlib.crc32(data), len(data), len(data), len(name), 0)
        index += b"PK\1\2\x14\3" + what + struct.pack("<3H2I", 0, 0, 0, 0o600 << 16, len(body)) + name.encode()
        body += b"PK\3\4" + what + name.encode() + data
    return body + index + b"PK\5\6" + struct.pack("<4H2IH", 0, 0, len(members), len(members), len(index), len(body), 0)
def unzipped(data):
    """The members: read by hand, never onto the disk, and packed again: what is otherwise by one byte is refused."""
    members, at = {}, 0
    while data[at:at + 4] == b"PK\3\4":
        size, length = struct.unpack_from("<I4xH", data, at + 18)
        name, start = data[at + 30:at + 30 + length].decode("ascii"), at + 30 + length
        members[name], at = data[start:start + size], start + size
    whole = set(members) - {"record.tst", *UNJUDGED} == NAMES or is_bundle(members)
    must(whole and zipped(members) == data, "package")
    return members
def in_folder(folder):  # of an archive's package, beside what the archive says of it
    files = [one for one in folder.rglob("*") if one.is_file() and one != folder / "verdict.json"]
    return zipped({one.relative_to(folder).as_posix(): one.read_bytes() for one in files})
def is_bundle(members): return members and all(re.fullmatch(r"[0-9a-z-]+\.zip", name) for name in members)
def lower_s(text):
    """r and s of P-256 in one spelling, of two that verify the lower s: nobody can make a second file."""
    raw = base64.b64decode(text)
    r, s = (int.from_bytes(part, "big") for part in (raw[:32], raw[32:]))
    return len(raw) == 64 and 0 < r < N and 0 < s <= N // 2 and base64.b64encode(raw).decode() == text
def read_record(data):
    """Its elements, when the file is what a sealed record looks like, in one spelling (canonical XML)."""
    text = data.decode()
    must(not re.search("<[!?]", text) and ET.canonicalize(text) == text, "record")  # in this order: no entity is read
    root, seal = ET.fromstring(text), text[text.index("<ds:Signature "):text.rindex("</")]
    must(digest(VALUE.sub(r"\1", seal).encode()) == SEAL and lower_s(VALUE.findall(seal)[2][1]), "record")
    must(len(root) == 3 and re.fullmatch("(Consent|Attestation|Reception)Record", root.tag.replace(C, "")), "record")
    content = [root, *root[0].iter(), *root[1].iter()]
    must(all(one.tag.startswith(C) and "{" not in "".join(one.attrib) for one in content), "record")
    values = {value for one in content for value in one.attrib.values()}
    must(not {"seal", "seal-record", "seal-properties"} & values, "record")
    return root
def check_page(root, members, doubts):
    """It is what the stylesheet, whose digest is in the record, makes of it. What a stranger sealed is not run.
    By xmlsec1: for a signature of nobody's, which is the seal with the stylesheet for its first transforms."""
    style, record = members["record.xslt"], members["record.xml"].decode()
    must(digest(style) == root.find(f"*/{C}SealedAs").get("stylesheetSha256"), "page")
    if doubts: return
    sheet = re.sub(r"\A<\?xml[^>]*\?>", "", style.decode())
    first = re.search("(?<=<ds:Transforms>).*?(?=</ds:Transforms>)", record).group()
    asked = record.replace(first, f'<ds:Transform xmlns="" Algorithm="{XSLT}">{sheet}</ds:Transform>', 1)
    asked = asked.replace("#ecdsa-sha256", "#hmac-sha256", 1).encode()
    made, told = xmlsec1("--sign", "--hmackey", b"of nobody", asked)
    known(doubts, made, "page.xslt")
    page = base64.b64encode(hashlib.sha256(members["record.html"]).digest())
    must(not made or re.search(b"<ds:DigestValue>(.*?)<", told)[1] == page, "page")
def taken_back(trust, chain, anchors):
    """Since when one of the chain counts no more or is unsafe, and why: lists (RFC 5280 5.3.2), answers (RFC 6960)."""
    lists = [run("openssl", "crl", "-in", one, "-noout", "-issuer", "-text")[1] for one in trusted(trust, "crl", "crl")]
    found, answers = [], trusted(trust, "ocsp", "ocsp")
    for one in chain if lists else ():
        issuer, serial = x509(one, "-issuer", "-serial").split(b"serial=")
        entry = rb"Serial Number: 0*%s\n +Revocation Date: (.*\n(?: {8}.*\n)*)" % serial.strip().lstrip(b"0")
        for told in filter(None, (re.search(entry, text) for text in lists if text.startswith(issuer))):
            found.append((min(map(when, re.findall(rb"(\w+ +\d+ [\d:]+ \d+) GMT", told[1]))), told[1]))
    for one in chain if answers else ():
        pairs = [(by, sha) for by in {*chain, *anchors} - {one} for sha in ("-sha1", "-sha256")]
        for said, (by, sha) in ((said, pair) for said in answers for pair in pairs):
            out = run("openssl", "ocsp", "-noverify", "-no_nonce", "-issuer", by, sha, "-cert", one, "-respin", said)[1]
            found += [(when(date), out) for date in re.findall(rb"Revocation Time: (.*) GMT", out)]
    return found
def revoked(trust, leaf, issuer):
    """Since when the seal counts no more: by revoked.json, or as authorities say. None: it counts."""
    own = digest(ssl.PEM_cert_to_DER_cert(leaf.decode()))
    ends = [moment_of(it["at"]) for one in trusted(trust, ".", "json") for it in json.loads(one) if it["sha256"] == own]
    return min(ends + [since for since, _ in taken_back(trust, [leaf, issuer], trusted(trust, "ca"))], default=None)
def letting(authorities, use=rb"7\.3\.36|E-mail|Web Client"):
    """Those that say this of what they are for, anything, or nothing (RFC 5280 4.2.1.12, EN 319 412-3, RFC 9336)."""
    said = {one: x509(one, "-ext", "extendedKeyUsage") for one in authorities}
    return [one for one in authorities if re.search(use + b"|Any Ext", said[one]) or b"Usage" not in said[one]]
def certificates_of(root, members):
    """The seal's and its issuer's: those in the seal, whose digests are sealed, and beside it, in one spelling."""
    pair = [members["certificates/seal.pem"], members["certificates/issuer.pem"]]
    texts = [node.text for node in root.iter(DS + "X509Certificate")]
    ders = [base64.b64decode(text) for text in texts]
    sealed = [base64.b64decode(node.findtext(DS + "DigestValue")) for node in root.iter(XA + "CertDigest")]
    must(sealed == [hashlib.sha256(der).digest() for der in ders] and pair[0] != pair[1], "seal.certificates")
    must(pair == [ssl.DER_cert_to_PEM_cert(der).encode() for der in ders], "seal.certificates")
    must(texts == [pem.decode().split("-----")[2][1:] for pem in pair], "seal.certificates")
    return pair
def check_seal(root, members, trust, doubts):
    """Value (xmlsec1), use, chain (openssl), owner. To: its own time, what asks for the chain, since when revoked."""
    leaf, issuer = certificates_of(root, members)
    key = ["--enabled-key-data", "key-name", "--enabled-reference-uris", "empty,same-doc", "--pubkey-pem"]
    must(xmlsec1("--verify", *key, x509(leaf, "-pubkey"), members["record.xml"])[0], "seal")
    extended = rb"(?s)\x06\x03\x55\x1d\x25(?:\x01\x01\xff)?(.{14})"  # as it is written: openssl's names of it change
    said = b", ".join(re.findall(rb"\n +(\S.*)", x509(leaf, "-ext", "keyUsage,basicConstraints"))).split(b", ")
    uses = {*said, *re.findall(extended, ssl.PEM_cert_to_DER_cert(leaf.decode()))}
    must(uses & SIGNS and uses <= SIGNS | ALSO, "seal.usage")
    sealed = moment_of(root.findtext(f".//{XA}SigningTime"))
    must(sealed >= moment_of(root.findtext(f"{C}Header/{C}CreatedAt")), "early")
    anchors = letting(trusted(trust, "ca"))
    strict = ["-no-CApath", "-no-CAstore", "-x509_strict", "-untrusted", b"\n".join([issuer, *anchors]), "-CAfile"]
    leads = lambda root, at: run("openssl", "verify", *strict, root, "-attime", seconds(at), leaf)[0]
    chain = lambda at: letting([issuer]) and any(leads(one, at) for one in anchors)  # each: a dead end hides no way
    known(doubts, chain(sealed), "seal.authority")
    whose = {line.split()[0] for one in Path(trust or os.devnull, "seals").glob("*.pem")  # ids of data controllers
             if one.read_bytes().split() == leaf.split() and one.with_suffix(".txt").exists()
             for line in one.with_suffix(".txt").read_text("utf-8").splitlines() if line.strip()}
    known(doubts, whose, "seal.unknown")
    must(not whose or root.find(f"{C}Header/{C}Controller").get("uuid") in whose, "seal.controller")
    ended = revoked(trust, leaf, issuer)
    must(not ended or sealed < ended, "seal.after")
    return sealed, chain, ended
def strong(one):  # of a kind and a length that counts (chains-1.yaml)
    key = run("openssl", "pkey", "-pubin", "-noout", "-text_pub", "-in", x509(one, "-pubkey"))[1]
    return bool(re.search(rb"NIST CURVE: P-(256|384|521)\n|\((\d\d|[2-9])\d{3} bit\)\nModulus", key))
def check_stamp(record, token, trust, at, doubts):
    """When it was (RFC 3161, over the seal's value); whether it holds, as of ``at``."""
    value = re.search(rb"<ds:SignatureValue>[^<]*</ds:SignatureValue>", record).group()
    value = value.replace(b">", b' xmlns:ds="%s">' % DS[1:-1].encode(), 1)  # as exclusive canonical XML has it alone
    genuine, content = run("openssl", "cms", "-verify", "-noverify", "-binary", "-inform", "DER", "-in", token)
    said = run("openssl", "ts", "-reply", "-in", token, "-token_in", "-text")[1]
    found = re.search(rb"(?s)Hash Algorithm: sha256\n.*?Time stamp: (\w+ +\d+ [\d:]+)(?:\.\d+)? (\d+) GMT\n", said)
    must(genuine and found and b"\x04\x20" + hashlib.sha256(value).digest() in content, "stamp")
    proven, roots = when(b" ".join(found.groups())), b"".join(letting(trusted(trust, "tsa"), b"Time Stamping"))
    asked = ["openssl", "ts", "-verify", "-data", value, "-in", token, "-token_in", "-CAfile", roots, "-attime"]
    inside = run("openssl", "pkcs7", "-inform", "DER", "-in", token, "-print_certs")[1]
    chain = re.findall(rb"-----BEGIN[^-]+-----[^-]+-----END[^-]+-----\n", inside)
    of_ours = chain == letting(chain, b"Time Stamping") and all(map(strong, chain)) and run(*asked, seconds(proven))[0]
    known(doubts, of_ours, "stamp.authority")
    known(doubts, run(*asked, seconds(at))[0], "stamp.expired")
    known(doubts, proven <= at + SKEW, "future")
    for since, why in taken_back(trust, chain, trusted(trust, "tsa")):
        known(doubts, since > (proven if HARMLESS.search(why) else at), "stamp.revoked")
    return proven
# The event's digest leads by a Merkle proof to a head that the log's key has signed (C2SP signed-note).
def head_of(leaf, at, size, path):
    """The head of a tree of ``size`` with ``leaf`` at ``at`` (RFC 6962 2.1): the last step is the other half's head."""
    if size == 1 and not path: return leaf
    half = 1 << (size - 1).bit_length() - 1
    sides = [head_of(leaf, at % half, half if at < half else size - half, path[:-1]), path[-1]]
    return hashlib.sha256(b"\1" + b"".join(sides if at < half else reversed(sides))).digest()
def check_log(root, members, trust, doubts):
    """The event is in the log, by proof, key and head in their one spelling; and whose log it is."""
    leaf, proof = root.find(f"{C}Header/{C}Event").get("sha256"), json.loads(members["proof.json"])
    key_text, note = members["log-key.txt"].decode(), members["checkpoint.txt"].decode()
    at, size, path = proof["index"], proof["size"], [bytes.fromhex(step) for step in proof["path"]]
    again = json.dumps({"index": at, "leaf": leaf, "path": [one.hex() for one in path], "size": size}, indent=1) + "\n"
    must(type(at) is int and 0 <= at < size and members["proof.json"] == again.encode(), "log")
    head = head_of(hashlib.sha256(b"\0" + bytes.fromhex(leaf)).digest(), at, size, path)
    name, _, key = key_text.rstrip("\n").split("+", 2)
    public, text = base64.b64decode(key), "\n".join([name, str(size), base64.b64encode(head).decode(), ""])
    key_id = hashlib.sha256(name.encode() + b"\n" + public).digest()[:4]
    signature = base64.b64decode(note.split("\n")[4].rsplit(" ", 1)[1])
    must(key_text == f"{name}+{key_id.hex()}+{base64.b64encode(public).decode()}\n" and public[:1] == b"\1", "log")
    must(note == f"{text}\n— {name} {base64.b64encode(signature).decode()}\n" and signature[:4] == key_id, "log")
    ed25519 = bytes.fromhex("302a300506032b6570032100") + public[1:]  # RFC 8410
    signed = ["-rawin", "-in", text.encode(), "-sigfile", signature[4:], "-pubin", "-keyform", "DER", "-inkey", ed25519]
    must(len(public) == 33 and run("openssl", "pkeyutl", "-verify", *signed)[0], "log")
    known(doubts, key_text.strip() in [one.decode().strip() for one in trusted(trust, "log", "txt")], "log.key")
def check_unjudged(members):  # the names; it is about this record: frozen, in the evidence, enveloped
    for name in ("record", "personal"):
        whole, frozen, proof = (members.get(name + end, b"") for end in (".xml", ".frozen.xml", ".er"))
        bare = re.sub(rb"(?s)<([\w.:-]*)UnsignedProperties>.*</\1UnsignedProperties>", b"", frozen)
        proven = [one for one in ("sha256", "sha384", "sha512") if hashlib.new(one, frozen).digest() in proof]
        must(not frozen + proof or bare == whole and proven, "beside")
    own = members["record.xml"].replace(b' xmlns:ds="%s"' % DS[1:-1].encode(), b"", 1)  # there it stands further out
    must(not {"personal.xml", "personal.tst"} & set(members) or own in members.get("personal.xml", b""), "beside")
    return [name for name in UNJUDGED if name in members]
def verify(data, trust, at):
    """What is proven, to be told. Raises ``Stop``: the first forgery, else the first doubt."""
    members, doubts = unzipped(data), []
    if is_bundle(members): return {"receipts": {name: judged(one, trust, at) for name, one in members.items()}}
    must(digest(members["how-to-verify.html"]) in HOW, "package")
    root, token = read_record(members["record.xml"]), members.get("record.tst")
    sealed, chain, ended = check_seal(root, members, trust, doubts)
    check_page(root, members, doubts)
    stamped = None if token is None else check_stamp(members["record.xml"], token, trust, at, doubts)
    check_log(root, members, trust, doubts)
    left = {"not_judged": names} if (names := check_unjudged(members)) else {}
    must(not stamped or stamped >= sealed - SKEW, "early")
    known(doubts, sealed <= at + SKEW, "future")
    known(doubts, not ended or (stamped or at) < ended, "seal.revoked")
    known(doubts, chain(stamped or at), "seal.expired")
    known(doubts, not stamped or stamped - sealed <= LATE, "stamp.late")
    if doubts: raise Stop(doubts[0], left)
    told = {"kind": root[1].tag.replace(C, ""), "record": root.findtext(f"{C}Header/{C}RecordId")}
    return {**told, "sealed": sealed.isoformat(), **({"stamped": stamped.isoformat()} if stamped else {}), **left}
def judged(data, trust, at):
    """The answer to a receipt or a bundle; of several receipts the worst counts: failed, then what cannot be told."""
    step, facts = "unreadable", {}  # whatever a forger thought of: never accepted
    try:
        if not isinstance(data, bytes): data = in_folder(Path(data)) if os.path.isdir(data) else Path(data).read_bytes()
        facts = verify(data, trust and Path(trust).resolve(strict=True), at)
        steps = [one["step"] for one in facts.get("receipts", {}).values()]
        step = min(steps, key=lambda one: (1, 2, 0).index(STEPS[one][0]), default="ok")
    except Stop as stop: step, facts = (*stop.args, {})[:2]
    except OSError as error: step, facts = "file", {"file": str(error.filename)}
    except Exception: pass
    return {"result": RESULTS[STEPS[step][0]], "step": step, "da": STEPS[step][1], "en": STEPS[step][2], **facts}
def shown(told):
    """The answer for a person at a terminal."""
    each = told.get("receipts", {})
    left = sorted({name for one in (told, *each.values()) for name in one.get("not_judged", ())})
    return "\n".join([WORDS[RESULTS.index(told["result"])],
        *(f"  {key}: {told[key]}" for key in told if key not in ("result", "receipts", "not_judged")),
        *(f"  {name}: {one['result']}: {one['da']} / {one['en']}" for name, one in each.items()),
        "Det vises ikke, at det gælder endnu: En senere tilbagekaldelse er en post for sig.",
        "Not shown: that it still holds. A later withdrawal is a record of its own.",
        *(f"Ikke kontrolleret her / Not judged here: {name}" for name in left)])
def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    at = {"type": moment_of, "default": datetime.now(timezone.utc).replace(microsecond=0)}
    for name, more in (("receipt", {}), ("--trust", {}), ("--at", at), ("--json", {"action": "store_true"})):
        parser.add_argument(name, **more)
    args = parser.parse_args()
    told = judged(args.receipt, args.trust, args.at)
    print(json.dumps(told, ensure_ascii=False) if args.json else shown(told))
    return RESULTS.index(told["result"])
if __name__ == "__main__": sys.exit(main())
