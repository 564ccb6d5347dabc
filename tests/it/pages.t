#!/bin/bash
# Pages in browsers: a picture for ten minutes, a form that takes files once;
# by whom they may be opened, in both languages, and what their headers say.
. "$(dirname "$0")/../lib.sh"
SIM_OPTS=--media-http
madod_port=$(free_port)
start_desk "server public_url = http://127.0.0.1:$madod_port" "server upload_max = 1M" \
    "server webhook_listen = 127.0.0.1:0"
sign_in_api sato

curl -sf -d '{"user":"hanako","text":"縫い目がほつれています"}' "$madosim_url/sim/say" >/dev/null
curl -sf -d '{"user":"hanako","image":""}' "$madosim_url/sim/say" >/dev/null
kept() { [ "$(db "SELECT count(*) FROM message WHERE media_state='kept'")" = "$1" ]; }
eventually 20 "a picture has come" kept 1
picture=$(db "SELECT uid FROM message WHERE type=2")
page() { api -X POST "/v1/media/$picture/page" | jq -r .url; }
get() { curl -s -o "$T/page" -D "$T/head" -w '%{http_code}' "$@"; }

# --- looking
url=$(page)
like "$url" "^http://127.0.0.1:$madod_port/u/[A-Za-z0-9_-]{40}\$" "a page of the picture has an address"
is "$(get -H 'Accept-Language: ja-JP,ja;q=0.9' "$url")" 200 "which opens without a sign-in"
like "$(cat "$T/page")" '<html lang="ja">.*お客様から届いたもの' "in Japanese"
is "$(get -H 'Accept-Language: en-GB' "$url")" 200 "or in English"
like "$(cat "$T/page")" '<html lang="en">.*What the customer sent' "as the browser asks"
headers() {
	local h
	for h in "Content-Security-Policy: default-src 'none'" "X-Content-Type-Options: nosniff" \
	    "X-Frame-Options: DENY" "Referrer-Policy: no-referrer" "Cross-Origin-Opener-Policy: same-origin"; do
		grep -q "^$h" "$T/head" || echo "no $h"
	done
	grep -iE '^(set-cookie|server|x-powered-by):' "$T/head"
	grep -oiE '<script|<style|style=| on[a-z]+=|https?://[^"]*' "$T/page"
}
is "$(headers)" "" "its headers forbid all that it does not need; no cookie, no script, nothing from elsewhere"
like "$(cat "$T/head")" "^Cache-Control: no-store" "it is not kept"
is "$(get "$url/file")" 200 "the picture itself"
like "$(cat "$T/head")" "^Content-Type: image/" "is served as one"
is "$(api "/v1/media/$picture" | cmp - "$T/page"; echo $?)" 0 "whole"
like "$(cat "$T/madod.log")" "page: what came with message $picture is looked at from 127.0.0.1, by the page that sato asked for" "the log says who asked and from where"
case $url in *A) other=${url%?}B ;; *) other=${url%?}A ;; esac
is "$(get "$other")$(get "${url%??}xx")" 404404 "a changed ticket opens nothing"
is "$(get "$madod_url/u/$(printf 'A%.0s' $(seq 40))")" 404 "a made-up one neither"
is "$(get -X POST -F "file=@$T/head" "$url")" 410 "it takes no files"
is "$(curl -s -X POST "$madod_url/v1/media/$picture/page" | jq -r .code)" not_signed_in "only who is signed in gets one"
is "$(api -X POST /v1/media/none/page | jq -r .code)" not_found "of what is there"

# --- choosing
ask() { api -X POST -d '{"number":1}' /v1/upload-page | jq -r .url; }
up=$(ask)
is "$(get -H 'Accept-Language: ja' "$up")" 200 "a page with a form"
like "$(cat "$T/page")" '<form method="post" enctype="multipart/form-data">.*type="file"' "that works without script"
like "$(cat "$T/page")" 'hanako さんへ送る|さんへ送る' "in Japanese"
is "$(headers)" "" "with the same headers"
printf '\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x08\0\0\0\x08\x08\x02\0\0\0KM)\xdc' >"$T/seam.png"
printf '#!/bin/sh\n' >"$T/evil.jpg"
echo notes >"$T/notes"
head -c 1500000 /dev/zero >"$T/huge.bin"
is "$(get -F "file=@$T/evil.jpg" "$up")" 400 "a script named .jpg is refused"
like "$(cat "$T/page")" "evil.jpg is a program or a script" "in a sentence"
is "$(get -H 'Expect:' -F "file=@$T/huge.bin" "$up")" 413 "so is what is too large"
is "$(get -F 'text=no file' "$up")" 400 "and a form without a file"
is "$(get -F "file=@$T/seam.png" -F "file=@$T/notes;filename=../../etc/notes.txt" "$up")" 200 "two files at once"
like "$(cat "$T/page")" "seam.png.*notes.txt" "are taken, without their folders"
is "$(db "SELECT group_concat(name||' '||made_by||' '||conversation) FROM (SELECT * FROM file ORDER BY name)")" "notes.txt sato 1,seam.png sato 1" "for that reply, in the name of who asked"
is "$(api "/v1/feed?after=0&limit=500" | jq -c '[.events[] | select(.kind == "upload.added") | [.actor, .conversation]] | unique')" '[["sato",1]]' "their inbox is told"
is "$(get "$up")$(get -F "file=@$T/seam.png" "$up")" 410410 "the page is good once"
id=$(db "SELECT id FROM file WHERE name='seam.png'")
is "$(api -X POST -d "{\"uploads\":[\"$id\"]}" /v1/conversations/1/reply | jq -r .message.type)" image "what was chosen can be sent"
is "$(api -X POST -d "{\"uploads\":[\"$id\"]}" /v1/conversations/1/reply | jq -r .code)" conflict "once"
is "$(get "$madod_url/u/style.css")" 200 "how they look is a file of its own"
sleep 1 # another second, another ticket
head -c 100000 /dev/zero >"$T/many.bin"
up=$(ask)
while kill -HUP "$madod_pid"; do sleep 0.001; done &
is "$(get -H 'Expect:' $(printf -- "-F file=@$T/many.bin %.0s" $(seq 8)) "$up")" 200 "settings reread while files come are no harm to them"
kill $!

# --- the end of it
up=$(ask)
madod user disable sato
is "$(get "$url")$(get "$up")" 410410 "tickets end with the account"
madod user enable sato
curl -sf -d "{\"user\":\"hanako\",\"messageId\":\"$(db "SELECT line_id FROM message WHERE uid='$picture'")\"}" "$madosim_url/sim/unsend" >/dev/null
unsent() { [ "$(get "$url")" = 410 ]; }
eventually 20 "an unsent picture is shown no more" unsent
done_testing
