"""The words of the intake's part of a case of insight (ADR 0068)."""

from __future__ import annotations

from tillid.web import insight_words as said
from tillid.web.i18n import _

KIND = {"version": _("Underretning"), "file": _("Bilag til en underretning")}
HELD = said.HELD | {
    "notification": _("Er en underretning. Den gives kun, hvis I vælger det"),
    "not_told": _("Underretter har skrevet, at forældrene ikke må få besked endnu"),
    "uncertain": _("Er fundet på et navn eller en forælder. Se efter, om den handler om dette barn"),
    "notifier": _("Fortæller, hvem der har underrettet"),
}
STATE = {
    "open": _("I har ikke ledt endnu"),
    "collected": _("Venter på jeres svar"),
    "reviewed": _("I har svaret"),
}
STATE_KIND = {"open": "warning", "collected": "warning", "reviewed": "success"}
STEP = {
    "insight_collected": _("Der blev ledt efter underretninger"),
    "insight_decided": _("Der blev taget stilling til noget"),
    "insight_reviewed": _("I svarede"),
    "insight_reopened": _("Svaret blev taget tilbage"),
}
