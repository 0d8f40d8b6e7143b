"""Passwords that cost next to nothing, for tests that are not about them; the product's own cost is in tests/plone/test_accounts.py."""

from __future__ import annotations

from tillid.cms import passwords


def cheap_passwords() -> None:
    """From now on in this process; what was stored before fits no password any more."""
    passwords._COST["n"] = 2
