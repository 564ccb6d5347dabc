# madod init with flags: from nothing to the first message, answered from two
# accounts that joined by their codes; and each bad input in one sentence, with
# nothing written and nothing set at LINE.
. "$(dirname "$0")/../lib.sh"

sim_port=$(free_port) madod_port=$(free_port)
start_sim() {
	start madosim "$B/madosim" --listen "127.0.0.1:$sim_port" \
	    --channel-secret "$SECRET" --token "$TOKEN" --seed 1 "$@"
}
conf=$T/etc/madod.conf
# init OPTION...: output in $T/said; with what is right unless said otherwise
init() {
	"$B/madod" -c "$conf" init --channel-id 1234567890 \
	    --channel-secret "$SECRET" --public-url "http://127.0.0.1:$madod_port" \
	    --https own --listen "127.0.0.1:$madod_port" \
	    --state-dir "$T/desk" --root "$T/sys" \
	    --api-base "http://127.0.0.1:$sim_port" \
	    --data-base "http://127.0.0.1:$sim_port" "$@" \
	    >"$T/said" 2>&1 </dev/null
}
endpoint() { curl -s -H "Authorization: Bearer $TOKEN" "$madosim_url/v2/bot/channel/webhook/endpoint"; }
# refuses NAME REGEX OPTION...: one sentence, and nothing was done
refuses() {
	local name=$1 re=$2 rc
	shift 2
	init "$@"
	rc=$?
	like "$rc $(grep -a '^madod: ' "$T/said")" "^[1-5] madod: .*$re" "$name"
	[ ! -e "$T/etc" ] || fail "$name: something was written"
	is "$(grep -ac '^madod: ' "$T/said")" 1 "$name: one sentence"
}

start_sim
refuses "a secret of another channel" 'not of one channel.*copy both.*Invalid client_secret' \
    --channel-secret 00000000000000000000000000000001
refuses "a wrong channel id" 'not of one channel' --channel-id 9999999999
refuses "no channel id" '--channel-id 12 must be 10 digits' --channel-id 12
refuses "no secret" '--channel-secret must be 32 characters' --channel-secret secret
unlike "$(cat "$T/said")" 'secret secret' "what was typed as a secret is not shown"
refuses "an address without https" 'must be https://' --public-url desk.example.jp
refuses "a name without address" 'has no address: add an A record' \
    --public-url https://desk.madoguchi.invalid
refuses "an unknown option" 'no option --chanel' --chanel main
refuses "a way of HTTPS that is none" 'caddy, certbot, tunnel or own' --https nginx
refuses "an account without a role" 'NAME:ROLE' --account sato
refuses "LINE is not reached" 'LINE is not reached' --api-base http://127.0.0.1:9
"$B/madod" -c "$conf" init </dev/null >"$T/said" 2>&1
like "$(cat "$T/said")" 'init needs --channel-id' "what is missing is named"
"$B/madod" -c "$conf" init --token wrong --channel-secret "$SECRET" --public-url "http://127.0.0.1:$madod_port" \
    --https own --state-dir "$T/desk" --root "$T/sys" --api-base "$madosim_url" >"$T/said" 2>&1 </dev/null
like "$(cat "$T/said")" 'the token is wrong, or another was issued since' "a wrong token"
[ ! -e "$T/etc" ]
is "$?" 0 "nothing was written"
stop madosim
start_sim --date-ahead 1h
refuses "a clock off by an hour" "clock is 3(600|59[0-9]) s behind LINE's: set it"
stop madosim
start_sim

init --account sato:admin --account suzuki:agent
is "$?" 0 "init writes the config"
like "$(cat "$T/said")" '@madosim' "the account's basic id is shown"
like "$(cat "$T/said")" '5000 messages a month, 0 used' "and the plan"
is "$(stat -c %a "$conf")" 600 "the config is its owner's only"
sato=$(sed -n 's/^sato  *//p' "$T/said") suzuki=$(sed -n 's/^suzuki  *//p' "$T/said")
like "$sato" '^mado join http://127.0.0.1:[0-9]* [0-9a-z-]{19}$' "a line for each colleague"
for unit in madod.service madod.socket madod-backup.service madod-backup.timer; do
	[ -s "$T/sys/etc/systemd/system/$unit" ] || fail "$unit is not there"
done
like "$(cat "$T/sys/etc/systemd/system/madod.service")" 'AmbientCapabilities=CAP_NET_BIND_SERVICE' "the unit may take port 443"
unlike "$(cat "$T/sys/etc/systemd/system/"*)" '<<' "every word is put in"
like "$(cat "$T/sys/etc/systemd/system/madod.socket")" "ListenStream=127.0.0.1:$madod_port" "systemd listens where madod does"
like "$(cat "$T/said")" 'the desk does not run; start it' "it says what is next"
is "$(endpoint | jq -r .message)" "Webhook endpoint not found" "and sets nothing at LINE before"

# the port that LINE would come to is closed
start madod "$B/madod" -c "$conf"
init --public-url "http://127.0.0.1:$(free_port)" --wait 0
like "$? $(grep -a '^madod: ' "$T/said")" "^1 madod: LINE's test .*COULD_NOT_CONNECT.*: open its port" "a closed port"
is "$(endpoint | jq -r .message)" "Webhook endpoint not found" "the endpoint at LINE stays unset"
init --wait 0 # and back
stop madod

# a secret of another channel than a long-lived token: LINE's test shows it
start madod "$B/madod" -c "$conf"
start other "$B/madosim" --listen 127.0.0.1:0 --channel-secret 00000000000000000000000000000002 --token other
"$B/madod" -c "$T/other.conf" init --token other --channel-secret "$SECRET" \
    --public-url "http://127.0.0.1:$madod_port" --https own --state-dir "$T/desk" --root "$T/sys2" \
    --api-base "$other_url" --data-base "$other_url" >"$T/said" 2>&1 </dev/null
like "$(cat "$T/said")" "LINE's test .* failed .*401.*: the channel secret is another channel's than the token" "a token of another account"
is "$(curl -s -H "Authorization: Bearer other" "$other_url/v2/bot/channel/webhook/endpoint" | jq -r .message)" \
    "Webhook endpoint not found" "the endpoint at LINE stays as it was"

# again: nothing changes, LINE's side is set, and it waits for a message
before=$(md5sum "$conf")
{ until_true 20 grep -q 'Write something' "$T/said"; say hanako "はじめまして"; } &
init --wait 20
is "$?" 0 "init goes on where it was"
is "$(md5sum "$conf")" "$before" "and leaves the config alone"
is "$(endpoint | jq -r .endpoint)" "http://127.0.0.1:$madod_port/line/main/webhook" "the endpoint is set at LINE"
like "$(cat "$T/said")" '\[x\] "Use webhook" on' "what a person clicked is seen"
like "$(cat "$T/said")" 'ok   #1 [^u].*: はじめまして' "the first message is shown, by the customer's name"
curl -sf -d '{"chat":true}' "$madosim_url/sim/account" >/dev/null
init
like "$(cat "$T/said")" '\[ \] Chat off' "chat that is on is seen"

# two colleagues, each by their line
join() { "$B/mado" --profile "$1" ${2#mado } </dev/null; }
ok "sato joins" join sato "$sato"
ok "suzuki joins" join suzuki "$suzuki"
is "$(as sato whoami --json | jq -r .agent.role)" admin "as what was said"
as sato reply 1 --wait "ご連絡ありがとうございます" >/dev/null
as suzuki reply 1 --wait "すぐに確認します" >/dev/null
is "$(sim '[.customers[] | select(.name == "hanako") | .received[].message.text]')" \
    '["ご連絡ありがとうございます","すぐに確認します"]' "the customer has both answers"

# on a terminal it asks, shows no secret, and asks again for what cannot be
printf '%s\n' 12 1234567890 "http://127.0.0.1:$madod_port" nginx own hold "" >"$T/typed"
TERM=dumb script -qec "$B/madod -c $T/asked/madod.conf init --channel-secret $SECRET --root $T/sys3 --state-dir $T/desk2 \
    --api-base http://127.0.0.1:$sim_port --data-base http://127.0.0.1:$sim_port" \
    "$T/script" <"$T/typed" >"$T/said" 2>&1
like "$(cat "$T/said")" 'must be 10 digits' "what cannot be meant is asked again"
like "$(cat "$T/asked/madod.conf")" '^push = hold' "answers are taken"
# a second account beside the first
init --channel shop2 --push allow
is "$(grep -c '^\[line ' "$conf")" 2 "another channel has a section of its own"

# the ways of HTTPS: what each writes, and what is left to a person
https() {
	"$B/madod" -c "$T/$1/madod.conf" init --channel-id 1234567890 --channel-secret "$SECRET" \
	    --public-url https://localhost --https "$1" --state-dir "$T/$1/desk" --root "$T/$1/sys" \
	    --api-base "http://127.0.0.1:$sim_port" --data-base "http://127.0.0.1:$sim_port" >"$T/said" 2>&1 </dev/null
}
https caddy
is "$(grep -v '^#' "$T/caddy/Caddyfile" | tr -d '\n\t')" "localhost {reverse_proxy 127.0.0.1:7443}" "Caddy hands on to madod"
like "$(cat "$T/said")" "echo 'import .*/Caddyfile' >>/etc/caddy/Caddyfile" "and is told of it"
like "$(cat "$T/caddy/madod.conf")" '^trusted_proxy = 127.0.0.1' "madod believes it"
https certbot
like "$(cat "$T/certbot/madod.conf")" "^tls_cert = $T/certbot/tls/fullchain.pem" "certbot: madod has the certificate"
like "$(cat "$T/certbot/sys/etc/systemd/system/madod.socket")" '^ListenStream=0.0.0.0:443' "and the port"
like "$(cat "$T/said")" 'certbot certonly --standalone -d localhost' "how to get it is said"
like "$(cat "$T/said")" 'get the certificate as above' "and that it is not there yet"
ok "the hook is a script" sh -n "$T/certbot/sys/etc/letsencrypt/renewal-hooks/deploy/madoguchi"
https tunnel
like "$(cat "$T/tunnel/cloudflared.yml")" 'service: http://127.0.0.1:7443' "a tunnel leads to madod"
like "$(cat "$T/said")" 'cloudflared tunnel route dns madoguchi localhost' "and its commands are said"
# nothing is half written: a folder where a file has to be
mkdir -p "$T/full/sys/etc/systemd/system/madod-backup.timer/x"
"$B/madod" -c "$T/full/madod.conf" init --channel-id 1234567890 --channel-secret "$SECRET" \
    --public-url https://localhost --https caddy --state-dir "$T/full/desk" --root "$T/full/sys" \
    --api-base "http://127.0.0.1:$sim_port" --data-base "http://127.0.0.1:$sim_port" >"$T/said" 2>&1 </dev/null
like "$? $(grep -a '^madod: ' "$T/said")" '^1 madod: .*madod-backup.timer' "a file that cannot be written is named"
is "$(find "$T/full" -type f)" "" "and none of the others stays"

# one value changes, a person's lines stay
sed -i 's/^\[server\]/&\n# mine\nreopen_within = 2h/' "$conf"
init --push ask
like "$(cat "$conf")" '# mine' "comments stay"
like "$(cat "$conf")" '^push = ask' "one value changed"
is "$(grep -c ^push "$conf")" 2 "in its place"
like "$(cat "$T/madod.log")" 'info reread ' "and the desk that runs has reread it"
echo 'nonsense = 1' >>"$conf"
init
like "$(cat "$T/said")" 'the config that is there: .*madod.conf:[0-9]*: ' "a config that cannot be read is left alone"
done_testing
