#!/bin/bash
# Pictures, films and files: fetched at once, kept, measured, and gone with
# their message.
. "$(dirname "$0")/../lib.sh"
madod_port=$(free_port)
start_madosim --prepare 1s
config
add_user sato agent
start_madod
sign_in_api sato
sim_say() { curl -sf -d "$1" "$madosim_url/sim/say" >/dev/null; }
last() { api /v1/conversations/1/messages | jq -r '.messages[-1]'; }
kept() { [ "$(db "SELECT media_state FROM message WHERE type=$1")" = kept ]; }

sim_say '{"user":"mai","text":"見てください"}'
sim_say '{"user":"mai","image":""}'
eventually 20 "a picture is fetched" kept 2
id=$(db "SELECT uid FROM message WHERE type=2")
like "$(db "SELECT text FROM message WHERE type=2")" '^\[image [0-9]+x[0-9]+ [0-9.]+ [KMB]+' "its line says how large it is"
is "$(api -o "$T/pic" -w '%{http_code} %{content_type}' "/v1/media/$id" | sed 's/;.*//')" "200 $(db "SELECT media_type FROM message WHERE type=2")" "an agent can have it"
is "$(stat -c %s "$T/pic")" "$(db "SELECT media_size FROM message WHERE type=2")" "whole"
is "$(stat -c %a "$T/desk/media/$id")" 600 "nobody else can read it on the desk"
sim_say '{"user":"mai","video":"90s"}'
eventually 20 "a film that LINE still prepares is asked for again" kept 3
sim_say '{"user":"mai","file":"請求書.pdf 2000"}'
eventually 20 "a file is fetched" kept 5
like "$(db "SELECT text FROM message WHERE type=5")" '請求書.pdf' "its line has its name"
is "$(api "/v1/media/none" | jq -r .code)" not_found "what is not there: 404"
is "$(api "/v1/media/$(db "SELECT uid FROM message WHERE type=0")" | jq -r .code)" not_found "a text has no media"

line_id=$(db "SELECT line_id FROM message WHERE type=2")
curl -sf -d "{\"user\":\"mai\",\"messageId\":\"$line_id\"}" "$madosim_url/sim/unsend" >/dev/null
gone() { [ ! -e "$T/desk/media/$id" ]; }
eventually 20 "unsent: its file is gone" gone
is "$(api "/v1/media/$id" | jq -r .code)" gone "and the API says so"
is "$(db "SELECT count(*) FROM message WHERE unsent=1 AND raw IS NULL AND media_state='gone'")" 1 "nothing of it stays"

# in a group the history names who speaks, once LINE has told
curl -sf -d '{"group":"friends"}' "$madosim_url/sim/join" >/dev/null
sim_say '{"user":"jiro","group":"friends","text":"みんなで行きます"}'
speaker() { [ "$(db "SELECT author FROM message WHERE text='みんなで行きます'")" = "$1" ]; }
eventually 20 "a member of a group is named" speaker jiro
sim_say '{"user":"hanako","group":"friends","text":"私も"}'
eventually 20 "each their own" eval '[ "$(db "SELECT author FROM message WHERE text='"'私も'"'")" = hanako ]'
is "$(db "SELECT count(DISTINCT conversation) FROM message WHERE author IN ('jiro','hanako')")" 1 "in the one conversation of the group"
is "$(api /v1/conversations | jq -r '[.conversations[].contact.name]|sort|join(",")')" "friends,mai" "which bears the group's name"

# a file nobody owns goes at the next start
touch "$T/desk/media/orphan"; stop madod; start_madod
is "$(test -e "$T/desk/media/orphan"; echo $?)" 1 "a leftover is swept"
is "$(test -e "$T/desk/media/$(db "SELECT uid FROM message WHERE type=5")"; echo $?)" 0 "what is kept stays"

# the cap
stop madod; sed -i 's/^tls = off/&\nmedia_max = 1k/' "$T/madod.conf"; start_madod; sign_in_api sato
sim_say '{"user":"rio","file":"big.zip 50000"}'
too_large() { [ "$(db "SELECT media_state FROM message ORDER BY id DESC LIMIT 1")" = too_large ] || [ "$(db "SELECT count(*) FROM message WHERE media_state='too_large'")" = 1 ]; }
eventually 20 "what is over the cap stays at LINE" too_large

# an external picture is a link, never fetched
post_webhook '{"events":[{"type":"message","webhookEventId":"xt","timestamp":1700000000000,"source":{"type":"user","userId":"U00000000000000000000000000000009"},"message":{"id":"901","type":"image","contentProvider":{"type":"external","originalContentUrl":"https://example.com/a.png"}}}]}' >/dev/null
is "$(db "SELECT media_state||' '||media_url FROM message WHERE line_id='901'")" "external https://example.com/a.png" "external content is a link"
done_testing
