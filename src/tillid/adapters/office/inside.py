"""Runs INSIDE the box with the system's Python (python3-uno): one warm soffice, frames over stdin and stdout.

Called as ``python3 inside.py WORKDIR LIMITS-JSON``, with ``within.py``, which soffice loads, beside it; imports nothing of Tillid. A
frame is a 4-byte length with a JSON head, then the ``size`` bytes the head tells of. First frame out: ``{"ok": true, "pid": …}``
when soffice is warm. Then one frame in (``{"size": n}`` + docx) gives one frame out: ``{"ok": true, "size": n, "pages": p, "held":
bytes}`` + PDF, or ``{"ok": false, "reason": "limit" | "refused" | "dead", "detail": …}``.
"""

import io
import json
import os
import resource
import struct
import subprocess
import sys
import threading
import time
import zipfile

import uno
from com.sun.star.beans import NamedValue
from com.sun.star.connection import NoConnectException

WITHIN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "within.py")
NAME = "dk.tillid.Documents"  # what it calls itself there

LOOK = 0.05  # seconds between two looks at what a document takes; each look costs, and what data may take the kernel limits

# What LibreOffice would do for somebody who writes, between two documents: collecting words, spelling, saving copies.
SETTINGS = (
    ("Office.Writer/AutoFunction/Completion", "CollectWords", "false"),
    ("Office.Writer/AutoFunction/Completion", "Enable", "false"),
    ("Office.Linguistic/SpellChecking", "IsSpellAuto", "false"),
    ("Office.Linguistic/GrammarChecking", "IsAutoCheck", "false"),
    ("Office.Common/SmartTags/Writer", "RecognizeSmartTags", "false"),
    ("Office.Recovery/AutoSave", "Enabled", "false"),
    ("Office.Recovery/RecoveryInfo", "Enabled", "false"),
    ("Office.Common/History", "PickListSize", "0"),
    ("Office.Common/Undo", "Steps", "0"),
    # Not ALIEN: then it would make a Basic of each document's own and look for its macros, which never run.
    (
        "TypeDetection.Filter/Filters/org.openoffice.TypeDetection.Filter:Filter['MS Word 2007 XML']",
        "Flags",
        "IMPORT EXPORT 3RDPARTYFILTER",
    ),
)


def read_frame(stream):
    """The next ``(head, body)``, or ``None`` when the other side closed."""
    raw = stream.read(4)
    if len(raw) < 4:
        return None
    head = json.loads(stream.read(struct.unpack(">I", raw)[0]))
    return head, stream.read(head.get("size", 0))


def write_frame(stream, head, body=b""):
    raw = json.dumps(dict(head, size=len(body))).encode()
    stream.write(struct.pack(">I", len(raw)) + raw + body)
    stream.flush()


def usage(pid):
    """Processor seconds that ``pid`` has used, and bytes it holds now (proc(5): utime, stime, rss)."""
    with open("/proc/%d/stat" % pid) as file:
        fields = file.read().rsplit(")", 1)[1].split()
    ticks = int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK"), int(fields[21]) * os.sysconf("SC_PAGE_SIZE")


def text_size(docx):
    """Bytes of the document's text when it is unpacked, as the file says; 0 for what is no docx."""
    try:
        with zipfile.ZipFile(io.BytesIO(docx)) as package:
            return package.getinfo("word/document.xml").file_size
    except Exception:  # LibreOffice says what is wrong with it
        return 0


class Watch(threading.Thread):
    """Ends soffice when one document takes more than its time or memory: ``setrlimit`` counts whole seconds, and what the
    whole process has used since it started."""

    def __init__(self, pid, limits, docx):
        super().__init__(daemon=True)
        self.pid, self.limits, self.over = pid, limits, False
        self.seconds = limits["cpu"] + min(text_size(docx) * limits["cpu_per_byte"], limits["cpu_most_extra"])
        self.done = threading.Event()

    def run(self):
        before, _held = usage(self.pid)
        while not self.done.wait(LOOK):
            try:
                used, held = usage(self.pid)
            except OSError:
                return  # it ended by itself
            if not held:
                return  # as well, and nobody has asked after it yet: what it held before is what counts
            # A hard limit on data ends it with an abort, as a crash would; so near to it that is what it was.
            late = used - before > self.seconds
            self.over = late or held > self.limits["memory"] * 0.55
            if late or held > self.limits["memory"]:
                os.kill(self.pid, 9)
                return

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *problem):
        self.done.set()
        self.join()


class Office:
    """One soffice process and what ``within.py`` does in it; ``limits``: memory, cpu and generation_cpu in bytes and seconds, pages."""

    def __init__(self, work, limits):
        self.work, self.limits, self.process, self.over = work, limits, None, False

    def start(self):
        """Start soffice (a new profile exits with 81 once and wants to be started again) and connect to its pipe."""
        pipe = "tillid%d" % os.getpid()
        command = [
            "/usr/lib/libreoffice/program/soffice.bin",
            "-env:UserInstallation=file://%s/profile" % self.work,
            "--headless",
            "--invisible",
            "--norestore",
            "--nologo",
            "--nodefault",
            "--nolockcheck",
            "--nofirststartwizard",
            "--accept=pipe,name=%s;urp;" % pipe,
        ]
        resolver = uno.getComponentContext().ServiceManager.createInstanceWithContext(
            "com.sun.star.bridge.UnoUrlResolver", uno.getComponentContext()
        )
        self._settle()
        deadline = time.monotonic() + self.limits["start"]
        while time.monotonic() < deadline:
            if self.process is None or self.process.poll() is not None:
                self.process = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    preexec_fn=self._restrict,
                )
            try:
                context = resolver.resolve("uno:pipe,name=%s;urp;StarOffice.ComponentContext" % pipe)
                loader = context.ServiceManager.createInstanceWithContext("com.sun.star.loader.Python", context)
                factory = loader.activate(NAME, "", "file://" + WITHIN, None)
                self.documents = factory.createInstanceWithContext(context)
                return
            except NoConnectException:
                time.sleep(0.05)
        raise RuntimeError("soffice did not start")

    def _settle(self):
        """Write the settings of the profile before its first start."""
        user = self.work + "/profile/user"
        os.makedirs(user)
        line = '<item oor:path="/org.openoffice.%s"><prop oor:name="%s" oor:op="fuse"><value>%s</value></prop></item>'
        with open(user + "/registrymodifications.xcu", "w") as file:
            file.write('<oor:items xmlns:oor="http://openoffice.org/2001/registry">')
            file.writelines(line % setting for setting in SETTINGS)
            file.write("</oor:items>")

    def _restrict(self):
        """What it may use in its whole life. Data alone are counted: the programs it maps take 110 MB and more."""
        data, cpu = self.limits["memory"] * 3 // 4, self.limits["generation_cpu"]
        resource.setrlimit(resource.RLIMIT_DATA, (data, data))
        resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 5))
        resource.setrlimit(resource.RLIMIT_FSIZE, (self.limits["file"], self.limits["file"]))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def watched(self, docx):
        """As ``convert``, with ``over`` set when the document went beyond its time or memory."""
        watch = Watch(self.process.pid, self.limits, docx)
        try:
            with watch:
                return self.convert(docx)
        finally:
            self.over = watch.over

    def convert(self, docx):
        """``(found, pdf)`` of one document: what ``within.py`` answers, and the PDF if it made one."""
        source, target = self.work + "/in.docx", self.work + "/out.pdf"
        with open(source, "wb") as file:
            file.write(docx)
        order = {"source": "file://" + source, "target": "file://" + target, "pages": self.limits["pages"]}
        try:
            said = self.documents.execute(tuple(NamedValue(name, value) for name, value in order.items()))
            found = {one.Name: one.Value for one in said}
            if "pages" not in found:
                return found, b""
            with open(target, "rb") as file:
                return found, file.read()
        finally:
            for path in (source, target):
                if os.path.exists(path):
                    os.unlink(path)


def answer(office, docx):
    """One head and body for one document. ``dead``: soffice is gone and the whole box must be replaced."""
    if office.process.poll() is not None:
        return {"ok": False, "reason": "dead", "detail": "soffice ended between two documents"}, b""
    try:
        found, pdf = office.watched(docx)
    except Exception as problem:  # whatever UNO raises; the type alone, for the text may hold contents
        return {"ok": False, "reason": ending(office), "detail": type(problem).__name__}, b""
    if "pages" not in found:
        return {"ok": False, "reason": "limit" if office.over else found["reason"], "detail": found["detail"]}, b""
    return {"ok": True, "pages": found["pages"], "held": usage(office.process.pid)[1]}, pdf


def ending(office):
    """Why a document failed: ``limit`` if it went beyond one, ``dead`` if soffice ended, else ``refused``."""
    if office.over:
        return "limit"
    try:
        office.process.wait(1)
    except subprocess.TimeoutExpired:
        return "refused"
    return "dead"


def main():
    inp, out = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing but frames may reach the outside's pipe
    office = Office(sys.argv[1], json.loads(sys.argv[2]))
    office.start()
    write_frame(out, {"ok": True, "pid": office.process.pid})
    while True:
        frame = read_frame(inp)
        if frame is None:
            break
        write_frame(out, *answer(office, frame[1]))
    office.process.kill()


if __name__ == "__main__":
    main()
