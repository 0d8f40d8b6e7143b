"""The tables of the feed for a Danish archive version (AVID): what stands in them, as data (R-84, ADR 0056, docs/archive_feed.md).

Names are SQL:1999 identifiers of ASCII, types those that BEK 128/2020 allows. Each row's values come from one document's contents, as
the archive may see them (``avid.py``).
"""

from __future__ import annotations

from typing import Literal

import msgspec

Kind = Literal["text", "integer", "boolean", "date", "timestamp"]
SQL: dict[Kind, str] = {"integer": "INTEGER", "boolean": "BOOLEAN", "date": "DATE", "timestamp": "TIMESTAMP"}
XSD: dict[Kind, str] = {
    "text": "xs:string",
    "integer": "xs:integer",
    "boolean": "xs:boolean",
    "date": "xs:date",
    "timestamp": "xs:dateTime",
}


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """``role``: what it is in the words of the archive's own index (``functionalDescription``), empty for nothing special."""

    name: str
    kind: Kind
    about: str
    nullable: bool = False
    role: str = ""


class Points(msgspec.Struct, frozen=True, kw_only=True):
    """A foreign key: ``columns`` here are ``there`` in ``table``, its primary key."""

    columns: tuple[str, ...]
    table: str
    there: tuple[str, ...]


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """``key``: its primary key."""

    name: str
    about: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    points: tuple[Points, ...] = ()


def _text(name: str, about: str, role: str = "", *, nullable: bool = False) -> Column:
    return Column(name=name, kind="text", about=about, role=role, nullable=nullable)


def _to(table: str, *columns: str) -> Points:
    """The columns have the same names in both."""
    return Points(columns=columns, table=table, there=columns)


UNIT, CHILD, FORM, FIELD, CODE = "enhed", "barn", "skema", "felt", "kode"
DOCUMENT, ANSWER, EVENT, PROOF, ATTACHED = "dokument", "svar", "haendelse", "bevis", "vedlagt_fil"
TABLES = (
    Table(
        name=UNIT,
        about="Steder: dagtilbud, skoler og andre, som dokumenter kommer fra",
        columns=(
            _text("enhed_id", "Stedets id"),
            _text("navn", "Stedets navn"),
            _text("art", "Slags sted, som kode"),
            _text("dataansvarlig", "Den dataansvarliges navn", "Myndighedsidentifikation"),
            _text("cvr", "Den dataansvarliges CVR-nummer", nullable=True),
        ),
        key=("enhed_id",),
    ),
    Table(
        name=CHILD,
        about="Børn, som dokumenter handler om. CPR-numre fra registret er ikke med",
        columns=(
            _text("barn_id", "Barnets id"),
            _text("navn", "Barnets navn i registret, da grundlaget blev dannet"),
            Column(name="foedselsdato", kind="date", about="Barnets fødselsdato"),
        ),
        key=("barn_id",),
    ),
    Table(
        name=FORM,
        about="Skemaer i de udgaver, der er svaret i",
        columns=(
            _text("skema_id", "Kontroltal (SHA-256) af skemaets definition"),
            _text("skema", "Skemaets navn, som kode"),
            Column(name="skemaversion", kind="integer", about="Skemaets versionsnummer"),
            _text("titel", "Skemaets titel"),
        ),
        key=("skema_id",),
    ),
    Table(
        name=FIELD,
        about="Skemaernes felter",
        columns=(
            _text("skema_id", "Skemaet"),
            _text("felt", "Feltets navn, som kode"),
            _text("tekst", "Feltets ledetekst"),
            _text("felttype", "Feltets type, som kode"),
            _text("afsnit", "Overskriften, feltet står under"),
            _text("kodeliste", "Kodelisten, svarene er koder fra", nullable=True),
        ),
        key=("skema_id", "felt"),
        points=(_to(FORM, "skema_id"),),
    ),
    Table(
        name=CODE,
        about="Koder, der kan svares med, og deres tekst",
        columns=(
            _text("skema_id", "Skemaet"),
            _text("kodeliste", "Kodelistens navn"),
            _text("kode", "Koden, som den står i svarene"),
            _text("tekst", "Kodens tekst"),
        ),
        key=("skema_id", "kodeliste", "kode"),
        points=(_to(FORM, "skema_id"),),
    ),
    Table(
        name=DOCUMENT,
        about="Dokumenter, hvert i den udgave, arkivet har",
        columns=(
            _text("dokument_id", "Dokumentets id", "Sagsidentifikation"),
            _text("nummer", "Dokumentets korte nummer på papir"),
            _text("titel", "Skemaets titel", "Dokumenttitel"),
            _text("skema_id", "Skemaet, der er svaret i"),
            _text("barn_id", "Barnet, dokumentet handler om", nullable=True),
            _text("enhed_id", "Stedet, dokumentet kommer fra"),
            Column(name="udgave", kind="integer", about="Udgavens nummer"),
            Column(name="enig", kind="boolean", about="Om forældre og fagperson var enige om teksten"),
            Column(name="rettet", kind="boolean", about="Om udgaven siden er mærket som rettet"),
            Column(name="laast", kind="timestamp", about="Da udgaven blev låst (UTC)", role="Dokumentdato"),
            _text("kle_emne", "KLE-emne", nullable=True),
            _text("handlingsfacet", "KLE-handlingsfacet", nullable=True),
            Column(
                name="kle_afgjort",
                kind="boolean",
                about="Om en arkivar har afgjort emne og facet; ellers er de kommunens forslag for skemaet",
                nullable=True,
            ),
            _text("bevaring", "Mærke: bevares, kasseres eller uafklaret", "Kassation"),
            Column(
                name="fil_id",
                kind="integer",
                about="Dokumentet som PDF/A, se docIndex.xml",
                role="Dokumentidentifikation",
            ),
        ),
        key=("dokument_id",),
        points=(_to(FORM, "skema_id"), _to(CHILD, "barn_id"), _to(UNIT, "enhed_id")),
    ),
    Table(
        name=ANSWER,
        about="Svar, som arkivet må se dem; alle svar, hvor dokumentet er mærket til bevaring. Et sammensat svar er delt op, en række for hver del",
        columns=(
            _text("dokument_id", "Dokumentet"),
            Column(name="nummer", kind="integer", about="Rækkens nummer i dokumentet"),
            _text("skema_id", "Skemaet"),
            _text("felt", "Feltet"),
            _text("del", "Hvilken del af svaret: navne og numre med punktum imellem", nullable=True),
            _text("vaerdi", "Svaret, eller koden for det", nullable=True),
        ),
        key=("dokument_id", "nummer"),
        points=(_to(DOCUMENT, "dokument_id"), _to(FIELD, "skema_id", "felt")),
    ),
    Table(
        name=EVENT,
        about="Hvad der er sket med dokumenterne, med kontroltal, der hænger sammen i hver række",
        columns=(
            _text("haendelse_id", "Hændelsens id"),
            _text("dokument_id", "Dokumentet"),
            _text("raekke", "Rækken, hændelsen står i"),
            Column(name="nummer", kind="integer", about="Nummer i rækken"),
            _text("slags", "Hvad der skete, som kode"),
            Column(name="tidspunkt", kind="timestamp", about="Hvornår (UTC)"),
            _text("hvem", "Id på den, der gjorde det; system for Tillid selv", nullable=True),
            _text("kontroltal", "SHA-256 af gemt"),
            _text("foregaaende", "Kontroltal på hændelsen før i rækken", nullable=True),
            _text("gemt", "Hændelsen, som den er gemt (JSON efter RFC 8785)"),
        ),
        key=("haendelse_id",),
        points=(_to(DOCUMENT, "dokument_id"),),
    ),
    Table(
        name=PROOF,
        about="Forseglede poster med certifikater, tidsstempler, bevis i loggen, gengivelse og resultat af kontrollen",
        columns=(
            Column(name="fil_id", kind="integer", about="Filen, se docIndex.xml", role="Dokumentidentifikation"),
            _text("haendelse_id", "Hændelsen, posten er om"),
            _text("navn", "Filens navn ved posten"),
            _text("medietype", "Filens medietype"),
            _text("kontroltal", "SHA-256 af filen", "Digital_signatur"),
        ),
        key=("fil_id",),
        points=(_to(EVENT, "haendelse_id"),),
    ),
    Table(
        name=ATTACHED,
        about="Filer, som et svar nævner, og som ikke ligger i dokumentets PDF-fil",
        columns=(
            Column(name="fil_id", kind="integer", about="Filen, se docIndex.xml", role="Dokumentidentifikation"),
            _text("dokument_id", "Dokumentet"),
            _text("navn", "Filens navn: dens plads og begyndelsen af dens kontroltal"),
            _text("medietype", "Filens medietype"),
            _text("kontroltal", "SHA-256 af filen"),
        ),
        key=("fil_id",),
        points=(_to(DOCUMENT, "dokument_id"),),
    ),
)
BY_NAME = {table.name: table for table in TABLES}
NUMBER = {table.name: number for number, table in enumerate(TABLES, start=1)}
