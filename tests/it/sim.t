#!/bin/bash
# The LINE Platform's stand-in: its words, its tokens, its webhooks, its
# faults; the same process for most of it, as a desk would see it.
. "$(dirname "$0")/../lib.sh"
command -v jq >/dev/null || skip_all "jq is missing"
sim=$B/madosim
key=123e4567-e89b-12d3-a456-426614174000
mood() { echo "$1" >"$T/mood.new"; mv "$T/mood.new" "$T/mood"; }
mood 200
: >"$T/hooks"
start receiver perl "$top/tests/it/receiver.pl" "$SECRET" "$T/hooks" "$T/mood"
# start_sim NAME [OPTION...]
start_sim() {
	local name=$1
	shift
	start "$name" "$sim" --listen 127.0.0.1:0 --webhook "$receiver_url/hook" \
	    --channel-secret "$SECRET" --token "$TOKEN" "$@"
	eval "madosim_url=\$${name}_url"
}
# line METHOD PATH [BODY [CURL OPTION...]]: prints the status; the answer is
# in $T/answer, its headers in $T/head
line() {
	local method=$1 path=$2 body=${3:-}
	shift; shift; shift
	curl -s -m 10 -o "$T/answer" -D "$T/head" -w '%{http_code}' -X "$method" \
	    -H "Authorization: Bearer $TOKEN" ${body:+-H 'Content-Type: application/json' -d "$body"} \
	    "$@" "$madosim_url$path"
}
message() { jq -r .message "$T/answer"; }
head_of() { tr -d '\r' <"$T/head" | sed -n "s/^$1: //ip"; }
control() { curl -sf -d "$2" "$madosim_url/sim/$1"; }
of() { curl -sf "$madosim_url/sim/state?user=$1" | jq -c ".customers[0]$2"; }
id_of() { of "$1" .userId | tr -d '"'; }
texts_of() { of "$1" '.received|map(.message.text)'; }
# hooks JQ: over the events received, each with .signed and .status
hooks() { jq -s -c "[.[]|. as \$h|.body.events[]|. + {signed: \$h.signed, answered: \$h.status, got: \$h.at}]|$1" "$T/hooks"; }
hooked() { [ "$(hooks "any($1)")" = true ]; }
token_of() { hooks "[.[]|select(.message.text==\"$1\")][0].replyToken" | tr -d '"'; }
hear() { control say "{\"user\":\"$1\",\"text\":\"$2\"}" >/dev/null; until_true 20 hooked ".message.text==\"$2\""; }
text() { printf '[{"type":"text","text":"%s"}]' "$1"; }
reply() { line POST /v2/bot/message/reply "{\"replyToken\":\"$1\",\"messages\":$(text "$2")}" "${@:3}"; }
push() { line POST /v2/bot/message/push "{\"to\":\"$1\",\"messages\":$(text "$2")}" "${@:3}"; }

# --- the command line ---
ok "--help" "$sim" --help
like "$("$sim" --help)" '/sim/say' "it names the control paths"
like "$("$sim" --version)" '^madosim [0-9]' "--version"
"$sim" --listen 127.0.0.1:0 --token x 2>"$T/err"
is $? 2 "a missing option is a mistake"
like "$(cat "$T/err")" 'channel-secret is missing' "and is named"
"$B/madosim" --listen 127.0.0.1:0 --channel-secret s --token t --webhook desk:7443 2>"$T/err"
is $? 2 "a webhook that is no address is refused"
"$sim" --listen 127.0.0.1:0 --token x --channel-secret y --fault sloow:1 2>"$T/err"
like "$(cat "$T/err")" 'unknown fault "sloow"; there are lose-answer' "so is an unknown fault"
"$sim" --listen 127.0.0.1:0 --token x --channel-secret y --fault slow:1 refuse:0.5:push sloow:1 2>"$T/err"
like "$(cat "$T/err")" 'unknown fault "sloow"' "of several after one --fault, too"
"$sim" --listen 127.0.0.1:65536 --token x --channel-secret y 2>"$T/err"
is $? 2 "a port that is none is refused, not taken for another"
printf 'customer a\nsay hi\nsing\n' >"$T/bad.sim"
"$sim" --listen 127.0.0.1:0 --token x --channel-secret y --script "$T/bad.sim" 2>"$T/err"
like "$(cat "$T/err")" 'bad.sim:3: unknown word "sing"' "and a mistake in the script, with its line"

start_sim sim --quota 10
# --- webhooks ---
control say '{"user":"hanako","text":"こんにちは"}' >"$T/said"
eventually 20 "a customer's text arrives" hooked '.message.text=="こんにちは"'
is "$(hooks 'map(.signed)|unique')" '[true]' "signed over its bytes"
is "$(hooks '.[0]|[.type,.mode,.source.type,.deliveryContext.isRedelivery,(.timestamp|type)]')" \
    '["message","active","user",false,"number"]' "with what LINE says of it"
is "$(hooks '.[0]|[.webhookEventId,.message.id,.replyToken,.source.userId]|map(tostring)')" \
    "$(jq -c '[.webhookEventId,.messageId,.replyToken,.user]' "$T/said")" "and the ids that /sim/say told"
like "$(hooks '.[0].webhookEventId')" '^"[0-9A-HJKMNP-TV-Z]{26}"$' "the event id is a ULID"
like "$(hooks '.[0].message.id')" '^"[0-9]{18}"$' "the message id 18 digits"
is "$(hooks '.[0].message|has("quoteToken") and has("markAsReadToken")')" true "quote and read tokens are there"
is "$(jq -r .body.destination "$T/hooks")" "$(line GET /v2/bot/info >/dev/null; jq -r .userId "$T/answer")" "the destination is the account"

# --- tokens ---
raw() { curl -s -o "$T/answer" -w '%{http_code}' "$@"; }
is "$(raw "$madosim_url/v2/bot/info")" 401 "a call without a token"
is "$(raw -H 'Authorization: Bearer wrong' "$madosim_url/v2/bot/info")" 401 "or with another"
like "$(message)" '^Authentication failed due to the following reason: invalid token' "in LINE's words"
A=$(token_of こんにちは)
is "$(reply "$A" はい)" 200 "a reply"
like "$(head_of x-line-request-id)" '^[0-9a-f-]{36}$' "has a request id"
is "$(jq -c '.sentMessages|[length,(.[0].id|length),(.[0]|has("quoteToken"))]' "$T/answer")" '[1,18,true]' "and sentMessages"
is "$(texts_of hanako)" '["はい"]' "reaches the customer"
is "$(of hanako '.received[0]|[.via,.retryKey,.requestId]')" "[\"reply\",null,\"$(head_of x-line-request-id)\"]" "is kept with how it came"
is "$(reply "$A" again)" 400 "the token a second time"
is "$(message)" "Invalid reply token" "is invalid"
is "$(reply 00000000000000000000000000000000 x)" 400 "so is an unknown one"
hear hanako もう一度
A=$(token_of もう一度)
is "$(reply "$A" x -H "X-Line-Retry-Key: $key")" 400 "a retry key on a reply"
is "$(line POST /v2/bot/message/reply "{\"replyToken\":\"$A\",\"messages\":[]}")" 400 "no messages"
is "$(jq -c . "$T/answer")" '{"message":"The request body has 1 error(s)","details":[{"message":"Size must be between 1 and 5","property":"messages"}]}' "as LINE says it"
is "$(reply "$A" 二度目)" 200 "a refused request does not use the token up"

# --- bad requests ---
is "$(line POST /v2/bot/message/push '{"to":')" 400 "half a JSON"
like "$(message)" '^The request body could not be parsed as JSON \(line: 1, column: [0-9]+\)$' "says where"
is "$(raw -H "Authorization: Bearer $TOKEN" -H 'Content-Type: text/plain' -d x "$madosim_url/v2/bot/message/push")" 415 "another content type"
is "$(message)" "The content type, text/plain, is not supported" "is named"
is "$(line POST /v2/bot/nowhere '{}')" 404 "an unknown path"
is "$(push hanako x)" 400 "a push to what is no id"
is "$(message)" "The property, 'to', in the request body is invalid (line: -, column: -)" "names the property"
is "$(push U00000000000000000000000000000000 x)" 400 "a push to nobody"
is "$(message)" "Failed to send messages" "failed to send"
H=$(id_of hanako)
long=$(printf 'あ%.0s' $(seq 5001))
is "$(line POST /v2/bot/message/validate/push "{\"messages\":$(text "$long")}")" 400 "a text of 5001"
is "$(jq -r '.details[0]|.message+" "+.property' "$T/answer")" "Length must be between 0 and 5000 messages[0].text" "is too long"
is "$(line POST /v2/bot/message/validate/reply "{\"messages\":$(text fine)}")" 200 "a good one passes"
is "$(line POST /v2/bot/message/validate/push '{"messages":[{"type":"nonsense"}]}')" 400 "an unknown type"

# --- pushes, retry keys, quota ---
is "$(push "$H" one -H "X-Line-Retry-Key: $key")" 200 "a push with a retry key"
first=$(head_of x-line-request-id)
sent=$(jq -c .sentMessages "$T/answer")
is "$(push "$H" one -H "X-Line-Retry-Key: ${key^^}")" 409 "the same key again"
is "$(message)" "The retry key is already accepted" "was accepted already"
is "$(head_of x-line-accepted-request-id)" "$first" "names the first request"
is "$(jq -c .sentMessages "$T/answer")" "$sent" "and its messages"
is "$(push "$H" one -H "X-Line-Retry-Key: nonsense")" 400 "a key that is no UUID"
is "$(texts_of hanako)" '["はい","二度目","one"]' "it was sent once"
line GET /v2/bot/message/quota >/dev/null
is "$(cat "$T/answer")" '{"type":"limited","value":10}' "the quota"
line GET /v2/bot/message/quota/consumption >/dev/null
is "$(cat "$T/answer")" '{"totalUsage":1}' "counts pushes once, replies never"
control quota '{"used":10}' >/dev/null
is "$(push "$H" over)" 429 "the month is over"
is "$(message)" "You have reached your monthly limit." "in LINE's words"
hear hanako まだ
is "$(reply "$(token_of まだ)" free)" 200 "replies still go"
control quota '{"limit":-1}' >/dev/null
line GET /v2/bot/message/quota >/dev/null
is "$(cat "$T/answer")" '{"type":"none"}' "no limit, no value"
control fault '{"kind":"rate-limit","count":1}' >/dev/null
is "$(push "$H" crowd)" 429 "too fast"
is "$(message)" "The API rate limit has been exceeded. Try again later." "is told apart by its words"
is "$(line POST /v2/bot/message/multicast "{\"to\":[\"$H\",\"Uffffffffffffffffffffffffffffffff\"],\"messages\":$(text x)}")" 400 "a multicast to a stranger"
is "$(message)" "The property, to[1], in the request body is invalid (line: -, column: -)" "names it"
is "$(line POST /v2/bot/message/broadcast "{\"messages\":$(text all)}")" 200 "a broadcast"
is "$(sim '[.sends.reply,.sends.push,.sends.broadcast]')" '[3,1,1]' "sends are counted by kind"
is "$(line GET "/v2/bot/message/delivery/push?date=20200101")" 200 "deliveries of a day"
is "$(line GET "/v2/bot/message/delivery/push?date=today")" 400 "need a day"

# --- people ---
control say '{"user":"jiro","text":"friend"}' >/dev/null
J=$(id_of jiro)
is "$(line GET "/v2/bot/profile/$J")" 200 "a profile"
is "$(jq -c '[.displayName,.userId]' "$T/answer")" "[\"jiro\",\"$J\"]" "has name and id"
control unfollow '{"user":"jiro"}' >/dev/null
is "$(line GET "/v2/bot/profile/$J")" 404 "not of one who blocked the account"
is "$(push "$J" unseen)" 200 "LINE does not tell the sender"
is "$(of jiro '|[(.received|length),.undelivered]')" '[0,1]' "but nothing arrives"
is "$(raw -d '{"user":"jiro","text":"x"}' "$madosim_url/sim/say")" 409 "and he cannot write"
eventually 20 "unfollow is an event" hooked '.type=="unfollow" and (has("replyToken")|not)'
control follow '{"user":"jiro"}' >/dev/null
eventually 20 "follow says that he unblocked" hooked '.type=="follow" and .follow.isUnblocked and has("replyToken")'
line GET /v2/bot/followers/ids >/dev/null
is "$(jq -c '.userIds|sort' "$T/answer")" "$(jq -nc "[\"$H\",\"$J\"]|sort")" "followers"
control join '{"group":"friends"}' >/dev/null
control say '{"user":"jiro","group":"friends","text":"in the group"}' >"$T/said"
G=$(jq -r .group "$T/said")
eventually 20 "a message in a group" hooked ".message.text==\"in the group\" and .source=={\"type\":\"group\",\"groupId\":\"$G\",\"userId\":\"$J\"}"
is "$(line GET "/v2/bot/group/$G/member/$J")" 200 "a member's profile"
is "$(line GET "/v2/bot/group/$G/member/$H")" 404 "not of others"
line GET "/v2/bot/group/$G/summary" >/dev/null
is "$(jq -r .groupName "$T/answer")" friends "the group's name"
is "$(reply "$(jq -r .replyToken "$T/said")" "to all")" 200 "a reply to a group"
is "$(sim '.groups[0].received|map(.message.text)')" '["to all"]' "goes there"

# --- content ---
image=$(control say '{"user":"hanako","image":"64x48"}' | jq -r .messageId)
is "$(line GET "/v2/bot/message/$image/content")" 200 "a picture"
is "$(head_of content-type)" image/png "with its type"
is "$(head -c 4 "$T/answer" | tail -c 3)" PNG "and bytes"
is "$(line GET "/v2/bot/message/$image/content/preview")" 200 "and a preview"
is "$(line GET "/v2/bot/message/$image/content/transcoding")" 400 "that is not transcoded"
is "$(line GET /v2/bot/message/1/content)" 404 "an unknown message"
control unsend '{"user":"hanako"}' >/dev/null
is "$(line GET "/v2/bot/message/$image/content")" 410 "an unsent one"
is "$(message)" "The content is gone" "is gone"
eventually 20 "unsend is an event" hooked ".type==\"unsend\" and .unsend.messageId==\"$image\""
file=$(control say '{"user":"hanako","file":"a b.pdf 3000"}' | jq -r .messageId)
line GET "/v2/bot/message/$file/content" >/dev/null
is "$(wc -c <"$T/answer")" 3000 "a file of that size"
control edit "{\"user\":\"hanako\",\"messageId\":\"$file\",\"text\":\"new\"}" >/dev/null
eventually 20 "an edit names the original" hooked ".type==\"messageEdited\" and .message.id==\"$file\" and .message.text==\"new\""

# --- loading, reading, the endpoint ---
is "$(line POST /v2/bot/chat/loading/start "{\"chatId\":\"$H\",\"loadingSeconds\":7}")" 400 "loading for 7 s"
is "$(jq -r '.details[0].message' "$T/answer")" "must be a multiple of five" "is refused"
is "$(line POST /v2/bot/chat/loading/start "{\"chatId\":\"$H\"}")" 202 "loading"
is "$(of hanako .loading)" true "is seen"
push "$H" done >/dev/null
is "$(of hanako .loading)" false "until a message comes"
R=$(hooks '[.[]|select(.message.text=="まだ")][0].message.markAsReadToken')
is "$(line POST /v2/bot/chat/markAsRead "{\"markAsReadToken\":$R}")" 200 "mark as read"
is "$(of hanako '.readUntil|type')" '"string"' "is kept"
is "$(line POST /v2/bot/chat/markAsRead '{"markAsReadToken":"x"}')" 400 "not by another token"
is "$(line GET /v2/bot/channel/webhook/endpoint)" 200 "the endpoint"
is "$(jq -r .endpoint "$T/answer")" "$receiver_url/hook" "is where the webhooks go"
is "$(line POST /v2/bot/channel/webhook/test '{}')" 200 "a test of it"
is "$(jq -c '[.success,.statusCode,.reason,.detail]' "$T/answer")" '[true,200,"OK","200"]' "went well"
line POST /v2/bot/channel/webhook/test "{\"endpoint\":\"http://127.0.0.1:$(free_port)/\"}" >/dev/null
is "$(jq -c '[.success,.reason]' "$T/answer")" '[false,"COULD_NOT_CONNECT"]' "of another, not"

# --- raw events, taps ---
control say '{"user":"hanako","event":{"type":"beacon","beacon":{"hwid":"d41d8cd98f","type":"enter"}}}' >/dev/null
eventually 20 "a raw event gets what LINE adds" hooked '.type=="beacon" and has("replyToken") and has("webhookEventId")'
line POST /v2/bot/message/push "{\"to\":\"$H\",\"messages\":[{\"type\":\"text\",\"text\":\"?\",\"quickReply\":{\"items\":[
    {\"type\":\"action\",\"action\":{\"type\":\"postback\",\"label\":\"yes\",\"data\":\"a=1\"}},
    {\"type\":\"action\",\"action\":{\"type\":\"message\",\"label\":\"no\",\"text\":\"いいえ\"}}]}}]}" >/dev/null
control tap '{"user":"hanako","label":"yes"}' >/dev/null
eventually 20 "a tap on a postback" hooked '.type=="postback" and .postback.data=="a=1"'
control tap '{"user":"hanako","label":"#2"}' >/dev/null
eventually 20 "a tap on a message" hooked '.message.text=="いいえ"'

# --- faults of the API ---
fault() { control fault "$1" >/dev/null; }
fault '{"kind":"lose-answer","count":1,"on":"push"}'
is "$(push "$H" lost)" 000 "lose-answer closes"
is "$(of hanako '.received[-1].message.text')" '"lost"' "after acting"
fault '{"kind":"error-500","count":1}'
is "$(push "$H" never)" 500 "error-500"
is "$(of hanako '.received[-1].message.text')" '"lost"' "does not act"
fault '{"kind":"error-500-acted","count":1}'
is "$(push "$H" acted)" 500 "error-500-acted"
is "$(of hanako '.received[-1].message.text')" '"acted"' "does"
fault '{"kind":"refuse","count":1}'
is "$(push "$H" refused)" 000 "refuse closes"
is "$(of hanako '.received[-1].message.text')" '"acted"' "before acting"
fault '{"kind":"revoke-token","count":1}'
is "$(push "$H" x)" 401 "revoke-token"
fault '{"kind":"month-over"}'
is "$(push "$H" x)" 429 "month-over"
hear hanako 払えない
is "$(reply "$(token_of 払えない)" ok)" 200 "spares replies"
fault '{"kind":"none"}'
is "$(push "$H" back)" 200 "none ends them"
is "$(raw -d '{"kind":"flood"}' "$madosim_url/sim/fault")" 400 "an unknown kind"
like "$(sim '.errors|map(.message)')" 'monthly limit' "errors given are told"
like "$(sim '.faults|map(.kind)')" 'lose-answer' "and faults that struck"
stop sim
is $? 0 "SIGTERM ends it well"

# --- webhooks that fail, come twice or late ---
start_sim again --redelivery-pause 100ms --webhook-timeout 3s
mood 500
control say '{"user":"mei","text":"first try"}' >"$T/said"
eventually 20 "a webhook answered 500" hooked '.message.text=="first try" and .answered=="500"'
mood 200
eventually 20 "is sent again as a redelivery" hooked '.message.text=="first try" and .answered=="200" and .deliveryContext.isRedelivery'
is "$(hooks '[.[]|select(.message.text=="first try")|del(.answered,.got,.deliveryContext)]|unique|length')" 1 "else the same, token and all"
is "$(reply "$(jq -r .replyToken "$T/said")" ok)" 200 "the token is good for the redelivery"
mood silent
control say '{"user":"mei","text":"patience"}' >/dev/null
eventually 20 "no answer in time" hooked '.message.text=="patience" and .answered=="silent"'
mood 204
eventually 20 "counts as a failure too" hooked '.message.text=="patience" and .answered=="204"'
all_taken() { curl -s "$madosim_url/sim/events" | jq -e '[.events[].acknowledged]|all'; }
eventually 20 "the record says so" all_taken
fault '{"kind":"duplicate"}'
control say '{"user":"mei","text":"twice"}' >/dev/null
twice() { [ "$(hooks "[.[]|select(.message.text==\"twice\")]|length")" = 2 ]; }
eventually 20 "duplicate: an event comes twice" twice
is "$(hooks '[.[]|select(.message.text=="twice")|[.webhookEventId,.deliveryContext.isRedelivery]]|unique|length')" 1 "with the same id, not as a redelivery"
fault '{"kind":"none"}'
fault '{"kind":"shuffle","rate":1,"count":1}'
control say '{"user":"mei","text":"early"}' >/dev/null
control say '{"user":"mei","text":"late"}' >/dev/null
until_true 20 hooked '.message.text=="early"'
is "$(hooks '[.[]|select(.message.text=="early" or .message.text=="late")]|sort_by(.got)|map(.message.text)')" '["late","early"]' "shuffle: they arrive in another order"
is "$(hooks '[.[]|select(.message.text=="early" or .message.text=="late")]|sort_by(.timestamp)|map(.message.text)')" '["early","late"]' "their timestamps tell the right one"
stop again

# --- time: tokens die, long videos are prepared, packs ---
start_sim timed --reply-token-life 1ms --prepare 4s --redelivery off --pack 3
hear ken 間に合わない
is "$(reply "$(token_of 間に合わない)" late)" 400 "a token dies"
video=$(control say '{"user":"ken","video":90}' | jq -r .messageId)
is "$(line GET "/v2/bot/message/$video/content")" 202 "a long video is prepared"
line GET "/v2/bot/message/$video/content/transcoding" >/dev/null
is "$(jq -r .status "$T/answer")" processing "which takes a moment"
there() { [ "$(line GET "/v2/bot/message/$video/content")" = 200 ]; }
eventually 20 "then it is there" there
: >"$T/hooks"
control say '{"user":"ken","images":3}' >/dev/null
until_true 20 hooked '.message.imageSet.index==3'
is "$(jq -c '[.body.events|length]' "$T/hooks" | head -1)" '[3]' "several events in one body"
is "$(hooks '[.[].message.imageSet|[.total]]|unique')" '[[3]]' "of one set of pictures"
stop timed

# --- customers ---
cat >"$T/people.sim" <<'END'
account テスト店
customer hanako
	name 山田 花子
	language ja
	stars 4
	comment よかったです
	say 一つ目
	wait answer
	say お返事ありがとう {n}
	wait answer 1s
	say おしまい
	tap はい
	wait 1h
	again
END
: >"$T/hooks"
start_sim cast --script "$T/people.sim" --speed 20
eventually 20 "a customer begins" hooked '.message.text=="一つ目"'
H=$(id_of hanako)
line GET "/v2/bot/profile/$H" >/dev/null
is "$(jq -c '[.displayName,.language]' "$T/answer")" '["山田 花子","ja"]' "as the script says"
line GET /v2/bot/info >/dev/null
is "$(jq -r .displayName "$T/answer")" テスト店 "and so is the account"
line POST /v2/bot/message/push "{\"to\":\"$H\",\"messages\":[{\"type\":\"template\",\"altText\":\"?\",\"template\":{\"type\":\"confirm\",\"text\":\"?\",\"actions\":[
    {\"type\":\"message\",\"label\":\"はい\",\"text\":\"はい！\"},{\"type\":\"message\",\"label\":\"いいえ\",\"text\":\"いいえ！\"}]}}]}" >/dev/null
eventually 20 "goes on when answered" hooked '.message.text=="お返事ありがとう 2"'
eventually 20 "or when the wait is over" hooked '.message.text=="おしまい"'
eventually 20 "taps a button" hooked '.message.text=="はい！"'
items=$(for i in 1 2 3 4 5; do printf '{"type":"action","action":{"type":"postback","label":"%d","data":"csat=%d"}}\n' $i $i; done | paste -sd,)
line POST /v2/bot/message/push "{\"to\":\"$H\",\"messages\":[{\"type\":\"text\",\"text\":\"いかがでしたか\",\"quickReply\":{\"items\":[$items]}}]}" >/dev/null
eventually 20 "gives stars" hooked '.postback.data=="csat=4"'
eventually 20 "and a comment" hooked '.message.text=="よかったです"'
stop cast
is $? 0 "ends well in the middle of it"
done_testing
