#!/bin/bash
# What contract.md promises to scripts, sentence by sentence where no other
# test has it: words and files of mado, the corners of its verbs.
. "$(dirname "$0")/../lib.sh"
start_desk
add_user kato agent
add_user vera viewer
run() { out=$(mado "$@" 2>"$T/err" </dev/null); rc=$?; err=$(cat "$T/err"); }
piped() { local in=$1; shift; out=$(printf "$in" | mado "$@" 2>"$T/err"); rc=$?; err=$(cat "$T/err"); }
n_convs() { [ "$(mado ls --view all -q | wc -l)" = "$1" ]; }
got() { sim "[.customers[]|select(.name==\"$1\")|.received[].message.text]"; }
for u in aoi ben chika; do say $u "$u です"; done
eventually 20 "three customers are there" n_convs 3
A=$(mado ls --query aoi -q)

# --- standard input ---
piped '' reply "$A" -; is $rc 2 "nothing on standard input is no text"
is "$(got aoi)" '[]' "and nothing is sent"
piped '\n' reply "$A" -; is $rc 2 "nor is a newline"
piped '二行\n\n' reply "$A" - --wait; is "$(got aoi)" '["二行\n"]' "one final newline is stripped, not two"

# --- words ---
run --profile; is $rc 2 "--profile without a name"; like "$err" 'needs a value' "says so"
as vera login "$madod_url" --user vera --password-stdin <<<password-vera
out=$(as vera reply "$A" x 2>&1); is $? 3 "a viewer may not reply: exit 3"
like "$out" 'role viewer .* role agent' "and is told who may"
is "$(as vera outbox)" "" "nothing of it is kept"

run tag "$A" $'+\e[31m'; is $rc 2 "a tag holds no control characters"

# --- several numbers ---
run show "$A" 999 2 --json
is "$rc $(jq -s length <<<"$out")" "4 2" "show tells those that are there, and exits with what is missing"

# --- madorc ---
printf 'language = ja\n' >"$XDG_CONFIG_HOME/mado/madorc"
run ls --view frob; like "$err" 'ビュー|ありません' "a madorc of one section needs no [mado]"
token=$(sed -n '/profile default/,/^$/s/^token = "\(.*\)"/\1/p' "$XDG_CONFIG_HOME/mado/profiles" | head -1)
printf 'token_cmd = "echo %s"\n' "$token" >"$XDG_CONFIG_HOME/mado/madorc"
sed -i '/profile default/,/^\[profile vera/s/^token = .*/token = "void"/' "$XDG_CONFIG_HOME/mado/profiles"
run whoami; like "$out" '^sato' "token_cmd gives the token"
echo 'token_cmd = false' >"$XDG_CONFIG_HOME/mado/madorc"
run whoami; is $rc 3 "a token_cmd that prints none: exit 3"
rm "$XDG_CONFIG_HOME/mado/madorc"
sign_in sato

# --- login ---
out=$(printf 'password-kato\r\nmore\n' | as kato login "$madod_url" --user kato --password-stdin 2>&1)
is $? 0 "a password's newline may be Windows'"
printf 'pass\rword-x\r\n' | madod user add windows --role agent --password-stdin
out=$(printf 'pass\rword-x\n' | as w login "$madod_url" --user windows --password-stdin 2>&1)
is $? 0 "what is inside a password stays"
out=$(echo password-kato | as p login "$madod_url" --user kato --password-stdin --pin foo 2>&1)
is $? 2 "a pin that is none is refused"
madod user add "$(id -un)" --role agent </dev/null
out=$(cd "$T" && as unix login unix:api.sock 2>&1); is $? 0 "a unix socket by a relative path"
is "$(cd / && as unix ls -q | wc -l)" 3 "works from another directory too"
out=$(as unix2 login "unix:$T/api.sock" --user kato 2>&1); is $? 3 "a unix socket gives nobody another's name"
out=$(echo password-kato | as unix2 login "unix:$T/api.sock" --user kato --password-stdin 2>&1)
like "$(as unix2 whoami)" '^kato,' "but takes a password"
out=$(as none login "unix:$T/none.sock" 2>&1); is $? 5 "no socket there: exit 5"
unlike "$out" 'port 80|localhost' "and no talk of ports"


port=$(free_port)
perl -MIO::Socket::INET -e 'my $l = IO::Socket::INET->new(Listen => 5, LocalAddr => "127.0.0.1:'"$port"'", ReuseAddr => 1);
	while (my $c = $l->accept) { sysread $c, $_, 65536; print $c "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"; close $c }' &
pids="$pids $!"
until_true 20 curl -s -o /dev/null "http://127.0.0.1:$port/"
out=$(echo token | as no login "http://127.0.0.1:$port" --token-stdin 2>&1); is $? 1 "what answers {} is no desk"
as no ls 2>/dev/null; is $? 3 "and nobody is signed in there"

# --- events ---
S=$(mado events --json | tail -1 | jq .seq)
is "$(mado events --after "$S")" "" "nothing after the last"
is "$(mado events --after $((S + 1000)) 2>&1)" "" "nor after one that was never there"
sign_in_api kato
S=$(api '/v1/feed?after=99999999' | jq .seq)
waiting() { [ "$(curl -s "$madod_url/metrics" | sed -n 's/^madod_feed_waiting //p')" = "$1" ]; }
one=$(date +%s%3N)
api "/v1/feed?after=$S&wait=2" >"$T/short" &
short=$!
until_true 2 waiting 1
api "/v1/feed?after=$S&wait=20" >"$T/long" &
long=$!
wait $short
ok "a feed that waits longer keeps no other waiting" test $(($(date +%s%3N) - one)) -lt 15000
say aoi 起こす; wait $long

# --- what is kept is not thrown away in passing ---
( timeout 60 "$B/mado" events --follow; echo $? >"$T/rc" ) | head -1 >/dev/null
is "$(cat "$T/rc")" 0 "events --follow ends when its reader has gone"
stop madod
run note "$A" 社内で
is "$(mado outbox --json 2>/dev/null | jq -c '[.type,.text,.local]')" '["note","社内で","kept"]' "a kept note is its text"
run reply "$A" 届かないうちに; is $rc 5 "the desk is away: kept, exit 5"
start_madod
url=${madod_url/127.0.0.1/localhost}
out=$(echo password-kato | mado login "$url" --user kato --password-stdin 2>&1)
is $? 1 "another sign-in does not throw away what is kept"
like "$out" 'logout --yes' "and says how to"
run ls -q; is $rc 0 "the next verb"
is "$(mado outbox --json | jq -c 'select(.local)')" "" "takes it along"
reached() { [ "$(got aoi | jq 'map(select(. == "届かないうちに"))|length')" = 1 ]; }
eventually 20 "to the customer, once" reached

# --- damaged files of this machine ---
echo garbage >"$XDG_STATE_HOME/mado/default.db"
run ls -q; is $rc 0 "what the desk has too is made anew"
stop madod; run reply "$A" 保管; start_madod
cp "$XDG_STATE_HOME/mado/default-own.db" "$T/own.db"
echo garbage >"$XDG_STATE_HOME/mado/default-own.db"
run ls -q; is $rc 1 "damaged drafts and kept acts: exit 1"
like "$err" 'put aside as .*default-own.db.damaged' "said, and put aside"
run ls -q; is $rc 0 "once"
cp "$T/own.db" "$XDG_STATE_HOME/mado/default-own.db"
kept_came() { [ "$(got aoi | jq 'map(select(. == "保管"))|length')" = 1 ]; }
run ls -q; eventually 20 "a copy of before still has its reply" kept_came
done_testing
