"""``boxed_lint``: the linter for files that come from outside, in a process of its own behind walls that has limited its memory
and processor time. What the file is made of costs that file and nothing else."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from tillid.adapters.boxed.outside import NoAnswer, ask
from tillid.adapters.boxed.walls import FONTS
from tillid.adapters.docx.lint.finding import told
from tillid.documents.templates import Finding, said

HEAVY = said(
    "Filen er for tung at åbne. Gem den igen fra Word uden store billeder og uden det, skabelonen ikke bruger."
)


class LintLimits(msgspec.Struct, frozen=True, kw_only=True):
    """Bytes and seconds; ``cpu`` beyond what starting the process took."""

    memory: int = 512 << 20
    cpu: float = 2
    wall: int = 40


class _Order(LintLimits, frozen=True, kw_only=True):
    fields: dict[str, str]
    elsewhere: dict[str, str]
    form: str


def boxed_lint(
    docx: bytes,
    *,
    fields: Mapping[str, str],
    elsewhere: Mapping[str, str],
    form: str,
    limits: LintLimits | None = None,
) -> tuple[Finding, ...]:
    """What ``lint`` says of ``docx``; a file that ends the process is one finding (``too-large``). Raises ``NoProcess``."""
    limits = limits or LintLimits()
    order = _Order(
        **msgspec.structs.asdict(limits), fields=dict(fields), elsewhere=dict(elsewhere), form=form
    )  # fmt: skip
    try:
        head, _none = ask("tillid.adapters.docx.lint.inside", docx, order, seconds=limits.wall, read=FONTS)
        return msgspec.convert(head["findings"], tuple[Finding, ...])
    except NoAnswer:
        return (told("too-large", "error", HEAVY),)
