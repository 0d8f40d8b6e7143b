#!/usr/bin/env bash
# Fetch the E-ARK validator commons-ip2 with what it needs into DIR, and print that folder: fetch.sh DIR. Where from is Maven's own
# configuration; a second call only prints.
set -euo pipefail
mkdir -p "$1"
dir=$(cd "$1" && pwd)
exec 9>"$dir/.lock"
flock 9
if [[ ! -e $dir/.fetched ]]; then
  mvn -q -B -f "$(dirname "$0")/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies \
    -DoutputDirectory="$dir" >&2
  touch "$dir/.fetched"
fi
echo "$dir"
