"""The base of every error that a person may meet.

An error carries a stable code, a Danish text that says what is wrong and what to do, and detail for the log.
Neither text nor detail may hold personal data: name fields, ids and counts, never contents.
"""

from __future__ import annotations


class Words(str):
    """A value for a placeholder that is a text of the catalogue itself, and is translated with the text around it."""

    __slots__ = ()


class TillidError(Exception):
    """An expected failure with a message for people.

    ``code``: stable, dotted (``forms.unknown-field``); ``text``: Danish source text of the i18n catalogue, may hold
    ``{name}`` placeholders; ``params``: values for the placeholders (ids, counts, field labels, ``Words``; never personal data);
    ``detail``: English, for the log only.
    """

    code = "tillid.error"
    text = "Der skete en fejl. Prøv igen, eller kontakt jeres administrator."

    def __init__(self, detail: str = "", *, code: str | None = None, text: str | None = None, **params: object) -> None:
        self.code = code or type(self).code
        self.text = text or type(self).text
        self.params = params
        self.detail = detail
        super().__init__(f"{self.code}: {detail}" if detail else self.code)

    @property
    def message(self) -> str:
        """The Danish text with its placeholders filled."""
        return self.text.format(**self.params)


class NotFound(TillidError):
    """The uniform answer for missing, forbidden and refused alike (design 9, R-18)."""

    code = "access.not-found"
    text = "Siden findes ikke."


class Unavailable(TillidError):
    """A part the operation needs does not answer now; trying later may help."""

    code = "system.unavailable"
    text = "Systemet kan ikke klare det lige nu. Intet er gået tabt. Prøv igen om lidt."


class NoStore(TillidError):
    """``folder``: in which no Tillid was ever started."""

    code = "store.none"
    text = "Der er ingen database i {folder}. Angiv mappen med data med --var, eller start Tillid først."
