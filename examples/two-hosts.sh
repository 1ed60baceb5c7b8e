#!/bin/sh
# usage: examples/two-hosts.sh    two hosts, one hierarchy: two-hosts.pfsh in two network namespaces
#
# Needs root and the `ip` command. PFSH names the shell, pfsh if not set. Prints what each host says, and
# compares the stories of both hosts together with the simulation of the same six phones.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
pfsh=${PFSH:-pfsh}
lab=$(mktemp -d)
north=pfsh-north-$$
south=pfsh-south-$$

clean() {
    # Shells first: they give back what they added.
    kill $pids 2>/dev/null || true
    wait
    ip netns del "$north" 2>/dev/null || true
    ip netns del "$south" 2>/dev/null || true
    rm -rf "$lab"
}
pids=
trap clean EXIT
trap 'exit 130' INT TERM

# Two hosts and the cable between them.
ip netns add "$north"
ip netns add "$south"
ip -n "$north" link add eth0 type veth peer name eth0 netns "$south"
ip -n "$north" address add 10.77.0.1/24 broadcast + dev eth0
ip -n "$south" address add 10.77.0.2/24 broadcast + dev eth0
for host in "$north" "$south"; do
    ip -n "$host" link set lo up
    ip -n "$host" link set eth0 up
done

# The shell of a host, with a home of its own, because each notes there what it added to its interface.
host() {
    mkdir "$lab/$1"
    HOME="$lab/$1" XDG_STATE_HOME= exec ip netns exec "$2" "$pfsh" --log "$lab/$1.log" \
        "$here/two-hosts.pfsh" "host=$1" "folder=$lab/$1/firmware" >"$lab/$1.txt" 2>&1
}
host north "$north" &
pids=$!
host south "$south" &
pids="$pids $!"
status=0
for pid in $pids; do wait "$pid" || status=$?; done
pids=
for name in north south; do
    echo "$name:"
    cat "$lab/$name.txt"
done
[ "$status" = 0 ] || exit "$status"

"$pfsh" --quiet --log "$lab/all.log" "$here/two-hosts.pfsh" "folder=$lab/firmware" >/dev/null
"$pfsh" -c "compare runs $lab/all.log $lab/north.log,$lab/south.log" | sed "s,$lab/,,g"
