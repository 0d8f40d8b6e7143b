"""A proposed template is tried through the outbox: every sample made with it and with the one in use, page by page as pictures,
and each reader's copy searched for what is not that reader's (design 16). Kept piece by piece, so that a page can show how
far it is and a crash begins where it stopped. The people in samples are invented.
"""

from __future__ import annotations

from itertools import zip_longest

import msgspec

from tillid.documents.model import Reader
from tillid.documents.rendering import RenderJob
from tillid.documents.sample_marks import marked_answers
from tillid.documents.samples import STATES, Sample, State, job_of, readers_of, sample, sample_version
from tillid.documents.templates import PDF, PNG, PagePair, Proposal, Trial, TriedReader, TriedSample
from tillid.forms.definition import FormDefinition
from tillid.kernel.canonical import sha256
from tillid.kernel.errors import TillidError, Unavailable
from tillid.usecases.ports import House, OpenHouse, OutboxEntry, Renderer
from tillid.usecases.template_in_use import bytes_of, digest_in_use, own_bytes

Made = tuple[TriedSample | TriedReader, dict[str, tuple[bytes, str]]]


class _Work(msgspec.Struct, frozen=True, kw_only=True):
    """What a trial needs of the store. ``old`` and ``new``: the templates, empty = the program's."""

    proposal: Proposal
    definition: FormDefinition
    renderer: Renderer
    old: bytes
    new: bytes
    samples_of: int
    readers: tuple[Reader, ...]


def try_template(open_house: OpenHouse, entry: OutboxEntry) -> None:
    """The trial of the entry, from where it stands; nothing if another has begun or the proposal is decided."""
    proposal_id, number = entry.ids["proposal"], int(entry.ids["trial"])
    with open_house() as house:
        work = _begin(house, proposal_id, number)
    if work is None:
        return
    tried = {one.state for one in work.proposal.trial.samples}, {one.reader for one in work.proposal.trial.readers}
    for state in [one for one in STATES if one not in tried[0]]:
        _keep(open_house, work, _sample(work, state))
    for reader in [one for one in work.readers if one not in tried[1]]:
        _keep(open_house, work, (_reader(work, reader), {}))


def _begin(house: House, proposal_id: str, number: int) -> _Work | None:
    proposal = house.templates.get(proposal_id)
    if proposal is None or proposal.state != "draft" or proposal.trial.number != number:
        return None
    definition = house.definitions.get(proposal.form, proposal.version)
    samples_of = sample_version(proposal.form, proposal.version)
    old, new = own_bytes(house, proposal.form, proposal.version), bytes_of(house, proposal.sha256)
    readers = readers_of(definition)
    if not proposal.trial.total:
        trial = msgspec.structs.replace(
            proposal.trial,
            digest=house.renderer.template_digest(proposal.form, proposal.version, new),
            against=digest_in_use(house, proposal.form, proposal.version),
            samples_of=samples_of,
            total=len(STATES) + len(readers),
        )
        proposal = msgspec.structs.replace(proposal, trial=trial)
        house.templates.put(proposal)
    return _Work(proposal=proposal, definition=definition, renderer=house.renderer, old=old, new=new,
                 samples_of=samples_of, readers=readers)  # fmt: skip


def _sample(work: _Work, state: State) -> Made:
    """The sample with both templates, its pages beside each other."""
    given = _given(work, state)
    job = job_of(work.definition, given)
    made = TriedSample(state=state, reader=given.reader)
    try:
        new = work.renderer.render(msgspec.structs.replace(job, template=work.new)).pdf
        new_pages = work.renderer.tools.pictures(new)
    except Unavailable:
        raise  # later, not never: a part of ours is away
    except TillidError as error:
        return msgspec.structs.replace(made, problem=error.code, detail=error.detail[:300]), {}
    old = _old_pdf(work, job)
    old_pages = work.renderer.tools.pictures(old) if old else []
    files = {sha256(pdf): (pdf, PDF) for pdf in (old, new) if pdf}
    files |= {sha256(png): (png, PNG) for png in (*old_pages, *new_pages)}
    pairs = zip_longest(map(sha256, old_pages), map(sha256, new_pages), fillvalue="")
    pages = tuple(PagePair(old=before, new=after) for before, after in pairs)
    return msgspec.structs.replace(made, pages=pages, old_pdf=sha256(old) if old else "", new_pdf=sha256(new)), files


def _old_pdf(work: _Work, job: RenderJob) -> bytes:
    """With the template in use; empty when there is none."""
    try:
        return work.renderer.render(msgspec.structs.replace(job, template=work.old)).pdf
    except TillidError:
        return b""


def _reader(work: _Work, reader: Reader) -> TriedReader:
    """The fullest sample with a mark in each answer: which marks are found in this reader's copy, and which are printed."""
    given = _given(work, "full")
    answers, marks = marked_answers(work.definition, given.answers)
    job = job_of(work.definition, given, reader=reader, answers=answers)
    theirs = {name for name in marks if reader in work.definition.field(name).visible_to}
    try:
        pdf = work.renderer.render(msgspec.structs.replace(job, template=work.new)).pdf
        printed, inside = work.renderer.tools.texts(pdf)
    except Unavailable:
        raise
    except TillidError as error:
        return TriedReader(reader=reader, problem=error.code, detail=error.detail[:300])
    expected = {name for name in theirs if any(marks[name] in text for text in _words(job))}
    return TriedReader(
        reader=reader,
        leaked=tuple(sorted(name for name, mark in marks.items() if mark in inside and name not in theirs)),
        unprinted=tuple(sorted(name for name in expected if marks[name] not in printed)),
    )


def _words(job: RenderJob) -> list[str]:
    """All the words that the template was given to print."""
    return [
        text
        for section in job.sections
        for field in section.fields
        for text in (field.text, *field.items, *(cell for row in field.rows for cell in row))
    ]


def _given(work: _Work, state: State) -> Sample:
    """The sample of that state, with the answers that this version of the form asks for."""
    given = sample(work.proposal.form, work.samples_of, state)
    if work.samples_of == work.proposal.version:
        return given
    known = {field.id for field in work.definition.fields}
    return msgspec.structs.replace(given, answers={k: v for k, v in given.answers.items() if k in known})


def _keep(open_house: OpenHouse, work: _Work, made: Made) -> None:
    """One piece into the store, if the trial is still the one; the same piece twice is one."""
    tried, files = made
    with open_house() as house:
        proposal = house.templates.get(work.proposal.id)
        if proposal is None or proposal.state != "draft" or proposal.trial.number != work.proposal.trial.number:
            return
        for data, kind in files.values():
            house.blobs.put(data, kind)
        house.templates.put(msgspec.structs.replace(proposal, trial=_with(proposal.trial, tried)))


def _with(trial: Trial, tried: TriedSample | TriedReader) -> Trial:
    if isinstance(tried, TriedSample):
        others = tuple(one for one in trial.samples if one.state != tried.state)
        return msgspec.structs.replace(trial, samples=(*others, tried))
    kept = tuple(one for one in trial.readers if one.reader != tried.reader)
    return msgspec.structs.replace(trial, readers=(*kept, tried))
