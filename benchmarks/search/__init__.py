"""The search measured: a corpus of any size, judged questions, and how fast each back end answers (ADR 0050)."""
