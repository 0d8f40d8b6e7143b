"""What a walk through the pages leaves: every request, every answer and every line of the logs."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import webtest
from lxml import html


@dataclass(frozen=True)
class Seen:
    """One request and its answer."""

    stage: str
    who: str
    method: str
    url: str
    answer: Any

    @property
    def html(self) -> bool:
        return self.answer.content_type == "text/html"

    @property
    def page(self) -> Any:
        """The page's root, by lxml itself: there are hundreds of pages, and each is looked through many times."""
        return html.document_fromstring(self.answer.body)


@dataclass
class Walk:
    """Everything that was asked and said."""

    pages: list[Seen] = field(default_factory=list)
    records: list[logging.LogRecord] = field(default_factory=list)
    audit: list[Any] = field(default_factory=list)
    stage: str = ""
    who: str = ""

    def log_text(self) -> str:
        """All log lines with their traces."""
        lines = logging.Formatter("%(levelname)s %(name)s %(message)s")
        return "\n".join(lines.format(record) for record in self.records)


@contextmanager
def listening(walk: Walk) -> Iterator[None]:
    """Keep every request of every browser and every log record of the process, down to DEBUG."""
    asking = webtest.TestApp.do_request

    def noted(app, req, status=None, expect_errors=None):
        answer = asking(app, req, status=status, expect_errors=expect_errors)
        walk.pages.append(Seen(walk.stage, walk.who, req.method, req.path_qs, answer))
        return answer

    handler = logging.Handler(logging.DEBUG)
    handler.emit = walk.records.append
    root, own = logging.getLogger(), logging.getLogger("tillid")
    levels = root.level, own.level
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(webtest.TestApp, "do_request", noted)
        root.addHandler(handler)
        root.setLevel(logging.DEBUG)
        own.setLevel(logging.DEBUG)
        try:
            yield
        finally:
            root.removeHandler(handler)
            root.setLevel(levels[0])
            own.setLevel(levels[1])
