#!/usr/bin/env bash
# Makes the folder $1 the root of the file system and runs the command $2 in its checkout. Called by newcomer.sh inside
# mount and process namespaces of its own. A chroot would not do: in one the kernel refuses user namespaces, and so
# bubblewrap; after pivot_root the new root is the namespace's real one.
set -euo pipefail
root=$1
command=$2

mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
mount --rbind /dev "$root/dev"
mount -t tmpfs -o mode=1777 tmpfs "$root/run"
mkdir -p "$root/.host"
cd "$root"
pivot_root . .host
cd /
umount -l /.host
rmdir /.host
cd /root/tillid
exec bash -c "$command"
