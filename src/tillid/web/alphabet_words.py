"""What the parts of a question are called where a word in them has letters of several alphabets."""

from __future__ import annotations

from tillid.web.i18n import _

# The values of ``consents.letters.PLACES``, once more, so that they are translated.
PARTS = (
    _("barnets navn"),
    _("dokumentets titel"),
    _("titlen"),
    _("navnet på den dataansvarlige"),
    _("navnet på det sted, der spørger"),
    _("navnet på det modtagende sted"),
    _("formålet"),
    _("en deltagers navn, rolle eller sted"),
    _("hjemlen"),
    _("en del, der spørges om"),
    _("teksten, der bliver vist"),
    _("spørgsmålet"),
)
