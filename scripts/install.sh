#!/usr/bin/env bash
# Everything Tillid needs on this machine, and nothing twice: a second call takes well under a second.
#   scripts/install.sh          to run it
#   scripts/install.sh --test   also what the tests need
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh
. scripts/system.sh
. scripts/python.sh

kind=run
[[ ${1:-} == --test ]] && kind=test
mkdir -p var/log 2>/dev/null || die "Mappen $PWD/var kan ikke laves. Er disken fuld, eller mangler du skriveret?"
: 2>/dev/null >>"$LOG" || die "Der kan ikke skrives i $PWD/$LOG. Er disken fuld, eller mangler du skriveret?"
exec 9>var/install.lock
flock -n 9 || { say "En anden installation er i gang; venter på den …"; flock 9; }

[[ $kind != test || -e $(search_server) ]] || need_space var 600

packages=("${RUN_PACKAGES[@]}")
[[ $kind == test ]] && packages+=("${TEST_PACKAGES[@]}")
find_python >/dev/null || packages+=(python3 python3-venv)

# The programs around Python, and then what the tests have of Maven's: it is fetched while Python's packages are; below it
# is waited for, or fetched if this failed.
system_part() {
  if is_debian; then debian_packages "${packages[@]}"; fi
  if [[ $kind == test ]] && command -v mvn >/dev/null && command -v javac >/dev/null; then
    { deploy/elasticsearch/fetch.sh var/search && scripts/validators/eark/fetch.sh var/validators-eark; } >>"$LOG" 2>&1 </dev/null 9>&- &
  fi
}

python_part() {
  find_uv
  build_venv "$kind"
}

finish() { rm -rf .venv.new; }
trap finish EXIT

is_debian || other_linux "$kind"
if [[ -e .venv/$(stamp "$kind") ]]; then
  system_part
else
  if ! PYTHON=$(find_python); then
    system_part
    PYTHON=$(find_python) || die "Tillid skal bruge Python 3.11 eller 3.12. Installér den, eller peg på den med TILLID_PYTHON=/sti/til/python3."
  fi
  # shellcheck disable=SC2046 # a name, or nothing
  if is_debian; then debian_packages $(venv_package); fi
  beside_each_other python_part system_part
  swap_venv
fi
compile_catalogues
if [[ $kind == test && ! -e $(search_server) ]]; then
  step "Henter en søgeserver til testene (Elasticsearch)" deploy/elasticsearch/fetch.sh var/search ||
    die "Søgeserveren kunne ikke hentes eller bygges. Se efter, om der er forbindelse til nettet, og kør kommandoen igen. Resten af udskriften står i $LOG."
fi
if [[ $kind == test && ! -e var/validators-eark/.fetched ]]; then
  step "Henter en validator af arkivpakker til testene (E-ARK)" scripts/validators/eark/fetch.sh var/validators-eark ||
    die "Validatoren af arkivpakker kunne ikke hentes. Se efter, om der er forbindelse til nettet, og kør kommandoen igen. Resten af udskriften står i $LOG."
fi
