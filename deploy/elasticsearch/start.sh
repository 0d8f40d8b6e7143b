#!/usr/bin/env bash
# Start a node on this machine alone, with security on: TLS by a CA made for it, the password of the user elastic on
# standard input: start.sh HOME RUN PORT <password. HOME: what fetch.sh printed. RUN: the node's own configuration, data,
# logs, certificates (RUN/config/certs/ca.crt) and process number (RUN/pid); started again it goes on with its data.
# ES_HEAP (512m), ES_NAME, ES_EXTRA ("-E a=b …"; "discovery.type" is single-node unless ES_CLUSTER is set), ES_LASTING: set for
# one that runs longer than a test, so that compiling all it can is worth the start.
# A server that is no test is installed by its maker's packages; this is for tests and for trying out.
set -euo pipefail
home=$1 port=$3 name=${ES_NAME:-node-$3} heap=${ES_HEAP:-512m}
mkdir -p "$2"
run=$(cd "$2" && pwd)
IFS= read -r password
java=${ES_JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v javac || command -v java)")")")}
certs=$run/config/certs

# Its own CA and certificate, once.
make_certificates() {
  mkdir -p "$certs"
  openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj "/CN=CA of $name" -keyout "$certs/ca.key" -out "$certs/ca.crt" \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
  openssl req -newkey rsa:2048 -nodes -subj "/CN=localhost" -keyout "$certs/node.key" -out "$certs/node.csr"
  openssl x509 -req -in "$certs/node.csr" -CA "$certs/ca.crt" -CAkey "$certs/ca.key" -CAcreateserial -days 3650 \
    -out "$certs/node.crt" -extfile <(printf '%s\n' 'subjectAltName=DNS:localhost,IP:127.0.0.1' \
      'extendedKeyUsage=serverAuth,clientAuth' authorityKeyIdentifier=keyid subjectKeyIdentifier=hash)
}

mkdir -p "$run/tmp"
rm -f "$run/pid"
if [[ ! -e $run/config/elasticsearch.yml ]]; then
  cp -r "$home/config" "$run/config"
  # One collector thread: a third of the time to start on two cores, and 200 MB less.
  sed -i 's/UseG1GC/UseSerialGC/' "$run/config/jvm.options"
fi
[[ -s $certs/node.crt ]] || make_certificates 2>/dev/null

# Elasticsearch refuses to be root; then it is nobody.
as=()
if [[ $(id -u) == 0 ]]; then
  chown -R nobody "$run"
  as=(setpriv --reuid nobody --regid nogroup --clear-groups)
  # A copy of its own: where it was fetched to may be root's alone, or become so while it starts (Tillid closes var/).
  [[ -d $run/home ]] || cp -r "$home" "$run/home"
  home=$run/home
fi
unset JAVA_HOME # it reads ES_JAVA_HOME, and warns of the other
settings=(
  -E node.name="$name" -E path.data="$run/data" -E path.logs="$run/logs" -E network.host=127.0.0.1 -E http.port="$port"
  -E cluster.routing.allocation.disk.threshold_enabled=false
  -E xpack.security.enabled=true -E xpack.security.http.ssl.enabled=true -E xpack.security.http.ssl.key=certs/node.key
  -E xpack.security.http.ssl.certificate=certs/node.crt -E xpack.security.http.ssl.certificate_authorities=certs/ca.crt
  -E xpack.security.authc.api_key.enabled=true
)
[[ ${ES_CLUSTER:-} ]] || settings+=(-E discovery.type=single-node)
# shellcheck disable=SC2206 # options, split at the spaces
settings+=(${ES_EXTRA:-})
environment=(env "ES_JAVA_HOME=$java" "ES_PATH_CONF=$run/config" "ES_TMPDIR=$run/tmp")
printf %s "$password" | "${as[@]}" "${environment[@]}" "$home/bin/elasticsearch-keystore" add -s -x -f bootstrap.password >&2
[[ ${ES_LASTING:-} ]] || quick=-XX:TieredStopAtLevel=1
# -d: the launcher leaves once the node listens, and the number in RUN/pid is the server's own.
exec "${as[@]}" "${environment[@]}" "ES_JAVA_OPTS=-Xms$heap -Xmx$heap -XX:-AlwaysPreTouch ${quick:-}" \
  "$home/bin/elasticsearch" -d -p "$run/pid" "${settings[@]}" </dev/null >"$run/start.log" 2>&1
