# madod doctor: each check, good and bad, its exit code and its JSON; the
# figures of /metrics beside it.
. "$(dirname "$0")/../lib.sh"

madod_port=$(free_port)
start_madosim --redelivery-pause 50ms
config "server public_url = http://127.0.0.1:$madod_port"
start_madod
# doctor: its JSON in $T/doctor; row WHAT FIELD
doctor() { madod doctor --json >"$T/doctor" 2>"$T/doctor.err"; }
row() { jq -r --arg w "$1" ".checks[] | select(.what == \$w) | .$2" "$T/doctor"; }
account() { curl -sf -d "$1" "$madosim_url/sim/account" >/dev/null; }
fault() { curl -sf -d "$1" "$madosim_url/sim/fault" >/dev/null; }

doctor
is "$?" 1 "a desk without a backup is not well"
is "$(row backup ok)" false "and that is why"
madod backup --dir "$T" >/dev/null
doctor
is "$?" 0 "with a backup it is"
is "$(jq -c '[.ok, ([.checks[] | select(.ok | not)] | length)]' "$T/doctor")" '[true,0]' "all is well"
is "$(jq -r '[.checks[].what] | join(", ")' "$T/doctor")" \
    "desk, config, store, disk, certificate, backup, redelivery, main: token, main: clock, main: chat, main: webhook endpoint, main: webhook test, main: quota, main: quota used, name, public address" \
    "what is looked at"
like "$(row "public address" text)" 'healthz answers' "the public address is asked"
like "$(row redelivery text)" 'none seen yet' "redelivery cannot be asked"
like "$(madod doctor)" '^ok   main: chat: chat mode bot' "in words, too"

account '{"chat":true,"webhook":false}'
doctor
is "$?" 1 "what a person switched is seen"
is "$(row "main: chat" ok),$(row "main: webhook endpoint" ok)" false,false "chat on, webhook off"
like "$(cat "$T/doctor.err")" '2 checks failed' "and counted"
account '{"chat":false,"webhook":true}'
fault '{"kind":"revoke-token","on":"info"}'
doctor
like "$(row "main: token" text)" '^401 ' "LINE's 401"
fault '{"kind":"none"}'

# a webhook that was not taken comes again: so redelivery is on
stop madod
say hanako "もしもし"
start_madod
eventually 20 "it is sent again" sh -c "[ -e '$T/desk/redelivered.stamp' ]"
doctor
like "$(row redelivery text)" '^on: seen at ' "then redelivery is known to be on"

metrics=$(curl -s "$madod_url/metrics")
like "$metrics" '^madod_disk_free_bytes [0-9]+' "metrics: disk"
like "$metrics" '^madod_backup_age_seconds [0-9]+' "metrics: backup"
eventually 20 "metrics: webhook" eval 'curl -s "$madod_url/metrics" | grep -q "^madod_webhook_active{channel=\"main\"} 1"'
like "$(curl -s "$madod_url/metrics")" '^madod_chat_on\{channel="main"\} 0' "metrics: chat"
like "$(curl -s "$madod_url/metrics")" '^madod_clock_offset_seconds\{channel="main"\} -?[0-9]$' "metrics: clock"
like "$(curl -s "$madod_url/metrics")" '^madod_channel_problem\{channel="main"\} 0' "metrics: token"

stop madod
doctor
is "$?" 1 "a desk that does not run"
is "$(row desk text)" "does not run: no message is taken" "is said first"
is "$(row "main: webhook test" ok)" false "and LINE cannot reach it"

# the newest backups stay
stop madosim
start_madosim --date-ahead 1h
config "server public_url = http://127.0.0.1:$madod_port"
start_madod
doctor
like "$(row "main: clock" text)" "3(600|59[0-9]) s behind LINE's: set it" "a clock off by an hour"
rm -f "$T"/madoguchi-*.backup
for i in 1 2 3; do : >"$T/madoguchi-2020010$i-000000.backup"; done
madod backup --dir "$T" --keep 2
is "$(cd "$T" && ls madoguchi-*.backup | sed 's/-2020.*/ old/; s/-2.*/ new/' | tr '\n' ,)" "madoguchi old,madoguchi new," "two were kept"

# a certificate that ends soon
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3 -subj /CN=x \
    -keyout "$T/key.pem" -out "$T/cert.pem" 2>/dev/null
stop madod
sed -i "s|^tls = off|tls = files\ntls_cert = $T/cert.pem\ntls_key = $T/key.pem|" "$T/madod.conf"
start_madod
doctor
like "$(row certificate text)" ': [23] days left: renew it' "a certificate near its end"
like "$(curl -sk "$madod_url/metrics")" '^madod_certificate_days [23]$' "metrics: certificate"
ended() { openssl req -new -key "$T/key.pem" -subj /CN=x 2>/dev/null |
    openssl x509 -req -signkey "$T/key.pem" -days "$1" -out "$T/cert.pem" 2>/dev/null; }
ended -1
doctor
like "$(row certificate text)" 'has expired, 1 d ago: renew it' "an expired one"
ended 0
doctor
like "$(row certificate text)" 'has expired: renew it' "one that ended today"
done_testing
