#!/bin/bash
# contract.md, "What happens to messages": surveys, events without a message,
# reopening, groups, the guard's corners, as the command line shows them.
. "$(dirname "$0")/../lib.sh"
start_desk "server reopen_within = 2s"
number() { db "SELECT max(c.number) FROM conversation c JOIN contact t ON t.id=c.contact WHERE t.name='$1'"; }
has() { [ -n "$(number "$1")" ]; }
new() { say "$1" "${2:-こんにちは}"; until_true 20 has "$1" || diag "no conversation of $1"; N=$(number "$1"); }
conv() { mado show "$1" --json | jq -c "$2"; }
conv_is() { [ "$(conv "$1" "$2")" = "$3" ]; }
tap() { curl -sf -d "{\"user\":\"$1\",\"label\":\"$2\"}" "$madosim_url/sim/tap" >/dev/null; }
sim_do() { curl -sf -d "$2" "$madosim_url/sim/$1" >/dev/null; }
got() { sim "[.customers[]|select(.name==\"$1\")|.received[].message.text]|length"; }
got_is() { [ "$(got "$1")" = "$2" ]; }
last_is() { [ "$(mado history "$1" --json | tail -1 | jq -r .text)" = "$2" ]; }

# --- the survey ---
new aoi
say aoi 5; eventually 20 "a typed 5 without a survey is a message" conv_is "$N" .unread 2
mado csat "$N"; eventually 20 "the survey is sent" got_is aoi 1
is "$(conv "$N" '[.csat.score,.csat.answered_at]')" "[null,null]" "asked, not answered"
say aoi ４; eventually 20 "a typed full-width number answers" conv_is "$N" .csat.score 4
is "$(conv "$N" .unread)" 2 "and is nothing unread"
say aoi ありがとう; eventually 20 "one comment" conv_is "$N" .csat.comment '"ありがとう"'
is "$(conv "$N" .unread)" 3 "which on an open conversation is a message too"
say aoi ところで; eventually 20 "the next is a message only" conv_is "$N" '[.csat.comment,.unread]' '["ありがとう",4]'
mado csat "$N"; eventually 20 "asked again" got_is aoi 2
is "$(conv "$N" '[.csat.score,.csat.comment]')" "[null,null]" "the old answer is gone"
mado reply "$N" 何個ですか --wait >/dev/null
say aoi 3; eventually 20 "a number after a person's words answers" conv_is "$N" .csat.score 3
is "$(conv "$N" .unread)" 1 "but is theirs to read as well"
mado resolve "$N"; mado csat "$N"; eventually 20 "a survey on a resolved one" got_is aoi 4
tap aoi 5; eventually 20 "its tap lands" conv_is "$N" '[.status,.csat.score]' '["resolved",5]'
say aoi 親切でした; eventually 20 "so does its comment; nothing reopens" conv_is "$N" '[.status,.csat.comment,.unread]' '["resolved","親切でした",0]'
is "$(mado events --json | jq -s 'map(select(.kind=="csat.answered"))|length')" 5 "an event each"

# --- events before and beside conversations ---
sim_do unfollow '{"user":"fumi"}'; sim_do follow '{"user":"fumi"}'
event_of() { mado events --json | jq -c "select(.why==\"$1\")|.data.message.conversation"; }
event_is() { [ "$(event_of "$1")" = "$2" ]; }
eventually 20 "what comes before the first message has no conversation" event_is follow null
new fumi はじめまして
is "$(mado history "$N" --json | jq -r '.type' | tr '\n' ' ')" "event event text event " "it appears when one opens"
is "$(event_of follow)" "$N" "and is of that conversation then"
is "$(conv "$N" .unread)" 1 "events are nothing unread"
mado resolve "$N"; sim_do unfollow '{"user":"fumi"}'
eventually 20 "an event reopens nothing" last_is "$N" "blocked the account"
is "$(conv "$N" '[.status,.unread,.contact.blocked]')" '["resolved",0,true]' "and opens nothing"
# --- characters that no terminal and no store likes ---
body='{"destination":"U","events":[{"type":"message","webhookEventId":"nul","timestamp":1700000000000,"source":{"type":"user","userId":"Unul"},"message":{"id":"nul","type":"text","text":"a\u0000b\ud800\u001b[31m"}}]}'
is "$(post_webhook "$body")" 200 "a NUL in a text is JSON: it is taken"
N=$(db "SELECT max(number) FROM conversation")
is "$(mado history "$N" --json | head -1 | jq -c .text)" '"a�b�\u001b[31m"' "as what can be kept of it"
unlike "$(mado history "$N"; mado ls)" $'\033' "and no terminal meets an escape"
mado resolve "$N"

# --- views ---
new auto1; mado auto "$N"; mado snooze "$N" 2h
is "$(mado ls --view auto -q)" "" "what is put off is not the bot's work now, as in the inbox"
sign_in_api sato
is "$(api /v1/status | jq -c '[.counts.auto,.counts.snoozed]')" "[0,1]" "nor counted so"
sim_do fault '{"kind":"revoke-token","rate":1}'
mado reopen "$N"; mado reply "$N" 届かない --wait >/dev/null 2>&1; mado resolve "$N"
is "$(api /v1/status | jq -c '.counts.problems') $(mado ls --view problems -q)" "1 $N" "an undecided send counts after its case is resolved, too"
sim_do fault '{"kind":"none"}'
done_testing
