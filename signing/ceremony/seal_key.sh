#!/usr/bin/env bash
# The ceremony of the seal's key, walked through by two people: one types, one reads along. What it is about: signing/ceremony.md.
#
#   seal_key.sh request NAME --organisation TEXT (--module FILE --token TEXT --pin-file FILE | --key-file)
#   seal_key.sh certify NAME --chain ANSWER.pem --roots ROOTS.pem [--controller UUID …]
#   seal_key.sh revoke  NAME --since 2027-05-03T06:00:00Z --reason keyCompromise
#
# For each: --var FOLDER (default var), --minutes FOLDER (not where the keys are), --demo, and --really.
#
# Without --really it is a rehearsal: all is looked at, nothing is asked, nothing is changed, and what would be run is printed.
# With it, everything is looked at before anything is changed: who stops, or is stopped, before that leaves all as it was. As soon
# as something has changed the minutes are written, whatever comes after.
#
# It runs `tillid keys` and openssl, and touches no key itself. Nothing secret is asked for, printed, or written into the minutes.
# Exit codes: 0 done (or the rehearsal found nothing wrong), 1 stopped, 2 used wrongly.
set -euo pipefail
umask 077
export LC_ALL=C.UTF-8

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
tillid=${TILLID:-$here/.venv/bin/tillid}
[[ -x $tillid ]] || tillid=tillid
work=$(mktemp -d)
changed=no notes=()

say() { printf '%s\n' "$*"; }
note() { notes+=("$*"); say "  $*"; } # shown, and in the minutes
stop() {
  say "STOP: $*" >&2
  notes+=("STOP: $*")
  exit 1
}
wrong_use() {
  say "$*" >&2
  sed -n '4,8p' "${BASH_SOURCE[0]}" | sed 's/^# \{0,1\}//' >&2
  exit 2
}

# Asked of people. At the end of the input they are gone, and that is a no.
ask() { # ask VARIABLE QUESTION
  local typed_
  printf '%s ' "$2"
  IFS= read -r typed_ || stop "Ingen svarede."
  typed_=$(printf '%s' "$typed_" | tr -d '[:cntrl:]' | sed 's/^ *//; s/ *$//')
  printf -v "$1" '%s' "$typed_"
}
agree() { # agree QUESTION: only a whole "ja" is a yes
  local answer
  ask answer "$1 Skriv ja:"
  [[ $answer == ja ]] || stop "Der blev ikke svaret ja til: $1"
}
read_along() { # read_along WHAT FINGERPRINT: who reads along types its end from the other source
  local answer
  note "$1: $2"
  ask answer "$reader læser de sidste 8 tegn af aftrykket op fra den anden kilde, og de skrives her:"
  [[ ${answer,,} == "${2: -8}" ]] || stop "Aftrykket passer ikke: $1."
}

# The minutes: no secrets, kept where the keys are not. Written when the script ends, once something has changed.
minutes() {
  local status=$? file
  if [[ $changed == yes ]]; then
    file="$folder/$name-$step-$(date -u +%Y%m%dT%H%M%SZ).txt"
    {
      say "Referat: $title"
      say "Nøgle: $name"
      say "Begyndt: $began (UTC). Sluttet: $(date -u +%Y-%m-%dT%H:%M:%SZ). Sted: $place. Maskine: $(uname -n)."
      say "Til stede: $typist (skrev), $reader (læste med)."
      say
      printf '%s\n' "${notes[@]}"
      say
      if ((status == 0)); then say "Forløb: som beskrevet i signing/ceremony.md."; else say "Forløb: AFBRUDT efter at noget var ændret. Se STOP ovenfor."; fi
      say "Vi står inde for referatet:"
      say "$typist: ______________________________"
      say "$reader: ______________________________"
    } >"$work/minutes"
    if cp "$work/minutes" "$file.new" && mv "$file.new" "$file"; then
      say "Referatet ligger i $file. Print det, og skriv begge under på det."
    else
      say "Referatet kunne ikke skrives. Skriv det af herfra:" >&2
      cat "$work/minutes" >&2
      status=1
    fi
  elif ((status == 1)) && [[ ${really:-no} == yes ]]; then
    say "Intet er ændret." >&2
  fi
  rm -rf "$work"
  exit "$status"
}

begin() { # who is there, and is the clock right
  began=$(date -u +%Y-%m-%dT%H:%M:%SZ)
  say "$title: $name"
  [[ $really == yes ]] || { say "PRØVE: Intet bliver spurgt om eller ændret. Med --really gøres det."; return 0; }
  [[ -d $folder && -w $folder ]] || stop "Mappen til referatet findes ikke eller kan ikke skrives i: $folder"
  [[ ! -d $var || $(cd "$folder" && pwd -P)/ != "$(cd "$var" && pwd -P)"/* ]] || stop "Referatet skal ligge et andet sted end nøglerne."
  ask typist "Hvem skriver? Fulde navn:"
  ask reader "Hvem læser med? Fulde navn:"
  [[ -n $typist && -n $reader && ${typist,,} != "${reader,,}" ]] || stop "Der skal være to forskellige mennesker til stede."
  ask place "Hvor er I?"
  agree "Uret viser $began (UTC). Passer det?"
}
really_run() { # really_run COMMAND…: what changes something; its words are shown
  say "> $*"
  [[ $really == yes ]] || return 0
  changed=yes # also if somebody breaks off in the middle: then nobody knows, and the minutes say so
  "$@" | tee "$work/said" && return 0
  changed=no
  return 1
}
sign_off() { # both stand for what was done, by name
  local one answer
  [[ $really == yes ]] || return 0
  for one in "$typist" "$reader"; do
    ask answer "$one: Skriv dit navn igen, hvis det gik som vist:"
    [[ $answer == "$one" ]] || stop "$one stod ikke inde for det."
    notes+=("Bekræftet med navn: $one")
  done
}
self_signed() { openssl req -in "$1" -noout -verify 2>&1 | grep "verify OK" >/dev/null; } # its exit code says nothing of it
fingerprint() { openssl x509 -in "$1" -noout -fingerprint -sha256 | sed 's/.*=//; s/://g' | tr 'A-F' 'a-f'; }
state() { # what `tillid keys status` says of the key: its state and its certificate's fingerprint
  "$tillid" keys status --json --var "$var" ${demo:+--demo} >"$work/status" 2>"$work/why" || [[ -s $work/status ]] || return 1
  tr -d '\n' <"$work/status" | grep -o '{[^{}]*"name": "'"$name"'"[^{}]*}' || true
}

request() {
  title="Ny nøgle til seglet, og anmodning om dens certifikat"
  [[ -n $organisation ]] || wrong_use "--organisation mangler."
  local kind=(--allow-key-file)
  if [[ -n $module$token$pin_file ]]; then
    [[ -n $module && -n $token && -n $pin_file && $key_file == no ]] || wrong_use "En nøgle i hardware kræver --module, --token og --pin-file."
    kind=(--module "$module" --token "$token" --pin-file "$pin_file")
    [[ -r $pin_file && $(stat -c %a "$pin_file") == 600 ]] || stop "Filen med pinkoden skal kunne læses af jer alene (0600)."
  elif [[ $key_file == no ]]; then
    wrong_use "Angiv enheden (--module, --token, --pin-file), eller vælg en fil med --key-file."
  fi
  local made=$var/keys/seal/$name/request.pem
  [[ ! -e $var/keys/seal/$name ]] || stop "Der er allerede en nøgle med det navn."
  begin
  [[ -n $module ]] || note "Nøglen ligger i en fil: Hvem der kan læse den, kan forsegle. Kun til prøve."
  [[ $really == no ]] || agree "Nøglen laves nu for $organisation. Skal den det?"
  really_run "$tillid" keys new "$name" --organisation "$organisation" "${kind[@]}" --var "$var" ${demo:+--demo} || stop "Nøglen blev ikke lavet."
  [[ $really == yes ]] || return 0
  self_signed "$made" || stop "Anmodningen er ikke underskrevet af sin egen nøgle."
  openssl req -in "$made" -noout -text | grep 'ASN1 OID: prime256v1' >/dev/null || stop "Nøglen er ikke P-256."
  note "Anmodningen er om: $(openssl req -in "$made" -noout -subject -nameopt utf8,sep_comma_plus_space | sed 's/^subject= *//')"
  local digest
  digest=$(openssl dgst -sha256 -r "$made" | cut -c1-64)
  grep -q "$digest" "$work/said" || stop "Tillid viste et andet aftryk end openssl."
  read_along "Anmodningens aftryk (SHA-256)" "$digest"
  sign_off
  say "Send $made til udstederen ad den vej, I har aftalt. Når svaret er kommet: $0 certify $name --chain SVAR.pem --roots RODEN.pem"
}

certify() {
  title="Certifikatet er kommet, og nøglen tages i brug"
  [[ -r $chain ]] || wrong_use "--chain mangler eller kan ikke læses."
  [[ -r $roots ]] || wrong_use "--roots mangler eller kan ikke læses."
  local asked=$var/keys/seal/$name/request.pem leaf=$work/1.pem rest=$work/rest.pem usage print root
  [[ -r $asked ]] || stop "Der er ingen anmodning for nøglen $name."
  begin
  # The copies are what is looked at and what is used: the files given cannot change in between.
  cp "$chain" "$work/chain.pem" && cp "$roots" "$work/roots.pem"
  awk -v into="$work/" '/-----BEGIN CERTIFICATE-----/ {n++} n {print > (into n ".pem")}' "$work/chain.pem"
  [[ -s $leaf && -s $work/2.pem ]] || stop "Svaret skal have seglets certifikat og derefter udstederens (PEM)."
  for one in "$work"/[0-9]*.pem; do
    openssl x509 -in "$one" -noout 2>/dev/null || stop "Svaret kan ikke læses som certifikater."
    [[ $one == "$leaf" ]] || cat "$one" >>"$rest"
  done
  self_signed "$asked" || stop "Anmodningen er ændret, siden den blev lavet."
  [[ $(openssl x509 -in "$leaf" -noout -pubkey) == "$(openssl req -in "$asked" -noout -pubkey)" ]] ||
    stop "Certifikatet er til en anden nøgle end den, I anmodede med."
  note "Nøglen i certifikatet er anmodningens."
  usage=$(openssl x509 -in "$leaf" -noout -ext keyUsage,basicConstraints,extendedKeyUsage 2>/dev/null || true)
  grep -Eq 'Digital Signature|Non Repudiation' <<<"$usage" || stop "Certifikatet er ikke til at sætte segl med."
  ! grep -Eq 'CA:TRUE|Certificate Sign|CRL Sign|Encipherment|Key Agreement' <<<"$usage" || stop "Certifikatet er til andet end segl."
  if grep -q 'Extended Key Usage' <<<"$usage"; then # a purpose is not asked for; the one that a seal has is 1.3.6.1.5.5.7.3.36 (RFC 9336)
    [[ $(grep -A1 'Extended Key Usage' <<<"$usage" | tail -1 | tr -d ' ') == 1.3.6.1.5.5.7.3.36 ]] || stop "Certifikatet er til andet end segl."
  fi
  note "Det er til segl og er ikke en udsteders."
  openssl x509 -in "$leaf" -noout -checkend 0 >/dev/null || stop "Certifikatet er udløbet."
  openssl verify -x509_strict -no-CApath -no-CAstore -CAfile "$work/roots.pem" -untrusted "$rest" "$leaf" >"$work/why" 2>&1 ||
    stop "Certifikatet fører ikke til den rod, I har, eller gælder ikke nu: $(grep -o 'error [0-9].*' "$work/why" | head -1)"
  note "Det fører til roden og gælder nu: $(openssl x509 -in "$leaf" -noout -dates | tr '\n' ' ')"
  openssl x509 -in "$leaf" -noout -checkend $((60 * 86400)) >/dev/null || note "OBS: Det udløber inden for 60 dage."
  note "Segl: $(openssl x509 -in "$leaf" -noout -subject -nameopt utf8,sep_comma_plus_space | sed 's/^subject= *//')"
  note "Udsteder: $(openssl x509 -in "$leaf" -noout -issuer -nameopt utf8,sep_comma_plus_space | sed 's/^issuer= *//')"
  print=$(fingerprint "$leaf")
  if [[ $really == no ]]; then
    note "Certifikatets aftryk (SHA-256): $print"
  else
    agree "Er det jeres navn og jeres udsteder?"
    awk -v into="$work/root-" '/-----BEGIN CERTIFICATE-----/ {n++} n {print > (into n)}' "$work/roots.pem"
    for root in "$work"/root-*; do
      read_along "Rodens aftryk (SHA-256), som udstederen har offentliggjort det" "$(fingerprint "$root")"
    done
    read_along "Certifikatets aftryk (SHA-256)" "$print"
    agree "Nøglen $name tages i brug nu og forsegler for ${controllers[*]:-de dataansvarlige, den forrige nøgle forsegler for}. Skal den det?"
  fi
  really_run "$tillid" keys rotate "$name" --chain "$work/chain.pem" "${controllers[@]/#/--controller=}" --var "$var" ${demo:+--demo} ||
    stop "Nøglen blev ikke taget i brug."
  [[ $really == yes ]] || return 0
  [[ $(state) == *'"state": "current"'*"$print"* ]] || stop "Tillid siger ikke, at nøglen er i brug med det certifikat. Spær den, og begynd forfra."
  note "I brug fra $(date -u +%Y-%m-%dT%H:%M:%SZ)."
  note "$(grep 'Den forsegler for' "$work/said" || true)"
  [[ -s $var/trust/seals/$name.txt ]] || stop "Der står ingen steder, hvem nøglen forsegler for."
  sign_off
  say "Giv aftrykket, certifikatet og listen over, hvem det forsegler for, til alle, der efterprøver poster andre steder: $var/trust/seals/$name.pem og .txt."
}

revoke() {
  title="Nøglen spærres"
  [[ -n $since ]] || wrong_use "--since mangler: fra hvornår var den ikke længere sikker?"
  local known
  known=$(state) || stop "Nøglerne kan ikke læses."
  [[ -n $known ]] || stop "Der er ingen nøgle med det navn."
  begin
  note "Før: $(tr -s ' ' <<<"$known")"
  note "Fra: $since. Grund: $reason."
  if [[ $really == yes ]]; then
    local answer
    ask answer "Det kan ikke fortrydes. Skriv nøglens navn for at spærre den:"
    [[ $answer == "$name" ]] || stop "Navnet passede ikke."
  fi
  really_run "$tillid" keys revoke "$name" --since "$since" --reason "$reason" --var "$var" ${demo:+--demo} || stop "Nøglen blev ikke spærret."
  [[ $really == yes ]] || return 0
  [[ $(state) == *'"state": "revoked"'* ]] || stop "Tillid siger ikke, at nøglen er spærret. Tag platformen ned, og ring efter hjælp."
  note "Efter: $(state | tr -s ' ')"
  sign_off
  say "Bed udstederen spærre certifikatet fra samme tidspunkt, send $var/trust/revoked.json til dem, der efterprøver andre steder,"
  say "og lav en ny nøgle: $0 request NAVN …"
}

step=${1:-} name=${2:-}
[[ $step =~ ^(request|certify|revoke)$ ]] || wrong_use "Vælg request, certify eller revoke."
[[ $name =~ ^[a-z0-9][a-z0-9-]*$ ]] || wrong_use "Nøglens navn har små bogstaver, tal og bindestreger."
shift 2
var=var folder=. really=no demo='' organisation='' module='' token='' pin_file='' key_file=no chain='' roots='' since='' reason=unspecified controllers=()
while (($#)); do
  case $1 in
    --really) really=yes ;;
    --demo) demo=yes ;;
    --key-file) key_file=yes ;;
    --var | --minutes | --organisation | --module | --token | --pin-file | --chain | --roots | --since | --reason | --controller)
      (($# > 1)) || wrong_use "$1 mangler sin værdi."
      case $1 in
        --minutes) folder=$2 ;;
        --controller) controllers+=("$2") ;;
        --pin-file) pin_file=$2 ;;
        *) printf -v "${1#--}" '%s' "$2" ;;
      esac
      shift ;;
    *) wrong_use "Ukendt: $1" ;;
  esac
  shift
done
trap minutes EXIT
"$step"
