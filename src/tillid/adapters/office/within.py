"""Runs WITHIN LibreOffice, loaded by its own Python (python3-uno): one document after another, each a single call from ``inside.py``.

From beside, each of the hundreds of questions a document takes crosses a pipe and changes thread twice. Here all of it is done on
LibreOffice's main thread, which otherwise wakes whenever another thread works for it (ADR 0036). Imports nothing of Tillid.
"""

import threading

import uno
import unohelper
from com.sun.star.awt import XCallback
from com.sun.star.beans import NamedValue, PropertyValue
from com.sun.star.frame import FrameSearchFlag
from com.sun.star.task import XJob

NAME = "dk.tillid.Documents"

LOAD = {
    "Hidden": True,
    "ReadOnly": True,
    "FilterName": "MS Word 2007 XML",
    "MacroExecutionMode": 0,  # never run macros
    "UpdateDocMode": 0,  # never update links
}

EXPORT = {
    "SelectPdfVersion": 3,  # PDF/A-3
    "PDFUACompliance": True,
    "UseTaggedPDF": True,
    "ExportBookmarks": True,
    "DisplayPDFDocumentTitle": True,
    "ExportFormFields": False,
    "ExportNotes": False,
    "UseLosslessCompression": True,  # a logo as it is
    "ReduceImageResolution": True,
    "MaxImageResolution": 300,
}


class Refused(Exception):
    """A document that is not made: ``reason`` as ``inside.answer`` tells it, and a detail without its contents."""

    def __init__(self, reason, detail):
        super().__init__(detail)
        self.reason = reason


def properties(values):
    return tuple(PropertyValue(Name=name, Value=value) for name, value in values.items())


class Documents(unohelper.Base, XJob, XCallback):
    """One window that every document is opened in, and nothing of it stays there."""

    def __init__(self, context):
        services = context.ServiceManager
        desktop = services.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        self.frame = desktop.findFrame("_blank", FrameSearchFlag.CREATE)
        self.frame.LayoutManager = None  # menus and toolbars for each document were a tenth of its time
        self.main_thread = services.createInstanceWithContext("com.sun.star.awt.AsyncCallback", context)
        self.load = properties(LOAD)
        data = uno.Any("[]com.sun.star.beans.PropertyValue", properties(EXPORT))
        self.export = properties({"FilterName": "writer_pdf_Export", "FilterData": data})
        self.made = threading.Event()
        self.order, self.answer = {}, ()

    def execute(self, arguments):
        """XJob. ``source``, ``target``: URLs of a docx and its PDF; ``pages``: at most so many. Answers with ``pages``, or with ``reason``
        and ``detail``."""
        self.order = {argument.Name: argument.Value for argument in arguments}
        self.made.clear()
        self.main_thread.addCallback(self, None)
        self.made.wait()
        return self.answer

    def notify(self, _nothing):
        """XCallback, on the main thread."""
        try:
            found = {"pages": self.convert(**self.order)}
        except Refused as problem:
            found = {"reason": problem.reason, "detail": str(problem)}
        except Exception as problem:  # whatever UNO raises; the type alone, for the text may hold contents
            found = {"reason": "refused", "detail": type(problem).__name__}
        self.answer = tuple(NamedValue(Name=name, Value=value) for name, value in found.items())
        self.made.set()

    def convert(self, source, target, pages):
        """The number of pages of the PDF made at ``target``; a document of more than ``pages`` is refused before export."""
        document = self.frame.loadComponentFromURL(source, "_self", 0, self.load)
        if document is None:
            raise Refused("refused", "soffice cannot read the document")
        try:
            # The view knows. getRendererCount is quicker and, in one document of twenty, wrong: the layout is not always done.
            found = document.getCurrentController().PageCount
            if found > pages:
                raise Refused("limit", "%d pages" % found)
            document.storeToURL(target, self.export)
            return found
        finally:
            self.frame.setComponent(None, None)  # else the window would be closed with the document
            document.close(True)


g_ImplementationHelper = unohelper.ImplementationHelper()  # the name that LibreOffice's loader looks for
g_ImplementationHelper.addImplementation(Documents, NAME, ("com.sun.star.task.Job",))
