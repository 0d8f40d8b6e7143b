#!/usr/bin/env bash
# Fetch the pinned design system, htmx and axe-core anew and check every committed file against its digest.
#   scripts/assets.sh           fetch, compare with ASSETS.json, write what is missing
#   scripts/assets.sh --accept  after a version was changed in scripts/assets.py: write the new files and digests
set -euo pipefail
cd "$(dirname "$0")/.."
command -v npm >/dev/null || {
  printf 'Fejl: npm mangler. Installér Node.js, og kør kommandoen igen; de gemte filer er ikke ændret.\n' >&2
  exit 1
}
exec .venv/bin/python scripts/assets.py "$@"
