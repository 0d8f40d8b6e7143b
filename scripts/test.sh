#!/usr/bin/env bash
# The fast core alone: no Plone in the process, and a broken rule shows within seconds. Then all tests in one pytest run, the
# core among them, so that its closing line counts them all. With arguments, which go on to pytest, one run of just those:
#   scripts/test.sh --core --durations=20
#   scripts/test.sh tests/unit -k consents
set -euo pipefail
cd "$(dirname "$0")/.."
# No test may read the developer's own demo or speak their language.
export LC_ALL=C.UTF-8 PYTHONHASHSEED=random
# Where this is set, every process compiles every source and rewrites every test anew: seconds before the first test.
unset PYTHONDONTWRITEBYTECODE

run() { .venv/bin/python -m pytest "$@"; }
core() {
  local TIMEFORMAT="The fast core, from start to end: %R s (%U s of CPU)"
  time run "$@"
}

if [[ $# -eq 0 ]]; then
  failed=0
  core --core -q || failed=$?
  run --hypothesis-profile=full || failed=$?
  exit "$failed"
elif [[ " $* " == *" --core "* ]]; then
  core "$@"
else
  run "$@"
fi
