"""Tillid: a document-centric forms and consent platform for Danish municipalities."""

__version__ = "0.1.0"
