#!/usr/bin/env bash
# Resolve pyproject.toml into the locks. They hold versions and hashes, but no download address: every mirror serves.
# The test lock builds on the run lock, so that the tests run what people run.
#   make lock               keeps what is locked where pyproject.toml allows it
#   make lock UPGRADE=1     takes the newest
set -euo pipefail
cd "$(dirname "$0")/.."
export UV_CUSTOM_COMPILE_COMMAND="make lock" UV_PYTHON_DOWNLOADS=never
options=(-q --universal --generate-hashes --python-version 3.11)
[[ ${UPGRADE:-} ]] && options+=(--upgrade)
uv pip compile "${options[@]}" pyproject.toml -o requirements/run.txt
uv pip compile "${options[@]}" -c requirements/run.txt --group test --group lint pyproject.toml -o requirements/test.txt
uv pip compile "${options[@]}" requirements/tools.in -o requirements/tools.txt
