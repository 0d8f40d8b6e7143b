#!/usr/bin/env bash
# The fast core alone: no Plone in the process, and a broken rule shows within seconds. Then everything else, and the
# core's random tests again with more examples: three runs beside each other, the browser's closing line last. With
# arguments, which go on to pytest, one run of just those:
#   scripts/test.sh --core --durations=20
#   scripts/test.sh tests/unit -k consents
set -euo pipefail
cd "$(dirname "$0")/.."
# No test may read the developer's own demo or speak their language.
export LC_ALL=C.UTF-8 PYTHONHASHSEED=random
# Where this is set, every process compiles every source and rewrites every test anew: seconds before the first test.
unset PYTHONDONTWRITEBYTECODE

run() { .venv/bin/python -m pytest "$@"; }

# Several runs at a time, their arguments divided by --: the first one's output as it comes, the others' after it in their
# order. What is not the browser's stands behind at the processor where BEHIND is set. "No such test" (5) is fine in some
# of them where MAY_BE_EMPTY is set, so that -k can be given.
side_by_side() {
  local first=() own=() pids=() logs=() argument number failed=0 empty=0
  while [[ $1 != -- ]]; do first+=("$1") && shift; done
  shift
  for argument in "$@" --; do
    [[ $argument == -- ]] || { own+=("$argument") && continue; }
    logs+=("$(mktemp)")
    beside "${own[@]}" >"${logs[-1]}" 2>&1 &
    pids+=($!)
    own=()
  done
  trap 'kill "${pids[@]}" 2>/dev/null || true' EXIT
  (beside "${first[@]}") || worse $?
  for number in "${!pids[@]}"; do
    wait "${pids[number]}" || worse $?
    cat "${logs[number]}"
    rm -f "${logs[number]}"
  done
  [[ $empty -le ${#pids[@]} ]] || failed=5
  return "$failed"
}

beside() {
  local behind=${BEHIND:-}
  [[ " $* " == *" tests/browser "* ]] && behind=
  # shellcheck disable=SC2086 # a command and its arguments, or nothing
  exec $behind .venv/bin/python -m pytest "$@"
}

worse() {
  if [[ $1 -eq 5 && -n ${MAY_BE_EMPTY:-} ]]; then empty=$((empty + 1)); else failed=$1; fi
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
  # The browser's tests wait more than they work, so the rest runs beside them, behind them at the processor: in two runs
  # that take about as long, for much of it waits too (for LibreOffice, for a server that starts, for the disk).
  after=(--after-core --hypothesis-profile=full)
  # Before the browser, so that the three end at about the same time.
  first=(tests/contract/test_office_box.py tests/faults/test_fuzz_records.py)
  others=("${after[@]}" "${first[@]/#/--ignore=}")
  BEHIND="nice -n 10" side_by_side "${others[@]}" --ignore=tests/browser --ignore=tests/security --ignore=tests/faults \
    --ignore-glob='*/walks/test_[d-z]*' -- "${others[@]}" tests/security tests/faults tests/walks \
    --ignore-glob='*/walks/test_[a-c]*' -- "${after[@]}" "${first[@]}" tests/browser || failed=$?
  exit "$failed"
elif [[ " $* " == *" --core "* ]]; then
  core "$@"
else
  run "$@"
fi
