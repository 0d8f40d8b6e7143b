#!/usr/bin/env bash
# What a stranger meets: both commands in a bare Debian 12 made for this run, from a clean clone of what is committed.
#   scripts/newcomer.sh [--keep] [COMMAND]     COMMAND: run this in it instead (default: scripts/newcomer-inside.sh)
# Needs root. The host's certificates and the settings of its package clients (mirrors, proxies, logins) are passed on,
# for a machine may reach its registries only that way; the folder that holds them is for root alone and removed at the end.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh
. scripts/system.sh
mkdir -p var/log

keep=""
[[ ${1:-} == --keep ]] && { keep=1; shift; }
command=${1:-scripts/newcomer-inside.sh}
SUITE=bookworm

[[ $(id -u) == 0 ]] || die "»make newcomer« laver en hel Debian og skal køres som root."
is_debian || die "»make newcomer« bruger debootstrap og kører kun på Debian eller Ubuntu."
debian_packages debootstrap util-linux git
need_space /var/tmp 8000

base=$(mktemp -d /var/tmp/tillid-newcomer.XXXXXX)
root=$base/root
clean_up() {
  if [[ $keep ]]; then say "Den nye Debian ligger i $root (slet den selv; den kan rumme adgangskoder til pakkeservere)."; else rm -rf --one-file-system "$base"; fi
}
trap clean_up EXIT
mkdir "$root"

# The mirror that the host itself uses for this suite, else Debian's own.
mirror() {
  local found
  found=$({ cat /etc/apt/sources.list.d/*.sources 2>/dev/null || true; } | awk -v suite="$SUITE" '
    /^URIs:/ {uri = $2} /^Suites:/ {for (i = 2; i <= NF; i++) if ($i == suite && uri) {print uri; exit}}')
  [[ $found ]] || found=$({ cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null || true; } |
    sed -E 's/\[[^]]*\]//' | awk -v suite="$SUITE" '$1 == "deb" && $3 == suite {print $2; exit}')
  printf '%s' "${found:-http://deb.debian.org/debian}"
}

# Copy each path of "$@" that the host has to the same place in the new root.
pass_on() {
  local path
  for path in "$@"; do
    [[ -e $path ]] || continue
    mkdir -p "$root$(dirname "$path")"
    cp -a "$path" "$root$(dirname "$path")/"
  done
}

client_settings() {
  if grep -q "VERSION_CODENAME=$SUITE" /etc/os-release; then
    rm -f "$root/etc/apt/sources.list"
    pass_on /etc/apt
  else # the host's sources are for another release
    pass_on /etc/apt/apt.conf /etc/apt/apt.conf.d /etc/apt/auth.conf /etc/apt/auth.conf.d
  fi
  pass_on /etc/ssl /usr/share/ca-certificates /usr/local/share/ca-certificates /etc/pip.conf /etc/xdg/pip /etc/uv \
    /etc/npmrc "$HOME/.pip" "$HOME/.config/pip" "$HOME/.config/uv" "$HOME/.npmrc" "$HOME/.netrc" "$HOME/.m2/settings.xml"
  # What these two point at is the host's: copy the text.
  cat /etc/resolv.conf >"$root/etc/resolv.conf"
  cat /etc/hosts >"$root/etc/hosts"
}

# Settings that clients take from the environment. A path that the new root lacks would only mislead them.
client_environment() {
  local name value
  while IFS= read -r name; do
    value=${!name}
    [[ $value == /* && ! -e $root$value ]] && continue
    printf '%s=%s\0' "$name" "$value"
  done < <(compgen -e | grep -iE '^(pip_|uv_|npm_|ssl_cert|curl_ca|requests_ca|node_extra_ca|git_ssl|(https?|ftp|no|all)_proxy$)')
}

step "Laver en bar Debian 12 (et par minutter)" debootstrap --variant=minbase --include=python3 "$SUITE" "$root" "$(mirror)" ||
  die "debootstrap kunne ikke lave en bar Debian; se $LOG."
step "Giver den maskinens certifikater og indstillinger" client_settings || die "Indstillingerne kunne ikke kopieres; se $LOG."
step "Kloner det, der er committet" git clone --quiet --no-hardlinks "file://$PWD" "$root/root/tillid" ||
  die "Projektet kunne ikke klones; se $LOG."

mapfile -d '' -t environment < <(client_environment)
env -i "${environment[@]}" PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
  TERM="${TERM:-dumb}" unshare --mount --pid --fork --propagation private \
  bash scripts/newcomer-enter.sh "$root" "$command"
