#!/bin/bash
# Cards and links: the manual's examples at work; commands that hang, flood,
# fail or print escapes.
. "$(dirname "$0")/../lib.sh"
madod_port=$(free_port)
start_madosim
add() { printf '%s\n' "$@" >>"$T/madod.conf"; }
# example NAME: the manual's, with this test's paths
example() {
	sed -n "/^\.\\\\\" example $1\$/,/^\.\\\\\" end/p" "$top/man/madod.conf.5" |
	    grep -v '^\.' | sed 's/\\e/\\/g' |
	    sed "s|/var/lib/shop|$T|; s|/usr/local/lib/madod|$T|; s|https://shop.example.jp/madod|${standin_url:-x}|"
}
start standin "$top/tests/it/standin.pl" "$T/asked"
for e in orders-csv orders-sqlite; do example $e >"$T/$e"; chmod +x "$T/$e"; done
config
example cards >"$T/cards.conf"
cat "$T/cards.conf" >>"$T/madod.conf"
hanako=$(curl -sf -d '{"user":"hanako","text":"AB-123456 と CD-654321 はまだですか。evil $(touch hacked)"}' "$madosim_url/sim/say" >/dev/null; sim '[.customers[] | select(.name == "hanako") | (.id // .userId)][0]' | tr -d '"')
echo "$hanako,AB-123456,発送済み" >"$T/orders.csv"
sqlite3 "$T/shop.db" "CREATE TABLE customer(line_id, points); INSERT INTO customer VALUES('$hanako', 120)"
printf 'rank\tgold\x1b[31m\nnote\t\x07\x9b2Jhello\n' >"$T/asked.answer"
add_user sato agent
start_madod
sign_in sato
has() { [ "$(db "SELECT count(*) FROM conversation")" = 1 ]; }
eventually 20 "a customer has written" has

mado cards 1 --json >"$T/out"
card() { jq -c ".cards[] | select(.name == \"$1\") | .error // .rows" "$T/out"; }
is "$(card orders)" '[["order","AB-123456"],["status","発送済み"]]' "the CSV of the manual"
is "$(card points)" '[["points","120"]]' "its SQLite database"
is "$(card shop)" '[["rank","gold[31m"],["note","�2Jhello"]]' "its HTTP interface, and no escape came through"
is "$(jq -r '.body | fromjson | [.line_id, .contact.name, .conversation.number] | join(" ")' "$T/asked")" "$hanako hanako 1" "which was told who and what"
is "$(jq -r '.headers.authorization' "$T/asked" | head -1)" "Bearer abc" "with its header"
is "$(jq -c '[.links[] | [.text, .url]]' "$T/out")" '[["AB-123456","https://shop.example.jp/orders/123456"],["CD-654321","https://shop.example.jp/orders/654321"]]' "links that messages lead to"
mado cards 1 >/dev/null
is "$(wc -l <"$T/asked")" 1 "an answer is kept for a while"
echo "status: {{card.orders.status}}" | mado canned add where -
ok "its values fill canned replies" mado reply 1 --canned where --wait
is "$(db "SELECT text FROM message WHERE sender=2")" "status: 発送済み" "as they are"
echo "x {{card.orders.size}}" | mado canned add none -
like "$(mado reply 1 --canned none 2>&1)" 'card.orders.size}} is empty' "one that is not there is refused"

# --- those that misbehave
long=$((100000 + $$)) # seconds; no other process sleeps that long
printf '#!/bin/sh\nsleep %s\n' $long >"$T/hangs"
printf '#!/bin/sh\nyes flood\n' >"$T/floods"
printf '#!/bin/sh\nexit 3\n' >"$T/fails"
printf '#!/bin/sh\nsleep %s & printf "a\\tb\\n"\n' $long >"$T/leaves"
printf '#!/bin/sh\nprintf "arg\\t%%s\\n" "$1"; printf "env\\t%%s\\n" "$(env | cut -d= -f1 | grep -c -i -e mado -e token)"; printf "fds\\t%%s\\n" "$(ls /proc/self/fd | wc -l)"\n' >"$T/shows"
chmod +x "$T"/{hangs,floods,fails,leaves,shows}
stop madod
for c in hangs floods fails leaves; do add "[card $c]" "run = $T/$c" "deadline = 5s"; done
add "[card shows]" "run = $T/shows" 'arg = "$(touch x) `y` ; z"'
add "[card away]" "url = http://127.0.0.1:9/"
start_madod
mado cards 1 --json >"$T/out"
is "$(card hangs)" '"it took too long"' "one that hangs is ended"
is "$(card floods)" '"it said too much"' "one that floods, too"
is "$(card fails)" '"it ended with an error"' "one that fails"
is "$(card leaves)" '[["a","b"]]' "one that leaves a child behind"
eventually 20 "leaves none" eval '! pgrep -f "^sleep $long\$"'
is "$(card shows)" '[["arg","$(touch x) `y` ; z"],["env","0"],["fds","4"]]' "arguments are as they stand; nothing of the desk is open to it"
like "$(card away)" "onnect" "an address that is not reached"
is "$(card orders)" '[["order","AB-123456"],["status","発送済み"]]' "the others are as they were"

# --- what cannot be meant
bad() { cp "$T/madod.conf" "$T/keep"; add "${@:2}"; like "$(madod check 2>&1)" "$1" "refused: $1"; mv "$T/keep" "$T/madod.conf"; }
bad 'needs either run or url' '[card x]'
bad 'whole path' '[card x]' 'run = jq'
bad 'cannot be run' '[card x]' 'run = /nowhere/x'
for u in http://example.jp/ http://127.evil.example/ http://localhost.evil.example/ http://127.0.0.1.evil.example/ \
    http://127.0.0.1:80@evil.example/ http://localhost@evil.example/ 'http://[::1].evil.example/' http://128.0.0.1/ http:// ftp://127.0.0.1/ https://; do
	bad 'must be https' '[card x]' "url = $u"
done
for u in http://127.0.0.1/x http://127.1.2.3:8080 http://localhost:80/ 'http://[::1]:80/x?y' https://example.jp; do
	cp "$T/madod.conf" "$T/keep"
	add '[card x]' "url = $u"
	ok "allowed: $u" madod check
	mv "$T/keep" "$T/madod.conf"
done
bad 'pattern:' '[link x]' 'pattern = "("' 'url = https://example.jp/{0}'
done_testing
