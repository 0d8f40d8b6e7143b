"""The numbered requirements and law rules (``catalogue.yaml``) and the tests that carry them (design 8)."""
