#!/usr/bin/env python3
"""Efterprøv en kvittering fra Tillid uden Tillid og uden net. / Verify a receipt of Tillid without Tillid and without network.
    python3 tillid_verify.py KVITTERING.zip --trust MAPPE [--at 2026-11-26T12:00:00Z] [--json]
Needs python3 (3.9 or newer, its standard library), ``openssl`` (3.0 or newer) and ``xmlsec1``. KVITTERING.zip may be a bundle of several, or a folder
below records/ in an archive's package. MAPPE is what you trust, from elsewhere than the receipt: ca/*.pem (authorities), seals/*.pem (the seals) with .txt
(whose each is), log/*.txt (the log's key alone, which ``tillid log head`` shows), tsa/*.pem (roots of timestamp authorities), revoked.json, crl/*.crl, ocsp/*.ocsp.
Exit code: 0 passed, 1 failed (something is changed or forged), 2 cannot be told (something to trust is missing or too old).
Each check is explained where it is done. Written to be read: trust rests on these lines and two programs."""
import argparse, base64, hashlib, html, json, os, re, ssl, struct, subprocess, sys, tempfile, zlib, xml.etree.ElementTree as ET
from datetime import datetime, timedelta, timezone
from pathlib import Path
RESULTS, SKEW, LATE = ("passed", "failed", "indeterminate"), timedelta(minutes=5), timedelta(days=30)  # by exit code; two clocks apart; a timestamp's delay
C, DS, XA = "{urn:tillid:xml:consent:1}", "{http://www.w3.org/2000/09/xmldsig#}", "{http://uri.etsi.org/01903/v1.3.2#}"
NAMES = "certificates/issuer.pem certificates/seal.pem checkpoint.txt how-to-verify.html log-key.txt manifest.json proof.json record.html record.xml".split()
UNJUDGED = ("record.frozen.xml", "record.er", "personal.xml", "personal.tst", "personal.frozen.xml", "personal.er")  # renewed evidence, own signature: asked only whether they are this record's
HOW = {"b716e8cead3403ec8312980b6cca8342067d7abb15e083cc7b851c9d43b9a37c", "d26e75a34a0474329ca33cf0f7b5ccf0271093c51dc0ecd3826836a1e7ab299d", "dafbceb539c40976e7f9f886dedfc7231831d3a9b1e6424d5f8d9bd2d56b07c1"}  # SHA-256 of how-to-verify.html, of every release (pages.txt)
# SHA-256 of the stylesheets that ``page`` writes once more: answers given in the portal or withdrawn, on paper, attestations, meetings, all of it, renewals, receptions.
LOOK, ON_PAPER, ATTESTED, MEETING, SECOND, RENEWING, RECEIVED = LOOKS = ("d13811021495b3815447615c2883e02402a2fa40eeb109c52fd85528bb314d12",
          "80e3159e47b023653b8c21c65e6ad83fa53a4104e5661f088497390f64b21be0", "bd0acf678a801792c7550ce66284ff7d18e3e1a29d445c1b485a01733f6336f0",
          "33107bd8799f16a72c375b668f63e5491ff651e7a5fd37f876ee3d8f1faff4e2", "13201a57efe3b7d0697f711ffe6f067d7ff69a24f7cb11b791eaa48ca23c6545",
          "e4e9ded78a02d156e8f7a34b618f6100d4ef0621ce498f3efaff0f1ecd5b6f10", "98c3d4ddb1f6c57bdf53473aae9366277da85ddfd4b2f8f6bdc4474be2c01976")
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # the order of P-256 (FIPS 186-5)
HARMLESS = re.compile(b"(?i)unspecified|affiliation ?changed|superseded|cessation ?of ?operation")  # what was stamped before it counts (RFC 3161 4)
SIGNS, ALSO = {b"Digital Signature", b"Non Repudiation"}, {b"CA:FALSE", bytes.fromhex("040c300a06082b06010505070324")}
# A seal, to the byte; … is a value. An attacker chooses no algorithm, reference or place (XML Signature 1.1, XAdES, RFC 9231).
EXC = 'Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"'
DIGEST = '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod><ds:DigestValue>…</ds:DigestValue>'
CERT = f"<xades:Cert><xades:CertDigest>{DIGEST}</xades:CertDigest></xades:Cert>"
SEAL = f"""<ds:Signature xmlns:ds="{DS[1:-1]}" Id="seal"><ds:SignedInfo><ds:CanonicalizationMethod {EXC}></ds:CanonicalizationMethod>
<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"></ds:SignatureMethod><ds:Reference Id="seal-record" URI="">
<ds:Transforms><ds:Transform Algorithm="{DS[1:-1]}enveloped-signature"></ds:Transform><ds:Transform {EXC}></ds:Transform>
</ds:Transforms>{DIGEST}</ds:Reference><ds:Reference Type="http://uri.etsi.org/01903#SignedProperties" URI="#seal-properties"><ds:Transforms>
<ds:Transform {EXC}></ds:Transform></ds:Transforms>{DIGEST}</ds:Reference></ds:SignedInfo><ds:SignatureValue>…</ds:SignatureValue><ds:KeyInfo><ds:X509Data>
<ds:X509Certificate>…</ds:X509Certificate><ds:X509Certificate>…</ds:X509Certificate></ds:X509Data></ds:KeyInfo><ds:Object>
<xades:QualifyingProperties xmlns:xades="{XA[1:-1]}" Target="#seal"><xades:SignedProperties Id="seal-properties"><xades:SignedSignatureProperties>
<xades:SigningTime>…</xades:SigningTime><xades:SigningCertificateV2>{CERT}{CERT}</xades:SigningCertificateV2></xades:SignedSignatureProperties>
<xades:SignedDataObjectProperties><xades:DataObjectFormat ObjectReference="#seal-record"><xades:MimeType>text/xml</xades:MimeType></xades:DataObjectFormat>
</xades:SignedDataObjectProperties></xades:SignedProperties></xades:QualifyingProperties></ds:Object></ds:Signature></…Record>""".replace("\n", "")
class Stop(Exception): """An objection: exit code, Danish, English."""
def must(held, danish, english):  # else it is changed or forged, and nothing more is looked at
    if not held: raise Stop(1, danish, english)
def known(doubts, held, danish, english):  # else it cannot be told; the checks go on, for a forgery weighs more than a doubt
    if not held: doubts.append(Stop(2, danish, english))
def run(*command):
    """(whether it exited with 0, what it printed). Bytes become files. No setting of the machine matters: no environment but the path."""
    env = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "OPENSSL_CONF": os.devnull}
    with tempfile.TemporaryDirectory() as work:
        files = {part: os.path.join(work, str(number)) for number, part in enumerate(command) if isinstance(part, bytes)}
        for part, path in files.items(): Path(path).write_bytes(part)
        done = subprocess.run([files.get(part, part) for part in command], env=env, capture_output=True, timeout=60)
    return done.returncode == 0, done.stdout
def zipped(members):
    """The one way a receipt is packed: names in order, nothing compressed, no dates, no extra fields (APPNOTE 6.3.10)."""
    body, index = b"", b""
    for name, data in sorted(members.items()):
        what = struct.pack("<5H3I2H", 20, 0, 0, 0, 33, zlib.crc32(data), len(data), len(data), len(name), 0)
        index += b"PK\1\2" + struct.pack("<H", 0x0314) + what + struct.pack("<3H2I", 0, 0, 0, 0o600 << 16, len(body)) + name.encode()
        body += b"PK\3\4" + what + name.encode() + data
    return body + index + b"PK\5\6" + struct.pack("<4H2IH", 0, 0, len(members), len(members), len(index), len(body), 0)
def unzipped(data):
    """The members. Read by hand, never onto the disk, then packed again: what is otherwise by one byte is refused."""
    members, at = {}, 0
    try:
        while data[at:at + 4] == b"PK\3\4":
            size, length = struct.unpack_from("<I4xH", data, at + 18)
            name, start = data[at + 30:at + 30 + length].decode("ascii"), at + 30 + length
            members[name], at = data[start:start + size], start + size
    except (ValueError, struct.error): members = {}
    must(members and zipped(members) == data and (set(members) - {"record.tst", *UNJUDGED} == set(NAMES) or is_bundle(members)),
         "Pakken er ikke en kvittering, eller den er ændret.", "The package is no receipt, or it was changed.")
    return members
spelled = lambda value: json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"
digest = lambda data: hashlib.sha256(data).hexdigest()
in_folder = lambda folder: zipped({one.relative_to(folder).as_posix(): one.read_bytes() for one in folder.rglob("*") if one.is_file() and one != folder / "verdict.json"})
manifest = lambda members, form: spelled({"files": {name: digest(data) for name, data in members.items() if name != "manifest.json"}, "format": form})
is_bundle = lambda held: (len(held) > 1 and all(re.fullmatch(r"[0-9a-z-]+\.zip|manifest\.json", one) for one in held)
                          and held.get("manifest.json") == manifest(held, "tillid-bundle-1"))  # of several
def check_manifest(members):
    """Every file has the digest that the list says, no file is outside the list, and the instructions are those we know."""
    must(members["manifest.json"] == manifest(members, "tillid-receipt-1") and digest(members["how-to-verify.html"]) in HOW,
         "En fil i kvitteringen er ændret.", "A file of the receipt was changed.")
def lower_s(text):
    """r and s of P-256 in one spelling: of the two values that verify the lower s, so that nobody can make a second file."""
    raw = base64.b64decode(text)
    r, s = (int.from_bytes(part, "big") for part in (raw[:32], raw[32:]))
    return len(raw) == 64 and 0 < r < N and 0 < s <= N // 2 and base64.b64encode(raw).decode() == text
def read_record(data):
    """The record's elements, when the file is what a sealed record looks like and nothing else, in one spelling (canonical XML)."""
    try:
        text, form = data.decode(), re.escape(SEAL).replace("…", "([^<]*)")
        seal = re.search(form + r"\Z", text)
        if re.search(r"<[!?]", text) or ET.canonicalize(text) != text: raise ValueError
        root = ET.fromstring(data)
        inside = [root, *(e for one in list(root)[:-1] for e in one.iter())]  # the content
        held = (root.tag in [C + one + "Record" for one in ("Consent", "Attestation", "Reception")] and len(root) == 3 and text.count("<ds:Signature ") == 1 and lower_s(seal[3])
                and all(e.tag.startswith(C) for e in inside) and not any(name.startswith("{") for e in inside for name in e.attrib)
                and not {"seal", "seal-record", "seal-properties"} & {value for e in inside for value in e.attrib.values()})
    except (ValueError, IndexError, TypeError, ET.ParseError): held = False
    must(held, "Posten har ikke form som en forseglet post.", "The record has not the shape of a sealed record.")
    return root
trusted = lambda folder, kind, suffix="pem": [one.read_bytes() for one in sorted(Path(folder, kind).glob("*." + suffix))] if folder else []
moment_of = lambda text: datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
when = lambda date: datetime.strptime(date.decode(), "%b %d %H:%M:%S %Y").replace(tzinfo=timezone.utc)  # as openssl says it
def taken_back(trust, chain, anchors):
    """Since when one of the chain counts no more, and why: by crl/*.crl (RFC 5280 5.3.2) and ocsp/*.ocsp (RFC 6960)."""
    lists, found = [run("openssl", "crl", "-in", crl, "-noout", "-issuer", "-text")[1] for crl in trusted(trust, "crl", "crl")], []
    for one in chain if lists else ():
        issuer, serial = run("openssl", "x509", "-in", one, "-noout", "-issuer", "-serial")[1].split(b"serial=")
        entry = rb"Serial Number: 0*%s\n +Revocation Date: (.*\n(?: {8}.*\n)*)" % serial.strip().lstrip(b"0")
        for said in (re.search(entry, told) for told in lists if told.startswith(issuer)):
            found += [(min(map(when, re.findall(rb"(\w+ +\d+ [\d:]+ \d+) GMT", said[1]))), said[1])] if said else []
    pairs = [(one, by, sha) for one in chain for by in {*chain, *anchors} - {one} for sha in ("-sha1", "-sha256")]
    for answer, (one, by, sha) in ((answer, pair) for answer in trusted(trust, "ocsp", "ocsp") for pair in pairs):
        told = run("openssl", "ocsp", "-noverify", "-no_nonce", "-issuer", by, sha, "-cert", one, "-respin", answer)[1]
        found += [(when(date), told) for date in re.findall(rb"Revocation Time: (.*) GMT", told)]
    return found
def revoked(trust, *certificates):  # since when one counts no more: revoked.json, or as authorities say
    found = [moment_of(one["at"]) for text in trusted(trust, ".", "json") for one in json.loads(text) if one["sha256"] == digest(ssl.PEM_cert_to_DER_cert(certificates[0].decode()))]
    return min(found + [since for since, _ in taken_back(trust, certificates, trusted(trust, "ca"))], default=None)
ext = lambda one, what: run("openssl", "x509", "-in", one, "-noout", "-ext", what)[1]  # RFC 5280 4.2; EN 319 412-3; RFC 9336
def letting(some, use=rb"7\.3\.36|E-mail|Web Client"):  # those that say this of what they are for, anything, or nothing
    return [ca for ca in some if re.search(use + b"|Any Ext", t := ext(ca, "extendedKeyUsage")) or b"Usage" not in t]
def check_seal(root, members, trust, doubts):
    """Certificates, value (xmlsec1), use, chain (openssl), pin, owner. Returned: claim, what asks for a chain, revoked."""
    texts, anchors = [node.text or "" for node in root.iter(DS + "X509Certificate")], letting(trusted(trust, "ca"))
    ders = [base64.b64decode(text) for text in texts]
    leaf, issuer = (ssl.DER_cert_to_PEM_cert(der).encode() for der in ders)
    must([node.findtext(DS + "DigestValue") for node in root.iter(XA + "CertDigest")] == [base64.b64encode(hashlib.sha256(der).digest()).decode() for der in ders]
         and [one.decode().split("-----")[2][1:] for one in (leaf, issuer)] == texts and leaf != issuer  # one spelling
         and (leaf, issuer) == (members["certificates/seal.pem"], members["certificates/issuer.pem"]),
         "Certifikaterne er ikke dem, seglet nævner.", "The certificates are not those that the seal names.")
    lax = [] if b" 1.2." in run("xmlsec1", "--version")[1] else ["--lax-key-search"]  # 1.3 and newer want to be told
    read, key = run("openssl", "x509", "-in", leaf, "-pubkey", "-noout")
    must(read and run("xmlsec1", "--verify", *lax, "--enabled-key-data", "key-name", "--enabled-reference-uris", "empty,same-doc",
                      "--id-attr:Id", XA[1:-1] + ":SignedProperties", "--pubkey-pem", key, members["record.xml"])[0],
         "Seglet passer ikke til posten: Den er ændret eller forfalsket.", "The seal does not fit the record.")
    uses = {u for line in re.findall(rb"\n +(\S.*)", ext(leaf, "keyUsage,basicConstraints")) for u in line.split(b", ")}
    uses |= {*re.findall(rb"(?s)\x06\x03\x55\x1d\x25(?:\x01\x01\xff)?(.{14})", ders[0])}  # openssl's names change
    must(uses & SIGNS and uses <= SIGNS | ALSO, "Certifikatet er ikke til segl.", "The certificate is for no seals.")
    sealed = moment_of(root.findtext(f".//{XA}SigningTime"))
    must(sealed >= moment_of(root.findtext(f"{C}Header/{C}CreatedAt")), "Seglet er ældre end det, det er sat på.", "The seal is older than what it is on.")
    chain = lambda at: letting([issuer]) and any(run(  # of each: a dead end hides no way
        "openssl", "verify", "-no-CApath", "-no-CAstore", "-x509_strict", "-CAfile", one, "-untrusted",
        b"\n".join([issuer, *anchors]), "-attime", str(int(at.timestamp())), leaf)[0] for one in anchors)
    known(doubts, chain(sealed), "Seglet er ikke udstedt af nogen, I har tillid til (ca/).", "The seal is of nobody that you trust (ca/).")
    whose = {line.split()[0] for one in Path(trust or os.devnull, "seals").glob("*.pem")  # ids of data controllers
             if one.read_bytes().split() == leaf.split() and one.with_suffix(".txt").exists()
             for line in one.with_suffix(".txt").read_text("utf-8").splitlines() if line.strip()}
    known(doubts, whose, "Seglet, eller hvis det er, kendes ikke (seals/).", "Its seal or owner is unknown (seals/).")
    must(not whose or root.find(f"{C}Header/{C}Controller").get("uuid") in whose,
         "Seglet er en anden dataansvarligs end postens.", "The seal is not that of the controller whose record it is.")
    ended = revoked(trust, leaf, issuer)
    must(not ended or sealed < ended, "Seglet er sat, efter at det blev spærret.", "The seal was set after it was revoked.")
    return sealed, chain, ended
def check_stamp(record, token, trust, at, doubts):  # RFC 3161, over the seal's value, as of ``at``; when it was
    value = re.search(rb"<ds:SignatureValue>[^<]*</ds:SignatureValue>", record).group()
    value = value.replace(b">", b' xmlns:ds="%s">' % DS[1:-1].encode(), 1)  # as exclusive canonical XML has it alone
    genuine, content = run("openssl", "cms", "-verify", "-noverify", "-binary", "-inform", "DER", "-in", token)  # whoever made it
    found = re.search(rb"(?s)Hash Algorithm: sha256\n.*?Time stamp: (\w+ +\d+ [\d:]+)(?:\.\d+)? (\d+) GMT\n", run("openssl", "ts", "-reply", "-in", token, "-token_in", "-text")[1])
    must(genuine and found and b"\x04\x20" + hashlib.sha256(value).digest() in content,
         "Tidsstemplet passer ikke til seglet, eller det er ændret.", "The timestamp is not the seal's, or it was changed.")
    proven, roots = when(b" ".join(found.groups())), b"".join(letting(trusted(trust, "tsa"), b"Time Stamping"))
    holds = lambda when: run("openssl", "ts", "-verify", "-data", value, "-in", token, "-token_in", "-CAfile", roots, "-attime", str(int(when.timestamp())))[0]
    chain = re.findall(rb"-----BEGIN[^-]+-----[^-]+-----END[^-]+-----\n", run("openssl", "pkcs7", "-inform", "DER", "-in", token, "-print_certs")[1])
    known(doubts, letting(chain, b"Time Stamping") == chain and holds(proven), "Ingen, I har tillid til (tsa/), har givet tidsstemplet.", "The timestamp is of nobody that you trust (tsa/).")
    known(doubts, holds(at), "Tidsstemplets certifikat er udløbet; der skal et nyere bevis til.", "The timestamp has run out.")
    known(doubts, proven <= at + SKEW, "Tidsstemplet er fra fremtiden.", "The timestamp is from the future.")
    gone = any(since <= (at if not HARMLESS.search(why) else proven) for since, why in taken_back(trust, chain, trusted(trust, "tsa")))
    known(doubts, not gone, "Tidsstemplets certifikat er spærret.", "The timestamp's certificate has been revoked.")
    return proven
def head_of(leaf, at, size, path):
    """The head of a tree of ``size`` leaves with ``leaf`` at ``at`` (RFC 6962 2.1): the last step is the other half's head."""
    if size == 1 and not path: return leaf
    half = 1 << (size - 1).bit_length() - 1
    sides = (head_of(leaf, at, half, path[:-1]), path[-1]) if at < half else (path[-1], head_of(leaf, at - half, size - half, path[:-1]))
    return hashlib.sha256(b"\1" + b"".join(sides)).digest()
def check_log(root, members, trust, doubts):
    """The event's digest leads by the Merkle proof (RFC 6962 2.1.1) to the head, and the log's key has signed the head."""
    leaf, key_text, note = root.find(f"{C}Header/{C}Event").get("sha256"), members["log-key.txt"].decode(), members["checkpoint.txt"].decode()
    try:
        proof = json.loads(members["proof.json"])
        at, size, path = proof["index"], proof["size"], [bytes.fromhex(step) for step in proof["path"]]
        name, _, key = key_text.rstrip("\n").split("+", 2)
        public = base64.b64decode(key, validate=True)
        key_id = hashlib.sha256(name.encode() + b"\n" + public).digest()[:4]
        signature = base64.b64decode(note.split("\n")[4].rsplit(" ", 1)[1], validate=True)
        head = head_of(hashlib.sha256(b"\0" + bytes.fromhex(leaf)).digest(), at, size, path)
        text = "\n".join([name, str(size), base64.b64encode(head).decode(), ""])
        held = (members["proof.json"] == spelled({"index": at, "leaf": leaf, "path": [step.hex() for step in path], "size": size})
                and type(at) is int and 0 <= at < size and signature[:4] == key_id and public[:1] == b"\1" and len(public) == 33
                and key_text == f"{name}+{key_id.hex()}+{base64.b64encode(public).decode()}\n"
                and note == f"{text}\n— {name} {base64.b64encode(signature).decode()}\n")
    except (KeyError, ValueError, TypeError, IndexError, AttributeError, RecursionError): held = False
    held = held and run("openssl", "pkeyutl", "-verify", "-rawin", "-in", text.encode(), "-sigfile", signature[4:],
                        "-pubin", "-keyform", "DER", "-inkey", bytes.fromhex("302a300506032b6570032100") + public[1:])[0]
    must(held, "Beviset for, at hændelsen står i loggen, holder ikke.", "The proof that the event is in the log does not hold.")
    known(doubts, key_text.strip() in [one.decode().strip() for one in trusted(trust, "log", "txt")],
          "Loggens nøgle er ikke en, I har tillid til (log/).", "The log's key is none that you trust (log/).")
def check_unjudged(members):  # names of what is not judged; it is about this record: frozen, in the evidence, enveloped
    inside = re.search(rb"(?s)<ConsentRecord.*</ConsentRecord>", members.get("personal.xml", b""))  # where ds is declared further out
    signed = inside and inside.group().replace(b"<ds:Signature ", b'<ds:Signature xmlns:ds="%s" ' % DS[1:-1].encode(), 1)
    for name in ("record", "personal"):
        whole, frozen, proof = (members.get(name + end) for end in (".xml", ".frozen.xml", ".er"))
        bare = re.sub(rb"(?s)<([\w.:-]*)UnsignedProperties>.*</\1UnsignedProperties>", b"", frozen or b"")
        proven = any(hashlib.new(one, frozen or b"").digest() in (proof or b"") for one in ("sha256", "sha384", "sha512"))
        must(frozen is proof is None or bare == whole and proven, "Det fornyede bevis hører ikke til posten.", "The renewed evidence is not about the record.")
    must(not {"personal.xml", "personal.tst"} & set(members) or signed == members["record.xml"],
         "Den personlige underskrift er ikke over denne post.", "The personal signature is not over this record.")
    return [name for name in UNJUDGED if name in members]
def page(root):
    """signing/schemas/record-1.xslt, -paper-1, -attested-1, -meeting-1, -received-1, record-2 and -3 once more in Python: the page must be what the content gives, to the byte."""
    body, received, answer = root[1], root.tag == C + "ReceptionRecord", {"yes": "Ja", "no": "Nej", None: "Trukket tilbage"}
    kind, meeting, young = body.tag.replace(C, ""), body.find(C + "Meeting") is not None, body.find(C + "Holder[@role='self']") is not None
    title = {"ConsentGiven": "Samtykke", "ConsentRefused": "Nej til samtykke", "DocumentAttested": "Attestation", "MeetingConsentRefused": "Nej til et møde",
             "MeetingConsentGiven": "Samtykke til et møde", "ReceptionAcknowledged": "Kvittering for modtagelse"}.get(kind, "Tilbagekaldelse af samtykke" + " til et møde" * meeting)
    def value(path, inside=body):  # of an element, or of its attribute behind @
        path, _, key = path.partition("@")
        node = inside.find("/".join(C + step for step in path.split("/")))
        return "" if node is None else html.escape((node.get(key) if key else node.text) or "", quote=False)
    def listed(*rows): return ["<dl>", *(line for term, what in rows if what for line in (f"<dt>{term}</dt>", f"<dd>{what}</dd>")), "</dl>"]
    told = lambda item: [value(one, item) for one in ("Name", "Role", "Organisation")] if meeting else [value("Title", item), answer[item.get("sensitive")]]
    rows = ["<tr>\n" + "\n".join(f"<td>{one}</td>" for one in (*told(item), answer[item.get("answer", "yes" if received else None)])) + "\n</tr>"
            for path in ("Items/{}Item", "Participants/{}Participant") for item in body.iterfind(C + path.format(C))]
    table = ["<table>", "<thead><tr>", *(f'<th scope="col">{one}</th>' for one in ("Deltager Rolle Sted Svar" if meeting else "Del Følsom Modtaget" if received else "Del Følsom Svar").split()), "</tr></thead>",
             "<tbody>" + ("".join(rows) if len(rows) == 1 else "\n".join(["", *rows, ""])) + "</tbody>", "</table>"]
    held, oral, how, login = value("Purpose@answer"), value("OralPermission@answer"), value("Recorded@method"), value("Login@provider")
    given = [f"<p>Logget ind gennem {login}, {value('Login@authTime')} (UTC).</p>"] if login else []
    given += ["<p>Registreret af en medarbejder efter", f"        {'en telefonsamtale' if how == 'phone' else 'et personligt fremmøde'}.</p>"] if how else []
    heads, limit = ("Teksten, der blev vist", "Hvem trykkede"), ("en person, der var logget ind, trykkede på. Det er ikke", "personens egen underskrift.")
    if value("Paper@signedOn"):
        heads, limit = ("Teksten på papiret", "Sådan blev det givet"), (
            "to medarbejdere har registreret efter papiret. Det er ikke", f"{'personens' if meeting or young or value('Renews@request') else 'forælderens'} egen underskrift; den står på papiret.")
        given = listed(("Måde", "På papir"), ("Dato på papiret", value("Paper@signedOn")),
                       ("Det scannede papirs kontroltal (SHA-256)", value("Paper@scanSha256")), ("Indtastet af medarbejder", value("Paper@enteredBy")),
                       ("Sammenlignet med papiret af medarbejder", value("Paper@confirmedBy")))
    if (attested := kind == "DocumentAttested") or received:
        who, other, did, no = ("Attester", "Underretter", "bekræftede", "") if attested else ("Receiver", "Medarbejder", "kvitterede for", "et samtykke og ikke ")
        heads, limit = ("Det, der er bekræftet", "Bekræftet af"), (f"en medarbejder, der var logget ind, {did}. Det er ikke", f"{no}medarbejderens egen underskrift.")
        given = listed(("Navn", value(who + "/Name")), ("Som", "Leder" if value(who + "@capacity") == "leader" else other), ("Medarbejderens nummer", value(who + "@uuid")))
    return "\n".join(['<html lang="da">', "<head>", '<meta http-equiv="Content-Type" content="text/html; charset=UTF-8">',
        f"<title>{title}</title>", "</head>", f"<body><main><h1>{title}</h1>", *listed(
                ("Barn", value("Child/Name")), ("Den unge selv" if young else "Forældremyndighedsindehaver", value("Holder/Name")), ("Fra", value("From/Name")), ("Til", value("To/Name")),
                ("Formål", value("Purpose")), ("Hjemmel", value("Basis")),
                ("Møde", value("Meeting/Title")) if meeting else ("Dokument", f"{value('Document/Title')}, version {value('Document@version')}"), ("Gælder til og med", value("ValidTo")),
                ("Fornyer samtykket med nummer", value("Renews@request")), ("Nummer på det tidligere svar", value("Renews/OwnAnswer@event")),
                ("Samtykkets nummer" if value("RestsOn@kind") == "consent" else "Beslutningens nummer", value("RestsOn@share")), *(("Hændelse", event.get("uuid")) for event in body.iterfind(f"{C}RestsOn/{C}Event"))),
        "<h2>Hvad det handler om</h2>", *([f"<p>Teksten er låst med disse svar (SHA-256): {value('Document/Answers@sha256')}</p>"] if attested else []),
        *(["<p>Hele samtykket er trukket tilbage.</p>"] if body.find(C + "Everything") is not None else []),
        *(["<p>Mødet må holdes om barnet med det formål:", f"        <strong>{answer[held]}</strong></p>"] if held else []),
        *(table if rows else []), *(["<p>Må også fortælles mundtligt:", f"        <strong>{answer[oral]}</strong></p>"] if oral else []),
        f"<h2>{heads[0]}</h2>", f'<pre lang="{value("ShownText@language")}">{value("ShownText")}</pre>', f"<h2>{heads[1]}</h2>", *given,
        "<h2>Om denne post</h2>", *listed(("Registreret", value("Header/CreatedAt", root) + " (UTC)"), ("Dataansvarlig", value("Header/Controller/Name", root)),
                ("Postens nummer", value("Header/RecordId", root)), ("Nummer i rækken", value("Header/Sequence", root))),
        f"<p>Posten bærer platformens segl. Seglet viser, hvad {limit[0]}", f"            {limit[1]}</p></main></body>", "</html>", ""]).encode()
def verify(data, trust, at):
    """What is proven, to be told. Raises ``Stop``: the first forgery, else the first doubt."""
    members, doubts = unzipped(data), []
    if is_bundle(members): return {"receipts": {name: judged(one, trust, at) for name, one in members.items() if name != "manifest.json"}}
    check_manifest(members)
    root = read_record(members["record.xml"])
    sealed, chain, ended = check_seal(root, members, trust, doubts)
    look = root.find(f"*/{C}SealedAs").get("stylesheetSha256")
    known(doubts, look in LOOKS, "Posten er lavet med en visning, som dette program ikke kender.", "The record's stylesheet is unknown here.")
    must(look not in LOOKS or page(root) == members["record.html"], "Siden viser ikke det, der er forseglet.", "The page does not show what was sealed.")
    stamped = check_stamp(members["record.xml"], members["record.tst"], trust, at, doubts) if "record.tst" in members else None
    check_log(root, members, trust, doubts)
    unjudged = check_unjudged(members)
    must(not stamped or stamped >= sealed - SKEW, "Tidsstemplet er ældre end seglet.", "The timestamp is older than the seal.")
    known(doubts, sealed <= at + SKEW, "Seglet er fra fremtiden.", "The seal is from the future.")
    known(doubts, not ended or (stamped or at) < ended, "Seglet er siden spærret, og intet tidsstempel viser, at det blev sat før.", "The seal has been revoked since, and no timestamp shows that it was set before.")
    known(doubts, chain(stamped or at), "Seglets certifikat er udløbet, og intet tidsstempel viser, at det var før.", "The seal's certificate has run out, and no timestamp shows that it was set before.")
    known(doubts, not stamped or stamped - sealed <= LATE, "Tidsstemplet er sat længe efter seglets egen tid.", "The timestamp is much younger than the seal's own time.")
    if doubts: raise Stop(*doubts[0].args, unjudged)
    return {"kind": root[1].tag.replace(C, ""), "record": root.findtext(f"{C}Header/{C}RecordId"), "sealed": sealed.isoformat(),
            **({"stamped": stamped.isoformat()} if stamped else {}), **({"not_judged": unjudged} if unjudged else {})}
def judged(data, trust, at):
    """The answer to a receipt or a bundle; of several receipts the worst counts: failed, then what cannot be told."""
    facts, words = {}, (0, "Kvitteringen er ægte og uændret.", "The receipt is genuine and unchanged.")
    try:
        facts = verify(data if isinstance(data, bytes) else in_folder(Path(data)) if os.path.isdir(data) else Path(data).read_bytes(), trust, at)
        if "receipts" in facts:
            worst = min(facts["receipts"].values(), key=lambda one: "fip".index(one["result"][0]))
            words = (RESULTS.index(worst["result"]), worst["da"], worst["en"])
    except Stop as stop: words, facts = stop.args[:3], {"not_judged": stop.args[3]} if any(stop.args[3:]) else {}
    except OSError as error: words = (2, f"{error.filename} mangler eller kan ikke læses.", f"{error.filename} is missing or cannot be read.")
    except Exception: words = (1, "Kvitteringen kan ikke læses.", "The receipt cannot be read.")  # whatever a forger thought of: never accepted
    return {"result": RESULTS[words[0]], "da": words[1], "en": words[2], **facts}
unjudged_in = lambda told: sorted({name for one in (told, *told.get("receipts", {}).values()) for name in one.get("not_judged", ())})
def main():
    parser, at = argparse.ArgumentParser(description=__doc__.splitlines()[0]), {"type": moment_of, "default": datetime.now(timezone.utc).replace(microsecond=0)}
    for name, more in (("receipt", {}), ("--trust", {}), ("--at", at), ("--json", {"action": "store_true"})): parser.add_argument(name, **more)
    told = judged((args := parser.parse_args()).receipt, args.trust, args.at)
    word = {"passed": "GODKENDT / PASSED", "failed": "IKKE GODKENDT / FAILED", "indeterminate": "KAN IKKE AFGØRES / CANNOT BE TOLD"}[told["result"]]
    limits = ["Det vises ikke, at det gælder endnu: En senere tilbagekaldelse er en post for sig.", "Not shown: that it still holds. A later withdrawal "
              "is a record of its own.", *("Ikke kontrolleret her / Not judged here: " + one for one in unjudged_in(told))]
    print(json.dumps(told, ensure_ascii=False) if args.json else "\n".join(
        [word, *(f"  {key}: {value}" for key, value in told.items() if key not in ("result", "receipts", "not_judged")),
         *(f"  {name}: {one['result']}: {one['da']} / {one['en']}" for name, one in told.get("receipts", {}).items()), *limits]))
    return RESULTS.index(told["result"])
if __name__ == "__main__": sys.exit(main())
