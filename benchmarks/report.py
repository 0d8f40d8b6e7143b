"""RESULTS.md: the table, how to read it, and what it was measured with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import msgspec

from benchmarks.table import Row, markdown
from benchmarks.versions import machine, versions

HEAD = """# Benchmarks

Written by `make bench`; do not edit. Nothing in the tests asserts on time. Measured: {days}.
"""
READING = """## How to read it

- Each benchmark runs in a process of its own, on the disk of the checkout. Tillid and its peer take turns in that one
  process, the order turned round each time, after a warm-up. **Trust the ratios, not the rates**: rates change with the
  machine and with what else it does; the ends (min to max) show how much they did in this run.
- *Times better* compares the medians (or the same percentile): above 1 Tillid does more per second or needs less time;
  below 1 it is dearer than the peer, and the note says what it does for that. *Goal* is what the project has asked for.
- **Pages.** Ours is what a logged-in person gets: session in the store, question to the ledger, audit row on disk before the
  bytes leave, page, and whether anything was committed since the question (then it is asked again on a fresh view;
  here nothing is). As for somebody who turns the pages of a case, what a page is made of is in memory (ADR 0019), and Plone's
  caches are warm; *made anew* empties ours before each request and has no goal. The peer is a Dexterity object with the same
  fields and texts on the same Plone site, its stock view and theme, through the stock publisher, logged in by Plone's own
  ticket; it writes no audit row. A reader of ours is compared with a reader of the peer's, our author with the peer's owner,
  who gets Plone's toolbar. Every answer is checked: readers' pages show the text, the author's page the document's number.
  Ours waits for the disk (one fsync a page, see *audit row*), the peer never does.
- **Creating.** Both commit to the same FileStorage. The peer is Plone's own `createContentInContainer` with the behaviours of
  a Page. Ours also writes ledger event and audit row.
- **Consent click.** The time of the POST that counts, through the whole application, one click at a time. Plone has no signed
  consent; the peer is the nearest thing it has, the click on a workflow transition, which signs and logs nothing. Text and
  families are different each time; only the rendered copies are those of one document, for the click never reads a PDF.
- **Documents.** The overgangsbeskrivelse of the sample, two pages, another number in each. Two workers each, in processes of their
  own, each kept to a core with all that it starts (but where two share one server), warm, in turn. Ours goes the whole way: template filled, LibreOffice in its box, finished, data embedded, checked by qpdf,
  pikepdf and a validator for PDF/A-3a and PDF/UA-1, read back by pypdf. The peers (`benchmarks/documents/peers.py` installs them)
  get the same values, and the options that bring their file nearest to PDF/A-3a and PDF/UA-1; what our validator says of it is
  in the note. They check nothing, embed nothing, and run without a box; *the same document, not checked* is ours
  without the checks, which Tillid never leaves out, to tell what making costs and what looking at it. WeasyPrint gets the same words as HTML and has no
  docx that a municipality could change. *Processor time* is that of all processes of a design together, and is what to look at when
  the machine had other work. *One document while both workers work* is of a thousand different ones.
- **Records.** Processor time of one record added to the archive's copy. The peer writes the whole file anew and checks nothing.
- **Forms.** Milliseconds of processor time (all threads; what waits for the disk is not in it). *Checked*: every field of
  overgangsbeskrivelse v3 filled, each answer brought to its stored spelling, then all looked at with the conditions decided.
  The peer looks at the same answers with the exported JSON Schema of the same form (docs/forms_commands.md), its validator made
  once: types, lengths, characters, codes, and nothing of conditions or spelling. *Section* and *autosave* are requests
  through the whole application with its real store, committed; *moved* is one draft after another from version 2 to 3.
- **Trust.** Per second of processor time, so per core; every record that was timed was looked at. python-xmlsec signs the same
  record without schema and without XAdES, and verifies it with the chain of its certificates to a trusted root. It asks neither
  for the shape of the signature nor for the vocabulary, which is what keeps wrapped records out (`signing/vectors`). At entry
  ours asks signxml; in bulk, as `tillid verify --all` does, libxmlsec and a second engine (ADR 0063).
  *Effective now* is the pure function over the events of one document. Proofs are read from the log's files.
- **At once.** All parents send in the same moment to one process that does everything else too; what a parent waits is the time
  from sending to the whole answer, standing in the queue for one of four threads included.
- **Search.** A corpus of invented documents in Danish, written in batches, then a page of hits as an archivist sees it: words, the
  allowed half of the units, counted facets, twenty hits with their excerpts. nDCG@10 is over the judged questions of
  `benchmarks/search` (ADR 0050). PostgreSQL gets the same texts in its own Danish full text with an index. The engine of
  paperless-ngx is the tantivy that its release asks for, with its schema and its advanced search, in an environment of its own;
  it counts no facets, for paperless does that in its database. Elasticsearch is a node of the benchmark's own, started as the tests
  start theirs, asked over TLS with the key of least rights; or the one that `SEARCH_SERVER` (as `--search` has it) and `SEARCH_KEYS`,
  the folder of its key, name. Every engine has answered other questions before it is measured.
  *Size of the index* there is what lies on the disk right after writing. Elasticsearch keeps each write whole, beside what it
  searches by, until it knows that no copy needs it (`_recovery_source`: 1.73 of 3.05 kB at 10,000 documents), and merged segments
  until the next refresh; so those rows say when it last merged and not what a document costs. *A document in the index, all
  merged* waits for that, merges to one segment and asks then: it is what tells of growth. Sizes do not depend on what
  else the machine does.
- **Search, live.** A Tillid of its own for each back end, with worker, LibreOffice, seal and timestamps beside the clicks. *Searchable* is
  from the commit of the last parent's yes until the index answers with the document, asked every 20 ms. A withdrawn consent is
  asked for by the archivist's own search right before (it must show it) and right after the withdrawal has answered, whatever
  the index knows by then. *Built anew* is while another thread writes one document after the other, with 50 ms between them;
  the bound on the longest of those writes is what Tillid promises of it (`LONGEST_WAIT`). The machine's load (average of one
  minute) has the benchmark's own work in it.
- **Packages.** `tillid package make` of a year, in a process of its own beside the open store. Each file is on the disk before the next, so
  the rate is the disk's; the processor's time for each, without starting and choosing, says whether many documents make one dearer. The
  peer writes the bytes of the same files and nothing else.
- **Due lists.** The same use case at a tenth of the store and at all of it; processor time, since each page waits for its audit row.
- **Audit row.** What its chain and its place on disk cost against plain appends of the same line.
"""


class Measured(msgspec.Struct, frozen=True):
    """The rows of one benchmark and the day they were measured."""

    day: date
    rows: Sequence[Row]


def report(measured: Mapping[str, Measured]) -> str:
    """The whole file, of what was measured by the name of its benchmark. Says nothing that names the machine, its paths or its
    user."""
    rows = [row for one in measured.values() for row in one.rows]
    missed = [row for row in rows if row.missed]
    said = [f"- **Missed**: {row.name}: {_found(row)} wanted ({row.note})." for row in missed]
    days = ", ".join(f"{name.replace('_', ' ')} {one.day.isoformat()}" for name, one in measured.items())
    parts = [HEAD.format(days=days), markdown(rows), "\n".join(said), READING]
    parts += ["## Measured with", _list(machine()), _list(versions())]
    return "\n\n".join(part.strip("\n") for part in parts if part) + "\n"


def _found(row: Row) -> str:
    return (
        row.ours.value + f", {row.wanted}"
        if row.ratio is None or row.most
        else f"{row.ratio:.1f} times, {row.goal:.0f}"
    )


def _list(pairs: dict[str, str]) -> str:
    return "- " + _joined(f"{name} {value}" for name, value in pairs.items())


def _joined(words: Iterable[str]) -> str:
    return ", ".join(words) + "."
