"""``Judge``: axe-core asked of each page what it has not been asked before in this run.

Each rule is a function of something, and where that was found right once it is right again:

- most rules, of the elements with what they say of themselves and of which of them are shown, whatever the width;
- ``LAID_OUT``, of where the elements lie as well: asked of each page at each width;
- contrast, of the colours, the sizes and what lies behind them: asked where a page has a pairing that no page had before;
- the lock of the orientation, of the style sheets alone: asked where they are others.

``TILLID_TESTS=all`` (``make test-thorough``) asks all of it of every page at each width.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.support.effort import EVERYTHING

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CONTRAST = "color-contrast"
LAID_OUT = ["target-size", "scrollable-region-focusable", "link-in-text-block"]
# ``skeleton``: the elements with what they say of themselves (their names for those who hear them and the places on the page
# they lead to too), and not the words in them. ``shown``: which of them can be seen. ``pairings``: for each element with words
# of its own, its colour and size and all that lies behind it, out to the page; and what is placed over other things.
MARKS = r"""() => {
  const behind = new Map([[null, '']]), pairings = new Set(), shown = [];
  const each = (one, style) => {
    const own = [style.backgroundColor, style.backgroundImage === 'none' ? '' : style.backgroundImage.slice(0, 80),
      style.opacity, style.position, style.clip, style.filter, style.mixBlendMode, style.transform === 'none'].join(' ');
    const whole = behind.get(one.parentElement) ?? '';
    behind.set(one, whole.endsWith('\n' + own) ? whole : whole + '\n' + own);
    if (!one.checkVisibility({visibilityProperty: true})) return false;
    const off = one.matches(':disabled, [aria-disabled=true] *, [aria-disabled=true]') || one.control?.disabled;
    const words = [...one.childNodes].some(part => part.nodeType === 3 && part.data.trim());
    if (words || one.matches('input, select, textarea'))
      pairings.add([behind.get(one), style.color, style.fontSize, style.fontWeight, style.textShadow, off].join('|'));
    if (style.position !== 'static' && style.position !== 'relative')
      pairings.add([behind.get(one), one.tagName, one.getAttribute('class')].join('|'));
    return true;
  };
  for (const one of document.querySelectorAll('*')) shown.push(each(one, getComputedStyle(one)) ? 1 : 0);
  return {
    skeleton: document.documentElement.outerHTML
      .replace(/<(script|style)[^]*?<\/\1>/g, '').replace(/>[^<]*[^<\s][^<]*</g, '>x<')
      .replace(/ (value|href|content|action|data-[a-z-]+)="[^"#][^"]*"/g, ' $1="x"')
      .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22,27}/g, 'x'),
    shown: shown.join(''),
    pairings: [...pairings],
    sheets: [...document.styleSheets].map(one => one.href ?? one.ownerNode.textContent).join('\n'),
  };
}"""


class Judge:
    """Remembers what axe has found right in this run."""

    def __init__(self) -> None:
        self._right: set[tuple[str, ...]] = set()
        self._everything = EVERYTHING

    def judge(self, page: Page, width: str) -> list[str]:
        """What axe finds wrong on the page as it stands at ``width``, one line per rule and place."""
        if self._everything:
            return _axe(page, {"runOnly": {"type": "tag", "values": TAGS}})
        marks = page.evaluate(MARKS)
        skeleton = _digest(marks["skeleton"])
        said, sheets = ("said", skeleton, _digest(marks["shown"])), ("sheets", _digest(marks["sheets"]))
        laid_out = ("laid out", width, skeleton)
        pairings = {("pairing", _digest(one)) for one in marks["pairings"]}
        new = {said, laid_out, sheets, *pairings} - self._right
        if not new:
            return []
        found = _axe(page, _asked(new, said, sheets, laid_out))
        if not found:
            self._right |= new
        return found


def _asked(new: set[Any], said: Any, sheets: Any, laid_out: Any) -> dict[str, Any]:
    """The options of ``axe.run`` that ask for what is ``new``."""
    contrast = any(one[0] == "pairing" for one in new)
    fetched = {"preload": sheets in new}  # only the lock of the orientation reads style sheets
    if said in new or sheets in new:
        tags = {"type": "tag", "values": TAGS}
        return {"runOnly": tags, "rules": {CONTRAST: {"enabled": contrast}}, **fetched}
    rules = [*(LAID_OUT if laid_out in new else ()), *([CONTRAST] if contrast else ())]
    return {"runOnly": {"type": "rule", "values": rules}, **fetched}


def _axe(page: Page, options: dict[str, Any]) -> list[str]:
    if not page.evaluate("() => Boolean(window.axe)"):  # half a megabyte, once a page and not once a width
        page.evaluate(_source())
    options = {**options, "resultTypes": ["violations"], "iframes": False, "reporter": "no-passes"}
    result = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"axe {rule['id']}: {rule['help']}: {node['target']} {node['html'][:160]}"
        for rule in result["violations"]
        for node in rule["nodes"][:4]
    ]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _source() -> str:
    return (Path(__file__).parent / "vendor" / "axe.min.js").read_text("utf-8")
