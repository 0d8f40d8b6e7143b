"""Why a file is refused; each text says the limit and what to do, the page says at which field."""

from __future__ import annotations

from tillid.kernel.errors import TillidError


class Refused(TillidError):
    """A file that is not stored; nothing of it is kept."""

    code = "upload.refused"
    text = "Filen kunne ikke gemmes. Vælg en anden fil."


class WrongFile(Refused):
    code = "upload.wrong-kind"
    text = "Filen er ikke et billede (JPG, PNG) eller en PDF. Gem den i et af de formater, og vælg den igen."


class NotHere(Refused):
    code = "upload.not-here"
    text = "Feltet tager kun {kinds}. Gem filen i det format, og vælg den igen."


class TooLarge(Refused):
    code = "upload.too-large"
    text = "Filen fylder mere end {megabytes} MB. Gør den mindre, og vælg den igen."


class TooManyPixels(Refused):
    code = "upload.too-many-pixels"
    text = (
        "Billedet er {width} x {height} punkter. Det må højst have {most} millioner. Gør det mindre, og vælg det igen."
    )


class TooHeavy(Refused):
    code = "upload.too-heavy"
    text = (
        "Filen er for tung at åbne: Den må højst tage {seconds} sekunder og fylde {megabytes} MB, når den pakkes ud. "
        "Gem den som en mindre eller enklere fil, og prøv igen."
    )


class PdfScript(Refused):
    code = "upload.pdf-script"
    text = "PDF-filen indeholder et program (JavaScript) og kan ikke gemmes. Print den til en ny PDF, og vælg den."


class PdfStarts(Refused):
    code = "upload.pdf-starts"
    text = "PDF-filen starter noget af sig selv, når den åbnes. Print den til en ny PDF, og vælg den i stedet."


class PdfEmbedded(Refused):
    code = "upload.pdf-embedded"
    text = "PDF-filen har andre filer i sig. Vedhæft dem hver for sig, eller print den til en ny PDF."


class PdfLocked(Refused):
    code = "upload.pdf-locked"
    text = "PDF-filen er låst med en adgangskode. Gem den uden adgangskode, og vælg den igen."


class PdfTooLong(Refused):
    code = "upload.pdf-too-long"
    text = "PDF-filen har {pages} sider. Den må højst have {most}. Del den, eller tag kun det nødvendige med."


class Sheet(Refused):
    code = "upload.sheet"
    text = (
        "Filen er et trivselsskema. Det kan ikke vedlægges, for andre må ikke se dets farver og tegn. "
        "Vedlæg trivselsvurderingen i stedet."
    )


class NotSaid(Refused):
    """A file that cannot be read, from somebody who may have a trivselsskema in hand and has not said what it is."""

    code = "upload.not-said"
    text = (
        "Vi kan ikke læse, hvad der står på et billede eller en scannet side. Svar på, om filen er et trivselsskema. "
        "Er feltet tomt, så vælg filen igen."
    )


class VirusFound(Refused):
    code = "upload.virus"
    text = (
        "Virusscanneren har fundet skadelig kode i filen, så den er ikke gemt. Åbn den ikke, og spørg jeres it-support."
    )


class NotLookedThrough(Refused):
    code = "upload.not-looked-through"
    text = (
        "Filen kunne ikke efterses for virus lige nu, så den er ikke gemt. Resten af siden er gemt. Prøv igen om lidt."
    )


class NotOpened(Refused):
    code = "upload.not-opened"
    text = "Filen kunne ikke åbnes lige nu, så den er ikke gemt. Resten af siden er gemt. Prøv igen om lidt."


# The words the process answers with → the error.
REASONS: dict[str, type[Refused]] = {
    "kind": WrongFile,
    "pixels": TooManyPixels,
    "heavy": TooHeavy,
    "script": PdfScript,
    "starts": PdfStarts,
    "embedded": PdfEmbedded,
    "locked": PdfLocked,
    "pages": PdfTooLong,
    "sheet": Sheet,
}
