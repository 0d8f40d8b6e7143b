#!/usr/bin/env python3
"""Efterprøv et fornyet bevis (RFC 4998) uden Tillid og uden net. / Verify renewed evidence without Tillid and network.
    python3 tillid_evidence.py record.er record.frozen.xml --trust MAPPE [--at 2066-03-01T12:00:00Z] [--json]
    python3 tillid_evidence.py KVITTERING.zip --trust MAPPE                 (needs tillid_verify.py in the same folder)
Needs python3 (3.9 or newer, its standard library) and ``openssl`` (3.0 or newer); for a receipt ``xmlsec1`` too.
MAPPE is what you trust and must come from elsewhere than the evidence: tsa/*.pem (roots of timestamp authorities, also
those of long ago), crl/*.crl, ocsp/*.ocsp. --methods FILE: a newer table of when methods end than the one below.
Exit code: 0 passed, 1 failed (changed or forged), 2 cannot be told (not renewed in time, or trust is missing).

Proven is: exactly these bytes existed at the moment of the first timestamp. Each timestamp is judged as of the moment
of the next one, which covers it, and the last as of now: each link must have held when the next one took over."""
import argparse, base64, functools, hashlib, importlib.util, json, os, re, shutil, ssl, subprocess, sys, tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path
RESULTS, SKEW = ("passed", "failed", "indeterminate"), timedelta(minutes=5)  # by exit code; two clocks apart
MOST_BYTES, MOST_TOKEN, MOST_STAMPS = 1_000_000, 100_000, 200
# signing/policies/algorithms-1.yaml: when a method ends (null: no end is known). What is not named never counted.
ENDS = {"sha256": "2045-01-01T00:00:00Z", "sha384": "null", "sha512": "null", "rsa-2048": "2029-01-01T00:00:00Z",
        **dict.fromkeys(("ec-256", "ec-384", "ec-521", "rsa-3072"), "2036-01-01T00:00:00Z")}
SHA2 = {"01": "sha256", "02": "sha384", "03": "sha512"}
OIDS = {bytes.fromhex("06096086480165030402" + last): name for last, name in SHA2.items()}
WRITTEN = {one + b"\5\0": name for one, name in OIDS.items()}  # as a record names them: with the NULL behind
USAGE = bytes.fromhex("0603551d25")  # extended key usage (RFC 5280 4.2.1.12); two of its values: timestamps, anything
STAMPING, ANYTHING = bytes.fromhex("06082b06010505070308"), bytes.fromhex("0604551d2500")
OCSP = bytes.fromhex("06082b06010505071002")  # an answer about one certificate, in a token (RFC 5940)
NAMED = bytes.fromhex("060b2a864886f70d010910022f")  # the signature covers whose it is (RFC 5816)
ALONE = USAGE + bytes.fromhex("0101ff040c300a") + STAMPING  # critical, and timestamps alone (RFC 3161 2.3)
# What was stamped before such a revocation counts (RFC 3161 4); after others, a thief can write any moment.
HARMLESS = re.compile(b"(?i)unspecified|affiliation ?changed|superseded|cessation ?of ?operation")
NEVER, ALWAYS = (datetime(year, 1, 1, tzinfo=timezone.utc) for year in (9999, 1))
# Each answer: its name, which Tillid's own verifier uses too; exit code; Danish; English.
STEPS = {name: (int(code), da, en) for name, code, da, en in (line.split(" | ") for line in """\
evidence.ok | 0 | Filen fandtes uændret dengang, og beviset er fornyet i tide. | The file existed then; renewed in time.
evidence.unreadable | 1 | Filen kan ikke læses som et bevis (RFC 4998). | The file cannot be read as evidence.
evidence.shape | 1 | Beviset er ikke skrevet, som Tillid skriver det. | The evidence is not written as Tillid writes it.
evidence.object | 1 | Beviset gælder en anden fil, eller filen er ændret. | It is of another file, or the file changed.
evidence.link | 1 | En fornyelse dækker ikke det, der kom før den. | A renewal does not cover what came before it.
evidence.tree | 1 | Et tidsstempel i beviset gælder noget andet. | A timestamp of the evidence is about something else.
evidence.order | 1 | En fornyelse er ældre end det, den fornyer. | A renewal is older than what it renews.
evidence.late | 2 | Beviset blev fornyet, efter at et certifikat var udløbet. | Renewed after a certificate had run out.
evidence.late-method | 2 | Beviset blev fornyet, efter at dets metode var usikker. | Renewed after its method had ended.
evidence.expired | 2 | Det seneste tidsstempels certifikat er udløbet. | The last timestamp's certificate has run out.
evidence.method | 2 | Det seneste tidsstempels metode er ikke sikker mere. | The method of the last timestamp has ended.
timestamp.unreadable | 1 | Et tidsstempel i beviset kan ikke læses. | A timestamp of the evidence cannot be read.
timestamp.algorithm | 1 | Et tidsstempel er lavet med en svag metode. | A timestamp was made by a weak method.
timestamp.signature | 1 | Et tidsstempel er ændret eller forfalsket. | A timestamp was changed or forged.
timestamp.usage | 1 | Et tidsstempels certifikat er til noget andet. | A timestamp's certificate is for something else.
timestamp.authority | 2 | Et tidsstempel er fra en, I ikke har tillid til (tsa/). | Of nobody that you trust (tsa/).
timestamp.future | 2 | Et tidsstempel i beviset er fra fremtiden. | A timestamp of the evidence is from the future.
timestamp.revoked | 2 | Et tidsstempels certifikat er spærret. | The certificate of a timestamp has been revoked.
revocation.missing | 2 | Et tidsstempels lister siger ikke, at certifikatet gjaldt. | Its lists do not say it held.
""".splitlines())}
class Stop(Exception): """An objection after which nothing more is looked at: its name in ``STEPS``."""
def must(held, step):
    if not held: raise Stop(step)
@functools.cache
def run(*command):
    """(it exited with 0, what it said, wrote to OUT, to OUT2). Bytes become files. No setting of the machine counts."""
    env = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "OPENSSL_CONF": os.devnull}
    with tempfile.TemporaryDirectory() as work:
        paths = {part: Path(work, str(number)) for number, part in enumerate([*command, "OUT", "OUT2"])}
        given = {part: path for part, path in paths.items() if isinstance(part, bytes) or part in ("OUT", "OUT2")}
        for part, path in given.items(): path.write_bytes(part if isinstance(part, bytes) else b"")
        done = subprocess.run([given.get(part, part) for part in command], env=env, capture_output=True, timeout=60)
        wrote = [given[one].read_bytes() for one in ("OUT", "OUT2")]
    return done.returncode == 0, done.stdout + done.stderr, *wrote

# --- DER (ITU-T X.690): tag, length, content. Strict: one spelling, so that no byte is without a meaning.
def parts(data):
    """The values that lie in ``data`` one after the other: (tag, content, the whole value's bytes)."""
    found, at = [], 0
    while at < len(data):
        tag, size, start = data[at], data[at + 1], at + 2  # an ``IndexError`` is told as all that cannot be read
        if size >= 128:
            count = size - 128
            must(1 <= count <= 4 and data[start:start + 1] > b"\0", "evidence.shape")  # BER, or a zero in front
            size, start = int.from_bytes(data[start:start + count], "big"), start + count
            must(size >= 128, "evidence.shape")  # would fit into one byte
        must(tag & 31 != 31 and start + size <= len(data), "evidence.unreadable")
        found, at = [*found, (tag, data[start:start + size], data[at:start + size])], start + size
    return found
def only(data, *tags):
    """The contents of the values in ``data``, which have exactly these tags."""
    found = parts(data)
    must([tag for tag, _, _ in found] == list(tags), "evidence.shape")
    return [content for _, content, _ in found]
def some(data, tag):
    """The contents of one or more values, all of one tag."""
    found = parts(data)
    must(found and all(one == tag for one, _, _ in found), "evidence.shape")
    return [content for _, content, _ in found]
def sequence(*values):
    size = (body := b"".join(values)) and len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return b"\x30" + (size if len(body) < 128 else bytes([128 + len(size)]) + size) + body

# --- The evidence record (RFC 4998): chains of archive timestamps, each a path through a hash tree and a token over it.
def digest(algorithm, data): return hashlib.new(algorithm, data).digest()
def read(record):
    """The chains, oldest first; of each archive timestamp: algorithm, groups of the reduced hash tree, token, bytes.
    Fields that Tillid never writes (cryptoInfos, encryptionInfo, attributes) are refused: they mean nothing here."""
    must(len(record) <= MOST_BYTES, "evidence.unreadable")
    must([tag for tag, _, _ in parts(record)] == [0x30], "evidence.unreadable")
    version, algorithms, sequence_of_chains = only(parts(record)[0][1], 0x02, 0x30, 0x30)
    chains = [[archive_timestamp(one) for one in some(chain, 0x30)] for chain in some(sequence_of_chains, 0x30)]
    used = [one[0] for chain in chains for one in chain]
    listed = [WRITTEN.get(one) for one in some(algorithms, 0x30)]
    must(version == b"\1" and len(used) <= MOST_STAMPS and listed == list(dict.fromkeys(used)), "evidence.shape")
    must(all(one[0] == chain[0][0] for chain in chains for one in chain), "evidence.shape")  # one digest in each (5.1)
    return chains
def archive_timestamp(content):
    found = parts(content)
    must([tag for tag, _, _ in found] == [0xA0, 0xA2, 0x30], "evidence.shape")
    algorithm, groups = WRITTEN.get(found[0][1]), [some(group, 0x04) for group in some(found[1][1], 0x30)]
    fits = lambda value: algorithm and len(value) == hashlib.new(algorithm).digest_size
    must(all(fits(value) for group in groups for value in group), "evidence.shape")
    return algorithm, groups, found[2][2], sequence(content)
def top(algorithm, groups):
    """What the groups lead to (4.3): a group's values and the value from below, sorted, hashed; one alone is itself."""
    value = None
    for group in groups:
        values = sorted([*group, *([value] if value else [])])
        value = values[0] if len(values) == 1 else digest(algorithm, b"".join(values))
    return value
def follow(chains, data):
    """Each archive timestamp covers what it must (5.2): the first the file, alone in its group; a renewed timestamp all
    tokens of its chain before it; a renewed hash tree, by its own digest, the file and all chains before it."""
    for number, chain in enumerate(chains):
        algorithm, wanted = chain[0][0], digest(chain[0][0], data)
        if number:
            before = sequence(*(sequence(*(one[3] for one in earlier)) for earlier in chains[:number]))
            wanted = digest(algorithm, wanted + digest(algorithm, before))
        must(chain[0][1][0] == [wanted], "evidence.link" if number else "evidence.object")
        for place, one in enumerate(chain[1:], 1):
            must(one[1][0] == sorted(digest(algorithm, earlier[2]) for earlier in chain[:place]), "evidence.link")

# --- A timestamp token (RFC 3161, CMS). Its signature and chain are ``openssl``'s business; what it says is read here.
class Token:
    """``moment``, ``imprint`` by ``algorithm``; ``leaf``, ``certificates`` (PEM); ``lists``, ``answers`` (DER)."""
    def __init__(self, der):
        must(len(der) <= MOST_TOKEN, "timestamp.unreadable")
        try: self._read(der)
        except Exception as error:  # whatever is met in what is not what it seems
            raise Stop(str(error) if str(error).startswith("timestamp.") else "timestamp.unreadable") from None
    def _read(self, der):
        (signed,) = only(only(parts(der)[0][1], 0x06, 0xA0)[1], 0x30)
        held = {tag: content for tag, content, _ in parts(signed)}
        (signer,) = only(held[0x31], 0x30)  # the last SET: one signature
        self.signed_by = OIDS.get(parts(parts(signer)[2][1])[0][2])
        must(self.signed_by and NAMED in parts(signer)[3][1], "timestamp.algorithm")
        certificates = [whole for tag, _, whole in parts(held[0xA0]) if tag == 0x30]
        self.certificates = [ssl.DER_cert_to_PEM_cert(one).encode() for one in certificates]
        more = parts(held.get(0xA1, b""))
        self.lists = [whole for tag, _, whole in more if tag == 0x30]
        self.answers = [content[len(OCSP):] for tag, content, _ in more if tag == 0xA1 and content.startswith(OCSP)]
        # Whoever made it: the signature is that of the certificate in it over this content.
        genuine, _, content, self.leaf = run("openssl", "cms", "-verify", "-noverify", "-binary", "-inform", "DER",
                                             "-in", der, "-out", "OUT", "-signer", "OUT2")
        must(genuine, "timestamp.signature")
        self.der, told = der, parts(only(content, 0x30)[0])
        must([tag for tag, _, _ in told[:5]] == [2, 6, 0x30, 2, 0x18] and told[0][1] == b"\1", "evidence.shape")
        more = [parts(one) for tag, inside, _ in told[5:] if tag == 0xA1 for one in some(inside, 0x30)]
        must(all(one[1][0] != 1 for one in more), "evidence.shape")  # what is critical and not known
        method, self.imprint = only(told[2][1], 0x30, 0x04)
        self.algorithm = OIDS.get(parts(method)[0][2])
        must(re.fullmatch(rb"\d{14}(\.\d+)?Z", told[4][1]), "evidence.shape")
        self.moment = datetime.strptime(told[4][1][:14].decode(), "%Y%m%d%H%M%S").replace(tzinfo=timezone.utc)
        self.text = run("openssl", "x509", "-in", self.leaf, "-noout", "-text")[1]
    def method_ends(self, table):
        """When the first method ends that it rests on: imprint, signature, how its certificate is signed, the key."""
        inside = re.search(rb"Signature Algorithm: \S*?(sha\d+)", self.text, re.I)
        key = re.search(rb"Public Key Algorithm: (?:id-)?(ec|rsa)\w+\s+(?:RSA )?Public-Key: \((\d+) bit", self.text)
        kind, bits = (key[1].decode() + "-", int(key[2])) if key else ("none-", 0)
        reached = [one for one in table if one.startswith(kind) and int(one.split("-")[1]) <= bits]
        key = max(reached, key=lambda one: int(one.split("-")[1]), default=None)
        used = [table.get(one) for one in (key, self.algorithm, self.signed_by, inside and inside[1].decode().lower())]
        return min(ALWAYS if end is None else NEVER if end == "null" else moment_of(end) for end in used)
    def holds(self, roots, when):
        """Whether somebody trusted stands behind it: its certificate and all above it are valid ``when``."""
        options = ("-CAfile", b"".join(roots), "-auth_level", "2", "-attime", str(int(when.timestamp())), "-out", "OUT")
        return run("openssl", "cms", "-verify", "-cades", "-purpose", "timestampsign", "-no-CApath", "-no-CAstore",
                   "-binary", "-inform", "DER", "-in", self.der, *options)[0]  # as ``ts`` does, which reads no answers
    def way(self, roots):
        """(certificate, all that by their name may have issued it): its own, then those above, up to trusted ones."""
        found = [self.leaf]
        for one in found:  # which grows
            above = [ca for ca in {*roots, *self.certificates} if named(ca, "-subject") == named(one, "-issuer")]
            found += [ca for ca in above if ca not in found]
            if one not in roots: yield one, above
named = lambda one, what: run("openssl", "x509", "-in", one, "-noout", what)[1].partition(b"=")[2]
moment_of = lambda text: datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
when = lambda said: datetime.strptime(said.decode(), "%b %d %H:%M:%S %Y GMT").replace(tzinfo=timezone.utc)  # openssl's

# --- What authorities have taken back: lists (RFC 5280 5) and answers (RFC 6960), of the trust folder and in the token.
def spoken(one, above, lists, answers):
    """[(since when the certificate ``one`` counts no more, why)], and until when one of ``above`` speaks of it."""
    taken, until, date = [], [ALWAYS], rb"(\w+ +\d+ [\d:]+ \d+ GMT)"
    serial = named(one, "-serial").strip().lstrip(b"0")
    for held in lists:
        genuine = any(b"verify OK" in run("openssl", "crl", "-in", held, "-noout", "-CAfile", by)[1] for by in above)
        text = run("openssl", "crl", "-in", held, "-noout", "-text")[1] if genuine else b""
        entry = re.search(rb"Serial Number: 0*%s\n +Revocation Date: (.*\n(?: {8}.*\n)*)" % serial, text)
        taken += [(min(map(when, re.findall(date, entry[1]))), entry[1])] if entry else []
        part = re.search(rb"Delta CRL|Only Some Reasons|Indirect CRL|Only Attribute", text)  # not of all
        until += [when(due) for due in re.findall(rb"Next Update: " + date, text) if not part]
    for held, by, sha in ((held, by, sha) for held in answers for by in above for sha in ("-sha1", "-sha256")):
        asked = ("-issuer", by, sha, "-cert", one, "-CAfile", by, "-partial_chain", "-no_check_time")
        text = run("openssl", "ocsp", "-respin", held, "-no_nonce", *asked)[1]
        if b"Response verify OK" in text and b"ERROR" not in text:
            taken += [(when(since), text) for since in re.findall(rb"Revocation Time: " + date, text)]
            until += [when(due) for due in re.findall(rb"(?:This|Next) Update: " + date, text)]
    return taken, max(until)
def objection(token, last, until, trust, table):
    """What speaks against a token as of ``until``, the moment of the next or now; None if nothing does."""
    pems, lists, answers = (files(trust, *kind) for kind in (("tsa", "pem"), ("crl", "crl"), ("ocsp", "ocsp")))
    roots = [base64.b64decode(one) for one in re.findall(rb"(?s)-BEGIN CERTIFICATE-+(.*?)-", b"".join(pems))]
    roots = [one for one in (ssl.DER_cert_to_PEM_cert(root).encode() for root in roots) if lets(one)]
    if ALONE not in ssl.PEM_cert_to_DER_cert(token.leaf.decode()): return "timestamp.usage"
    if token.moment > until + SKEW: return "timestamp.future"
    if not all(map(lets, token.certificates)) or not token.holds(roots, token.moment): return "timestamp.authority"
    if not token.holds(roots, until): return "evidence.expired" if last else "evidence.late"
    for one, above in token.way(roots):
        taken, _ = spoken(one, above, [*lists, *token.lists], [*answers, *token.answers])
        if any(since <= (token.moment if HARMLESS.search(why) else until) for since, why in taken):
            return "timestamp.revoked"
        if token.lists + token.answers and spoken(one, above, token.lists, token.answers)[1] < token.moment:
            return "revocation.missing"
    if token.method_ends(table) <= until: return "evidence.method" if last else "evidence.late-method"
    return None
def lets(one):  # whether a certificate says timestamps or anything of what it is for, or nothing
    der = ssl.PEM_cert_to_DER_cert(one.decode())
    return USAGE not in der or STAMPING in der or ANYTHING in der
def files(trust, kind, suffix):
    return [one.read_bytes() for one in sorted(Path(trust, kind).glob("*." + suffix))] if trust else []
def judged(record, data, trust, at, table):
    """What ``record`` is worth as the evidence of the bytes ``data``. A forgery weighs more than a doubt."""
    facts = {}
    try:
        chains = read(record)
        stamps = [one for chain in chains for one in chain]
        tokens = [Token(one[2]) for one in stamps]
        follow(chains, data)
        covered = [(algorithm, top(algorithm, groups)) for algorithm, groups, _, _ in stamps]
        must([(token.algorithm, token.imprint) for token in tokens] == covered, "evidence.tree")
        moments = [token.moment for token in tokens]
        must(moments == sorted(moments), "evidence.order")
        first, newest = (f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in (moments[0], moments[-1]))
        facts = {"proven_at": first, "renewed_at": newest, "timestamps": len(tokens)}
        ends = [(False, moment) for moment in moments[1:]] + [(True, at)]
        found = [objection(token, *ends[place], trust, table) for place, token in enumerate(tokens)]
        step = min(filter(None, found), key=lambda one: STEPS[one][0], default="evidence.ok")
    except Stop as stop: step = str(stop)
    except Exception: step = "evidence.unreadable"  # whatever a forger thought of: never accepted
    code, danish, english = STEPS[step]
    return {"result": RESULTS[code], "step": step, "da": danish, "en": english, **facts}

# --- A receipt: what tillid_verify.py says of it, and where it cannot tell, what it says as of the proven moment.
def judged_receipt(kit, data, trust, at, table):
    told = kit.judged(data, trust, at)
    if told["result"] == "failed": return told
    members = kit.unzipped(data)
    if "receipts" in told:
        each = {name: judged_receipt(kit, members[name], trust, at, table) for name in told["receipts"]}
        worst = min(each.values(), key=lambda one: "fip".index(one["result"][0]))
        return {**{key: worst[key] for key in ("result", "da", "en")}, "receipts": each}
    if "record.er" not in members: return told
    proof = judged(members["record.er"], members["record.frozen.xml"], trust, at, table)
    stamp = base64.b64encode(members.get("record.tst") or b"none")  # it must be the one that was frozen
    step = "evidence.object" if stamp not in members["record.frozen.xml"] else proof["step"]
    if STEPS[step][0] == 1: return {"result": "failed", "step": step, "da": STEPS[step][1], "en": STEPS[step][2]}
    if proof["result"] == "passed" and told["result"] != "passed":
        told = kit.judged(data, trust, moment_of(proof["proven_at"]))
    left = [name for name in told.get("not_judged", ()) if not name.startswith("record.")]
    return {**told, "not_judged": left, "evidence": proof}
def lines(told, before="  "):
    for key, value in told.items():
        yield f"{before}{key}:" if isinstance(value, dict) else f"{before}{key}: {value}"
        if isinstance(value, dict): yield from lines(value, before + "  ")
def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="+", help="bevis og fil, eller en kvittering / evidence and file, or a receipt")
    at = {"type": moment_of, "default": datetime.now(timezone.utc).replace(microsecond=0)}
    for name, more in (("--trust", {}), ("--methods", {}), ("--at", at), ("--json", {"action": "store_true"})):
        parser.add_argument(name, **more)
    args = parser.parse_args()
    if len(args.files) > 2 or not all(map(os.path.isfile, args.files)) or not shutil.which("openssl"):
        parser.error("to filer højst, der er der, og openssl / two files at most, which are there, and openssl")
    inputs = [Path(one).read_bytes() for one in args.files]
    rows = r'(?m)^ *"?((?:sha|ec-|rsa-)\d+)"?: *"?(null|[\d-]+T[\d:]+Z)'  # YAML or JSON, a line for each method
    table = dict(re.findall(rows, Path(args.methods).read_text("utf-8"))) if args.methods else ENDS
    if len(inputs) == 2: told = judged(*inputs, args.trust, args.at, table)
    else:
        spec = importlib.util.spec_from_file_location("tillid_verify", Path(__file__).with_name("tillid_verify.py"))
        spec.loader.exec_module(kit := importlib.util.module_from_spec(spec))
        told = judged_receipt(kit, *inputs, args.trust, args.at, table)
    word = {"passed": "GODKENDT / PASSED", "failed": "IKKE GODKENDT / FAILED"}
    limits = ["Ikke vist: hvem der lavede den, eller at et samtykke gælder. / Not shown: who made it, that it holds."]
    shown = [word.get(told["result"], "KAN IKKE AFGØRES / CANNOT BE TOLD"), *lines(told), *limits]
    print(json.dumps(told, ensure_ascii=False) if args.json else "\n".join(shown))
    return RESULTS.index(told["result"])
if __name__ == "__main__": sys.exit(main())
