"""Danish for the archive's search: one source of rules for every back end (ADR 0050).

Pure functions of words and the lists in ``rules/``. A back end stores the terms that ``index_terms`` gives, parted at the
spaces, and asks for those of ``clauses_of``; none has an analysis of its own, so all find the same.
"""

from tillid.archive.analysis.asking import Clause, clauses_of
from tillid.archive.analysis.excerpt import excerpt
from tillid.archive.analysis.matching import meets
from tillid.archive.analysis.suggesting import Vocabulary, completions, did_you_mean, own_texts, vocabulary_of
from tillid.archive.analysis.synonyms import SETTING
from tillid.archive.analysis.terms import MARK
from tillid.archive.analysis.words import Terms, Word, analyse, index_terms

__all__ = [
    "MARK",
    "SETTING",
    "Clause",
    "Terms",
    "Vocabulary",
    "Word",
    "analyse",
    "clauses_of",
    "completions",
    "did_you_mean",
    "excerpt",
    "index_terms",
    "meets",
    "own_texts",
    "vocabulary_of",
]
