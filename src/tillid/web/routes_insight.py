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
)
