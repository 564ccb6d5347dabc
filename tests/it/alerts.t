#!/bin/bash
# Alerts: the manual's examples against a stand-in; told once, told again while
# it lasts, and one that cannot be told costs nothing.
. "$(dirname "$0")/../lib.sh"
madod_port=$(free_port) madosim_port=$(free_port)
start_madosim --quota 100 --quota-used 95
start standin "$top/tests/it/standin.pl" "$T/told"
example() {
	sed -n "/^\.\\\\\" example $1\$/,/^\.\\\\\" end/p" "$top/man/madod.conf.5" |
	    grep -v '^\.' | sed 's/\\e/\\/g'
}
printf '#!/bin/sh\ncat >>"%s"; echo "args $*" >>"%s"\n' "$T/mail" "$T/mail" >"$T/sendmail"
chmod +x "$T/sendmail"
config
# the manual's, told to the stand-in, and at once where it says minutes
example alerts | sed "s|https://hooks.slack.com|$standin_url/slack|; s|https://api.chatwork.com|$standin_url/chatwork|; s|https://ntfy.sh|$standin_url/ntfy|; s|/usr/sbin/sendmail|$T/sendmail|; s|waiting>5m|waiting>1s|" >>"$T/madod.conf"
cat >>"$T/madod.conf" <<END
[alert often]
when = "waiting>1s tag:none"
url = $standin_url/often
repeat = 1s
[alert never]
when = assignee:nobody-here
url = $standin_url/never
[alert away]
when = waiting>1s
url = http://127.0.0.1:9/
[alert hangs]
when = waiting>1s
run = /bin/sleep
arg = 60
deadline = 1s
END
for i in $(seq 40); do printf '%s\n' "[alert none$i]" "when = assignee:nobody$i" "url = $standin_url/never"; done >>"$T/madod.conf"
printf '%s\n' '[alert one-more]' 'when = waiting>1s' "url = $standin_url/more" >>"$T/madod.conf"
add_user sato agent
start_madod
sign_in sato
curl -sf -d '{"user":"hanako","text":"秘密の番号は 4711"}' "$madosim_url/sim/say" >/dev/null
told() { jq -r "select(.path | startswith(\"/$1\")) | .body" "$T/told" 2>/dev/null; }
was_told() { [ -n "$(told "$1")" ]; }
eventually 30 "Slack is told that somebody waits" was_told slack
like "$(told slack | head -1 | jq -r .text)" '^slack: 1 \(waiting>1s\): #1 hanako' "how many, and the number to type"
is "$(jq -r 'select(.path | startswith("/slack")) | .headers["content-type"]' "$T/told" | head -1)" application/json "as JSON"
eventually 30 "ntfy is told of the quota" was_told ntfy
like "$(told ntfy | head -1)" "^ntfy: channel main: 95 of the month's 100 used" "in plain words"
eventually 30 "so is whom the last of many alerts tells" was_told more
mailed() { grep -q 'args -t' "$T/mail"; }
eventually 30 "mail is sent that there is no backup" mailed
like "$(tr '\n' '|' <"$T/mail")" '^To: desk@example.jp\|Subject: madoguchi: mail\|\|mail: there is no backup' "whole"
often() { [ "$(told often | wc -l)" -ge 2 ]; }
eventually 30 "what lasts is told again after its time" often
is "$(told slack | wc -l)" 1 "not before"
is "$(told never)" "" "what is not so is not told"
unlike "$(cat "$T/told" "$T/mail")" '4711|秘密' "no word of a message is"
away() { [ "$(grep -c 'alert away is not told' "$T/madod.log")" = 1 ] && [ "$(grep -c 'alert hangs is not told: it took too long' "$T/madod.log")" = 1 ]; }
eventually 30 "one that cannot be told, or hangs, is said once" away
untold() { [ "$(curl -s "$madod_url/metrics" | sed -n 's/^madod_alerts_untold_total //p')" -ge 2 ]; }
eventually 20 "and counted" untold
ok "the desk works on" mado reply 1 "はい" --wait
is "$(madod check >/dev/null 2>&1; echo $?)" 0 "the manual's alerts are good configuration"

# the token refused
stop madosim
start madosim "$B/madosim" --listen "127.0.0.1:$madosim_port" --channel-secret "$SECRET" --token another
mado reply 1 "x" >/dev/null
refused() { told chatwork | grep -q '^body=chatwork%3A%20channel%20main'; }
eventually 40 "Chatwork is told that LINE refuses the token" refused

# what cannot be meant
bad() { cp "$T/madod.conf" "$T/keep"; printf '%s\n' "[alert x]" "$2" "url = https://example.jp/" >>"$T/madod.conf"; like "$(madod check 2>&1)" "$1" "refused: $2"; mv "$T/keep" "$T/madod.conf"; }
bad 'must be quota>90' 'when = quota>much'
bad 'must be backup-age>2h' 'when = backup-age>30500569000w'
bad 'no such field' 'when = tga:VIP'
bad 'needs when' 'repeat = 1h'
done_testing
