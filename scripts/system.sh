# The programs around Python: Debian's packages where there is apt, else a clear word on what is missing. Sourced.
# shellcheck shell=bash

# Each word: alternatives split by `|`, the first is what we install. A full LibreOffice is as good as the small one.
RUN_PACKAGES=(
  "libreoffice-writer-nogui|libreoffice-writer" python3-uno fontconfig fonts-crosextra-carlito fonts-liberation
  fonts-dejavu-core bubblewrap libjemalloc2 xmlsec1 qpdf poppler-utils
)
# Chromium without its windows opens a page in half the time; libatomic1: what playwright's own Node.js needs beyond it; the
# JDK, Maven, unzip and openssl: a search server that the tests start (deploy/elasticsearch).
TEST_PACKAGES=(
  chromium-headless-shell libatomic1 clamav-daemon softhsm2 "openjdk-17-jdk-headless|openjdk-21-jdk-headless|default-jdk-headless"
  maven unzip openssl
)

has_package() { [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

# Print the packages of "$@" that are not installed.
missing_packages() {
  local word name found
  for word in "$@"; do
    found=""
    for name in ${word//|/ }; do
      if has_package "$name"; then found=1; fi
    done
    [[ $found ]] || printf '%s\n' "${word%%|*}"
  done
}

apt_get() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -y -qq "$@"
}

# Install what is missing of "$@" and nothing else; touches the network only then.
debian_packages() {
  local missing
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]})) || return 0
  if [[ $(id -u) != 0 ]] && ! command -v sudo >/dev/null; then
    die "Disse Debian-pakker mangler: ${missing[*]}. Kør kommandoen som root, eller installér sudo først."
  fi
  need_space /usr 2000
  # sudo may have to ask for a password: before the step, whose input and output are the log's.
  if [[ $(id -u) != 0 ]]; then sudo -v || die "Uden sudo kan Debian-pakkerne ikke installeres: ${missing[*]}."; fi
  step "Henter Debians pakkelister" apt_get update ||
    die "Debians pakkelister kunne ikke hentes. Se efter, om der er forbindelse til nettet, og kør kommandoen igen."
  step "Installerer ${#missing[@]} Debian-pakker (${missing[0]} …)" apt_get install --no-install-recommends "${missing[@]}" ||
    die "Debian-pakkerne kunne ikke installeres: ${missing[*]}. Resten af udskriften står i $LOG."
}

# Another Linux: name every program that is missing, in one sentence.
other_linux() {
  local missing=() pair
  local wanted=("soffice=LibreOffice Writer" "bwrap=bubblewrap" "xmlsec1=xmlsec1" "qpdf=qpdf" "pdftotext=poppler-utils" "fc-list=fontconfig")
  [[ $1 == test ]] && wanted+=("chromium=Chromium" "clamd=ClamAV" "softhsm2-util=SoftHSM 2" "javac=Java (JDK 17)" "mvn=Maven" "unzip=unzip" "openssl=OpenSSL")
  for pair in "${wanted[@]}"; do
    command -v "${pair%%=*}" >/dev/null || missing+=("${pair#*=} (programmet ${pair%%=*})")
  done
  python3 -c 'import uno' 2>/dev/null || /usr/bin/python3 -c 'import uno' 2>/dev/null || missing+=("Python-UNO (python3 skal kunne »import uno«)")
  if command -v fc-list >/dev/null; then
    for pair in Carlito "Liberation Sans" "DejaVu Sans"; do
      [[ $(fc-list "$pair") ]] || missing+=("skrifttypen $pair")
    done
  fi
  ((${#missing[@]} == 0)) && return 0
  local list
  list=$(printf ', %s' "${missing[@]}")
  die "Her er ikke apt, så installér selv det, der mangler, med systemets egen pakkestyring: ${list:2}."
}
