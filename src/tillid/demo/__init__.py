"""Solbjerg Kommune, an invented municipality: people, texts and example cases for the demo, the tests and benchmarks.

Everything here is data (``*.yaml``) and its typed reading. ``loading`` fills a ``People`` register, ``texts`` has
whole sets of answers, ``archive_cases`` makes any number of closed cases. Nobody in it exists; ``tests/unit/demo``
proves that no number can belong to a living person.
"""
