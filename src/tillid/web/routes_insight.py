"""The rows of the route table for insight: what is kept about a child, for who asks (R-72, ADR 0058)."""

from __future__ import annotations

from tillid.web.route import ITEM, Route, route

INSIGHT: tuple[Route, ...] = (
    route("insight", "/indsigt", GET="insight.overview"),
    route("insight_child", "/indsigt/barn/<child_id>", GET="insight.child", POST="insight.begin"),
    route("insight_case", "/indsigt/<case_id>", GET="insight_case.case", POST="insight_case.act"),
    route("insight_progress", "/indsigt/<case_id>/fremdrift", GET="insight.progress"),
    route("insight_item", f"/indsigt/<case_id>/post/{ITEM}", GET="insight_item.look", POST="insight_item.decide"),
    route("insight_file", f"/indsigt/<case_id>/post/{ITEM}/fil", GET="insight_item.file"),
    route("insight_package", "/indsigt/<case_id>/pakke", POST="insight_package.fetch"),
    route("insight_hand_out", "/indsigt/<case_id>/udleveret", POST="insight_package.hand_out"),
    # the intake's answer, which the officer's pages never show (ADR 0068)
    route("intake_insight", "/underretninger/indsigt", GET="intake_insight.overview"),
    route(
        "intake_insight_case", "/underretninger/indsigt/<case_id>", GET="intake_insight.case", POST="intake_insight.act"
    ),
    route(
        "intake_insight_item",
        f"/underretninger/indsigt/<case_id>/post/{ITEM}",
        GET="intake_item.look",
        POST="intake_item.decide",
    ),
    route("intake_insight_file", f"/underretninger/indsigt/<case_id>/post/{ITEM}/fil", GET="intake_item.file"),
)
