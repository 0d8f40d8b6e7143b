#!/usr/bin/env bash
# The same stranger without root's rights, who may use sudo: `make start` twice, inside the bare Debian.
#   scripts/newcomer.sh scripts/newcomer-sudo.sh
set -euo pipefail
cd "$(dirname "$0")/.."
USER_NAME=nykommer

apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends sudo >/dev/null
useradd --create-home --shell /bin/bash "$USER_NAME"
printf '%s ALL=(ALL) NOPASSWD: ALL\n' "$USER_NAME" >"/etc/sudoers.d/$USER_NAME"
home=/home/$USER_NAME
for each in .pip .config .npmrc .netrc .m2; do # the settings of package clients
  [[ ! -e /root/$each ]] || cp -a "/root/$each" "$home/"
done
mv "$PWD" "$home/tillid"
chown -R "$USER_NAME:" "$home"
cd "$home/tillid"
exec runuser --user "$USER_NAME" -- env HOME="$home" bash scripts/newcomer-inside.sh --start
