"""The values a consent is made of: the request, its items, the very words shown, the login behind a click.

Sources: R-10 (what a record names), R-11 (items point at version, section and digest), design 12 (what a consent covers).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import msgspec

ItemKind = Literal["section", "sensitive", "attachment"]


class Organisation(msgspec.Struct, frozen=True, kw_only=True):
    """A unit, municipality or private institution. ``id``: UUID in our register; ``cvr``: eight digits or empty."""

    id: str
    name: str
    cvr: str = ""
    phone: str = ""


class ConsentItem(msgspec.Struct, frozen=True, kw_only=True):
    """One row that a holder says yes or no to.

    ``id``: ``section:<id>``, ``field:<id>`` or ``attachment:<sha256>``; ``digest``: SHA-256 of the RFC 8785 JSON of
    ``{field id: value}`` (for attachments: of the bytes). A yes to a section never carries its sensitive fields (R-14).
    """

    id: str
    kind: ItemKind
    title: str
    section_id: str
    field_ids: tuple[str, ...]
    sensitive: bool
    digest: str


class ConsentText(msgspec.Struct, frozen=True, kw_only=True):
    """The exact words shown, with the text's id, version and language (R-10)."""

    id: str
    version: int
    language: str
    body: str


class Purpose(msgspec.Struct, frozen=True, kw_only=True):
    """Exactly one purpose per request. ``text`` is written so that a parent understands it."""

    code: str
    text: str


class Basis(msgspec.Struct, frozen=True, kw_only=True):
    """Exactly one legal basis per share (R-01). ``code``: of the code list ``hjemmel``; ``provision``: shown to people."""

    code: str
    provision: str


class DocumentRef(msgspec.Struct, frozen=True, kw_only=True):
    """The frozen version a consent is about; all digests are lower-case hexadecimal SHA-256."""

    document_id: str
    version: int
    title: str
    form_id: str
    form_version: int
    definition_digest: str
    template_digest: str
    answers_digest: str
    pdf_sha256: str
    pdf_size: int


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """What is shared, whatever it rests on: one receiver, one purpose, one basis, one document version (R-01).

    ``valid_to``: last day, "til og med" (design 13).
    """

    id: str
    child_id: str
    child_name: str
    document: DocumentRef
    controller: Organisation
    from_unit: Organisation
    to_unit: Organisation
    purpose: Purpose
    basis: Basis
    items: tuple[ConsentItem, ...]
    valid_to: date


class ConsentRequest(Share, frozen=True, kw_only=True):
    """One question to all custody holders of a child, or to the child itself when it decides (``of_age.py``).

    ``series``: holder id (the child's own, when it is asked) → id of that holder's own series of events, so that no holder's record tells anything of
    the other's (design 24). ``texts``: the words per language, filled but for the holder's own ``{navn}``. ``renews``: the earlier
    question whose consent had ended when this was put (``renewal.py``), empty for none.
    """

    oral_asked: bool
    texts: tuple[ConsentText, ...]
    required_holders: tuple[str, ...]
    series: dict[str, str]
    created_at: datetime
    created_by: str
    renews: str = ""

    def item(self, item_id: str) -> ConsentItem | None:
        """The item with that id, or ``None``."""
        return next((item for item in self.items if item.id == item_id), None)


class LoginEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """What proves who pressed: kept outside the record, bound by digest. Never a CPR number (R-102)."""

    issuer: str
    subject: str
    provider: str
    loa: str
    auth_time: datetime
    evidence_sha256: str


class PaperEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """What proves an answer on paper: the scanned sheet by its digest, the day on it, and the two employees of whom one
    entered it and the other compared both (R-106)."""

    scan_sha256: str
    signed_on: date
    entered_by: str
    confirmed_by: str


class Renewed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The consent that a yes renews: its question's id, and the giver's own yes to it with its digest; both empty where somebody
    else answered (a holder who is new, the child itself since its fifteenth birthday)."""

    request_id: str
    event: str = ""
    digest: str = ""


class Given(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Payload of ``consent_given`` and ``consent_refused``. ``answers``: item id → yes or no, every item answered;
    exactly one of ``login`` and ``paper`` says how it was given. ``renews``: of a yes alone, what it renews."""

    holder_id: str
    holder_name: str
    answers: dict[str, bool]
    oral: bool
    text: ConsentText
    login: LoginEvidence | None = None
    paper: PaperEvidence | None = None
    renews: Renewed | None = None


class Withdrawn(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of ``consent_withdrawn``.

    ``items``: empty = everything, else the ids withdrawn (R-32); ``given_event`` and ``given_digest``: what is
    withdrawn; ``login`` is ``None`` when an employee recorded a call (``recorded_by``).
    """

    holder_id: str
    holder_name: str
    items: tuple[str, ...]
    given_event: str
    given_digest: str
    text: ConsentText
    method: Literal["portal", "phone", "in_person"]
    login: LoginEvidence | None = None
    recorded_by: str | None = None
    remark: str = ""
