#!/usr/bin/env bash
# Fetch an Elasticsearch server as Maven publishes it for integration tests (a real node without the optional modules; all
# that Tillid asks for is in it) and unpack it: fetch.sh DIR. Prints its folder; a second call only prints. Where from is
# Maven's own configuration. Needs a JDK 17 or newer, Maven, unzip. fetch.sh --where DIR: only print what is there when it is.
set -euo pipefail
version=${ES_VERSION:-8.19.21}
if [[ $1 == --where ]]; then
  echo "$2/elasticsearch-$version/.unpacked"
  exit
fi
mkdir -p "$1"
dir=$(cd "$1" && pwd)
plugin=$(cd "$(dirname "$0")" && pwd)/plugin
home=$dir/elasticsearch-$version
exec 9>"$dir/.lock"
flock 9
if [[ ! -e $home/.unpacked ]]; then
  zip=$dir/elasticsearch-$version.zip
  [[ -s $zip ]] || mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy -DoutputDirectory="$dir" \
    -Dartifact="org.elasticsearch.distribution.integ-test-zip:elasticsearch:$version:zip" >&2
  rm -rf "$home"
  unzip -qo "$zip" -d "$dir"
  rm -f "$zip"
  # What the index of API keys asks for, built against the server's own libraries.
  there=$home/plugins/email-analysis
  mkdir -p "$there/classes"
  javac -nowarn --release 17 -proc:none -d "$there/classes" -cp "$home/lib/*" "$plugin"/tillid/*.java >&2
  jar -c -f "$there/email-analysis.jar" -C "$there/classes" .
  rm -r "$there/classes"
  sed "s/@VERSION@/$version/" "$plugin/plugin-descriptor.properties" >"$there/plugin-descriptor.properties"
  touch "$home/.unpacked"
fi
echo "$home"
