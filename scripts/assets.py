"""Fetch the front end's pinned npm packages, pick the files we serve, and hold them against ASSETS.json.

The files are committed, so neither installing nor testing needs npm. Exit 1 when a fetched file differs from its
committed digest (unless ``--accept`` is given, after a version was changed here on purpose).
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STATIC = ROOT / "src/tillid/web/static"
LIST = STATIC / "ASSETS.json"

# name, version, licence, {file in the package: committed path relative to the project}
PACKAGES = [
    (
        "dkfds",
        "11.2.0",
        "MIT; fonts OFL-1.1; icons Apache-2.0",
        {
            "dist/css/dkfds.min.css": "src/tillid/web/static/dkfds/css/dkfds.min.css",
            "dist/fonts/IBMPlexSans/complete/woff2/IBMPlexSans-Regular.woff2": "src/tillid/web/static/dkfds/fonts/",
            "dist/fonts/IBMPlexSans/complete/woff2/IBMPlexSans-Italic.woff2": "src/tillid/web/static/dkfds/fonts/",
            "dist/fonts/IBMPlexSans/complete/woff2/IBMPlexSans-Medium.woff2": "src/tillid/web/static/dkfds/fonts/",
            "dist/fonts/IBMPlexSans/complete/woff2/IBMPlexSans-SemiBold.woff2": "src/tillid/web/static/dkfds/fonts/",
            "dist/fonts/IBMPlexSans/complete/woff2/IBMPlexSans-Bold.woff2": "src/tillid/web/static/dkfds/fonts/",
            "dist/LICENSE.md": "src/tillid/web/static/dkfds/LICENSE.md",
        },
    ),
    (
        "htmx.org",
        "2.0.11",
        "0BSD",
        {
            "dist/htmx.min.js": "src/tillid/web/static/htmx/htmx.min.js",
            "LICENSE": "src/tillid/web/static/htmx/LICENSE",
        },
    ),
    (
        "axe-core",
        "4.14.1",
        "MPL-2.0",
        {"axe.min.js": "tests/browser/vendor/axe.min.js", "LICENSE": "tests/browser/vendor/LICENSE-axe-core"},
    ),
]
ICONS = re.compile(r"url\(\.\./(img/svg-icons/[a-z-]+\.svg)\)")
SPRITE = [
    "arrow-back", "arrow-forward", "attach-file", "calendar-month", "check", "chevron-right", "close", "delete",
    "document", "edit", "error", "file-pdf", "help", "hourglass", "info", "lock", "person", "persons", "plus", "save",
    "search", "send", "share", "success", "visibility", "warning",
]  # fmt: skip


def fetched(folder: Path, name: str, version: str) -> tarfile.TarFile:
    """The package as npm hands it out; npm checks the registry's own integrity value."""
    done = subprocess.run(
        ["npm", "pack", f"{name}@{version}", "--silent", "--pack-destination", str(folder)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return tarfile.open(folder / done.stdout.split()[-1])


def member(package: tarfile.TarFile, path: str) -> bytes:
    """One file of the package."""
    found = package.extractfile(f"package/{path}")
    if found is None:
        raise SystemExit(f"{path} is no file of the package")
    return found.read()


def woff2_only(css: str) -> str:
    """The style sheet without the font formats, weights and source maps that no supported browser asks for."""
    kept = {"Regular", "Italic", "Medium", "SemiBold", "Bold"}

    def face(found: re.Match[str]) -> str:
        rule = found[0]
        file = re.search(r"fonts/IBMPlexSans/complete/woff2/IBMPlexSans-(\w+)\.woff2", rule)
        if not file or file[1] not in kept:
            return ""
        source = f'src:url(../fonts/IBMPlexSans-{file[1]}.woff2) format("woff2")'
        return re.sub(r"(?<=[;{])src:[^;}]*", source, rule)

    css = re.sub(r"@font-face\{[^}]*\}", face, css)
    return re.sub(r"/\*# sourceMappingURL=[^*]*\*/", "", css)


def sprite(package: tarfile.TarFile) -> bytes:
    """One SVG with the symbols that the templates use."""
    symbols = []
    for name in SPRITE:
        svg = member(package, f"dist/img/svg-icons/{name}.svg").decode()
        box = re.search(r'viewBox="([^"]+)"', svg)
        inner = re.sub(r"^.*?<svg[^>]*>|</svg>.*$", "", svg, flags=re.S)
        symbols.append(f'<symbol id="{name}" viewBox="{box[1] if box else "0 0 24 24"}">{inner.strip()}</symbol>')
    body = "\n".join(symbols)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{body}\n</svg>\n'.encode()


def picked(package: tarfile.TarFile, name: str, files: dict[str, str]) -> dict[str, bytes]:
    """Committed path → bytes."""
    found: dict[str, bytes] = {}
    for source, target in files.items():
        path = target + Path(source).name if target.endswith("/") else target
        found[path] = member(package, source)
    if name == "dkfds":
        sheet = "src/tillid/web/static/dkfds/css/dkfds.min.css"
        css = woff2_only(found[sheet].decode())
        found[sheet] = css.encode()
        for icon in sorted(set(ICONS.findall(css))):
            found[f"src/tillid/web/static/dkfds/{icon}"] = member(package, f"dist/{icon}")
        found["src/tillid/web/static/dkfds/icons.svg"] = sprite(package)
    return found


def main(accept: bool) -> int:
    known = json.loads(LIST.read_text(encoding="utf-8")) if LIST.exists() else {"packages": []}
    digests = {file["path"]: file["sha256"] for package in known["packages"] for file in package["files"]}
    listed, files, wrong = [], {}, []
    with tempfile.TemporaryDirectory() as folder:
        for name, version, licence, wanted in PACKAGES:
            with fetched(Path(folder), name, version) as package:
                some = picked(package, name, wanted)
            rows = [{"path": path, "sha256": hashlib.sha256(data).hexdigest()} for path, data in sorted(some.items())]
            listed.append({"name": name, "version": version, "licence": licence, "files": rows})
            wrong += [row["path"] for row in rows if digests.get(row["path"]) != row["sha256"]]
            files |= some
    if wrong and not accept:
        print("These files differ from ASSETS.json:", *wrong, sep="\n  ", file=sys.stderr)
        return 1
    for path, data in files.items():
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_bytes(data)
    LIST.write_text(json.dumps({"packages": listed}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(files)} files of {len(PACKAGES)} packages are as listed.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(accept="--accept" in sys.argv[1:]))
