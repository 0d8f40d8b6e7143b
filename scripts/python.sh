# Python's part of the installation: an interpreter, uv, and .venv/ built beside the old one. Sourced.
# shellcheck shell=bash

# The interpreter to build on: TILLID_PYTHON, or the first that is 3.11 or 3.12 (Plone 6.2 runs on no later one here).
find_python() {
  local name
  for name in "${TILLID_PYTHON:-}" python3.11 python3 /usr/bin/python3 python3.12; do
    [[ $name ]] && "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))' 2>/dev/null || continue
    "$name" -c 'import sys; print(sys.executable)'
    return 0
  done
  return 1
}

# Sets UV, if there is one.
has_uv() {
  for UV in "$(command -v uv || true)" var/tools/bin/uv; do
    [[ $UV ]] && "$UV" --version >/dev/null 2>&1 && return 0
  done
  return 1
}

# What Debian keeps apart from its Python and our own uv is made with.
venv_package() { if ! has_uv && ! "$PYTHON" -c 'import ensurepip' 2>/dev/null; then echo python3-venv; fi; }

# Sets UV. Our own copy lies in var/tools, in a venv because Debian marks its Python as externally managed (PEP 668).
find_uv() {
  has_uv && return 0
  UV=var/tools/bin/uv
  "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null ||
    die "Installationen bruger »uv«. Installér uv, eller gør modulerne venv og ensurepip til $PYTHON tilgængelige."
  rm -rf var/tools
  step "Henter uv" own_uv || { rm -rf var/tools; die "uv kunne ikke hentes. Se efter, om der er forbindelse til nettet, og kør kommandoen igen."; }
}

own_uv() {
  "$PYTHON" -m venv var/tools &&
    var/tools/bin/python -m pip install --disable-pip-version-check --require-hashes -r requirements/tools.txt
}

# Build the environment for $1 (run | test) in .venv.new: a failed build leaves the old one working.
build_venv() {
  local kind=$1 new=".venv.new"
  export UV_PYTHON_DOWNLOADS=never UV_NO_PROGRESS=1 UV_LINK_MODE="${UV_LINK_MODE:-hardlink}"
  # Trust what the machine trusts: behind a municipality's proxy uv's own list of authorities is not enough.
  [[ -s /etc/ssl/certs/ca-certificates.crt ]] && export UV_NATIVE_TLS="${UV_NATIVE_TLS:-1}"
  unset VIRTUAL_ENV
  rm -rf "$new" .venv.old
  need_space . 3000
  # Relocatable: its commands find their Python by their own place, so the folder may be renamed.
  step "Laver et nyt Python-miljø ($("$PYTHON" -V))" "$UV" venv --relocatable --python "$PYTHON" "$new" ||
    die "Python-miljøet kunne ikke laves med $PYTHON. Det gamle er urørt."
  step "Installerer $(grep -cE '^[a-z0-9._-]+==' "requirements/$kind.txt") Python-pakker" \
    "$UV" pip install --compile-bytecode --python "$new/bin/python" --require-hashes -r "requirements/$kind.txt" ||
    die "Python-pakkerne kunne ikke installeres. Se efter, om der er forbindelse til nettet, og kør kommandoen igen; det gamle miljø er urørt. Resten af udskriften står i $LOG."
  step "Installerer Tillid selv" "$UV" pip install --python "$new/bin/python" --no-deps --no-build-isolation -e . ||
    die "Tillid selv kunne ikke installeres. Resten af udskriften står i $LOG."
  # Ready to run: the first start and the first test do not wait for it.
  "$new/bin/python" -m compileall -q "$PWD/src" >>"$LOG" 2>&1 || true
  if [[ $kind == test ]]; then
    # pytest compiles tests in a way of its own, and Hypothesis makes its tables of characters once.
    env -u PYTHONDONTWRITEBYTECODE "$new/bin/python" -m pytest --core --collect-only -q >>"$LOG" 2>&1 || true
    "$new/bin/python" -c 'from hypothesis import given, strategies; given(strategies.text())(lambda text: None)()' >>"$LOG" 2>&1 || true
    touch "$new/$(stamp test)"
  fi
  touch "$new/$(stamp run)"
}

# Put what was built in the place of the old one.
swap_venv() {
  if [[ -e .venv ]]; then mv .venv .venv.old; fi
  mv .venv.new .venv
  rm -rf .venv.old
}

# The name of the mark that says: .venv holds exactly this lock. A test environment carries both marks.
stamp() { printf '.tillid-%s-%s' "$1" "$(cat "requirements/$1.txt" pyproject.toml | sha256sum | cut -c1-16)"; }

# gettext catalogues are committed as .po; the .mo beside it is built here when older.
compile_catalogues() {
  local po
  [[ -d src/tillid/locales ]] || return 0
  while IFS= read -r po; do
    [[ ${po%.po}.mo -nt $po ]] && continue
    step "Oversætter ${po#src/tillid/locales/}" .venv/bin/pybabel compile -i "$po" -o "${po%.po}.mo" ||
      die "Sprogfilen $po kunne ikke oversættes; se $LOG."
  done < <(find src/tillid/locales -name '*.po')
}
