#!/usr/bin/env bash
# The fast core alone: no Plone in the process, and a broken rule shows within seconds. Then everything else, and the
# core's random tests again with more examples: half of the walks and the browser in a run of their own beside the rest, their
# closing line last. With arguments, which go on to pytest, one run of just those:
#   scripts/test.sh --core --durations=20
#   scripts/test.sh tests/unit -k consents
set -euo pipefail
cd "$(dirname "$0")/.."
# No test may read the developer's own demo or speak their language.
export LC_ALL=C.UTF-8 PYTHONHASHSEED=random
# Where this is set, every process compiles every source and rewrites every test anew: seconds before the first test.
unset PYTHONDONTWRITEBYTECODE

run() { .venv/bin/python -m pytest "$@"; }

# Two runs at a time, the second one's output after the first one's. The arguments up to -- are the first run's, the others
# the second's. "No such test" (5) is fine in one of them where MAY_BE_EMPTY is set, so that -k can be given.
side_by_side() {
  local first=() log second_failed=0 first_failed=0
  while [[ $1 != -- ]]; do first+=("$1") && shift; done
  shift
  log=$(mktemp)
  run "$@" >"$log" 2>&1 &
  second=$!
  trap 'kill "$second" 2>/dev/null || true' EXIT
  ${BEHIND:-} .venv/bin/python -m pytest "${first[@]}" || first_failed=$?
  wait "$second" || second_failed=$?
  cat "$log"
  rm -f "$log"
  [[ $second_failed -eq 5 && -n ${MAY_BE_EMPTY:-} ]] && return "$first_failed"
  [[ $first_failed -eq 0 || ($first_failed -eq 5 && -n ${MAY_BE_EMPTY:-}) ]] && return "$second_failed"
  return "$first_failed"
}

# The core of one file or folder in one run; all of it in two beside each other, the forms being half of it.
core() {
  local TIMEFORMAT="The fast core, from start to end: %R s (%U s of CPU)" argument
  # Its scratch files lie apart: else it would spend its seconds on clearing away what the whole run left.
  export PYTEST_DEBUG_TEMPROOT=${TMPDIR:-/tmp}/tillid-core-$UID
  mkdir -p "$PYTEST_DEBUG_TEMPROOT"
  for argument; do
    [[ $argument == -* ]] || { time run "$@" && return || return; }
  done
  time MAY_BE_EMPTY=1 side_by_side "$@" tests/unit/forms -- "$@" --ignore=tests/unit/forms
}

if [[ $# -eq 0 ]]; then
  failed=0
  (core --core -q) || failed=$?
  # The browser's tests wait more than they work, so the rest runs beside them, behind them at the processor. With half of
  # the walks before the browser both take about as long.
  after=(--after-core --hypothesis-profile=full)
  BEHIND="nice -n 10" side_by_side "${after[@]}" --ignore=tests/browser --ignore-glob='*/walks/test_[a-m]*' -- \
    "${after[@]}" tests/walks tests/browser --ignore-glob='*/walks/test_[n-z]*' || failed=$?
  exit "$failed"
elif [[ " $* " == *" --core "* ]]; then
  core "$@"
else
  run "$@"
fi
