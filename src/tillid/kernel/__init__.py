"""Ids, time, digests, canonical JSON and the error base. Imports nothing of Tillid's own."""
