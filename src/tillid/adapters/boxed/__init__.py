"""Files from outside are opened in a process of their own that has limited its memory and processor time, so that a bomb or
a crash in a parser costs that file and nothing else.

``outside`` starts the process and reads its answer, ``inside`` is what every such process does with itself and its pipes,
``pdf_objects`` goes through a PDF there, ``pdf_pages`` draws its pages (it stands here, where nothing else is imported:
loading the other readers of PDFs takes longer than drawing). What may be in a file is told by who opens it (``uploads``,
``pdf``, ``docx.lint``).
"""
