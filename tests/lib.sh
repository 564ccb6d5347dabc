# Shared by the integration tests: a desk, a stand-in and an agent in a
# temporary folder, TAP, and waiting on conditions. Source it first:
#   . "$(dirname "$0")/../lib.sh"
# B is the build's folder; MODE=asan chooses build/asan.
set -u
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
MODE=${MODE:-}
B=$top/build${MODE:+/$MODE}
T=$(mktemp -d "${TMPDIR:-/tmp}/mado-test.XXXXXX")
export XDG_CONFIG_HOME=$T/config XDG_STATE_HOME=$T/state HOME=$T
SECRET=8c570fa6dd201bb328f1c1eac23a96d8 TOKEN=token-of-the-tests
pids= tap_n=0 tap_bad=0

# --- TAP ---
pass() { tap_n=$((tap_n + 1)); echo "ok $tap_n - $*"; }
fail() { tap_n=$((tap_n + 1)) tap_bad=$((tap_bad + 1)); echo "not ok $tap_n - $*"; }
diag() { printf '%s\n' "$*" | sed 's/^/# /'; }
# ok NAME COMMAND...: the command succeeds
ok() { local name=$1; shift; if "$@" >"$T/ok.out" 2>&1; then pass "$name"; else fail "$name"; diag "$(head -c 2000 "$T/ok.out")"; fi; }
# is GOT WANTED NAME
is() { if [ "$1" = "$2" ]; then pass "$3"; else fail "$3"; diag "got:    $1"; diag "wanted: $2"; fi; }
# like GOT REGEX NAME
like() { if printf '%s' "$1" | grep -qE -- "$2"; then pass "$3"; else fail "$3"; diag "got:  $1"; diag "like: $2"; fi; }
unlike() { if printf '%s' "$1" | grep -qE -- "$2"; then fail "$3"; diag "got:    $1"; diag "unlike: $2"; else pass "$3"; fi; }
skip_all() { echo "1..0 # SKIP $*"; exit 0; }
done_testing() { echo "1..$tap_n"; [ "$tap_bad" = 0 ]; }

# until_true SECONDS COMMAND...: try it until it succeeds; asan is slower
until_true() {
	local end=$(($(date +%s) + $1 * (${#MODE} > 0 ? 4 : 1)))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$(date +%s)" -lt "$end" ] || return 1
		sleep 0.05
	done
}
# eventually SECONDS NAME COMMAND...
eventually() { local s=$1 name=$2; shift 2; if until_true "$s" "$@"; then pass "$name"; else fail "$name"; diag "never: $*"; fi; }

# --- processes ---
# start NAME COMMAND...: in the background, stderr to $T/NAME.log, waits for
# its ready line; the URL is in $NAME_url, the process in $NAME_pid
start() {
	local name=$1
	shift
	: >"$T/$name.log"
	"$@" 2>>"$T/$name.log" </dev/null >"$T/$name.out" &
	eval "${name}_pid=$!"
	pids="$pids $!"
	until_true 20 grep -q ': ready ' "$T/$name.log" || {
		echo "Bail out! $name did not start: $(tail -3 "$T/$name.log")"
		exit 1
	}
	eval "${name}_url=$(sed -n 's/.*: ready //p' "$T/$name.log" | tail -1)"
}
# stop NAME [SIGNAL]: end it and wait for it; its exit code is returned
stop() {
	local pid
	eval "pid=\$${1}_pid"
	kill "-${2:-TERM}" "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
}
cleanup() {
	local p
	for p in $pids; do kill "$p" 2>/dev/null; done
	for p in $pids; do wait "$p" 2>/dev/null; done
	[ -n "${KEEP:-}" ] && diag "kept $T" || rm -rf "$T" 2>/dev/null || { sleep 0.5; rm -rf "$T"; }
}
trap cleanup EXIT

# free_port: one that nobody listens on now, below those that Linux gives to
# outgoing connections and to port 0
free_port() { perl -MIO::Socket::INET -e 'do { $p = 10000 + int rand 20000 } until IO::Socket::INET->new(Listen=>1,LocalAddr=>"127.0.0.1:$p"); print $p'; }

# config [LINE...]: write $T/madod.conf; further lines go into [line main],
# those that begin with "server " into [server]
config() {
	local l
	{
		echo "[server]"
		echo "listen = 127.0.0.1:${madod_port:-0}"
		echo "listen = unix:$T/api.sock"
		echo "tls = off"
		echo "state_dir = $T/desk"
		for l in "$@"; do case $l in "server "*) echo "${l#server }";; esac; done
		echo "[line main]"
		echo "channel_secret = $SECRET"
		echo "channel_access_token = $TOKEN"
		echo "api_base = ${madosim_url:-http://127.0.0.1:9}"
		echo "data_base = ${madosim_url:-http://127.0.0.1:9}"
		for l in "$@"; do case $l in "server "*) ;; *) echo "$l";; esac; done
	} >"$T/madod.conf"
}
madod() { "$B/madod" -c "$T/madod.conf" "$@"; }
start_madod() { start madod "$B/madod" -c "$T/madod.conf"; }
# start_madosim [OPTION...]: its webhooks go to $madod_port. $madosim_port is
# for those that start it again: a port of the kernel's own choice may be an
# outgoing connection's by then
start_madosim() {
	start madosim "$B/madosim" --listen "127.0.0.1:${madosim_port:-0}" \
	    --webhook "http://127.0.0.1:$madod_port/line/main/webhook" \
	    --channel-secret "$SECRET" --token "$TOKEN" --seed 1 "$@"
}
# start_desk [CONFIG LINE...]: stand-in and desk, users sato (agent) and
# admin, mado signed in as sato
start_desk() {
	madod_port=${madod_port:-$(free_port)}
	start_madosim ${SIM_OPTS:-}
	config "$@"
	add_user sato agent
	add_user admin admin
	start_madod
	sign_in sato
}
add_user() { echo "password-$1" | madod user add "$1" --role "$2" --password-stdin; }
sign_in() { echo "password-$1" | mado login "$madod_url" --user "$1" --password-stdin >/dev/null; }
# mado as a user of its own: as sato ls
mado() { "$B/mado" "$@"; }
as() { local u=$1; shift; mado --profile "$u" "$@"; }

# --- LINE's side ---
sign() { printf %s "$1" | openssl dgst -sha256 -hmac "${2:-$SECRET}" -binary | base64; }
# post_webhook BODY [SIGNATURE]: prints the status; the answer is in $T/answer
post_webhook() {
	curl -s -o "$T/answer" -w '%{http_code}' -H "x-line-signature: ${2-$(sign "$1")}" \
	    -H 'Content-Type: application/json' --data-binary "$1" "$madod_url/line/main/webhook"
}
# text_event ID USER TEXT [TIME_MS]: one webhook body; ids are ULID-like
text_event() {
	jq -nc --arg id "$1" --arg u "$2" --arg t "$3" --argjson at "${4:-$(date +%s%3N)}" \
	    '{destination: "U00000000000000000000000000000000", events: [{type: "message", mode: "active",
	    timestamp: $at, webhookEventId: $id, deliveryContext: {isRedelivery: false}, replyToken: ("reply-" + $id),
	    source: {type: "user", userId: $u}, message: {id: $id, type: "text", quoteToken: ("quote-" + $id), text: $t}}]}'
}
say() { curl -sf -H 'Content-Type: application/json' -d "$(jq -nc --arg u "$1" --arg t "$2" '{user: $u, text: $t}')" "$madosim_url/sim/say" >/dev/null; }
sim() { curl -sf "$madosim_url/sim/state" | jq -c "${1:-.}"; }
# db QUERY: look into the store
db() { sqlite3 -readonly "$T/desk/madod.db" "$1"; }
# api [CURL OPTION...] PATH: the API as $token (sign_in_api NAME sets it)
sign_in_api() {
	token=$(curl -sf -d "{\"name\":\"$1\",\"password\":\"password-$1\"}" "$madod_url/v1/session" | jq -r .token)
}
api() {
	local path=${!#}
	curl -s -H "Authorization: Bearer $token" "${@:1:$#-1}" "$madod_url$path"
}
