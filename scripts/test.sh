#!/usr/bin/env bash
# All tests in one pytest run, so that its closing line counts them all; tests/conftest.py puts the fast core first.
# Arguments go on to pytest: scripts/test.sh tests/unit -k consents
set -euo pipefail
cd "$(dirname "$0")/.."
# No test may read the developer's own demo or speak their language.
export LC_ALL=C.UTF-8 PYTHONHASHSEED=random
exec .venv/bin/python -m pytest "$@"
