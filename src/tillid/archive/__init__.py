"""The archive: what may be found, what is written to the full text, the typed question and its answer."""
