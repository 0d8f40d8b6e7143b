"""Sealed XML: the only XML parser, sealing, and a verdict on bytes at one moment. Knows nothing of consent rules."""

import logging

# signxml writes whole records at DEBUG; what people wrote and who they are never goes to a log.
logging.getLogger("signxml").setLevel(logging.WARNING)
