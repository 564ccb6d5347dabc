#!/bin/bash
# The desk itself: config, accounts, roles, listeners, sign-in, canned replies,
# rules, backup and restore, signals, a full disk.
. "$(dirname "$0")/../lib.sh"

# --- config: file and line, what is allowed ---
bad() { # NAME REGEX: the config on standard input is refused
	cat >"$T/bad.conf"
	out=$("$B/madod" -c "$T/bad.conf" check 2>&1); rv=$?
	is "$rv" 2 "$1: refused"
	like "$out" "$2" "$1: says where and what"
}
bad "an unknown key" 'bad.conf:2: .*listn.*listen' <<<$'[server]\nlistn = 127.0.0.1:1'
bad "an unknown section" 'bad.conf:1: .*server' <<<'[sever]'
bad "a bad value" 'bad.conf:2: .*auto.*files.*off' <<<$'[server]\ntls = maybe'
bad "a channel without a secret" 'bad.conf:1: .*channel_secret' <<<'[line main]'
bad "an empty secret" 'bad.conf:2: .*channel_secret.* not empty' <<<$'[line main]\nchannel_secret =\nchannel_access_token = x'
bad "an empty token" 'bad.conf:3: .*channel_access_token.* not empty' <<<$'[line main]\nchannel_secret = x\nchannel_access_token = ""'
bad "a listener without a port" 'bad.conf:2: .*host:port' <<<$'[server]\nlisten = 127.0.0.1'
bad "a port that is none" 'bad.conf:2: .*host:port' <<<$'[server]\nlisten = 127.0.0.1:99999'
bad "a proxy that is no address" 'bad.conf:2: .*IP address' <<<$'[server]\ntrusted_proxy = 10.0.0.0/8'
bad "an unknown time zone" 'bad.conf:2: .*Asia/Tokyo' <<<$'[server]\ntimezone = Asia/Edo'
bad "an address of another kind" 'bad.conf:4: .*https://' <<<$'[line main]\nchannel_secret = x\nchannel_access_token = y\napi_base = api.line.me'
bad "postgresql" 'bad.conf:2: .*sqlite.*not possible' <<<$'[server]\nstore = postgresql://x'
out=$("$B/madod" -c "$T/none.conf" check 2>&1); is $? 4 "no file: exit code 4"
like "$out" 'none.conf' "no file: names it"
printf '[server]\nlisten = 0.0.0.0:0\ntls = off\nstate_dir = %s/x\n' "$T" >"$T/bad.conf"
out=$("$B/madod" -c "$T/bad.conf" 2>&1); like "$out" 'TLS' "plain HTTP to the world is refused"
like "$("$B/madod" --version)" '^madod [0-9]' "--version"
like "$("$B/madod" --help)" 'user add NAME' "--help names the subcommands"
out=$("$B/madod" 2>&1); is $? 2 "no arguments: usage"

# --- accounts, while it does not run ---
config "server rules = $top/tests/data/rules.conf" "server listen = 127.0.0.1:0"
add_user sato agent; is $? 0 "user add makes the store"
out=$(echo password-x | madod user add sato --role agent --password-stdin 2>&1); is $? 1 "a name twice is refused"
like "$out" 'sato' "and named"
out=$(echo short | madod user add x --role agent --password-stdin 2>&1); is $? 2 "a short password is refused"
out=$(echo password-x | madod user add Bad/Name --role agent --password-stdin 2>&1); is $? 2 "a bad name is refused"
out=$(echo password-x | madod user add x --role king --password-stdin 2>&1); is $? 2 "an unknown role is refused"
is "$(stat -c %a "$T/desk/madod.db" "$T/desk")" $'600\n700' "only the owner can read the store"
out=$(madod faq import x.tsv 2>&1); is $? 4 "faq import of a file that is not there"
like "$out" "x.tsv: No such file" "which is named"

several=
for i in 1 2 3 4 5 6; do madod user role sato agent 2>>"$T/several.err" & several="$several $!"; done
n=0; for p in $several; do wait "$p" && n=$((n + 1)); done
is "$n $(cat "$T/several.err")" "6 " "six subcommands at once wait for each other"

# --- while it runs ---
start_madod
add_user vera viewer; is $? 0 "user add goes through the madod that runs"
add_user ada admin; add_user suzy supervisor
is "$(madod user list | awk '{print $1, $2}' | tr '\n' ' ')" "ada admin sato agent suzy supervisor vera viewer " "user list"
out=$("$B/madod" -c "$T/madod.conf" 2>&1); like "$out" 'another madod is at work' "a second madod on the same store is refused"
sign_in_api sato; like "$token" '^[A-Za-z0-9_-]{43}$' "a token has 256 bits"
is "$(db "SELECT count(*) FROM session WHERE hex(hash)=upper('$(printf %s "$token" | sha256sum | cut -d' ' -f1)')")" 1 "the store has only its hash"
is "$(curl -s "$madod_url/v1/me" | jq -r .code)" not_signed_in "without a token: 401"
is "$(curl -s -H 'Authorization: Bearer x' "$madod_url/v1/me" | jq -r .code)" not_signed_in "with a wrong one: 401"
is "$(api /v1/me | jq -r '.agent.name+" "+.agent.role')" "sato agent" "who am I"
is "$(api /v1/nothing | jq -r .code)" not_found "nothing there: 404"
is "$(api -X DELETE /v1/me | jq -r .code)" method_not_allowed "a wrong method: 405"
like "$(api -D - -o /dev/null -X DELETE /v1/canned | tr -d '\r')" '^Allow: GET, HEAD, POST' "and which would do"
is "$(api -d '{bad' /v1/claim | jq -r .code)" invalid "bad JSON: 400"
is "$(api -d '[1]' /v1/claim | jq -r .code)" invalid "JSON that is no object: 400"
is "$(api /v1/users | jq -r .code)" not_allowed "accounts are an admin's"
post_webhook "$(text_event a1 U00000000000000000000000000000001 xyz)" >/dev/null
sign_in_api vera
is "$(api -d '{"text":"x"}' /v1/conversations/1/reply | jq -r .code)" not_allowed "a viewer may not reply"
is "$(api -X POST /v1/claim | jq -r .code)" not_allowed "nor claim"
is "$(api /v1/conversations | jq '.conversations|length')" 1 "but look"
is "$(curl -s --unix-socket "$T/api.sock" http://x/v1/me | jq -r .code)" not_signed_in "on the unix listener root has no account"
add_user root agent
is "$(curl -s --unix-socket "$T/api.sock" http://x/v1/me | jq -r .agent.name)" "$(id -un)" "until it has one: no password needed"
is "$(api '/v1/feed?after=x' | jq -r .code)" invalid "a bad number is refused"
is "$(api '/v1/conversations?view=odd' | jq -r .code)" invalid "so is an unknown view"
ok "openapi.json is JSON" test "$(api /v1/openapi.json | jq -r .openapi)" = 3.0.3
is "$(api /v1/openapi.json | jq '[.paths[][]|.summary|length>0]|all')" true "every path says what it does"
is "$(api /v1/openapi.json | grep -o '"/v1/[^"]*":{' | sort | uniq -d)" "" "no path stands there twice: a reader keeps one of them"
is "$(api /v1/openapi.json | jq -c '[.. | .["$ref"]? // empty | ltrimstr("#/components/schemas/")] | unique - ($s | keys)' --argjson s "$(api /v1/openapi.json | jq -c .components.schemas)")" "[]" "and what it refers to is there"
is "$(api /v1/openapi.json | jq '[.. | objects | select(.nullable and .enum) | .enum | any(. == null)] | all')" true "what may be null says so to a validator, too"
is "$(api /v1/openapi.json | jq -c '.paths["/v1/session"]|keys')" '["delete","post"]' "to sign in and out"
like "$(curl -s "$madod_url/metrics")" 'madod_feed_seq [0-9]' "metrics on loopback"

# passwords
sign_in_api vera
for i in 1 2 3 4 5 6; do R=$(api -d '{"old":"nope","new":"password-new"}' /v1/me/password | jq -r .code); done
is "$R" too_many_attempts "an old password cannot be tried for ever, though one is signed in"
sign_in_api sato
is "$(api -d '{"old":"nope","new":"password-new"}' /v1/me/password | jq -r .code)" not_signed_in "the old password is asked"
elsewhere=$(curl -s -d '{"name":"sato","password":"password-sato"}' "$madod_url/v1/session" | jq -r .token)
is "$(api -o /dev/null -w '%{http_code}' -d '{"old":"password-sato","new":"password-new"}' /v1/me/password)" 204 "and the new one taken"
is "$(curl -s -d '{"name":"sato","password":"password-sato"}' "$madod_url/v1/session" | jq -r .code)" not_signed_in "the old one is void"
is "$(api /v1/me | jq -r .agent.name)" sato "who changed it stays"
is "$(curl -s -H "Authorization: Bearer $elsewhere" "$madod_url/v1/me" | jq -r .code)" not_signed_in "whoever came in by the old one elsewhere does not"
for i in 1 2 3 4 5 6; do R=$(curl -s -d '{"name":"sato","password":"wrong"}' "$madod_url/v1/session" | jq -r .code); done
is "$R" too_many_attempts "many wrong ones: a pause for the account"
is "$(curl -s -d '{"name":"ada","password":"password-ada"}' "$madod_url/v1/session" | jq -r .agent.name)" ada "not for others from the same machine"
echo password-sato | madod user passwd sato --password-stdin; is $? 0 "user passwd"
is "$(api /v1/me | jq -r .code)" not_signed_in "ends the sign-ins"
sign_in_api ada; api -d '{}' /v1/conversations/1/take >/dev/null; madod user role ada viewer
is "$(api /v1/users | jq -r .code)" not_allowed "a role changes at once"
madod user disable ada; is "$(api /v1/me | jq -r .code)" account_disabled "a disabled account is out"
like "$(db "SELECT assignee IS NULL, (SELECT text FROM message WHERE conversation=1 ORDER BY id DESC LIMIT 1) FROM conversation WHERE number=1")" '^1.*back into the queue: ada was disabled' "what was ada's waits for a colleague, and says why"
madod user enable ada; madod user role ada admin; sign_in_api ada; madod sign-out ada
is "$(api /v1/me | jq -r .code)" not_signed_in "sign-out ends its sign-ins"

# --- rules ---
sign_in_api ada
post_webhook "$(text_event b1 U00000000000000000000000000000002 営業時間)" >/dev/null
is "$(api '/v1/conversations?view=auto' | jq -r '.conversations[0].last_message.from')" bot "a rule answers, the bot keeps it"
post_webhook "$(text_event b2 U00000000000000000000000000000002 担当者と話したい)" >/dev/null
is "$(api '/v1/feed?after=0' | jq -r '[.events[]|select(.kind=="conversation.handoff").why]|last')" "asked for a person (rule 担当者)" "asking for a person hands over with the reason"
cp "$top/tests/data/rules.conf" "$T/rules.conf"; echo '[rule x]' >>"$T/rules.conf"; echo 'colour = red' >>"$T/rules.conf"
sed -i "s|^rules = .*|rules = $T/rules.conf|" "$T/madod.conf"; kill -HUP "$madod_pid"
eventually 20 "a bad rules file is named with its line" grep -q "rules.conf:$(wc -l <"$T/rules.conf").*the old one stays\|the old one stays.*rules.conf:" "$T/madod.log"
post_webhook "$(text_event b3 U00000000000000000000000000000003 営業時間)" >/dev/null
is "$(api '/v1/conversations?view=auto' | jq -r '.conversations|length')" 1 "the old rules go on"
cp "$top/tests/data/rules.conf" "$T/rules.conf"

cp "$T/madod.conf" "$T/keep.conf"
sed -i "s|^state_dir = .*|state_dir = $T/elsewhere|" "$T/madod.conf"; kill -HUP "$madod_pid"
eventually 20 "another state_dir is not taken while it runs" grep -q 'the old one stays.*state_dir' "$T/madod.log"
cp "$T/keep.conf" "$T/madod.conf"
warned() { [ "$(grep -c 'warn listen.*timezone.*next start' "$T/madod.log")" = "$1" ]; }
sed -i '/^\[server\]/a timezone = Asia/Bangkok' "$T/madod.conf"; kill -HUP "$madod_pid"
eventually 20 "that the time zone stays up to the next start is said" warned 1
cp "$T/keep.conf" "$T/madod.conf"
sed -i 's|^listen = 127.*|listen = 127.0.0.1:1|' "$T/madod.conf"; kill -HUP "$madod_pid"
eventually 20 "so is that listeners do" warned 2
cp "$T/keep.conf" "$T/madod.conf"; kill -HUP "$madod_pid"

# --- canned ---
printf '\xef\xbb\xbf挨拶\tこんにちは、{{contact.name}}様\\n窓口です\nthanks\tThank you\n' >"$T/c.tsv"
madod canned import "$T/c.tsv"; is $? 0 "canned import"
is "$(api /v1/canned | jq -r '.canned[1].text')" $'こんにちは、{{contact.name}}様\n窓口です' "with line breaks"
printf 'ok\tfine\nno tab here\n' >"$T/c.tsv"
out=$(madod canned import "$T/c.tsv" 2>&1); is $? 2 "a bad line refuses the whole file"
like "$out" 'c.tsv:2:' "and is named"
is "$(api /v1/canned | jq '.canned|length')" 2 "nothing of it was taken"

# --- feed ---
S=$(api /v1/status | jq .seq)
(sleep 0.3; post_webhook "$(text_event c1 U00000000000000000000000000000004 later)" >/dev/null) &
R=$(api "/v1/feed?after=$S&wait=20"); wait $!
is "$(jq -r '.events[0].conversation' <<<"$R")" 4 "a waiting feed wakes with the event"
is "$(api "/v1/feed?after=999999999" | jq -c '[.events,.more]')" '[[],false]' "a seq of another world gives nothing"
is "$(api '/v1/feed?after=0&limit=500' | jq '[.events[].seq]|.==(sort|unique)')" true "seq only rises"

# --- backup and restore ---
api -d '{"text":"未送信"}' /v1/conversations/4/reply >/dev/null
madod backup "$T/b.madod"; is $? 0 "backup while it runs"
out=$(madod backup "$T/b.madod" 2>&1); is $? 1 "a file that is there is not overwritten"
n=$(api /v1/conversations | jq '.conversations|length')
post_webhook "$(text_event d1 U00000000000000000000000000000009 消える)" >/dev/null
stop madod; is $? 0 "SIGTERM: exit 0"
out=$(madod restore "$T/bad.conf" 2>&1); is $? 1 "what is no backup is refused"
cp "$T/b.madod" "$T/damaged"
perl -e 'open F, "+<", $ARGV[0]; for ($i = 20000; $i < 60000; $i += 7) { seek F, $i, 0; print F "\x55" }' "$T/damaged"
out=$(madod restore "$T/damaged" 2>&1); is $? 2 "a damaged backup is refused"
like "$out" 'damaged' "in words"
is "$(db 'PRAGMA quick_check')" ok "and the store stays"
madod restore "$T/b.madod"; is $? 0 "restore"
start_madod
is "$(api /v1/conversations | jq '.conversations|length')" "$n" "the conversations of then are back, the sign-in still counts"
is "$(api /v1/status | jq .epoch)" 2 "in a new epoch"
is "$(api /v1/outbox | jq -r '[.messages[]|select(.text=="未送信").state][0]')" unconfirmed "what was to be sent is unconfirmed"
# through the one that runs: the listeners stay, the feed starts over
post_webhook "$(text_event d2 U00000000000000000000000000000008 消える)" >/dev/null
(sleep 0.3; madod restore "$T/b.madod"; echo $? >"$T/rc") &
R=$(api "/v1/feed?after=$(api /v1/status | jq .seq)&wait=20"); wait $!
is "$(cat "$T/rc")" 0 "restore while it runs"
is "$(api /v1/status | jq .epoch)" 3 "begins another epoch"
is "$(api /v1/conversations | jq '.conversations|length')" "$n" "with the conversations of then"
madod backup "$T/same.madod"
is "$(api "/v1/feed?after=0&limit=500" | jq -c '[.epoch,.events[].epoch]|unique')" "[3]" "the feed is of that epoch"
madod restore "$T/same.madod"
is "$(api "/v1/feed?after=0&limit=500" | jq -c '[.epoch,.events[].epoch]|unique')" "[4]" "and of the next, though no row was added"
out=$(madod restore "$T/bad.conf" 2>&1); is $? 1 "what is no backup is refused while it runs"
is "$(post_webhook "$(text_event d3 U00000000000000000000000000000008 続き)")" 200 "and it goes on"
madod check >"$T/check"; is $? 0 "check"

stop madod; madod restore "$T/b.madod"; start_madod
is "$(api /v1/status | jq .epoch)" 5 "the same backup once more is one more epoch"

# --- a full disk: 503, nothing acknowledged, and it goes on when there is room ---
stop madod
if [ "$(id -u)" = 0 ] && mkdir -p "$T/small" && mount -t tmpfs -o size=2m tmpfs "$T/small" 2>/dev/null; then
	sed -i "s|^state_dir = .*|state_dir = $T/small|" "$T/madod.conf"
	start_madod
	post_webhook "$(text_event e1 U00000000000000000000000000000001 first)" >"$T/code"; is "$(cat "$T/code")" 200 "room: 200"
	head -c 4000000 /dev/zero >"$T/small/fill" 2>/dev/null
	big=$(head -c 4000 /dev/zero | tr '\0' x)
	code=200; for i in $(seq 60); do [ "$code" = 200 ] || break; code=$(post_webhook "$(text_event "f$i" U00000000000000000000000000000001 "$big")"); last=$i; done
	is "$code" 503 "full: 503, so that LINE comes again"
	is "$(sqlite3 "$T/small/madod.db" "SELECT count(*) FROM inbound WHERE key='e:f$last'" 2>/dev/null)" 0 "what was not acknowledged is not there"
	rm "$T/small/fill"
	is "$(post_webhook "$(text_event "f$last" U00000000000000000000000000000001 "$big")")" 200 "room again: it is taken"
	is "$(sqlite3 "$T/small/madod.db" 'PRAGMA integrity_check' 2>/dev/null)" ok "the store is whole"
	stop madod; umount "$T/small"
else
	pass "a full disk # SKIP needs root and tmpfs"
fi
done_testing
