"""Writes ``document_templates/aendringer/v1.docx``, the page of what changed between two versions:
``python scripts/make_change_template.py [DIR]``.

Added words are underlined, removed ones struck through, and both are said in words: it can be read in black and white, and
read aloud. The same look as every form (``make_templates.py``).
"""

from __future__ import annotations

from make_templates import Look, folder_named, put, template, writer

GREEN, RED = "17602F", "9B1C1C"  # at least 7 to 1 on white
MORE = f"""<w:style w:type="character" w:styleId="Added"><w:name w:val="Tilføjet"/><w:rPr><w:color w:val="{GREEN}"/><w:u w:val="single"/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Removed"><w:name w:val="Fjernet"/><w:rPr><w:strike/><w:color w:val="{RED}"/></w:rPr></w:style>"""
HOW = "Det, der er kommet til, er understreget og står som [tilføjet: …]. Det, der er fjernet, er streget over og står som [fjernet: …]."
MARKS = (("added", "tilføjet", "Tilføjet"), ("removed", "fjernet", "Fjernet"))


def body(document, look: Look) -> None:
    """Title, what it is about, how it is read, then the changed questions section by section."""
    add, fact = writer(document)
    add("{{ title }}", "Title")
    add("{{ subtitle }}", "Subtitle")
    add("{%p for fact in facts %}")
    fact("{{ fact.label }}", "{{ fact.text }}")
    add("{%p endfor %}")
    add(HOW)
    add("{%p for section in sections %}")
    add("{{ section.title }}", "heading 1")
    add("{%p for field in section.fields %}")
    add("{{ field.label }}", "heading 2")
    add("{%p for line in field.changes %}")
    stretches(add(""), document)
    add("{%p endfor %}")
    add("{%p endfor %}")
    add("{%p endfor %}")


def stretches(line, document) -> None:
    """One line: each stretch as a run of its own, with its word before it."""
    line.add_run("{%r for one in line %}")
    for number, (kind, word, style) in enumerate(MARKS):
        line.add_run(f'{{%r {"el" if number else ""}if one.kind == "{kind}" %}}')
        line.add_run(f"[{word}: ", style=document.styles["Faktanavn"])
        line.add_run("{{ one.text }}", style=document.styles[style])
        line.add_run("]", style=document.styles["Faktanavn"])
    line.add_run("{%r else %}")
    line.add_run("{{ one.text }}")
    line.add_run("{%r endif %}")
    line.add_run("{%r endfor %}")


if __name__ == "__main__":
    put(folder_named(__doc__), "aendringer", 1, template(Look(), body, MORE))
