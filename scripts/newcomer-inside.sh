#!/usr/bin/env bash
# The newcomer's two commands with their times, inside the bare Debian (newcomer.sh): `make start` cold and once more,
# then `make test` (not with --start). Exit 0 only if the demo answered both times, stopped cleanly at Ctrl-C, and every
# test passed.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh
PORT=${TILLID_NEWCOMER_PORT:-8080}
LIMIT=900

as_root apt-get update -qq
as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends make git >/dev/null

# Whether a web server answers at all; the page for strangers is the application's to test.
answers() {
  local line=""
  { exec 3<>"/dev/tcp/127.0.0.1/$PORT"; } 2>/dev/null || return 1
  printf 'GET / HTTP/1.0\r\nHost: 127.0.0.1:%s\r\n\r\n' "$PORT" >&3
  read -r -t 30 line <&3 || true
  exec 3>&- 3<&-
  [[ $line == HTTP/1.* ]]
}

# Start, wait for the first answer, press Ctrl-C. Prints the seconds as "$1".
start_once() {
  local from=$SECONDS pid code=0
  if answers; then
    printf 'Port %s er allerede i brug på denne maskine.\n' "$PORT" >&2
    return 1
  fi
  set -m # a process group of its own, so that Ctrl-C reaches all of it
  make start </dev/null &
  pid=$!
  set +m
  until answers; do
    kill -0 "$pid" 2>/dev/null || { wait "$pid" || true; printf '»make start« stoppede af sig selv.\n' >&2; return 1; }
    ((SECONDS - from < LIMIT)) || { kill -INT -- "-$pid"; printf '»make start« svarede ikke inden for %s s.\n' "$LIMIT" >&2; return 1; }
    sleep 0.2
  done
  local seconds=$((SECONDS - from))
  kill -INT -- "-$pid"
  wait "$pid" || code=$?
  # 130: make itself ends by the signal; 2: its word for a recipe that did.
  [[ $code == 0 || $code == 130 || $code == 2 ]] || { printf '»make start« endte med %s.\n' "$code" >&2; return 1; }
  if answers; then
    printf 'Serveren svarer stadig efter Ctrl-C.\n' >&2
    return 1
  fi
  report+=("$(printf '%-28s %4d s' "$1" "$seconds")")
}

report=()
start_once "make start, første gang"
start_once "make start, næste gang"
if [[ ${1:-} != --start ]]; then
  from=$SECONDS
  make test
  report+=("$(printf '%-28s %4d s' "make test" $((SECONDS - from)))")
fi
printf '\n'
printf '%s\n' "${report[@]}"
