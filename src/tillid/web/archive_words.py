"""A case's events in words, for the archivist; and the actions of the audit log, for the data protection officer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tillid.archive.journal import JOURNALLED
from tillid.consents.events import Event
from tillid.consents.renewal import renewed_request
from tillid.usecases.open_archived import ArchivedCase
from tillid.usecases.ports import House
from tillid.web.i18n import _

SYSTEM = "system"
EVENT = {
    "document_created": _("Dokumentet blev begyndt"),
    "draft_moved": _("Kladden blev flyttet til en anden version af skemaet"),
    "version_shared": _("Udgave {version} blev delt med forældrene"),
    "words_confirmed": _("En forælder bekræftede de ord, der var skrevet i en samtale"),
    "agreement_confirmed": _("Sagde sig enig i teksten"),
    "agreement_voided": _("Teksten blev ændret, så enigheden faldt bort"),
    "version_agreed": _("Udgave {version} blev låst som den tekst, begge sider er enige om"),
    "version_corrected": _("Udgave {version} blev mærket som rettet"),
    "transition_declined": _("Forældrene ønskede ikke en overgangsbeskrivelse"),
    "request_created": _("Forældrene blev spurgt om samtykke"),
    "request_voided": _("Spørgsmålet om samtykke faldt bort, fordi teksten blev ændret"),
    "consent_given": _("Gav samtykke"),
    "consent_refused": _("Sagde nej til at give samtykke"),
    "consent_withdrawn": _("Trak samtykket tilbage"),
    "meeting_asked": _("Forældrene blev spurgt om et møde"),
    "meeting_given": _("Gav samtykke til et møde"),
    "meeting_refused": _("Sagde nej til et møde"),
    "meeting_withdrawn": _("Trak samtykket til et møde tilbage"),
    "paper_entered": _("Et svar på papir blev indtastet"),
    "paper_rejected": _("Et indtastet svar på papir blev afvist"),
    "set_signed": _("Alle, der skulle svare, havde givet samtykke"),
    "release_confirmed": _("Det blev bekræftet, at ingen tilbagekaldelse mangler efter en sikkerhedskopi"),
    "handed_out": _("En leder udleverede dokumentet til en forælder uden forældremyndighed"),
    "reading_granted": _("En leder gav en plejeforælder adgang til at læse dokumentet"),
    "reading_ended": _("En leder tog en plejeforælders adgang til at læse tilbage"),
    "share_decided": _("En leder besluttede at give oplysninger videre uden samtykke"),
    "share_ended": _("Beslutningen om at give videre uden samtykke ophørte"),
    "reader_named": _("Det modtagende sted gav en medarbejder adgang til at læse"),
    "reception_acknowledged": _("Det modtagende sted kvitterede for, hvad det har modtaget"),
    "text_acknowledged": _("En forælder kvitterede for at have læst teksten"),
    "document_attested": _("Bekræftede teksten"),
    "document_submitted": _("Skemaet blev indsendt"),
    "document_closed": _("Dokumentet blev lukket"),
    "document_reopened": _("Dokumentet blev åbnet igen"),
    "document_journalled": _("Blev journalført"),
    "journal_handed_over": _("Blev givet til kommunens journalsystem"),
    "journal_confirmed": _("Blev ført ind i kommunens journal"),
    "note_fastened": _("Der blev sat en bemærkning på dokumentet"),
    "restriction_placed": _("Brugen af dokumentet blev begrænset"),
    "restriction_lifted": _("Brugen af dokumentet er ikke længere begrænset"),
    "insight_asked": _("Nogen bad om indsigt"),
    "insight_collected": _("Alt om barnet blev samlet til en sag om indsigt"),
    "insight_decided": _("Der blev taget stilling til noget i en sag om indsigt"),
    "insight_reviewed": _("Gennemgangen af en sag om indsigt blev afsluttet"),
    "insight_reopened": _("Gennemgangen af en sag om indsigt blev åbnet igen"),
    "insight_prolonged": _("Fristen i en sag om indsigt blev forlænget"),
    "insight_handed_out": _("En sag om indsigt blev udleveret"),
    "insight_forgotten": _("En lukket sag om indsigt blev destrueret efter reglen"),
    "insight_refused": _("En anmodning om indsigt blev afvist"),
    "insight_intake_answered": _("Kommunens underretningsfunktion svarede i en sag om indsigt"),
    "insight_intake_reopened": _("Kommunens underretningsfunktion tog sit svar i en sag om indsigt tilbage"),
    "hold_placed": _("Blev holdt tilbage fra destruktion"),
    "hold_lifted": _("Blev ikke længere holdt tilbage fra destruktion"),
    "document_appraised": _("Fik et mærke om bevaring"),
    "transfer_approved": _("Arkivet godkendte afleveringen"),
    "destruction_ordered": _("Bad om, at dokumentet bliver destrueret"),
    "destruction_confirmed": _("Bekræftede destruktionen"),
    "destruction_cancelled": _("Destruktionen blev opgivet"),
    "forgotten": _("En hændelse, hvis periode er udløbet; kun kontroltallet er tilbage"),
    "document_destroyed": _("Dokumentet blev destrueret"),
    "draft_warned": _("Forfatteren fik at vide, at kladden snart bliver destrueret"),
}
SOME_ITEMS = _("Trak en del af samtykket tilbage")
BY_PHONE = _("Registreret af en medarbejder efter en samtale")
ACTION = {
    "see_child": _("Åbnede barnets side"),
    "see_document": _("Åbnede dokumentets side"),
    "see_draft": _("Læste kladden"),
    "write_draft": _("Skrev i kladden"),
    "said_no_sheet": _("Sagde om et billede eller en scanning, at det ikke er et trivselsskema"),
    "move_draft": _("Flyttede kladden til en anden version af skemaet"),
    "meeting_page": _("Så, hvem forældrene har sagt ja til på et møde"),
    "meeting_question": _("Læste spørgsmålet om et møde"),
    "ask_meeting": _("Spurgte forældrene om et møde"),
    "answer_meeting": _("Svarede om et møde"),
    "withdraw_meeting": _("Trak samtykket til et møde tilbage"),
    "start_document": _("Begyndte et dokument"),
    "preview": _("Så, hvad forældrene får"),
    "share": _("Delte med forældrene"),
    "agree": _("Sagde sig enig i teksten"),
    "attest": _("Låste et skema"),
    "lock_overview": _("Låste et overblik over en gruppe"),
    "agreements_page": _("Så et mødes aftaler"),
    "cancel_meeting": _("Lukkede skemaet til et møde, der ikke bliver holdt"),
    "close_agreements": _("Afsluttede et mødes aftaler"),
    "reopen_agreements": _("Åbnede et mødes aftaler igen"),
    "acknowledge": _("Kvitterede for at have læst teksten"),
    "decline": _("Fravalgte overgangsbeskrivelsen"),
    "confirm_words": _("Bekræftede ord skrevet i en samtale"),
    "read_team_copy": _("Læste afsenderens udgave"),
    "read_parent_copy": _("Læste forældrenes udgave"),
    "read_released": _("Læste det, der er givet videre"),
    "read_archived": _("Hentede arkivets udgave"),
    "read_archived_version": _("Læste en tidligere udgave i arkivet"),
    "compare_archived": _("Sammenlignede udgaver i arkivet"),
    "read_individual": _("Læste et indsendt trivselsskema"),
    "submit": _("Indsendte et trivselsskema"),
    "request_consent": _("Spurgte om samtykke"),
    "see_information": _("Læste orienteringen om trivselsskemaer"),
    "see_consent": _("Så spørgsmålet om samtykke"),
    "decision_page": _("Så beslutninger om at give videre uden samtykke"),
    "decide_share": _("Besluttede at give videre uden samtykke"),
    "correction_page": _("Så, om det, der er givet videre, kan mærkes som rettet"),
    "held_page": _("Så, hvad der holdes tilbage efter en sikkerhedskopi"),
    "confirm_release": _("Bekræftede, at ingen tilbagekaldelse mangler efter en sikkerhedskopi"),
    "confirm_restored": _("Bekræftede for det hele, at ingen tilbagekaldelse mangler efter en sikkerhedskopi"),
    "correct_version": _("Mærkede en udgave som rettet"),
    "end_share": _("Lod en beslutning om at give videre ophøre"),
    "grant_page": _("Så, hvilke plejeforældre der har adgang"),
    "grant_reading": _("Gav en plejeforælder adgang til at læse"),
    "end_grant": _("Lod en plejeforælders adgang ophøre"),
    "hand_out_page": _("Så, hvad der er udleveret til en forælder uden forældremyndighed"),
    "hand_out": _("Udleverede til en forælder uden forældremyndighed"),
    "fetch_hand_out": _("Hentede et dokument, der er udleveret til en forælder uden forældremyndighed"),
    "journal_note": _("Hentede et notat om samtykke til journalen"),
    "paper_page": _("Så, hvem der kan svare på papir"),
    "enter_paper": _("Indtastede et svar på papir"),
    "confirm_paper": _("Bekræftede et svar på papir"),
    "reject_paper": _("Afviste et indtastet svar på papir"),
    "paper_scan": _("Hentede et scannet svar på papir"),
    "give_consent": _("Svarede på spørgsmålet om samtykke"),
    "fetch_receipt": _("Hentede sin kvittering"),
    "sign_personally": _("Gik til en udbyder for selv at skrive under"),
    "see_missing": _("Så, hvem der mangler at indsende et trivselsskema"),
    "open_round": _("Åbnede runden af trivselsskemaer efter fristen"),
    "withdraw_page": _("Åbnede siden, hvor et samtykke trækkes tilbage"),
    "withdraw": _("Trak et samtykke tilbage"),
    "record_withdrawal": _("Registrerede en tilbagekaldelse"),
    "name_reader": _("Gav en medarbejder adgang til at læse"),
    "begin_later": _("Begyndte et eget dokument om det modtagne"),
    "acknowledge_reception": _("Kvitterede for det, der er givet videre"),
    "search": _("Søgte i arkivet"),
    "search_hit": _("Så et uddrag i en søgning"),
    "search_own": _("Søgte i egne steders dokumenter"),
    "search_own_hit": _("Så et uddrag i en søgning i egne steders dokumenter"),
    "find_child": _("Søgte efter barnet i arkivet"),
    "save_search": _("Gemte en søgning i arkivet"),
    "tell_search": _("Valgte, om der kommer besked fra en gemt søgning"),
    "delete_search": _("Slettede en gemt søgning"),
    "forget_search": _("Slettede en gemt søgning, fordi dens ejer ikke er arkivar længere"),
    "search_alert": _("Fik besked om noget nyt i en gemt søgning"),
    "export_hits": _("Hentede en liste over det, en søgning fandt"),
    "export_hit": _("Hentede en liste, hvor barnet står"),
    "open_archived": _("Åbnede sagen i arkivet"),
    "export_record": _("Hentede en forseglet post"),
    "see_log": _("Så loggen om barnet"),
    "export_log": _("Hentede loggen om barnet"),
    "read_attachment": _("Åbnede et bilag"),
    "gather_copies": _("Bestilte en rundes dokumenter samlet"),
    "stop_gathering": _("Opgav at få en rundes dokumenter samlet"),
    "export_copies": _("Hentede en rundes dokumenter samlet"),
    "send_notification": _("Sendte en underretning"),
    "read_notification": _("Læste en underretning"),
    "hand_to_journal": _("Gav dokumentet til kommunens journalsystem"),
    "journal_receipt": _("Fik svar fra kommunens journalsystem"),
    "retry_step": _("Satte et trin i gang igen"),
    "start_design": _("Begyndte et udkast til et skema"),
    "edit_design": _("Ændrede et udkast til et skema"),
    "try_design": _("Prøvede et udkast til et skema"),
    "submit_design": _("Sendte et skema til godkendelse"),
    "take_back_design": _("Trak et skema tilbage fra godkendelse"),
    "reject_design": _("Sendte et skema tilbage"),
    "publish_design": _("Udgav en version af et skema"),
    "upload_template": _("Sendte en skabelon ind"),
    "propose_template": _("Foreslog en tidligere skabelon"),
    "try_template": _("Prøvede en skabelon igen"),
    "submit_template": _("Sendte en skabelon til godkendelse"),
    "reject_template": _("Sendte en skabelon tilbage"),
    "discard_template": _("Lagde en skabelon væk"),
    "publish_template": _("Tog en skabelon i brug"),
    "withdraw_version": _("Tog en version af et skema ud af brug"),
    "use_version_again": _("Tog en version af et skema i brug igen"),
    "unmask_cpr": _("Så hele CPR-nummeret"),
    "remarks_page": _("Så bemærkninger og begrænsning"),
    "remark": _("Satte en bemærkning på, begrænsede brugen eller ophævede en begrænsning"),
    "list_insight": _("Så listen over sager om indsigt"),
    "insight_child": _("Så sager om indsigt"),
    "begin_insight": _("Registrerede en anmodning om indsigt"),
    "see_insight": _("Så en sag om indsigt"),
    "collect_insight": _("Samlede alt om barnet til en sag om indsigt"),
    "see_insight_item": _("Gennemgik noget til en sag om indsigt"),
    "decide_insight": _("Tog stilling til, hvad der gives i en sag om indsigt"),
    "end_insight_review": _("Afsluttede eller genåbnede gennemgangen af en sag om indsigt"),
    "order_insight": _("Bestilte pakken til en sag om indsigt"),
    "fetch_insight": _("Hentede pakken til en sag om indsigt"),
    "hand_out_insight": _("Udleverede pakken i en sag om indsigt"),
    "prolong_insight": _("Forlængede fristen i en sag om indsigt"),
    "hold_insight": _("Holdt en lukket sag om indsigt tilbage fra destruktion, eller slap den"),
    "refuse_insight": _("Afviste en anmodning om indsigt"),
    "list_insight_intake": _("Så listen over sager om indsigt for underretningsfunktionen"),
    "see_insight_intake": _("Så en sag om indsigt for underretningsfunktionen"),
    "decide_insight_intake": _("Tog stilling for underretningsfunktionen i en sag om indsigt"),
    "answer_insight_intake": _("Svarede for underretningsfunktionen i en sag om indsigt, eller tog svaret tilbage"),
    "review_notification": _("Læste en underretning for at svare i en sag om indsigt"),
    "see_notification_log": _("Så, hvem der har læst underretninger"),
    "see_keeping": _("Så, hvordan et dokument bevares"),
    "list_imported": _("Så listen over pakker fra andre"),
    "open_imported": _("Åbnede en pakke fra andre"),
    "export_imported": _("Hentede en fil fra en pakke fra andre"),
    "due_list": _("Så, hvad der skal vurderes på et sted"),
    "hold_document": _("Holdt et dokument tilbage fra destruktion, eller gav det fri"),
    "appraise_document": _("Satte et mærke om bevaring, eller noterede en aflevering"),
    "forget_draft": _("En kladde, som ingen havde delt, blev destrueret efter reglen"),
    "forget_insight": _("En lukket sag om indsigt blev destrueret efter reglen"),
    "forget_log": _("Rækker i loggen, hvis periode var gået, blev destrueret efter reglen"),
    "kle_marks": _("Sendte kommunens KLE-mærker ind, tog dem i brug eller lagde dem væk"),
    "forget_evidence": _("Beviserne for et samtykke blev destrueret"),
    "destroy_document": _("Bad om, bekræftede, opgav eller udførte en destruktion"),
    "choose_setting": _("Ændrede en af kommunens indstillinger"),
    # what the operators' commands write about a child
    "make_package": _("Lavede en arkivpakke"),
    "list_packages": _("Så, hvilke dokumenter der kan pakkes"),
    "record_transfer": _("Noterede det modtagende arkivs kvittering"),
    "make_feed": _("Skrev grundlaget for en arkiveringsversion"),
    "export_consent": _("Hentede beviset for et samtykke"),
    "export_evidence": _("Hentede et langtidsbevis"),
    "consents_list": _("Så en liste over samtykker"),
    "consents_show": _("Så et samtykke med hændelser og beviser"),
    "consents_effective": _("Så, hvad der gælder af et samtykke"),
    "export_audit": _("Hentede loggen om barnet fra serveren"),
}


RENEWAL = {  # of a consent that had ended
    "request_created": _("Forældrene blev spurgt, om de ville forny et samtykke, der var ophørt"),
    "consent_given": _("Gav samtykke og fornyede dermed et, der var ophørt"),
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """What happened, as it is told: ``text`` is Danish and translated where it is shown; ``values`` fill its placeholders. Who did
    it is named (``who``) or told by ``role`` alone; ``times``: how often that day; ``since``: when the question was put that is renewed."""

    at: datetime
    text: str
    values: dict[str, Any]
    who: str
    remark: str = ""
    role: str = ""
    times: int = 1
    since: datetime | None = None


def timeline(house: House, case: ArchivedCase) -> list[Line]:
    """The case's events in the order they were written."""
    asked = {event.request_id: event.at for event in case.events if event.kind == "request_created"}
    return [_line(house, event, asked.get(renewed_request(event))) for event in case.events]


def _line(house: House, event: Event, renews: datetime | None) -> Line:
    """``renews``: when the question was put that this one, or this yes, renews."""
    text, remark, who = EVENT.get(event.kind, event.kind), "", event.actor
    text = RENEWAL[event.kind] if renews else text
    if event.kind in ("consent_withdrawn", "meeting_withdrawn"):
        text = SOME_ITEMS if event.payload.get("items") else text
        remark = BY_PHONE if event.payload.get("recorded_by") else ""
        who = event.payload.get("holder_id", who)
    if event.kind == "version_corrected":
        remark = event.payload.get("reason", "")  # the leader's own words
    if event.kind == JOURNALLED:
        remark = event.payload.get("theme", "")  # the form's own words
    return Line(
        at=event.at,
        text=text,
        values={"version": event.payload.get("version", "")},
        since=renews,
        who=name_of(house, who),
        remark=remark,
    )


def name_of(house: House, person_id: str) -> str:
    """A person's name from the register; empty for the system and for who is no longer there."""
    if not person_id or person_id == SYSTEM:
        return ""
    people = house.people
    found = people.staff(person_id) or people.parent(person_id) or people.child(person_id)
    return found.name if found else ""
