"""The words for states and notices, marked for translation. Neutral where the reader may not know more (design 24)."""

from __future__ import annotations

from tillid.web.i18n import _

STATE = {
    "draft": _("Kladde"),
    "shared": _("Delt med forældrene"),
    "signed": _("Samtykket af alle"),
    "submitted": _("Indsendt"),
    "closed": _("Lukket"),
}
# What a leader has locked was sent to nobody.
LOCKED = _("Låst")
STATE_KIND = {"draft": "", "shared": "info", "signed": "success", "submitted": "success", "closed": ""}
STANDING = {
    "missing": _("Mangler svar på samtykke"),
    "valid": _("Samtykket gælder"),
    "refused": _("Samtykke er afvist"),
    "withdrawn": _("Samtykket er trukket tilbage"),
    "expired": _("Samtykket er udløbet"),
    "held": _("Holdes tilbage efter en sikkerhedskopi"),
}
STANDING_KIND = {
    "missing": "warning",
    "valid": "success",
    "refused": "error",
    "withdrawn": "error",
    "expired": "warning",
    "held": "warning",
}
RECEIVER_LINE = {
    "waiting": _("Afventer"),
    "open": _("Kan åbnes"),
    "unavailable": _("Ikke tilgængelig"),
}
NOTICE = {
    "document_shared": _("Et dokument er delt med dig."),
    "text_agreed": _("Begge sider er enige om teksten. Nu kan du spørge om samtykke."),
    "transition_declined": _("Forældrene ønsker ikke en overgangsbeskrivelse. Dokumentet er lukket."),
    "consent_asked": _("Du bliver spurgt om samtykke."),
    "consent_answered": _("Der er kommet svar på et samtykke."),
    "consent_withdrawn": _("Et samtykke er trukket tilbage."),
    "meeting_answered": _("Der er kommet svar om et møde."),
    "withdraw_meeting": _("Et samtykke til et møde er trukket tilbage."),
    "released": _("Du kan åbne en overgangsbeskrivelse."),
    "release_stopped": _(
        "En overgangsbeskrivelse kan ikke åbnes af modtageren, fordi der står en beskyttet adresse i den."
    ),
    "no_longer_available": _("Et dokument på din liste er ikke længere tilgængeligt."),
    "narrowed": _("Et dokument på din liste er blevet kortere. Slet en kopi, hvis I har gemt en."),
    "draft_moved": _("En kladde er flyttet til en anden version af skemaet. Læs teksten igen."),
    "ready_for_parents": _("Lederen har låst et skema. Nu kan det deles med forældrene."),
    "text_acknowledged": _("En forælder har kvitteret for at have læst et skema."),
    "text_changed": _("Teksten er ændret, efter at I sagde, at I var enige. Læs den igen."),
    "withdrawal_received": _("Din tilbagekaldelse er registreret."),
    "version_corrected": _("En udgave er mærket som rettet. Den gælder ikke længere."),
    "share_ended": _("En leders beslutning om at give et dokument videre er ophørt."),
    "paper_waits": _("Et svar på papir er indtastet. Sammenlign det med papiret, og bekræft det."),
    "saved_search_news": _("Der er nyt i en gemt søgning."),
    "stored_damaged": _("Noget gemt er ikke, som det blev gemt. Se, hvad det er, og hvad du skal gøre."),
    "work_given_up": _("Systemet har opgivet noget efter mange forsøg. Se, hvad det er, og hvad du kan gøre."),
    "act_now": _("En fagperson mener, at der skal handles nu for et barn. Tal med dem, der kender barnet."),
    "remark_received": _("Der er kommet en bemærkning til et dokument, du har fået."),
    "draft_ending": _(
        "En kladde, som du ikke har delt, bliver snart destrueret. Skriv i den, hvis den stadig skal bruges. Ellers skal du ikke gøre noget."
    ),
    "insight_asks_intake": _("Nogen har bedt om indsigt. Svar, uanset om der er underretninger."),
    "insight_intake_answered": _("Kommunens underretningsfunktion har svaret i en sag om indsigt."),
    "template_waits": _(
        "En skabelon til dokumenterne er sendt til godkendelse. Se på den, og tag den i brug, eller send den tilbage."
    ),
    "design_waits": _(
        "Et udkast til et skema er sendt til godkendelse. Læs det, og udgiv det, eller send det tilbage."
    ),
}
NOTE_KIND = {
    "registered": _("Den, teksten handler om, eller en, der handler for barnet, mener"),
    "institution": _("Institutionen retter"),
}
RESTRICTION = {
    "contested": _("Nogen mener, at oplysningerne ikke er rigtige."),
    "unlawful": _("Oplysningerne skulle ikke have været gemt, men må ikke slettes endnu."),
    "claims": _("Oplysningerne skal kunne bruges i en sag."),
    "objection": _("Nogen har gjort indsigelse mod, at oplysningerne bruges."),
}
GATHER_PURPOSE = {
    "team_meeting": _("Teamets møde om runden"),
    "follow_up": _("Lederens opfølgning på runden"),
    "supervision": _("Tilsyn eller kontrol"),
}
# What is shown of ``usecases/archive_purpose.py``'s grounds.
ARCHIVE_PURPOSE = {
    "aktindsigt": _("Aktindsigt"),
    "partsindsigt": _("Partsindsigt"),
    "indsigt": _("Indsigt i egne oplysninger (artikel 15)"),
    "sag": _("Sagsbehandling eller klage"),
    "aflevering": _("Aflevering til arkiv"),
    "bevaring": _("Bevaring eller kassation"),
    "tilsyn": _("Tilsyn eller revision"),
    "forskning": _("Forskning med tilladelse"),
    "andet": _("Andet"),
}
CPR_REASON = {
    "letter": _("Et brev eller et opslag, hvor nummeret skal stå"),
    "authority": _("En myndighed eller læge, der har brug for nummeret"),
    "right_child": _("At være sikker på, at det er det rigtige barn"),
    "underretning": _("En underretning"),
}
BEGIN = {
    "overgangsbeskrivelse": _("Begynd en overgangsbeskrivelse"),
    "trivselsvurdering": _("Begynd en trivselsvurdering"),
    "fdr": _("Begynd et FDR-skema"),
}
ROLE = {
    "professional": _("Fagperson"),
    "leader": _("Leder"),
    "area_leader": _("Områdeleder"),
    "intake": _("Underretningsfunktion"),
    "archivist": _("Arkivar"),
    "notification_archivist": _("Arkivar for underretninger"),
    "administrator": _("Administrator"),
    "dpo": _("Databeskyttelsesrådgiver"),
}
# The log keeps the role a person acted in; some of them are no role in the organisation.
ROLES = ROLE | {
    "parent": _("Forælder"),
    "young": _("Den unge selv"),
    "system": _("Systemet"),
    "staff": _("Medarbejder"),
    "operator": _("Driften"),
}
