#!/bin/bash
# Search over all history: Japanese without word breaks, folding, what was
# unsent or edited, and the same answers before, while and after the index is
# written, and after kill -9.
. "$(dirname "$0")/../lib.sh"
madod_port=$(free_port)
config
add_user sato agent
add_user guest viewer
start_madod
sign_in sato
sign_in_api sato
n=0
heard() { n=$((n + 1)); post_webhook "$(text_event "${3:-m$n}" "U$1" "$2")" >/dev/null; }
# event TYPE MEMBERS: a webhook about a message
event() {
	n=$((n + 1))
	post_webhook "$(jq -nc --arg id "e$BASHPID-$n" --argjson at "$(date +%s%3N)" "{destination: \"U\", events: [{type: \"$1\", mode: \"active\",
	    timestamp: \$at, webhookEventId: \$id, source: {type: \"user\", userId: \"Ua\"}, $2}]}")"
}
# find WORDS...: the texts found, newest first, "|" between them
find() { mado search "$@" --json | jq -r '.message.text|gsub("\n";" ")' | paste -sd'|'; }
# marked WORDS: what is marked in the newest hit
marked() {
	mado search "$1" --limit 1 --json >"$T/hit"
	jq -j .message.text "$T/hit" >"$T/text"
	jq -r '.matches[]|"\(.[0]) \(.[1])"' "$T/hit" | while read -r at len; do
		tail -c +$((at + 1)) "$T/text" | head -c "$len"
		printf '|'
	done
}
indexed() { [ "$(db "SELECT value=(SELECT max(id) FROM message) FROM meta WHERE name='search_upto'")" = 1 ]; }

heard a '注文について教えてください'
heard b 'ｶﾞｽの請求書が届かない。ＡＢＣ１２３ 税込 Order'
heard c 'Größe L の注文番号は 12345 です'
heard b '伝達'
heard d '注文 まだ？ 注文！'
heard e $'一行目\n二行目の商品 100% "割引" AND (NOT) *OR* col:x^2 -注意'
N=$(db "SELECT max(number) FROM conversation")
mado note "$N" "内緒のメモ: 返金済み" >/dev/null

check_all() { # the same, whether the index has it or not
	is "$(find 注文)" "注文 まだ？ 注文！|Größe L の注文番号は 12345 です|注文について教えてください" "two characters, newest first ($1)"
	is "$(find 税)" "ｶﾞｽの請求書が届かない。ＡＢＣ１２３ 税込 Order" "one character ($1)"
	is "$(find 込)" "ｶﾞｽの請求書が届かない。ＡＢＣ１２３ 税込 Order" "one that ends a word ($1)"
	is "$(find 達)" "伝達" "a text of two, its last ($1)"
	is "$(find 注文について)" "注文について教えてください" "a phrase ($1)"
	is "$(find についての)" "" "its pieces alone do not do ($1)"
	is "$(find がす)" "ｶﾞｽの請求書が届かない。ＡＢＣ１２３ 税込 Order" "half-width kana as hiragana ($1)"
	is "$(find ａｂｃ123)" "ｶﾞｽの請求書が届かない。ＡＢＣ１２３ 税込 Order" "width and case ($1)"
	is "$(find GRÖSSE)" "Größe L の注文番号は 12345 です" "ß is ss ($1)"
	is "$(find 12345 番号)" "Größe L の注文番号は 12345 です" "words are ANDed, in any order ($1)"
	is "$(find 12345　注文)" "Größe L の注文番号は 12345 です" "an ideographic space parts words ($1)"
	is "$(find 注文 税込)" "" "both must be in one message ($1)"
	is "$(find 返金済)" "内緒のメモ: 返金済み" "notes too ($1)"
	is "$(find の 商)" '一行目 二行目の商品 100% "割引" AND (NOT) *OR* col:x^2 -注意' "two single characters ($1)"
	is "$(find 'no rule')" "" "lines of the desk are nothing that was said ($1)"
	for q in '"割引"' '100%' 'AND' '(not)' '*or*' 'col:x' 'x^2' '" AND (' '"' ':' '*' '(' '^'; do
		is "$(find "$q" | grep -c 二行目)" 1 "as it stands: $q ($1)"
	done
	is "$(find '%')" '一行目 二行目の商品 100% "割引" AND (NOT) *OR* col:x^2 -注意' "no pattern: % ($1)"
	for q in '"' "' OR 1=1 --" 'text:注文' '{text} : 注文' '注文*' 'NEAR(注文 番号)' '\' '_文' '"注文" OR "税"'; do
		mado search "$q" --json >/dev/null 2>"$T/err"
		is "$? $(find "$q" | grep -c 注文)" "0 0" "hostile: $q ($1)"
	done
}
check_all "not indexed yet, or just"
eventually 20 "the index follows" indexed
check_all indexed
is "$(db "SELECT count(*) FROM search_data")" "$(db "SELECT count(*) FROM search_data WHERE block IS NOT NULL")" "it is there"

# --- what to mark ---
is "$(marked 注文)" "注文|注文|" "every place is marked"
is "$(marked がす)" "ｶﾞｽ|" "in the bytes as they were written"
is "$(marked 'order がす')" "ｶﾞｽ|Order|" "of every word, in order"
is "$(marked GRÖSSE)" "Größe|" "where folding is longer than the text"
is "$(marked '目の')" "目の|" "after a line feed"
heard g 'か゛っこう ㍿　 はﾟ 👨‍👩‍👧です'
is "$(marked がっ)" "か゛っ|" "a voiced mark of its own"
is "$(marked 会社)" "㍿|" "half of a character marks it all"
is "$(marked です)" "です|" "after an emoji"

# --- the page ---
hits() { api -G --data-urlencode "query=$1" "${@:2}" /v1/search; }
is "$(hits 注文 | jq -c '[.epoch, (.seq|type), (.hits|length), .next]')" '[1,"number",3,null]' "a page is stamped"
is "$(hits 注文 | jq -c '.hits[0]|[.conversation==.message.conversation,.contact.name]')" '[true,"user Ud"]' "a hit says who and where"
next=$(hits 注文 -d limit=2 | jq -r .next)
is "$(hits 注文 -d limit=2 -d "after=$next" | jq -r '.hits[].message.text')" "注文について教えてください" "the next page goes on"
is "$(hits 注文 -d after=zz | jq -r .code) $(hits 注文 -d after=0 | jq -r .code)" "invalid invalid" "a cursor that is none"
is "$(hits 注文 -d limit=0 | jq -r .code) $(hits 注文 -d limit=101 | jq -r .code)" "invalid invalid" "a limit out of bounds"
is "$(hits '' | jq -r .code) $(hits ' 　 ' | jq -r .code) $(api /v1/search | jq -r .code)" "invalid invalid invalid" "an empty query is refused"
is "$(mado search 注文 --limit 1 --json | wc -l) $(mado search 注文 --limit 0 --json | wc -l)" "1 0" "--limit"
is "$(mado search '' 2>&1 >/dev/null; echo $?)" $'mado: "query" must hold what to search for\n2' "empty words are refused"
mado search >/dev/null 2>&1; is $? 2 "no words are refused"
long=$(perl -CS -e 'print "\x{3042}" x 10000')
like "$(mado search "$long" 2>&1; echo $?)" '4096 bytes.*2$|^2$' "10,000 characters are refused in words"
is "$(hits "$(printf 'a%.0s' {1..10000})" | jq -r .code)" invalid "by the server, too"
is "$(curl -s -o /dev/null -w '%{http_code}' -G --data-urlencode "query=$long" -H "Authorization: Bearer $token" "$madod_url/v1/search")" 431 "or before it reads them all"
is "$(find "$(perl -CS -e 'print "\x{3042}" x 1300')")" "" "1,300 are searched for"
heard h "$(perl -CS -e 'print "\x{6f22}\x{5b57}\x{304b}\x{306a}" x 250, "\x{7d42}"')"
is "$(find "$(perl -CS -e 'print "\x{6f22}\x{5b57}\x{304b}\x{306a}" x 250')" | wc -m)" 1002 "and found"
is "$(curl -s "$madod_url/v1/search?query=a" | jq -r .code)" not_signed_in "signed in only"
sign_in_api guest; is "$(hits 注文 | jq '.hits|length')" 3 "a viewer may"; sign_in_api sato
is "$(hits "$(printf '\xff\xfe')" -o /dev/null -w '%{http_code}')" 200 "bytes that are no text find nothing"

# --- lines for people ---
like "$(mado search 注文番号)" '^#3 +[0-9-]+ [0-9:]+ user Uc +customer Größe L の注文番号は 12345 です$' "a line a hit"
unlike "$(mado search 注文)" $'\033' "no marks in a pipe"
tty=$(TERM=xterm COLUMNS=70 script -qc "$B/mado search 教えて" /dev/null | tr -d '\r')
like "$tty" $'\033\\[7m教えて\033\\[27m' "marked on a terminal"
heard i "$(printf '前置き%.0s' {1..40})目印$(printf '後書き%.0s' {1..40})"
tty=$(TERM=xterm COLUMNS=70 script -qc "$B/mado search 目印" /dev/null | tr -d '\r')
like "$tty" $'~.*\033\\[7m目印\033\\[27m.*~$' "a long text is cut so that the mark is seen"
is "$(LANGUAGE=ja mado search "$long" 2>&1)" "mado: 検索語が長すぎます（最大 4096 バイト）" "in Japanese"

# --- unsent, edited ---
heard a '秘密の暗証番号' s1
heard a '別の秘密の話' s2
eventually 20 "indexed" indexed
event unsend 'unsend: {messageId: "s1"}' >/dev/null
is "$(find 秘密)" "別の秘密の話" "what was unsent is not found"
is "$(find 暗証)" "" "by no word of it"
is "$(find unsent) $(find 'message unsent')" " " "nor by the line that stands for it"
event unsend 'unsend: {messageId: "s1"}' >/dev/null
heard a '直す前の文' s3
eventually 20 "indexed" indexed
is "$(event messageEdited 'message: {id: "s3", type: "text", text: "直した後の文"}')" 200 "edited"
is "$(find 直す前)|$(find 直した後)" "|直した後の文" "an edited one is found by what it says now"
event messageEdited 'message: {id: "s4", type: "text", text: "先に来た訂正"}' >/dev/null
heard a '後から来た原文' s4
event unsend 'unsend: {messageId: "s5"}' >/dev/null
heard a '来る前に消えた' s5
eventually 20 "indexed" indexed
is "$(find 先に来た)|$(find 原文)|$(find 消えた)" "先に来た訂正||" "edits and unsends that came first"
is "$(db "SELECT count(*) FROM message WHERE text LIKE '%秘密の暗証%'")" 0 "the text is gone"
heard a '龘鬱' s6
eventually 20 "indexed" indexed
in_files() { cat "$T"/desk/madod.db* | LC_ALL=C grep -aq "$(printf '\xe9\xac\xb1')"; }
ok "its letters are in the index" in_files
event unsend 'unsend: {messageId: "s6"}' >/dev/null
nowhere() { ! in_files; }
eventually 20 "and leave it after the unsend" nowhere
is "$(find 注文について)|$(find 別の秘密)" "注文について教えてください|別の秘密の話" "all others stay"

# --- many, and the end at any moment ---
many() { # 300 more, 50 to a webhook
	local k
	for k in 1 2 3 4 5 6; do
		post_webhook "$(jq -nc --arg r "$1" --argjson k "$k" '{destination: "U", events: [range(50) | {type: "message", mode: "active",
		    timestamp: 1700000000000, webhookEventId: "\($r)-\($k)-\(.)", source: {type: "user", userId: "Uz"},
		    message: {id: "\($r)-\($k)-\(.)", type: "text", text: "大量の\($r) 第\($k)便 \(.)番"}}]}')" >/dev/null
	done
}
for round in 1 2 3; do
	many "kill$round"
	stop madod KILL
	start_madod
	is "$(mado search "大量のkill$round" --limit 1000 --json | wc -l)" 300 "all are found at once after kill -9 ($round)"
done
eventually 20 "and indexed" indexed
is "$(mado search 大量の --limit 1000 --json | wc -l)" 900 "none twice, none missing"
is "$(mado search 便 --limit 1000 --json | jq -r .message.id | sort -u | wc -l)" 900 "by one character as well"
is "$(mado search 49番 第3便 --limit 1000 --json | wc -l)" 3 "one of many"

# in the middle of writing the index: a cursor put back, as if it were so
stop madod
sqlite3 "$T/desk/madod.db" "DELETE FROM meta WHERE name='search_fold'"
start_madod
is "$(mado search 大量の --limit 1000 --json | wc -l)" 900 "an index of another folding is made anew, and searched meanwhile"
eventually 20 "until it is there" indexed
is "$(mado search 大量の --limit 1000 --json | wc -l)" 900 "the same"
is "$(find 注文について)" "注文について教えてください" "and the old ones"
stop madod
start_madod
is "$(find 税)" "ｶﾞｽの請求書が届かない。ＡＢＣ１２３ 税込 Order" "after a restart"
is "$(db "SELECT max(type='table') FROM sqlite_master WHERE name='search'") $(db 'PRAGMA integrity_check')" "1 ok" "the store is whole"
unlike "$(cat "$T/madod.log")" 注文 "no words in the log"
done_testing
