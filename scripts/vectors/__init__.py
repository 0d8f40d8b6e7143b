"""What ``scripts/make_vectors.py`` writes, one module per kind of threat; each has ``vectors() -> dict[str, Vector]``."""
