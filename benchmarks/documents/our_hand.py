"""A worker as Tillid has one: a ``DocumentRenderer`` with its warm box, one document after another, each another one.

python -m benchmarks.documents.our_hand NAME LAST WARM [unchecked]
"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.documents.jobs import PAGES, numbered, sample_job
from benchmarks.documents.serving import serve
from tillid.adapters.renderer import DocumentRenderer
from tillid.documents.rendering import RenderJob


class Unchecked(DocumentRenderer):
    """The same documents, and nobody looks at them: what the peers do. Tillid itself never does."""

    def _problems(self, pdf: bytes, job: RenderJob) -> list[str]:
        return []


def main(name: str, last: str, warm: str, how: str = "") -> None:
    """Raises ``AssertionError`` when a document has other pages than it should, or is another's."""
    job, renderer, seen = sample_job(), Unchecked() if how else DocumentRenderer(), set()

    def make(number: int) -> bytes:
        made = renderer.render(numbered(job, number, name))
        assert made.pages == PAGES and made.sha256 not in seen
        seen.add(made.sha256)
        return made.pdf

    try:
        serve(make, int(warm), Path(last))
    finally:
        renderer.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
