# The package in a bare Debian: installed, set up by flags, first message
# answered from two accounts that joined by their codes, upgraded, purged.
# BARE_ROOT names the bare system (debootstrap --variant=minbase, with package
# sources); without it, or without root, there is nothing to install into.
. "$(dirname "$0")/../lib.sh"

[ -n "${BARE_ROOT:-}" ] || skip_all "BARE_ROOT names no bare Debian"
[ "$(id -u)" = 0 ] || skip_all "a chroot needs root"
[ -z "$MODE" ] || skip_all "packages are made of the release build"
[ -x "$BARE_ROOT/usr/bin/apt-get" ] || skip_all "$BARE_ROOT is no Debian"

bare=$T/bare
unmount() {
	for m in dev proc; do
		mountpoint -q "$bare/$m" && umount -l "$bare/$m"
	done
}
trap 'stop_by_hand "madod|madosim"; unmount; cleanup' EXIT
cp -a "$BARE_ROOT/." "$bare"
mount -t proc proc "$bare/proc"
mount --rbind /dev "$bare/dev"
mount --make-rslave "$bare/dev"
# inside COMMAND...: as a person would, in the bare system
inside() {
	env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME="${home:-/}" LANG=C.UTF-8 \
	    DEBIAN_FRONTEND=noninteractive MADO_FAST_PASSWORDS=1 \
	    $(env | grep -iE '^(https?_proxy|no_proxy)=') chroot "$bare" "$@"
}
# package VERSION: made, and put into the bare system
package() {
	make -s --no-print-directory -C "$top" deb VERSION="$1" >"$T/made" 2>&1 || {
		diag "$(tail -5 "$T/made")"
		return 1
	}
	cp "$top/$(tail -1 "$T/made")" "$bare/madoguchi_$1.deb"
}

ok "make deb" package 0.1.0
if command -v lintian >/dev/null; then
	is "$(lintian --allow-root --fail-on error,warning "$bare/madoguchi_0.1.0.deb" 2>&1)" "" "lintian has nothing to say"
fi
inside apt-get update -qq >/dev/null 2>&1
began=$(date +%s)
ok "installed" inside apt-get install -y -qq --no-install-recommends /madoguchi_0.1.0.deb
is "$(inside mado --version)" "mado 0.1.0" "mado is there"
is "$(inside stat -c '%U %a' /var/lib/madod)" "madod 700" "the desk's folder is its user's"

sim_port=$(free_port) madod_port=$(free_port) conf=/etc/madoguchi/madod.conf
start madosim inside madosim --listen "127.0.0.1:$sim_port" --channel-secret "$SECRET" --token "$TOKEN"
madosim_url=http://127.0.0.1:$sim_port
init() {
	inside madod -c "$conf" init --channel-id 1234567890 --channel-secret "$SECRET" \
	    --public-url "http://127.0.0.1:$madod_port" --https own \
	    --listen "127.0.0.1:$madod_port" --api-base "$madosim_url" \
	    --data-base "$madosim_url" "$@" </dev/null >"$T/said" 2>&1
}
init --account sato:admin --account suzuki:agent
is "$?" 0 "madod init with flags"
diag "$(cat "$T/said")"
is "$(inside stat -c '%U %a' "$conf")" "madod 600" "the config is the system user's only"
[ -e "$bare/etc/systemd/system/madod.service" ]
is "$?" 0 "systemd's units are written"
# no systemd here: started by hand, as init says
start_by_hand() { start madod inside runuser -u madod -- madod -c "$conf"; }
# stop_by_hand [NAMES]: its process, below runuser: the one whose root is the
# bare system
stop_by_hand() {
	local p
	for p in $(pgrep -x "${1:-madod}"); do
		[ "$(readlink "/proc/$p/root")" = "$bare" ] && kill "$p"
	done
	wait "${madod_pid:-}" 2>/dev/null
}
start_by_hand
sato=$(sed -n 's/^sato  *mado //p' "$T/said") suzuki=$(sed -n 's/^suzuki  *mado //p' "$T/said")
init
is "$?" 0 "again, with the desk running"
like "$(cat "$T/said")" "webhook: LINE's test reached" "LINE reaches it"
home=/home/sato ok "sato joins" inside mado $sato </dev/null
home=/home/suzuki ok "suzuki joins" inside mado $suzuki </dev/null
say hanako "はじめまして"
home=/home/sato
eventually 20 "the first message" inside mado show 1
home=/home/sato inside mado reply 1 --wait "ようこそ" >/dev/null
home=/home/suzuki inside mado reply 1 --wait "ご用件をどうぞ" >/dev/null
is "$(sim '[.customers[] | .received[].message.text]')" '["ようこそ","ご用件をどうぞ"]' "answered from two accounts"
diag "from the package to the second answer: $(($(date +%s) - began)) s"
inside madod -c "$conf" backup --dir /var/backups/madoguchi
like "$(inside madod -c "$conf" doctor 2>&1)" '^ok   main: webhook test: OK 200' "the doctor finds it well"

# another version
ok "the next version" package 0.1.1
ok "upgraded" inside apt-get install -y -qq /madoguchi_0.1.1.deb
is "$(inside madod --version)" "madod 0.1.1" "it is there"
stop_by_hand
say hanako "まだいますか"
start_by_hand
home=/home/sato
eventually 20 "what came meanwhile is there, sign-ins too" eval 'inside mado history 1 | grep -q まだいますか'
like "$(inside cat "$conf")" 'channel_id = 1234567890' "the config is as it was"
stop_by_hand

ok "purged" inside apt-get purge -y -qq madoguchi
is "$(inside sh -c 'ls -d /etc/madoguchi /var/lib/madod /usr/bin/mado* /etc/systemd/system/madod* 2>/dev/null')" "" "nothing is left"
like "$(inside ls /var/backups/madoguchi)" '^madoguchi-.*\.backup$' "but the backups"
done_testing
