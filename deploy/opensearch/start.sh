#!/usr/bin/env bash
# Run an OpenSearch node on this machine alone, without security, for tests: start.sh FETCHED RUN PORT. It runs until it is
# ended. FETCHED: where the list of its libraries is kept; they come by Maven's own configuration. RUN: its data and logs.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1" "$2"
list=$(cd "$1" && pwd)/opensearch.classpath
# Also when Maven's folder was emptied since.
if [[ ! -s $list ]] || ! tr ':' '\n' <"$list" | xargs ls >/dev/null 2>&1; then
  mvn -q -B -f "$here/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
    -Dmdep.outputFile="$list.new" >&2
  mv "$list.new" "$list"
fi
cd "$2"
# The runner adds one to the port, and takes none above 9299.
exec java -Xms512m -Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$(cat "$list")" \
  org.codelibs.opensearch.runner.OpenSearchRunner -basePath "$PWD/data" -numOfNode 1 -baseHttpPort $(($3 - 1)) \
  -clusterName "node-$3" -printOnFailure
