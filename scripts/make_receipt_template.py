"""Writes ``document_templates/kvittering/v1.docx``, a parent's receipt on paper: ``python scripts/make_receipt_template.py [DIR]``.

It prints the record's page and how it is verified, in the same look as every form (``make_templates.py``). A field without a
label is a text, or a table, right below the section's heading.
"""

from __future__ import annotations

from make_templates import Look, folder_named, put, rows, template, writer


def body(document, look: Look) -> None:
    """Title, then section by section: facts, texts and the table of what was answered."""
    add, fact = writer(document)
    add("{{ title }}", "Title")
    add("{{ subtitle }}", "Subtitle")
    add("{%p for section in sections %}")
    add("{{ section.title }}", "heading 1")
    add("{%p for field in section.fields %}")
    add('{%p if field.kind == "fact" and field.label %}')
    fact("{{ field.label }}", "{{ field.text }}")
    add('{%p elif field.kind == "fact" %}')
    add("{{ field.text }}")
    add("{%p else %}")
    add("{%p if field.label %}")
    add("{{ field.label }}", "heading 2")
    add("{%p endif %}")
    add("{%p for paragraph in field.paragraphs %}")
    add("{{ paragraph }}")
    add("{%p endfor %}")
    rows(add, document, look)
    add("{%p endif %}")
    add("{%p endfor %}")
    add("{%p endfor %}")


if __name__ == "__main__":
    put(folder_named(__doc__), "kvittering", 1, template(Look(), body))
