"""Plone as the house: content types, workflow, accounts, ZODB repositories. The only package that ZCML may name."""
