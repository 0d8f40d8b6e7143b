"""A start on data of before a trust list said whose a seal is: the installation's own seals say it then, and go on counting."""

from __future__ import annotations

import shutil

import pytest

from tests.faults.served import Served
from tillid.demo.loading import demo_settings
from tillid.kernel.paths import SIGNING


@pytest.mark.req("R-05")
def test_a_start_binds_the_seals_that_say_nothing(asked_site, tmp_path):
    var = tmp_path / "var"
    shutil.copytree(asked_site, var)
    seals = var / "trust" / "seals"
    seals.mkdir(parents=True)
    shutil.copy(SIGNING / "trust" / "test" / "seals" / "seal.pem", seals / "2024-a.pem")
    server = Served(var, tmp_path / "server.log")
    try:
        said = (seals / "2024-a.txt").read_text("utf-8").splitlines()
    finally:
        server.kill()
    assert f"{demo_settings().municipality_id} {demo_settings().municipality}" in said and len(said) == 2
