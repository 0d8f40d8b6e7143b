#!/usr/bin/env bash
# The fast core alone: no Plone in the process, and a broken rule shows within seconds. Then all tests, the core among
# them: the browser's in a run of their own beside the rest, its closing line last. With arguments, which go on to pytest,
# one run of just those:
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
  # The browser's tests wait more than they work, so the rest runs beside them, behind them at the processor.
  browser_log=$(mktemp)
  trap 'kill "$browser" 2>/dev/null || true; rm -f "$browser_log"' EXIT
  run tests/browser >"$browser_log" 2>&1 &
  browser=$!
  nice -n 10 .venv/bin/python -m pytest --hypothesis-profile=full --ignore=tests/browser || failed=$?
  wait "$browser" || failed=$?
  cat "$browser_log"
  exit "$failed"
elif [[ " $* " == *" --core "* ]]; then
  core "$@"
else
  run "$@"
fi
