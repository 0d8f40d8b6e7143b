"""Answers that are meant to hurt, or that only happen to: what somebody may type or paste, and what no document should be made of."""

from __future__ import annotations

# What is typed and comes out as it is: nothing in it is anything but text.
PLAIN = {
    "signs of XML": "Mette & Søn <3 kg > 2 \"citat\" 'enkelt'",
    "closing tags of Word": "</w:t></w:r></w:p></w:body></w:document>",
    "closing tags of HTML": "</p></body><script>alert(1)</script>",
    "the end of a CDATA": "a ]]> b <![CDATA[ c",
    "a comment": "a <!-- b --> c",
    "an instruction": '<?xml version="1.0"?>',
    "a DOCTYPE": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>&a;',
    "written entities": "&lt;b&gt; &amp;amp; &#0; &#x202e;",
    "marks of the template": "{{ title }} {% for x in y %} {# z #} {%p if %}",
    "os.popen": '{{ cycler.__init__.__globals__.os.popen("id").read() }}',
    "a formula": "=cmd|' /C calc'!A0",
    "a field of Word": "{ INCLUDETEXT file:///etc/passwd }",
    "a path": "C:\\Windows\\System32 /etc/passwd ../../x",
    "a query": "'; DROP TABLE børn; --",
    "percent signs": "%s %n %x {0.__class__} ${jndi:ldap://x}",
    "an Arabic name": "محمد عبد الله",
    "a Hebrew name": "שרה",
    "a Greenlandic name": "Aqqaluk ĸilaĸ, Qeqertarsuatsiaat",
    "a Faroese name": "Høgni Ðávason, Tvøroyri",
    "a Polish name": "Łukasz Żółć",
    "a Vietnamese name": "Nguyễn Thị Hằng",
    "a Turkish name": "Çağla Iğdır İnönü",
    "a Russian name": "Сергей",
    "a Greek name": "Ελένη",
    "combined letters": "A\u030asa e\u0301n",
    "no break": "10\u00a0kg",
    "quotes": "“citat” ‘og’ »andet« …",
}
# What comes out otherwise: given → on the page.
CHANGED = {
    "control characters": ("a" + "".join(map(chr, range(1, 9))) + "\x00\x0b\x0c\x0e\x1f" + "b", "ab"),
    "a lone half of a pair": ("a\ud800b", "ab"),
    "the other half of a pair": ("a\udc00b", "ab"),
    "two halves the wrong way round": ("a\udc00\ud800b", "ab"),
    "a character that is none": ("a\ufffe\uffffb", "ab"),
    "an override from right to left": ("samtykke \u202eekki\u202c nej", "samtykke ekki nej"),
    "isolates that are never closed": ("før \u2067efter", "før efter"),
    "private use": ("\uf0b7 punkt \ue000", "• punkt"),
    "line ends": ("en\r\nto\rtre", "en to tre"),
    "tabs": ("a\tb", "a b"),
}
# What may lack its glyph, but costs no document.
STRANGE = {
    "emoji": "glad 😀 i dag 🎉",
    "a family of emoji": "👨‍👩‍👧‍👦",
    "a flag": "🇬🇱",
    "Chinese": "王小明",
    "Tamil": "தமிழ்",
    "a thousand marks on one letter": "a" + "\u0301" * 1_000,
    "five hundred emoji": "😀" * 500,
    "a word of five thousand letters": "x" * 5_000,
    "five hundred line ends": "\n" * 500,
    "letters of mathematics": "𝔐𝔢𝔱𝔱𝔢",
    "nothing that is seen": "\u200b\u200c\u200d\u2060\ufeff" * 200,
    "a word with nothing seen in it": "sam\u200btykke\u200b ja",
    "hyphens that may show": "ord\u00ad" * 500,
    "a thousand choices of one letter's form": "a" + "\ufe0f" * 1_000,
    "letters of tags": "a" + "".join(map(chr, range(0xE0020, 0xE007F))),
    "ends of lines and of paragraphs of their own": "en\u2028to\u2029tre\u0085fire",
    "signs of eight-bit terminals": "a" + "".join(map(chr, range(0x7F, 0xA0))) + "b",
    "signs as wide as a line": "\ufdfa" * 200,
    "forty marks of each kind": "".join("a" + chr(0x300 + n) * 40 for n in range(0x60)),
    "marks above and below": "".join(c + "\u0316\u0317\u0318\u0346\u034a\u0350" * 20 for c in "han kommer"),
    "five thousand blanks that do not break": "\u00a0" * 5_000,
    "a hundred families": "👩\u200d❤\ufe0f\u200d💋\u200d👨" * 100,
    "notes between lines": "\ufff9tekst\ufffanote\ufffb",
    "letters that are described": "⿰⿱⿲" * 100,
    "fillers": "\u3164\u115f\u1160" * 100,
    "Mongolian": "\u1820\u180b\u180c\u180d\u180e" * 100,
    "Thai without a blank": "สวัสดี" * 200,
    "Khmer in stacks": "ក្ក្ក្ក្ក្ក្" * 100,
    "two directions in one line": "abc אבג 123 עברית (ok) [ok] " * 30,
    "marks of direction": "\u200e\u200f\u061c" * 300,
    "signs that Unicode took back": "\u206a\u206b\u206c\u206d\u206e\u206f",
    "music": "𝄞𝅘𝅥𝅮" * 50,
    "no characters": "a\ufdd0\U0001ffff\U0010ffffb",
}
# What is no answer: more than all pages that a document may have.
HEAVY = {
    "10 MB of text": "ord og mere " * 900_000,
    "10 MB without a space": "x" * 10_000_000,
    "10 MB of line ends": "\n" * 10_000_000,
    "10 MB of signs of XML": "&<>\"'" * 2_000_000,
    "10 MB of emoji": "😀" * 2_500_000,
}
# Fields of other kinds, as the renderer is given them.
LISTS = {
    "100,000 points": {"kind": "list", "items": ("x",) * 100_000},
    "50,000 rows": {"kind": "table", "columns": ("a", "b"), "rows": (("x", "y"),) * 50_000},
    "2,000 columns": {"kind": "table", "columns": ("a",) * 2_000, "rows": (("x",) * 2_000,) * 2},
}
