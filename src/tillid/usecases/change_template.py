"""An administrator looks at the templates, sends in a changed one, or proposes one that was in use before (ADR 0033).

A file in which the linter finds errors is not kept: only what was found is. Nothing is in use before a second person says so
(``review_template``). Nothing here is about anybody.
"""

from __future__ import annotations

import msgspec

from tillid.documents.templates import DOCX, Finding, Proposal, Publication, Trial, known_fields
from tillid.forms.definition import FormDefinition
from tillid.kernel.canonical import sha256
from tillid.kernel.errors import NotFound, TillidError
from tillid.kernel.ids import new_id
from tillid.process.access import Identity
from tillid.usecases.design_data import record
from tillid.usecases.ports import House, OutboxEntry, outbox_key
from tillid.usecases.running_state import require_administrator
from tillid.usecases.template_in_use import bytes_of, digest_in_use, own_bytes, own_template, program_version

MOST_BYTES = 10_000_000
STEP = "try_template"


class NoFile(TillidError):
    code = "template.no-file"
    text = "Vælg den fil, du vil sende ind. Det skal være et Word-dokument (.docx)."


class TooLarge(TillidError):
    code = "template.too-large"
    text = "Filen fylder mere end {megabytes} MB. Gør billederne mindre, eller fjern dem, skabelonen ikke bruger."


class NoDocument(TillidError):
    code = "template.no-docx"
    text = "Filen er ikke et Word-dokument (.docx), eller den har en adgangskode. Åbn den i Word eller LibreOffice, og gem den som .docx uden adgangskode."


class SameAsInUse(TillidError):
    code = "template.same"
    text = "Det er den skabelon, der bruges nu. Der er ikke noget at ændre."


class FormTemplate(msgspec.Struct, frozen=True, kw_only=True):
    """The template of a form version. ``own``: the municipality's, ``None`` = the program's; ``digest``: what copies name;
    ``made_for``: the version it was made for, 0 = there is none."""

    definition: FormDefinition
    own: Publication | None
    made_for: int
    digest: str
    waiting: tuple[Proposal, ...] = ()


class TemplatePage(msgspec.Struct, frozen=True, kw_only=True):
    """All about the template of one form version. ``earlier``: what was in use, newest first, without the present one."""

    now: FormTemplate
    proposals: tuple[Proposal, ...]
    earlier: tuple[Publication, ...]


class OpenedProposal(msgspec.Struct, frozen=True, kw_only=True):
    """``working``: the samples are being made; ``stuck``: that was given up; ``outdated``: another template was taken into
    use, or the look changed, since they were made; ``own``: who asks sent it in."""

    proposal: Proposal
    definition: FormDefinition
    working: bool
    stuck: bool
    outdated: bool
    own: bool


def templates_overview(house: House, who: Identity) -> tuple[FormTemplate, ...]:
    """Every form version with its template; ``NotFound`` for who is no administrator."""
    require_administrator(who)
    every = sorted(house.definitions.all(), key=lambda one: (one.title, -one.version))
    return tuple(_template_of(house, one) for one in every)


def open_template(house: House, who: Identity, form: str, version: int) -> TemplatePage:
    """The template of a form version with its history. Raises ``NotFound``."""
    require_administrator(who)
    now = _template_of(house, _definition(house, form, version))
    published = [one for one in house.templates.published(form) if one.version == version]
    return TemplatePage(
        now=now, proposals=tuple(house.templates.of(form, version)), earlier=tuple(reversed(published[:-1]))
    )


def present_file(house: House, who: Identity, form: str, version: int) -> bytes:
    """The docx that copies of that form version are made with now. Raises ``NotFound``."""
    require_administrator(who)
    _definition(house, form, version)
    return own_bytes(house, form, version) or _program_file(house, form, version)


def proposal_file(house: House, who: Identity, proposal_id: str, digest: str) -> tuple[bytes, str]:
    """A file of the proposal with its media type: the template itself, a sample or a picture. Raises ``NotFound``."""
    proposal = require_proposal(house, who, proposal_id)
    kind = DOCX if digest == proposal.sha256 and proposal.state != "faulty" else proposal.files.get(digest)
    if not digest or kind is None:
        raise NotFound("no file of this proposal")
    return bytes_of(house, digest), kind


def upload_template(house: House, who: Identity, form: str, version: int, file_name: str, data: bytes) -> Proposal:
    """The file as a proposal, linted; without errors its bytes are kept and the samples are made with it.

    Raises ``NotFound``, ``NoFile``, ``TooLarge``, ``NoDocument``, ``SameAsInUse``, and what the virus scanner says."""
    require_administrator(who)
    definition = _definition(house, form, version)
    if not data:
        raise NoFile("upload")
    if len(data) > MOST_BYTES:
        raise TooLarge("upload", megabytes=MOST_BYTES // 1_000_000)
    if not data.startswith(b"PK\x03\x04"):
        raise NoDocument("upload")
    house.uploads.look_through(data)
    found = findings(house, definition, data)
    if any(one.rule == "no-docx" for one in found):
        raise NoDocument("upload")
    digest = sha256(data)
    if digest == _digest_now(house, form, version):
        raise SameAsInUse("upload")
    proposal = _begun(house, who, definition, digest, file_name, len(data), found)
    record(house, who, "upload_template", proposal.id)
    if has_errors(found):
        house.templates.put(faulty_one := msgspec.structs.replace(proposal, state="faulty"))
        return faulty_one
    house.blobs.put(data, DOCX)
    return started(house, proposal)


def propose_earlier(house: House, who: Identity, form: str, version: int, number: int) -> Proposal:
    """What was in use as ``number`` before, or the program's own (0), as a proposal: taken back the same way as it came.
    Raises ``NotFound`` and ``SameAsInUse``."""
    require_administrator(who)
    definition = _definition(house, form, version)
    published = {one.number: one for one in house.templates.published(form) if one.version == version}
    if number and number not in published:
        raise NotFound("no such template")
    earlier = published.get(number)
    digest = earlier.sha256 if earlier else ""
    now = own_template(house, form, version)
    if digest == (now.sha256 if now else ""):
        raise SameAsInUse("again")
    data = bytes_of(house, digest) or _program_file(house, form, version)
    found = findings(house, definition, data)
    name = earlier.file_name if earlier else ""
    proposal = _begun(house, who, definition, digest, name, len(data), found, again=True)
    record(house, who, "propose_template", proposal.id)
    return started(house, proposal)


def open_proposal(house: House, who: Identity, proposal_id: str) -> OpenedProposal:
    """The proposal as it stands, and how far its samples are. Raises ``NotFound``."""
    proposal = require_proposal(house, who, proposal_id)
    entry = trial_entry(house, proposal)
    return OpenedProposal(
        proposal=proposal,
        definition=_definition(house, proposal.form, proposal.version),
        working=entry is not None and not entry.dead,
        stuck=entry is not None and entry.dead,
        outdated=proposal.state in ("draft", "in_review") and is_outdated(house, proposal),
        own=who.person_id == proposal.author,
    )


def require_proposal(house: House, who: Identity, proposal_id: str) -> Proposal:
    """The proposal, for an administrator; else ``NotFound``."""
    require_administrator(who)
    found = house.templates.get(proposal_id)
    if found is None:
        raise NotFound("no such proposal")
    return found


def is_outdated(house: House, proposal: Proposal) -> bool:
    """Whether the samples were compared with another template than the one in use now, or made with another look."""
    trial = proposal.trial
    if not trial.finished:
        return False
    own = bytes_of(house, proposal.sha256)
    digests = (digest_in_use(house, proposal.form, proposal.version),
               house.renderer.template_digest(proposal.form, proposal.version, own))  # fmt: skip
    return (trial.against, trial.digest) != digests


def started(house: House, proposal: Proposal) -> Proposal:
    """The proposal with its next trial begun, stored."""
    trial = Trial(number=proposal.trial.number + 1)
    changed = msgspec.structs.replace(proposal, trial=trial, changed_at=house.moment)
    house.templates.put(changed)
    house.outbox.add(STEP, _trial_ids(changed), house.moment)
    return changed


def trial_entry(house: House, proposal: Proposal) -> OutboxEntry | None:
    """The outbox entry that makes the samples of the present trial; ``None`` when it is done."""
    return house.outbox.get(outbox_key(STEP, _trial_ids(proposal)))


def _trial_ids(proposal: Proposal) -> dict[str, str]:
    return {"proposal": proposal.id, "trial": str(proposal.trial.number)}


def findings(house: House, definition: FormDefinition, docx: bytes) -> tuple[Finding, ...]:
    """What the linter says of ``docx`` for that form version; fields of the form's other versions are known by name."""
    fields, elsewhere = known_fields(definition, house.definitions.all())
    return house.renderer.tools.lint(docx, fields=fields, elsewhere=elsewhere, form=definition.name)


def has_errors(found: tuple[Finding, ...]) -> bool:
    """Whether any of them stops the template."""
    return any(one.level == "error" for one in found)


def _begun(house: House, who: Identity, definition: FormDefinition, digest: str, file_name: str, size: int,
           found: tuple[Finding, ...], *, again: bool = False) -> Proposal:  # fmt: skip
    return Proposal(
        id=new_id(), form=definition.id, version=definition.version, sha256=digest, file_name=file_name, size=size,
        author=who.person_id, at=house.moment, changed_at=house.moment, state="draft", findings=found, again=again,
    )  # fmt: skip


def _template_of(house: House, definition: FormDefinition) -> FormTemplate:
    form, version = definition.id, definition.version
    own = own_template(house, form, version)
    waiting = tuple(one for one in house.templates.of(form, version) if one.state in ("draft", "in_review"))
    return FormTemplate(
        definition=definition,
        own=own,
        made_for=own.version if own else program_version(house, form, version),
        digest=digest_in_use(house, form, version),
        waiting=waiting,
    )


def _digest_now(house: House, form: str, version: int) -> str:
    """SHA-256 of the docx in use."""
    own = own_template(house, form, version)
    return own.sha256 if own else sha256(_program_file(house, form, version))


def _program_file(house: House, form: str, version: int) -> bytes:
    try:
        return house.renderer.template_file(form, version)[1]
    except TillidError:
        raise NotFound("no template") from None


def _definition(house: House, form: str, version: int) -> FormDefinition:
    try:
        return house.definitions.get(form, version)
    except TillidError:
        raise NotFound("no such form version") from None
