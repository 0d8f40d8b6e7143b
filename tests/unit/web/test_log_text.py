"""A log line about a fault says where it was, never what somebody wrote."""

from __future__ import annotations

import logging

import pytest

from tillid.web.answers import where


@pytest.mark.req("R-111")
def test_the_way_to_a_fault_is_logged_without_its_text(caplog):
    written = "Alma sover dårligt"
    try:
        int(written)
    except ValueError as error:
        logging.getLogger("tillid").error("failed: %s", type(error).__name__, exc_info=where(error))
    assert "test_log_text.py" in caplog.text and "ValueError" in caplog.text
    assert written not in caplog.text
