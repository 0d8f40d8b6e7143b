"""THE route table: the whole surface of Tillid (design 9). ``permissions.csv`` says who may call each row."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from pyramid.config import Configurator

from tillid.web.policy import NOBODY
from tillid.web.route import DIGEST, DRAFT, NAME, PAGE, VERSION, Route, route
from tillid.web.routes_insight import INSIGHT

VIEWS = "tillid.web.views"

ROUTES: tuple[Route, ...] = (
    # for everybody
    route("ok", "/ok", GET="public.ok"),
    Route(
        name="static",
        pattern="/static/{release:[0-9a-f]{16}}/{path:[A-Za-z0-9._/-]+}",
        views={"GET": "public.static_file"},
    ),
    route("help", "/hjaelp", GET="public.help_page"),
    route("was", "/was", GET="public.statement"),
    route("language", "/sprog/<language>", GET="public.language"),
    # in and out
    route("home", "/", GET="home.home"),
    route("login", "/login", GET="login.choose"),
    route("login_staff", "/login/medarbejder", GET="login.staff_form", POST="login.staff"),
    route("login_parent", "/login/foraelder", GET="login.parent_form", POST="login.parent"),
    Route(name="session", pattern="/session/{mark:[0-9a-f]{32}}", views={"GET": "login.standing"}),
    route("switch", "/skift", POST="login.switch"),
    route("logout", "/logud", POST="login.logout"),
    # a child and its documents (stations 2 to 4)
    route("child", "/barn/<child_id>", GET="document.child"),
    route("start", "/barn/<child_id>/begynd", POST="document.start"),
    route("own_search", "/soeg", GET="own_search.ask", POST="own_search.search"),
    route("unmask_cpr", "/barn/<child_id>/cpr", POST="cpr.unmask"),
    # a unit: what is about no particular child, and the overview of a round (D13, T5)
    route("unit", "/enhed/<unit_id>", GET="unit.unit"),
    route("start_in_unit", "/enhed/<unit_id>/begynd", POST="unit.start"),
    route("overview", "/runde/<round_id>/overblik", GET="unit.overview"),
    # all of a round's documents in one file (ADR 0034)
    route("gather", "/runde/<round_id>/dokumenter", GET="gathered.look", POST="gathered.begin"),
    route("gather_progress", "/runde/<round_id>/dokumenter/fremdrift", GET="gathered.progress"),
    route("stop_gathering", "/runde/<round_id>/dokumenter/stop", POST="gathered.stop"),
    route("gathered", "/runde/<round_id>/dokumenter.zip", GET="gathered.fetch"),
    route("document", "/dokument/<document_id>", GET="document.document"),
    route("fill_start", "/dokument/<document_id>/udfyld", GET="fill.first"),
    route("fill", "/dokument/<document_id>/udfyld/<section>", GET="fill.section", POST="fill.save_section"),
    route("field", "/dokument/<document_id>/felt/<field>", POST="field.save"),
    route("settle", "/dokument/<document_id>/felt/<field>/valg", POST="field.settle"),
    route("presence", "/dokument/<document_id>/hvem/<section>", GET="presence.look"),
    route("review", "/dokument/<document_id>/gennemse", GET="document.review"),
    route("make_preview", "/dokument/<document_id>/forhaandsvisning", POST="preview.make"),
    route("preview_progress", "/dokument/<document_id>/forhaandsvisning/fremdrift", GET="preview.progress"),
    route("preview", "/dokument/<document_id>/forhaandsvisning.pdf", GET="preview.pdf"),
    # another version of the form: the draft is moved, or an earlier one brought back
    route("move", "/dokument/<document_id>/flyt", GET="move.preview", POST="move.move"),
    route("earlier_draft", f"/dokument/<document_id>/kladde/{DRAFT}", GET="move.earlier"),
    route(
        "restore_draft", f"/dokument/<document_id>/kladde/{DRAFT}/hent", GET="move.before_restore", POST="move.restore"
    ),
    route("share", "/dokument/<document_id>/del", POST="document.share"),
    route("agree", "/dokument/<document_id>/enig", POST="document.agree"),
    route("submit", "/dokument/<document_id>/indsend", POST="document.submit"),
    route("progress", "/dokument/<document_id>/fremdrift", GET="document.progress"),
    route("read", "/dokument/<document_id>/laes", GET="copies.team_text"),
    route("copy", "/dokument/<document_id>/dokument.pdf", GET="copies.team_pdf"),
    route("copy_page", f"/dokument/<document_id>/side/{PAGE}.png", GET="copies.team_picture"),
    route("changes", "/dokument/<document_id>/aendringer", GET="changes.changes"),
    route("make_changes_pdf", "/dokument/<document_id>/aendringer/pdf", POST="changes.make"),
    route("changes_progress", "/dokument/<document_id>/aendringer/fremdrift", GET="changes.progress"),
    route("changes_pdf", "/dokument/<document_id>/aendringer.pdf", GET="changes.pdf"),
    route("attachment", "/dokument/<document_id>/bilag/<field>/{place:[1-9][0-9]?}", GET="attachments.of_draft"),
    route(
        "attachment_of_version",
        "/dokument/<document_id>/udgave/{version:[1-9][0-9]{0,3}}/bilag/<field>/{place:[1-9][0-9]?}",
        GET="attachments.of_version",
    ),
    route("request_consent", "/dokument/<document_id>/sporg", POST="document.ask"),
    Route(
        name="printed",
        pattern=f"/skemaer/{{form:{NAME}}}/v{{version:[1-9][0-9]{{0,3}}}}/tom",
        views={"GET": "printed.empty"},
    ),
    # a parent: read, agree, consent, withdraw (stations 4, 5, 7)
    route("parent_document", "/foraelder/dokument/<document_id>", GET="parent.document"),
    route("parent_information", "/foraelder/barn/<child_id>/trivsel", GET="parent.information"),
    route("parent_text", "/foraelder/dokument/<document_id>/laes", GET="copies.text"),
    route("parent_pdf", "/foraelder/dokument/<document_id>/laes.pdf", GET="copies.pdf"),
    route("parent_page", f"/foraelder/dokument/<document_id>/side/{PAGE}.png", GET="copies.picture"),
    route("parent_words", "/foraelder/dokument/<document_id>/mine-ord", GET="agree.words", POST="agree.confirm"),
    route("parent_acknowledge", "/foraelder/dokument/<document_id>/laest", POST="agree.acknowledge"),
    route("parent_agree", "/foraelder/dokument/<document_id>/enig", GET="agree.text", POST="agree.agree"),
    route(
        "parent_decline", "/foraelder/dokument/<document_id>/nej-tak", GET="agree.decline_form", POST="agree.decline"
    ),
    route("consent", "/samtykke/<request_id>", GET="consent.question", POST="consent.answer"),
    route("withdraw", "/samtykke/<request_id>/traek-tilbage", GET="withdraw.form", POST="withdraw.withdraw"),
    route("receipt", "/samtykke/<request_id>/kvittering/<event_id>", GET="receipts.shown"),
    route("record", "/samtykke/<request_id>/kvittering/<event_id>.xml", GET="receipts.record"),
    route("receipt_zip", "/samtykke/<request_id>/kvittering/<event_id>.zip", GET="receipts.package"),
    route("make_receipt_pdf", "/samtykke/<request_id>/kvittering/<event_id>/pdf", POST="receipts.make"),
    route("receipt_progress", "/samtykke/<request_id>/kvittering/<event_id>/fremdrift", GET="receipts.progress"),
    route("sign_personally", "/samtykke/<request_id>/kvittering/<event_id>/underskrift", POST="personal.begin"),
    route(
        "personal_signature", "/samtykke/<request_id>/kvittering/<event_id>/underskrift.xml", GET="personal.signature"
    ),
    route("receipt_pdf", "/samtykke/<request_id>/kvittering/<event_id>.pdf", GET="receipts.pdf"),
    route(
        "record_withdrawal",
        "/dokument/<document_id>/tilbagekald",
        GET="withdraw.staff_form",
        POST="withdraw.staff_record",
    ),
    # an answer on paper
    route("paper", "/dokument/<document_id>/papir", GET="paper.overview", POST="paper.decide"),
    route("paper_sheet", "/dokument/<document_id>/papir/<holder_id>", GET="paper.sheet", POST="paper.enter"),
    route("paper_scan", "/dokument/<document_id>/papir/<entry_id>/scan", GET="paper.scan"),
    route(
        "reading_grant", "/dokument/<document_id>/plejeforaelder", GET="reading_grant.look", POST="reading_grant.record"
    ),
    route("hand_out", "/dokument/<document_id>/udlever", GET="hand_out.look", POST="hand_out.record"),
    route("hand_out_copy", "/dokument/<document_id>/udlever/<entry_id>.pdf", GET="hand_out.copy"),
    route("journal_note", "/dokument/<document_id>/journalnotat.txt", GET="document.journal"),
    # the consent to a meeting: its purpose, and each who takes part (D12)
    route(
        "meeting_consent", "/dokument/<document_id>/moedesamtykke", GET="meeting.staff_page", POST="meeting.staff_act"
    ),
    route("meeting", "/moede/<meeting_id>", GET="meeting.question", POST="meeting.act"),
    # a leader's decision to share without consent
    route("decision", "/dokument/<document_id>/beslutning", GET="decision.look", POST="decision.decide"),
    # what a backup that was put back holds (ADR 0082)
    route("held", "/dokument/<document_id>/holdt-tilbage", GET="restored.look", POST="restored.confirm"),
    # what was given on is wrong (design 13)
    route("correction", "/dokument/<document_id>/rettelse", GET="correction.look", POST="correction.mark"),
    # a meeting is closed when what was agreed on is done (D7)
    route("agreements", "/dokument/<document_id>/aftaler", GET="agreements.look", POST="agreements.act"),
    # what stands beside a text: notes and restrictions
    route("remarks", "/dokument/<document_id>/bemaerkninger", GET="remarks.look", POST="remarks.act"),
    # the receiver (station 6)
    route("released", "/modtaget/<document_id>", GET="receiver.released"),
    route("released_progress", "/modtaget/<document_id>/fremdrift", GET="receiver.progress"),
    route("released_copy", "/modtaget/<document_id>/dokument.pdf", GET="receiver.copy"),
    route("released_page", f"/modtaget/<document_id>/side/{PAGE}.png", GET="receiver.picture"),
    route(
        "released_attachment",
        "/modtaget/<document_id>/bilag/<field>/{place:[1-9][0-9]?}",
        GET="attachments.released_file",
    ),
    route("name_reader", "/modtaget/<document_id>/laeser", POST="receiver.name"),
    route("acknowledge_reception", "/modtaget/<document_id>/kvittering", POST="receiver.acknowledge"),
    route("begin_later", "/modtaget/<document_id>/eget/<phase>", POST="receiver.begin"),
    # the archivist (station 8): purpose and words are posted, never in an address
    route("archive", "/arkiv", GET="archive.ask", POST="archive.search"),
    route("archive_csv", "/arkiv/resultat.csv", POST="archive.as_file"),
    route("saved_searches", "/arkiv/soegninger", GET="saved_searches.own", POST="saved_searches.change"),
    route("saved_search", "/arkiv/soegning/<search_id>", GET="saved_searches.opened"),
    route("archived", "/arkiv/<document_id>", GET="archived.purpose", POST="archived.case"),
    route("archived_copy", "/arkiv/<document_id>/dokument.pdf", POST="archived.copy"),
    route("archived_pages", "/arkiv/<document_id>/sider", POST="archived.pages"),
    route("archived_record", "/arkiv/<document_id>/post/<event_id>", POST="archived.record"),
    route("archived_version", f"/arkiv/<document_id>/udgave/{VERSION}", POST="archived.version"),
    route("archived_version_copy", f"/arkiv/<document_id>/udgave/{VERSION}/dokument.pdf", POST="archived.version_copy"),
    route("archived_changes", "/arkiv/<document_id>/aendringer", POST="archived.changes"),
    # kept, appraised, destroyed by two: nothing of what is in a document (R-82 R-90)
    route("due", "/arkiv/frister", GET="due.due"),
    route("kle", "/arkiv/kle", GET="kle.kle", POST="kle.change"),
    # what other installations handed over: read, never changed (ADR 0057)
    route("imported", "/arkiv/importeret", GET="imported.listed"),
    route("imported_package", "/arkiv/importeret/<package_id>", GET="imported.purpose", POST="imported.look"),
    route("imported_file", "/arkiv/importeret/<package_id>/fil", POST="imported.file"),
    route("keeping", "/arkiv/<document_id>/bevaring", GET="keeping.look", POST="keeping.act"),
    # data protection officer, administrator, intake
    route("log", "/log", GET="log.units"),
    route("log_notifications", "/log/underretninger", GET="log.notifications"),
    route("log_child", "/log/<child_id>", GET="log.child"),
    route("log_export", "/log/<child_id>/hent", POST="log.export"),
    *INSIGHT,
    route("admin", "/drift", GET="admin.overview"),
    route("admin_log", "/drift/log", GET="admin.check_log"),
    route("fixity", "/drift/eftersyn", GET="fixity.report"),
    route("restored", "/drift/sikkerhedskopi", GET="restored.overview", POST="restored.confirm_all"),
    route("retry_step", "/drift/igen", POST="admin.retry"),
    route("settings", "/drift/indstillinger", GET="municipal.overview", POST="municipal.change"),
    # the designer: new versions of the forms, nothing about anybody (ADR 0024)
    route("designs", "/drift/skemaer", GET="designer.overview", POST="designer.begin"),
    route("version_yaml", f"/drift/skemaer/<form>/v{VERSION}.yaml", GET="designer.version_yaml"),
    route("design", "/drift/skemaer/<design_id>", GET="designer.design", POST="designer.change"),
    route("design_yaml", "/drift/skemaer/<design_id>/skema.yaml", GET="designer.design_yaml"),
    route(
        "design_form", "/drift/skemaer/<design_id>/skemaet", GET="designer_parts.form", POST="designer_parts.save_form"
    ),
    route(
        "design_section",
        "/drift/skemaer/<design_id>/afsnit/<section>",
        GET="designer_parts.section",
        POST="designer_parts.save_section",
    ),
    route(
        "design_field",
        "/drift/skemaer/<design_id>/felt/<field>",
        GET="designer_field.field",
        POST="designer_field.save_field",
    ),
    route(
        "design_answers",
        "/drift/skemaer/<design_id>/svar/<field>",
        GET="designer_way.answers",
        POST="designer_way.save_answers",
    ),
    route(
        "design_list",
        "/drift/skemaer/<design_id>/liste/<list>",
        GET="designer_parts.code_list",
        POST="designer_parts.save_code_list",
    ),
    route(
        "design_rules",
        "/drift/skemaer/<design_id>/regler",
        GET="designer_parts.rules",
        POST="designer_parts.save_rules",
    ),
    route("design_try", "/drift/skemaer/<design_id>/proev", GET="designer_try.look", POST="designer_try.fill"),
    route(
        "design_review",
        "/drift/skemaer/<design_id>/godkendelse",
        GET="designer_review.review",
        POST="designer_review.decide",
    ),
    # the templates of the documents, nothing about anybody (ADR 0033)
    route("templates", "/drift/skabeloner", GET="templates.overview"),
    route("template", f"/drift/skabeloner/<form>/v{VERSION}", GET="templates.template", POST="templates.propose"),
    route("template_file", f"/drift/skabeloner/<form>/v{VERSION}.docx", GET="templates.present"),
    route(
        "proposal",
        "/drift/skabeloner/forslag/<proposal_id>",
        GET="templates_proposal.proposal",
        POST="templates_proposal.decide",
    ),
    route(
        "proposal_progress",
        "/drift/skabeloner/forslag/<proposal_id>/fremdrift",
        GET="templates_proposal.progress",
    ),
    route(
        "proposal_file",
        f"/drift/skabeloner/forslag/<proposal_id>/fil/{DIGEST}",
        GET="templates_proposal.file",
    ),
    # an underretning: outside every child's folder
    route("notify", "/underret", GET="notification.start", POST="notification.begin"),
    route("notify_child", "/barn/<child_id>/underret", GET="notification.start", POST="notification.begin"),
    route("notification", "/underretning/<document_id>", GET="notification.notification"),
    route("send_notification", "/underretning/<document_id>/send", POST="notification.send"),
    route("intake", "/underretninger", GET="notification.intake"),
    # the forms themselves, as JSON for employees' tools; nothing about anybody
    route("forms_api", "/api/skemaer", GET="api.forms"),
    route("form_schema", f"/api/skemaer/<form>/v{VERSION}.json", GET="api.schema"),
    # a round of trivselsskemaer (station 2, blind)
    route("round", "/barn/<child_id>/runde/<round_id>", GET="round.child_in_round"),
    route("open_round", "/runde/<round_id>/aabn", GET="open_round.ask", POST="open_round.open_it"),
)


def has_route(name: str) -> bool:
    """Whether the table has a route of that name."""
    return any(one.name == name for one in ROUTES)


@cache
def permissions() -> dict[tuple[str, str], str]:
    """(route, method) → who."""
    with (Path(__file__).parent / "permissions.csv").open(encoding="utf-8", newline="") as file:
        return {(row["route"], row["method"]): row["who"].strip() for row in csv.DictReader(file)}


def unlisted() -> list[str]:
    """Rows that the two tables do not share; the application does not start unless this is empty."""
    wanted = {(one.name, method) for one in ROUTES for method in one.views}
    known = {row for row, who in permissions().items() if who}
    return sorted(f"{name} {method}" for name, method in wanted ^ known)


def add_routes(config: Configurator) -> None:
    """Put the table into Pyramid. Raises ``RuntimeError`` for a route without a permission row, or the reverse."""
    if unlisted():
        raise RuntimeError(f"routes and permissions.csv differ: {', '.join(unlisted())}")
    for one in ROUTES:
        config.add_route(one.name, one.pattern)
        for method, view in one.views.items():
            config.add_view(
                f"{VIEWS}.{view}",
                route_name=one.name,
                request_method=method,  # Pyramid adds HEAD to GET
                permission=permissions().get((one.name, method), NOBODY),
            )
