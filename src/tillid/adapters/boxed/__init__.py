"""Files from outside are opened in a process of their own, behind walls and with limits on its memory and processor time, so that
a bomb, a crash or a parser that was taken over costs that file and nothing else.

``walls`` writes the command line of a box, or of the next best where none can be made (``confine``); ``apart`` says what this
Python needs to see there; ``lasting`` starts what outlives a call. ``outside`` starts the process and reads its answer, ``inside``
is what every such process does with itself and its pipes, ``pdf_objects`` goes through a PDF there, ``pdf_pages`` draws its pages
(it stands here, where nothing else is imported: loading the other readers of PDFs takes longer than drawing). What may be in a file
is told by who opens it (``uploads``, ``pdf``, ``docx.lint``).
"""
