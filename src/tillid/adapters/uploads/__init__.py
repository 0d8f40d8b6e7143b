"""Files from outside: told by their contents, opened in a process of their own, stored clean.

``intake`` is the way in: ``virus`` asks the scanner, ``box`` opens the process in which ``inside`` runs, ``images`` and
``pdfs`` look at one kind each.
"""
