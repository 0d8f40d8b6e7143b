"""``DocumentRenderer``: a job becomes a checked PDF/A-3 (template → warm LibreOffice → finished, checked, read back)."""

from __future__ import annotations

import functools
import logging
import re
import threading
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from tillid.adapters.docx import CompiledTemplate, compile_template
from tillid.adapters.docx.context import context, metadata_title
from tillid.adapters.docx.look import Look, read_look
from tillid.adapters.office import OfficeBox
from tillid.adapters.pdf import Attachment, check, extract, finish
from tillid.adapters.pdf.conformance import conformance
from tillid.adapters.pdf.pictures import pictures
from tillid.adapters.template_tools import TemplateTools
from tillid.documents.rendering import RenderedDocument, RenderJob
from tillid.kernel.canonical import sha256
from tillid.kernel.errors import TillidError
from tillid.kernel.once import Once
from tillid.kernel.paths import DOCUMENT_TEMPLATES
from tillid.usecases.ports import AddedFile

log = logging.getLogger(__name__)
# What the file inside says, by the layout of its job.
SAID = {"": "Dokumentets svar som data", "aendringer": "Ændringerne som data", "kvittering": "Kvitteringen som data"}
OWN_KEPT = 32  # compiled templates of the municipality's own; those of the program are all kept

__all__ = ["DocumentRenderer", "RenderFailed", "context", "metadata_title"]


class RenderFailed(TillidError):
    """The document could not be made; trying again may help. Nothing was stored."""

    code = "documents.render-failed"
    text = "Dokumentet kunne ikke dannes lige nu. Intet er gået tabt. Prøv igen om lidt, eller kontakt jeres administrator."

    @property
    def why(self) -> str:
        """For the administrator: the parts, codes and rules that the detail names, never an answer."""
        return self.detail


class NoPicture(TillidError):
    """A page of a document of ours that could not be drawn. The text and the PDF are there all the same."""

    code = "documents.no-picture"
    text = "Siden kan ikke vises som billede lige nu. Læs teksten på skærmen, eller hent PDF-filen."


class DocumentRenderer:
    """Renders jobs with the templates in ``templates`` and their look; owns its ``OfficeBox`` unless one is given.
    Thread-safe. ``look``: instead of the one in ``templates/look.yaml``."""

    def __init__(
        self, templates: Path = DOCUMENT_TEMPLATES, office: OfficeBox | None = None, look: Look | None = None
    ) -> None:
        self._templates = templates
        self._look = look
        self._office = office or OfficeBox()
        self._compiled = functools.cache(self._compile)
        self._own = functools.lru_cache(maxsize=OWN_KEPT)(self._compile_own)
        self.tools = TemplateTools()
        # By the file's digest: whether somebody may see it is asked before, every time.
        self._pictures: Once[list[bytes]] = Once(64, weight=lambda made: sum(map(len, made)), most=32 << 20)
        self._drawing = threading.Lock()

    def render(self, job: RenderJob) -> RenderedDocument:
        """The finished PDF of ``job``; the same job and template give the same bytes. Raises ``RenderFailed``."""
        try:
            template = self._of(job)
            raw, pages = self._office.convert(template.render(context(job)))
            pdf = finish(
                raw,
                attachments=[Attachment(name=job.data_name, data=job.data, description=SAID[job.layout])],
                title=metadata_title(job),
                language=job.language,
                moment=job.moment,
                document_id=f"{job.document_id}|{job.reader}|{sha256(job.data)}",
            )
            problems = self._problems(pdf, job)
        except TillidError as problem:
            raise RenderFailed(f"{problem.code}: {problem.detail}") from problem
        except OSError as problem:  # no memory for qpdf's copy, no process for LibreOffice
            raise RenderFailed(f"{type(problem).__name__} {problem.errno}") from problem
        if problems:
            raise RenderFailed("; ".join(problems))
        return RenderedDocument(pdf=pdf, sha256=sha256(pdf), pages=pages, template_digest=template.digest)

    def append(self, pdf: bytes, files: Sequence[AddedFile], moment: datetime) -> bytes:
        """``pdf`` with ``files`` as one more revision, read again by three readers and judged by the validator. Raises ``PdfRefused``."""
        from tillid.adapters.pdf.revisions import append  # pyHanko takes its time, and most processes never append

        return append(pdf, [Attachment(**msgspec.structs.asdict(file)) for file in files], moment=moment)

    def pictures(self, pdf: bytes, pages: Sequence[int]) -> list[bytes]:
        """Those pages (from 1) as PNG, drawn in a process of its own, one document at a time: a browser asks for all pages
        of one at once, and starting the process costs most. Raises ``NoPicture``."""

        def drawn() -> list[bytes]:
            try:
                return pictures(pdf, pages=pages)
            except TillidError as problem:
                raise NoPicture(f"{problem.code}: {problem.detail}") from problem

        with self._drawing:
            return self._pictures.get((sha256(pdf), tuple(pages)), drawn)

    def template_digest(self, form_id: str, version: int, own: bytes = b"") -> str:
        """Digest of the template and look a form version is rendered with, or ``own`` would be; raises ``TillidError`` if
        there is none, or it cannot be compiled."""
        return self._template(form_id, version, own).digest

    def template_file(self, form_id: str, version: int) -> tuple[int, bytes]:
        """The program's own template for a form version: the version it was made for, and its docx. Raises ``RenderFailed``."""
        number, path = self._file(form_id, version)
        return number, path.read_bytes()

    @property
    def isolation(self) -> str:
        """``bwrap``, ``landlock`` or ``none``: how LibreOffice is kept apart on this machine."""
        return self._office.isolation

    def close(self) -> None:
        """End LibreOffice."""
        self._office.close()

    def _problems(self, pdf: bytes, job: RenderJob) -> list[str]:
        """Why ``pdf`` may not be stored; empty for nearly all."""
        found = [*check(pdf), *conformance(pdf)]
        if [(file.name, file.data) for file in extract(pdf)] != [(job.data_name, job.data)]:
            found.append("the embedded data do not read back")
        return found

    def _of(self, job: RenderJob) -> CompiledTemplate:
        return self._compiled(job.layout, 1) if job.layout else self._template(job.form_id, job.version, job.template)

    def _template(self, form_id: str, version: int, own: bytes) -> CompiledTemplate:
        return self._own(own) if own else self._compiled(form_id, version)

    def _file(self, form_id: str, version: int) -> tuple[int, Path]:
        """The form's newest template that is not newer than ``version``: a template prints whatever sections and fields it
        is given, so a version made in the designer (ADR 0024) needs none of its own. The copy keeps its digest."""
        if not re.fullmatch(r"[a-z_]+", form_id):
            raise RenderFailed(f"no template for {form_id} v{version}")
        found = ((int(path.stem[1:]), path) for path in (self._templates / form_id).glob("v*.docx"))
        usable = [(number, path) for number, path in found if number <= version]
        if not usable:
            raise RenderFailed(f"no template for {form_id} v{version}")
        return max(usable)

    def _compile(self, form_id: str, version: int) -> CompiledTemplate:
        return self._compile_own(self.template_file(form_id, version)[1])

    def _compile_own(self, docx: bytes) -> CompiledTemplate:
        if self._look is None:
            self._look = read_look(self._templates)
        return compile_template(docx, self._look)
