#!/bin/bash
# What agents send: free replies first, bubbles packed, pushes with a key that
# stays, and what each of LINE's answers means. By the API.
. "$(dirname "$0")/../lib.sh"
madod_port=$(free_port)
start_madosim --redelivery-pause 200ms
config
add_user sato agent
add_user kato agent
start_madod
sign_in_api sato

reply() { api -d "$(jq -nc --arg t "$2" '{text:$t}')" "/v1/conversations/$1/reply"; }
state() { api "/v1/messages/$1" | jq -r '.message|"\(.state) \(.via)"'; }
is_state() { [ "$(state "$1")" = "$2" ]; }
got() { sim ".customers[]|select(.name==\"$1\")|[.received[]|.message.text]|join(\"|\")" | tr -d '"'; }
fault() { curl -sf -d "$1" "$madosim_url/sim/fault" >/dev/null; }
conv_of() { db "SELECT c.number FROM conversation c JOIN contact t ON t.id=c.contact WHERE t.name='$1' ORDER BY 1 DESC"; }
has_conv() { [ -n "$(conv_of "$1")" ]; }
new() { say "$1" "${2:-こんにちは}"; until_true 20 has_conv "$1" || diag "no conversation of $1"; N=$(conv_of "$1"); }
no_tokens() { sqlite3 "$T/desk/madod.db" 'UPDATE reply_token SET received_at=received_at-60000'; }
send() { reply "$1" "$2" | jq -r .message.id; }

new aoi
is "$(db "SELECT name FROM contact")" aoi "the profile was fetched"
M=$(send "$N" いらっしゃいませ)
eventually 20 "the first answer is a free reply" is_state "$M" "sent reply"
is "$(got aoi)" いらっしゃいませ "and reached the customer"
M=$(send "$N" もう一つ)
eventually 20 "without a token it is a push" is_state "$M" "sent push"
is "$(sim '[.sends.reply,.sends.push]' 2>/dev/null)" "[1,1]" "LINE counted one each"
like "$(api "/v1/messages/$M" | jq -r .message.line_id)" '^[0-9]+$' "LINE's id is kept"

# packed: what waits goes in one request, in order
fault '{"kind":"slow","rate":1,"count":1}'
new ben
a=$(send "$N" 一); b=$(send "$N" 二); c=$(send "$N" 三); d=$(send "$N" 四)
eventually 20 "four in a row are all sent" is_state "$d" "sent push"
is "$(got ben)" "一|二|三|四" "in their order"
is "$(db "SELECT count(*) FROM outbox")" 0 "the outbox is empty"

# the same id changes nothing
I=1b4e28ba-2fa1-41d2-883f-0016d3cca427
api -d "{\"id\":\"$I\",\"text\":\"一度だけ\"}" "/v1/conversations/$N/reply" >/dev/null
api -d "{\"id\":\"$I\",\"text\":\"一度だけ\"}" "/v1/conversations/$N/reply" >/dev/null
eventually 20 "an id is sent" is_state $I "sent push"
is "$(db "SELECT count(*) FROM message WHERE uid='$I'")" 1 "once"
token_sato=$token; sign_in_api kato
is "$(api -d "{\"id\":\"$I\",\"text\":\"x\"}" "/v1/conversations/$N/reply" | jq -r .code)" conflict "and is nobody else's"
token=$token_sato

# refused before it is queued
long=$(printf 'あ%.0s' $(seq 5001))
is "$(reply "$N" "$long" | jq -r .code)" invalid "5001 units are refused"
is "$(reply "$N" "$(printf '😀%.0s' $(seq 2501))" | jq -r .code)" invalid "2501 emoji are 5002 units"
is "$(reply "$N" ' ' | jq -r .code)" invalid "nothing is not a text"
is "$(reply 9999 x | jq -r .code)" not_found "nor is there such a conversation"

# the guard
new chika ひとつ; S=$(api "/v1/conversations/$N/messages" | jq -r '.messages[0].id')
say chika ふたつ
two() { [ "$(api "/v1/conversations/$N/messages" | jq '[.messages[]|select(.from=="customer")]|length')" = 2 ]; }
eventually 20 "another message comes" two
R=$(api -d "{\"text\":\"x\",\"seen\":\"$S\"}" "/v1/conversations/$N/reply")
is "$(jq -c '[.code,.status,.messages[0].text]' <<<"$R")" '["unseen_messages",409,"ふたつ"]' "what was not seen stops the send and is shown"
is "$(got chika)" "" "nothing was sent"

# a dead token: LINE says so, the push goes out
new dai; sqlite3 "$T/desk/madod.db" "UPDATE reply_token SET token='dead'"
M=$(send "$N" 間に合わない)
eventually 20 "a dead token becomes a push" is_state "$M" "sent push"

# a lost answer: a reply stays unconfirmed, a push is repeated with its key
new eri; fault '{"kind":"lose-answer","rate":1,"count":1}'
M=$(send "$N" 届いたか)
eventually 20 "a reply without its answer is unconfirmed" is_state "$M" "unconfirmed reply"
is "$(got eri)" 届いたか "it had reached the customer, once"
is "$(api '/v1/conversations?view=problems' | jq -c '[.conversations[].contact.name]')" '["eri"]' "it is a problem to decide"
is "$(api -X POST "/v1/outbox/$M/retry" | jq -r .code)" unconfirmed "retrying it asks"
is "$(api -X POST "/v1/outbox/$M/discard" | jq -r .message.state)" unconfirmed "it can be given up"
is "$(api /v1/outbox | jq '.messages|length')" 0 "then nothing is left to decide"
no_tokens; fault '{"kind":"lose-answer","rate":1,"count":2}'
M=$(send "$N" 必ず一度)
eventually 20 "a push without its answer is repeated" is_state "$M" "sent push"
is "$(got eri)" "届いたか|必ず一度" "and was taken once, by its key"
fault '{"kind":"error-500","rate":1,"count":2}'
M=$(send "$N" 五百の後)
eventually 20 "500 is tried again" is_state "$M" "sent push"
fault '{"kind":"rate-limit","rate":1,"count":1}'
M=$(send "$N" 混雑の後)
eventually 20 "so is the rate limit" is_state "$M" "sent push"
fault '{"kind":"refuse","rate":1,"count":1}'
M=$(send "$N" 切断の後)
eventually 20 "and a connection that broke" is_state "$M" "sent push"

# the month is over
fault '{"kind":"month-over","rate":1}'
M=$(send "$N" 月末)
eventually 20 "the month's end fails a push" is_state "$M" "failed push"
like "$(api "/v1/messages/$M" | jq -r .message.error)" 'monthly limit' "in LINE's words"
M2=$(send "$N" もう送れない)
eventually 20 "the next fails at once" is_state "$M2" "failed null"
like "$(api /v1/status | jq -r '.channels[0].problem')" 'monthly limit' "everybody is told"
say eri まだですか
asked() { [ "$(db "SELECT count(*) FROM message WHERE text='まだですか'")" = 1 ]; }
eventually 20 "the customer writes" asked
M3=$(send "$N" 無料なら届く)
eventually 20 "a free reply still goes" is_state "$M3" "sent reply"
fault '{"kind":"none"}'

# the quota read anew says that there is room: pushes go again
kill -HUP "$madod_pid"
problem() { api /v1/status | jq -r '.channels[0].problem'; }
no_problem() { [ "$(problem)" = null ]; }
eventually 20 "with room in the quota the channel is well again" no_problem

# a token that is refused is everybody's problem
new fumi; fault '{"kind":"revoke-token","rate":1}'
M=$(send "$N" x)
eventually 20 "401 fails" is_state "$M" "failed reply"
like "$(api "/v1/messages/$M" | jq -r .message.error)" 'Authentication failed' "in LINE's words"
like "$(problem)" '401' "and is told to all"
fault '{"kind":"none"}'
api -X POST "/v1/outbox/$M/retry" >/dev/null
eventually 20 "retry sends it anew" is_state "$M" "sent push"
eventually 20 "the problem is over" no_problem

# push = ask, hold
config "push = hold"; stop madod; start_madod; madod_url=$madod_url
new goro; no_tokens
M=$(send "$N" あとで)
eventually 20 "held" is_state "$M" "held null"
say goro 返事はまだ？
eventually 20 "goes with the customer's next message" is_state "$M" "sent reply"
config "push = ask"; kill -HUP "$madod_pid"
reread() { [ "$(grep -c reread "$T/madod.log")" -ge "$1" ]; }
eventually 20 "the config is reread" reread 1
no_tokens; M=$(send "$N" 聞いてから)
eventually 20 "ask holds it" is_state "$M" "held null"
api -X POST "/v1/outbox/$M/retry" >/dev/null
eventually 20 "a person's word sends it" is_state "$M" "sent push"
is "$(got goro)" "あとで|聞いてから" "each once"

# LINE away
config; kill -HUP "$madod_pid"
eventually 20 "push = allow again" reread 2
stop madosim KILL; no_tokens
M=$(send "$N" 不在)
sleep 1 # nothing may happen: there is no condition to wait for
is "$(state "$M")" "queued null" "while LINE is away it waits"
stop madod; is $? 0 "SIGTERM ends it with 0"
done_testing
