# What the scripts share: talk to people, time a step, give up with one clear sentence. Sourced, not run.
# shellcheck shell=bash

LOG="var/log/install.log"

say() { printf '%s\n' "$*"; }

# One clear sentence, and out. $1: sentence; the log holds the rest.
die() {
  printf '\nFejl: %s\n' "$1" >&2
  exit 1
}

# Run one step with one line and its seconds; its own output goes to the log. $1: what; rest: command.
step() {
  local what=$1 from=$SECONDS
  shift
  printf '  %-58s' "$what …"
  printf '\n== %s: %s\n' "$(date -u +%FT%TZ)" "$*" >>"$LOG"
  if "$@" >>"$LOG" 2>&1 </dev/null; then
    printf '%4d s\n' $((SECONDS - from))
  else
    printf ' fejlede\n\n' >&2
    tail -n 8 "$LOG" | sed 's/^/    /' >&2
    return 1
  fi
}

# The function $1 beside the function $2, its output after that of $2. If $2 gives up, $1 is ended.
beside_each_other() {
  local said
  said=$(mktemp)
  set -m # a group of its own, so that all it has started can be ended
  "$1" >"$said" 2>&1 </dev/null &
  beside=$!
  set +m
  trap 'kill -- -"$beside" 2>/dev/null || true; finish' EXIT
  "$2"
  wait "$beside" || { cat "$said" >&2 && rm "$said" && exit 1; }
  trap finish EXIT
  cat "$said" && rm "$said"
}

# Free megabytes where $1 lies.
free_mb() { df -Pm "$1" | awk 'NR==2 {print $4}'; }

# Give up unless the disk that holds $1 has $2 MB free.
need_space() {
  local free
  free=$(free_mb "$1")
  ((free >= $2)) || die "Der er kun $free MB ledig plads på disken med $1, og installationen skal bruge $2 MB. Frigør plads, og kør kommandoen igen; intet er ændret."
}

is_debian() { command -v dpkg-query >/dev/null && command -v apt-get >/dev/null; }

# Run as root, whether we are or not.
as_root() {
  if [[ $(id -u) == 0 ]]; then "$@"; else sudo "$@"; fi
}

# What is there once the search server of the tests is (deploy/elasticsearch/fetch.sh).
search_server() { deploy/elasticsearch/fetch.sh --where var/search; }
