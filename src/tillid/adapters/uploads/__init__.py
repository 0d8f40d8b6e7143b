"""Files from outside: told by their contents, opened in a process of their own, stored clean.

``box`` is the way in; ``inside`` runs in the process, ``images`` and ``pdfs`` look at one kind each.
"""
