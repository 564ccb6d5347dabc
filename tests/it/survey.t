#!/bin/bash
# survey_after: the survey that follows a resolution, from the agent's command
# to the customer's tap and back.
. "$(dirname "$0")/../lib.sh"
start_desk "survey_after = 2s"
number() { db "SELECT max(c.number) FROM conversation c JOIN contact t ON t.id=c.contact WHERE t.name='$1'"; }
has() { [ -n "$(number "$1")" ]; }
new() { say "$1" こんにちは; until_true 20 has "$1" || diag "no conversation of $1"; N=$(number "$1"); mado reply "$N" はい --wait >/dev/null; }
conv_is() { [ "$(mado show "$1" --json | jq -c "$2")" = "$3" ]; }
surveys() { sim "[.customers[]|select(.name==\"$1\")|.received[]|select(.message.quickReply.items|length==5)]|length"; }
asked() { [ "$(surveys "$1")" = "$2" ]; }
lines() { mado history "$1" --json | jq -r 'select(.type=="event").text'; }

new aoi
mado resolve "$N"
like "$(lines "$N")" 'survey in 2s, unless reopened' "the history says what follows"
eventually 20 "and it does" asked aoi 1
is "$(mado history "$N" --json | jq -c 'select(.text|test("1.*5"))|[.from,.author]')" '["system",null]' "from nobody in person"
curl -sf -d '{"user":"aoi","label":"4"}' "$madosim_url/sim/tap" >/dev/null
eventually 20 "its tap is the score; nothing reopens" conv_is "$N" '[.status,.csat.score]' '["resolved",4]'
mado reopen "$N"; mado resolve "$N"
is "$(db 'SELECT count(*) FROM survey')" 0 "once a conversation"

new chika
mado resolve "$N" --no-survey
new dai
mado resolve "$N"
eventually 20 "one who comes later is asked" asked dai 1
is "$(surveys chika)" 0 "not who was left out"

# a madod that starts anew asks what it had planned
new eri
mado resolve "$N"
stop madod
start_madod
eventually 20 "a restart loses none" asked eri 1
config "survey_after = 2s" "push = hold"
kill -HUP "$madod_pid"
until_true 20 grep -q reread "$T/madod.log"
new fumi
mado resolve "$N"
no_push() { lines "$N" | grep -q 'no survey: it would have been a push'; }
eventually 20 "a push that nobody agreed to is none" no_push
is "$(surveys fumi)" 0 "and nothing was sent"
done_testing
