"""Measured against named others in one run; never asserted in a test. `make bench` writes RESULTS.md."""
