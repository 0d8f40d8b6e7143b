"""Sealed XML: the only XML parser, sealing, and a verdict on bytes at one moment. Knows nothing of consent rules."""
