#!/bin/bash
# LINE's door: what is answered, what is kept, once, in which order.
. "$(dirname "$0")/../lib.sh"
config
add_user sato agent
start_madod
sign_in_api sato
U=U00000000000000000000000000000001

# the signature, by LINE's own vector
V='{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}'
is "$(post_webhook "$V" GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs=)" 200 "LINE's vector is accepted"
is "$(post_webhook "$V" ghRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs=)" 401 "another letter case is not"
is "$(post_webhook "$V"$'\n' GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs=)" 401 "nor a trailing newline"
is "$(post_webhook "$V" "$(sign "$V" other-secret)")" 401 "nor another secret's signature"
is "$(post_webhook "$V" "!!!")" 401 "nor garbage"
is "$(post_webhook "$V" "")" 401 "nor none"
like "$(cat "$T/answer")" '"code":"not_signed_in"' "and the answer has a code"
is "$(post_webhook '{"events":[]} x')" 400 "bytes after the JSON"
is "$(post_webhook '{"events":')" 400 "half a JSON"
is "$(post_webhook "$(printf '{"events":[],"x":"\xff"}')")" 400 "bytes that are not UTF-8"
deep=$(printf '[%.0s' $(seq 1000))$(printf ']%.0s' $(seq 1000))
is "$(post_webhook "{\"events\":[],\"x\":$deep}")" 400 "1000 levels deep"
is "$(post_webhook '{"hello":"world"}')" 200 "no events at all: signed, and nothing of ours to judge"
is "$(post_webhook '[1,{"events":5}]')" 200 "nor in a list"
is "$(curl -s -o /dev/null -w '%{http_code}' -d x "$madod_url/line/other/webhook")" 404 "an unknown channel"
is "$(curl -s -o /dev/null -w '%{http_code}' "$madod_url/line/main/webhook")" 405 "a GET"
head -c 10000000 /dev/zero | tr '\0' x >"$T/big"
like "$(curl -s -o /dev/null -w '%{http_code}' -H 'Expect:' --data-binary @"$T/big" "$madod_url/line/main/webhook")" '^(413|000)$' "10 MB"
is "$(db 'SELECT count(*) FROM inbound')" 0 "nothing of all that was kept"

# once
is "$(post_webhook "$(text_event 01A $U こんにちは 1700000001000)")" 200 "a message"
is "$(post_webhook "$(text_event 01A $U こんにちは 1700000001000 | jq -c '.events[0].deliveryContext.isRedelivery=true')")" 200 "the same, redelivered"
is "$(db "SELECT count(*) FROM message WHERE type=0")" 1 "is kept once"
E1=$(text_event 01B $U 二つ目 1700000003000 | jq -c 'del(.events[0].webhookEventId)|.events[0].message.id="77"')
post_webhook "$E1" >/dev/null; post_webhook "$(jq -c '.events[0].deliveryContext={}' <<<"$E1")" >/dev/null
is "$(db "SELECT count(*) FROM message WHERE line_id='77'")" 1 "without an event id the message id decides"
F=$(jq -nc --arg u $U '{events:[{type:"follow",timestamp:1700000000500,source:{type:"user",userId:$u}}]}')
post_webhook "$F" >/dev/null; post_webhook "$F" >/dev/null
is "$(db "SELECT count(*) FROM message WHERE type=8 AND sender=3 AND text LIKE '%follow%'")" 1 "without either the bytes do"

# in order of LINE's time, whatever comes first
post_webhook "$(text_event 01C $U 先に書いた 1700000002000)" >/dev/null
is "$(api /v1/conversations/1/messages | jq -r '[.messages[]|select(.from=="customer").text]|join(",")')" \
   "こんにちは,先に書いた,二つ目" "history is by the time it happened"

# many events of many users in one body
B2=$(jq -c -s '{destination:"x",events:map(.events[0])}' <(text_event 02A U00000000000000000000000000000002 A) <(text_event 02B U00000000000000000000000000000003 B) <(text_event 02C U00000000000000000000000000000002 C))
is "$(post_webhook "$B2")" 200 "three events of two users in one body"
is "$(api /v1/conversations | jq '.conversations|length')" 3 "make two more conversations"

# unsend: text and raw go, before or after
post_webhook "$(text_event 03A $U 口座番号は1234567です)" >/dev/null
unsend() { jq -nc --arg u $U --arg id "$1" '{events:[{type:"unsend",webhookEventId:("u"+$id),timestamp:1700000009000,source:{type:"user",userId:$u},unsend:{messageId:$id}}]}'; }
is "$(post_webhook "$(unsend 03A)")" 200 "an unsend"
is "$(db "SELECT count(*) FROM message WHERE text LIKE '%1234567%' OR raw LIKE '%1234567%'")" 0 "its text is nowhere in the table"
is "$(api /v1/conversations/1/messages | jq -c '[.messages[]|select(.line_id=="03A")|[.unsent,(.text|length>0)]]')" '[[true,true]]' "the line says so"
is "$(api '/v1/feed?after=0' | jq -c '[.events[]|select(.kind=="message.in" and .data.message_id!=null and .data.message==null)]|length')" 1 "the feed shows no text of it either"
post_webhook "$(unsend 03B)" >/dev/null; post_webhook "$(text_event 03B $U 秘密)" >/dev/null
is "$(db "SELECT unsent||ifnull(raw,'-') FROM message WHERE line_id='03B'")" "1-" "an unsend that came first counts too"
is "$(post_webhook "$(text_event 03S $U 取り消される秘密)")$(post_webhook "$(unsend 03S)")" 200200 "a text and its unsend"
gone() { ! cat "$T"/desk/madod.db* | grep -aq 取り消される秘密; }
eventually 20 "no file of the store holds the text any more" gone

# edits: the ORIGINAL id, the largest timestamp wins
edited() { jq -nc --arg u $U --arg id "$1" --arg e "$2" --arg t "$3" --argjson at "$4" '{events:[{type:"messageEdited",webhookEventId:$e,timestamp:$at,source:{type:"user",userId:$u},message:{type:"text",id:$id,text:$t,quoteToken:"q2"}}]}'; }
post_webhook "$(text_event 04A $U まちがい)" >/dev/null
post_webhook "$(edited 04A e2 新しい 1700000020000)" >/dev/null; post_webhook "$(edited 04A e1 古い 1700000010000)" >/dev/null
is "$(db "SELECT text FROM message WHERE line_id='04A'")" 新しい "the newest edit stays"
post_webhook "$(edited 04B e3 直した 1700000020000)" >/dev/null; post_webhook "$(text_event 04B $U 元の)" >/dev/null
is "$(db "SELECT text FROM message WHERE line_id='04B'")" 直した "an edit that came first counts too"

# the unknown
is "$(post_webhook "$(jq -nc --arg u $U '{events:[{type:"hologram",webhookEventId:"x1",timestamp:1700000030000,source:{type:"user",userId:$u},hologram:{a:1}},{type:"message",webhookEventId:"x2",timestamp:1700000030001,source:{type:"user",userId:$u},message:{type:"smell",id:"9"}},{type:"message",webhookEventId:"x3",source:{type:"planet"},message:{type:"text",id:"10",text:"x"}},5,null]}')")" 200 "kinds that nobody knows yet"
like "$(api /v1/conversations/1/messages | jq -r '.messages[].text')" 'unsupported: (smell|message smell)' "are a line each"
is "$(db "SELECT count(*) FROM inbound WHERE raw LIKE '%planet%'")" 1 "an unknown source is kept, in the feed only"

# groups are identities of their own, standby is never answered
G='{"events":[{"type":"message","webhookEventId":"g1","timestamp":1700000040000,"replyToken":"r","source":{"type":"group","groupId":"C00000000000000000000000000000001","userId":"U00000000000000000000000000000001"},"message":{"id":"g1","type":"text","text":"みんなで"}}]}'
post_webhook "$G" >/dev/null
is "$(api /v1/conversations | jq -c '[.conversations[]|select(.contact.kind=="group")]|length')" 1 "a group has a conversation of its own"
post_webhook "$(text_event 05A U00000000000000000000000000000005 x | jq -c '.events[0].mode="standby"')" >/dev/null
is "$(db "SELECT count(*) FROM reply_token WHERE token='reply-05A'")" 0 "a standby event gives no token"

# no rules: to people at once, with the reason
is "$(api '/v1/conversations?view=waiting' | jq '.conversations|length')" 5 "all wait for people"
is "$(api '/v1/feed?after=0' | jq -r '[.events[]|select(.kind=="conversation.handoff").why]|unique|join(",")')" "in a group, not said to the bot,no rule" "because there is no rule, and nobody spoke to the bot in the group"
done_testing
