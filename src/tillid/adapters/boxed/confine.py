"""The next best where bubblewrap cannot run: ``python3 confine.py '{"work": …, "read": […], "names": […]}' PROGRAM…`` gives up,
by Landlock, what the program does not need, and becomes ``PROGRAM``. Runs with the system's Python and imports nothing of Tillid.

Kept: reading programs and what ``read`` says, telling what the files in ``names`` are called; where ``work`` is a folder (empty:
none) writing in it, and a pipe in ``/tmp``. Given up for good, for itself and all its children: every other file, TCP (Linux 6.7), abstract sockets and signals to others (Linux 6.12).
``python3 confine.py --try`` ends with 0 where the kernel can do that (Linux 5.13, kernel.org: userspace-api/landlock).
"""

import ctypes
import json
import os
import struct
import sys

CREATE, ADD, RESTRICT = 444, 445, 446  # the numbers of the three system calls, the same on every processor
NO_NEW_PRIVILEGES = 38
WRITE, READ, LIST, REMOVE_FILE, MAKE_SOCKET = 1 << 1, 1 << 2, 1 << 3, 1 << 5, 1 << 9
EXECUTE = 1 << 0
FILES = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1}  # what each version of Landlock can keep back
ON_FILES = EXECUTE | WRITE | READ | 1 << 14
READABLE = ("/usr", "/bin", "/lib", "/lib32", "/lib64", "/proc", "/dev/urandom")
libc = ctypes.CDLL(None, use_errno=True)


def version():
    """Which version of Landlock the kernel has; 0 or less: none."""
    return libc.syscall(CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(1))


def allow(rules, path, access):
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        kept = access if os.path.isdir(path) else access & ON_FILES
        if libc.syscall(ADD, rules, 1, struct.pack("=Qi", kept, place), ctypes.c_uint32(0)):
            raise OSError(ctypes.get_errno(), "landlock_add_rule")
    finally:
        os.close(place)


def confine(work, read, names):
    """Raises ``OSError`` where the kernel cannot."""
    known = version()
    if known < 1:
        raise OSError(ctypes.get_errno(), "no Landlock")
    everything = FILES.get(known, FILES[3])
    asked = [everything, 3 if known >= 4 else 0, 3 if known >= 6 else 0]
    head = struct.pack("=QQQ", *asked)[: 8 if known < 4 else 16 if known < 6 else 24]
    rules = libc.syscall(CREATE, head, ctypes.c_size_t(len(head)), ctypes.c_uint32(0))
    if rules < 0:
        raise OSError(ctypes.get_errno(), "landlock_create_ruleset")
    for path in (*READABLE, *read):
        allow(rules, path, EXECUTE | READ | LIST)
    for path in names:
        allow(rules, path, LIST)
    allow(rules, "/dev/null", READ | WRITE)
    if work:
        allow(rules, "/tmp", MAKE_SOCKET | REMOVE_FILE)
        allow(rules, work, everything)
    if libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0) or libc.syscall(RESTRICT, rules, ctypes.c_uint32(0)):
        raise OSError(ctypes.get_errno(), "landlock_restrict_self")
    os.close(rules)


if __name__ == "__main__":
    if sys.argv[1:] == ["--try"]:
        sys.exit(version() < 1)
    confine(**json.loads(sys.argv[1]))
    os.execv(sys.argv[2], sys.argv[2:])
