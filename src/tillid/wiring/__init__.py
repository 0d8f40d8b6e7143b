"""The one place that joins: nothing above it names an adapter or the store, but what ``pyproject.toml`` lists by name.

``parts`` makes the adapters of one installation, ``running`` joins them to Plone's database: an ``Installation``; ``serving`` is
what a server has beside its pages, ``hands`` what its worker works with, ``repeating`` how a lost race is run again.
``beside`` and ``reading`` are for the operator's commands: the installation's files and its store, beside a running Tillid.

What a command itself is about, a file from outside (a record, a PDF, a template, a package) or a program that ``tillid doctor``
asks, the command reads with that adapter itself. Those are few, and listed: the contract ``joined``, tests/unit/test_imports.py.
"""
