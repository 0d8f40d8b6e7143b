"""What in a sealed record may look like something else: words with letters of several alphabets (docs/adr/0086).

The seal is true and the words are what was sealed; the eye is deceived. So this is a warning beside the verdict, read from the
bytes that the seal covers, and never a reason to refuse them.
"""

from __future__ import annotations

from tillid.kernel.alphabets import BEYOND_LATIN, mixed_words
from tillid.signatures.names import consent
from tillid.signatures.xml import Element, parse

MIXED = (
    "Pas på: Mindst ét ord i posten er skrevet med bogstaver fra flere alfabeter, for eksempel et russisk a midt i et dansk ord. "
    "Det kan ligne et andet ord, end det er. Det gælder {places}."
)
# The element that holds a text, or the one around its name or title → what a person calls it.
_PLACES = {
    "Holder": "navnet på den, der svarede",
    "Child": "barnets navn",
    "Controller": "navnet på den dataansvarlige",
    "From": "navnet på det sted, oplysningerne kommer fra",
    "To": "navnet på det sted, oplysningerne går til",
    "Purpose": "formålet",
    "Basis": "hjemlen",
    "Document": "dokumentets titel",
    "Meeting": "mødets titel",
    "Item": "en del, der svares på",
    "Participant": "en deltager",
    "Attester": "navnet på den, der har bekræftet",
    "Receiver": "navnet på den, der har kvitteret",
    "ShownText": "teksten, der blev vist",
}
_OTHER = "et andet sted i posten"
_NAMED_BY_WHAT_IS_AROUND = frozenset({"Name", "Title", "Role", "Organisation"})


def warnings_in(signed: bytes | None) -> tuple[str, ...]:
    """What to tell of the bytes that a seal covers; nothing of none. Never the words themselves: they may be somebody's name."""
    if signed is None or not BEYOND_LATIN.search(signed.decode("utf-8")):
        return ()
    places = dict.fromkeys(
        _place(node)
        for node in parse(signed).iter(consent("*"))
        if not len(node) and mixed_words(node.text or "")  # only elements without children have text
    )
    return (MIXED.format(places=_listed(list(places))),) if places else ()


def _place(node: Element) -> str:
    tag = node.tag.rpartition("}")[2]
    around = node.getparent()
    if tag in _NAMED_BY_WHAT_IS_AROUND and around is not None:
        tag = around.tag.rpartition("}")[2]
    return _PLACES.get(tag, _OTHER)


def _listed(places: list[str]) -> str:
    return " og ".join([", ".join(places[:-1]), places[-1]]) if len(places) > 1 else places[0]
