#!/bin/bash
# Money and time: what pushes cost, the month's end, and replies that leave
# later.
. "$(dirname "$0")/../lib.sh"
SIM_OPTS="--quota 100 --quota-used 40"
start_desk
curl -sf -d '{"user":"hanako","text":"a"}' "$madosim_url/sim/say" >/dev/null
has() { [ "$(db "SELECT count(*) FROM conversation")" = "$1" ]; }
eventually 20 "a customer has written" has 1
ok "a free reply" mado reply 1 free --wait
ok "a push" mado reply 1 pushed --wait
is "$(db "SELECT group_concat(text||':'||ifnull(cost,0)) FROM message WHERE sender=2")" "free:0,pushed:1" "each is known by its cost"
is "$(mado show 1 --json | jq .cost)" 1 "and the conversation by the sum"
report() { mado report cost --json | jq -c '.channels[0] | [.messages, .free, .cost, .quota_limit]'; }
is "$(report)" '[2,1,1,100]' "the report counts them"
is "$(mado report cost --json | jq -c '.conversations')" '[{"conversation":1,"name":"hanako","cost":1}]' "by conversation, too"
like "$(mado report cost)" 'main: 2 messages, 1 of them free replies; cost 1 of the quota' "in a sentence"
like "$(LANGUAGE=ja mado report cost)" 'main: 2 件送信、うち無料の返信 1 件。消費 1 通' "in Japanese"
is "$(mado report cost --from 2001-01-01 --to 2001-01-02 --json | jq -c .channels)" '[]' "of the days that are asked for"
like "$(mado report shoes 2>&1)" '^mado: there is no report shoes; ' "others are refused in words"

# --- later
id=$(mado reply 1 "later" --at 2h)
is "$(mado history 1 --json | jq -r 'select(.text == "later") | .state')" held "a reply that leaves later is held"
like "$(mado history 1 --json | jq -r 'select(.text == "later") | .error')" "^leaves at 20[0-9-]+ [0-9:]+\$" "and says until when"
is "$(mado ls --view problems -q)" "" "it is no problem"
ok "it can be taken back" mado discard "$id"
soon() { mado reply 1 "soon" --at "$(date -u -d "+2 seconds" +%Y-%m-%dT%H:%M:%SZ)"; }
eventually 20 "or may leave in a moment, if that has not passed by then" soon
sent() { [ "$(db "SELECT state FROM message WHERE text='soon'")" = 2 ]; }
eventually 20 "another leaves on time" sent
is "$(sim '[.customers[] | select(.name == "hanako") | .received[].message.text]')" '["free","pushed","soon"]' "the customer has got it, and not what was taken back"
is "$(mado reply 1 x --at yesterday 2>/dev/null; echo $?)" 2 "not into the past"

# --- the free minute, used better
stop madod
sed -i 's/^channel_secret = .*/&\npush = hold\nack_at = 1s/' "$T/madod.conf"
start_madod
curl -sf -d '{"user":"rio","text":"靴はありますか"}' "$madosim_url/sim/say" >/dev/null
acked() { [ "$(sim '[.customers[] | select(.name == "rio") | .received[] | select(.via == "reply") | .message.quickReply.items[0].action.data] | .[0]')" = '"madoguchi:ack"' ]; }
eventually 20 "who waits is acknowledged before the token dies, for nothing" acked
is "$(mado ls --view waiting --json | jq -r '.contact.name')" rio "and waits on"
n=$(db "SELECT number FROM conversation ORDER BY number DESC LIMIT 1")
mado reply "$n" "はい、あります" >/dev/null
is "$(mado history "$n" --json | jq -r 'select(.from == "agent") | .state')" held "with push = hold the answer waits"
curl -sf -d '{"user":"rio","label":"#1"}' "$madosim_url/sim/tap" >/dev/null
got() { [ "$(sim '[.customers[] | select(.name == "rio") | .received[] | .via] | join(" ")')" = '"reply reply"' ]; }
eventually 20 "a tap brings it, for nothing" got
is "$(db "SELECT count(*) FROM message WHERE why='ack_at'")" 1 "there is one acknowledgement"
is "$(mado show "$n" --json | jq -c '[.unread, .waiting_since]')" '[0,null]' "the tap is no new question"
done_testing
