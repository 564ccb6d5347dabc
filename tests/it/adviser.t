#!/bin/bash
# The adviser: a service outside that is asked what to answer, within a
# deadline, or our own engine decides. Here it is a stand-in that says what the
# test puts into $A.answer, with $A.status, and not while there is $A.hold.
. "$(dirname "$0")/../lib.sh"
d=$top/tests/data/faq
A=$T/asked
cp "$top/tests/data/rules.conf" "$T/rules.conf"
madod_port=$(free_port)
start_madosim
start standin "$top/tests/it/standin.pl" "$A"
: >"$A"
printf 'token-of-the-adviser\n' >"$T/adviser.key"
chmod 600 "$T/adviser.key"
# setup [LINE...]: madod.conf with [bot] and these further lines
setup() {
	config "server rules = $T/rules.conf"
	{
		printf '[bot]\nurl = %s/answer\nsecret_file = adviser.key\n' "$standin_url"
		[ $# = 0 ] || printf '%s\n' "$@"
	} >>"$T/madod.conf"
}
rereads=0
reread() {
	rereads=$((rereads + 1))
	kill -HUP "$madod_pid"
	eventually 20 "reread: $*" eval '[ "$(grep -c "reread .*madod.conf" "$T/madod.log")" -ge '"$rereads"' ]'
}
setup 'deadline = 30s'
add_user sato agent
madod faq import "$d/faq.tsv" --examples "$d/examples.tsv" --negatives "$d/negatives.tsv" >/dev/null 2>&1
start_madod
sign_in_api sato
sign_in sato

conv() { api "/v1/conversations/$1" | jq -c ".conversation$2"; }
# number NAME: of the customer's conversation, once it is there
number() {
	local id
	id=$(sim '.customers[] | select(.name == "'"$1"'") | .userId' | tr -d '"')
	until_true 20 eval '[ "$(db "SELECT count(*) FROM conversation c JOIN identity i ON i.id=c.identity WHERE i.external_id='"'$id'"'")" != 0 ]'
	db "SELECT max(c.number) FROM conversation c JOIN identity i ON i.id=c.identity WHERE i.external_id='$id'"
}
said() { curl -sf "$madosim_url/sim/state?user=$1" | jq -r "[.. | objects | select(.type? == \"text\") | .text] | last"; }
has_said() { said "$1" | grep -qF -- "$2"; }
loading() { sim '.customers[] | select(.name == "'"$1"'") | .loading'; }
gives() { local w=$1; shift; [ "$("$@")" = "$w" ]; }
asked() { wc -l <"$A"; }
# answer JSON: what it says from now on; status LINE
answer() { printf '%s' "$1" >"$A.new"; mv "$A.new" "$A.answer"; }
status() { printf '%s\n' "$1" >"$A.new"; mv "$A.new" "$A.status"; }
# why NAME FILTER: of the customer's last question
why() {
	mado why "$(db "SELECT uid FROM message WHERE sender=0 AND conversation=$(number "$1") ORDER BY id DESC LIMIT 1")" --json | jq -c "$2"
}
decided() { [ "$(db "SELECT count(*) FROM decision WHERE message=(SELECT max(id) FROM message WHERE sender=0 AND conversation=$(number "$1"))")" = 1 ]; }
count() { curl -s "$madod_url/metrics" | sed -n "s/^madod_adviser_$1 //p"; }

# what our own engine is sure of it is not asked about
say hanako "駐車場ありますか？"
eventually 20 "our own engine answers what it is sure of" has_said hanako "専用の駐車場はございません"
say hanako "営業時間"
eventually 20 "and rules what they know" has_said hanako "定休日は水曜日です"
is "$(asked)" 0 "nobody is asked about either"

# an answer; what leaves the house
answer '{"answer":"42です。","confidence":0.93,"intent":"life.meaning"}'
: >"$A.hold"
say jiro "人生の意味とは"
eventually 20 "it is asked about the rest" gives 1 asked
eventually 20 "the customer sees that somebody is at it" gives true loading jiro
eventually 20 "LINE has its 200 meanwhile" gives true sim '.webhooks | .waiting + .inFlight == 0 and .failed == 0'
is "$(db 'SELECT count(*) FROM asked')" 1 "the store knows that it is asked"
is "$(conv 2 .mode)" '"auto"' "the bot has the conversation"
rm "$A.hold"
eventually 20 "what it says is sent" has_said jiro "42です。"
is "$(db 'SELECT count(*) FROM asked')" 0 "and the store is done with it"
is "$(why jiro '.decision | [.outcome, .by, .why, .adviser.intent, .adviser.confidence, .adviser.error]')" \
    '["answer","adviser","adviser life.meaning 0.93","life.meaning",0.93,null]' "why tells who said it and how sure it was"
is "$(why jiro '.decision.adviser.ms > 0')" true "and how long it took"
like "$(mado why "$(db "SELECT uid FROM message WHERE sender=1 ORDER BY id DESC LIMIT 1")")" 'adviser: life\.meaning, confidence 0\.93, [0-9]+ ms' "in lines for people"

say jiro "人生の意味とは"
eventually 20 "asked once more" gives 2 asked
at() { db "SELECT strftime('%Y-%m-%dT%H:%M:%S', at/1000, 'unixepoch') || printf('.%03dZ', at%1000) FROM message WHERE sender<3 AND conversation=$(number jiro) ORDER BY id LIMIT 1 OFFSET $1"; }
guesses=$(why jiro '[.decision | .confidence as $c | .picks | to_entries[] | {id: .value.id, question: .value.question, confidence: (if .key == 0 then $c else .value.score end)}]' |
    jq -r 'map("{\"id\":\(.id | tojson),\"question\":\(.question | tojson),\"confidence\":_}") | join(",")')
is "$(sed -n 2p "$A" | jq -r .body | sed -E 's/("confidence":)[0-9.]+/\1_/g')" \
    "$(printf '{"version":1,"conversation":%d,"channel":"main","language":%s,"messages":[{"from":"customer","at":"%s","text":"人生の意味とは"},{"from":"bot","at":"%s","text":"42です。"},{"from":"customer","at":"%s","text":"人生の意味とは"}],"guesses":[%s]}' \
	"$(number jiro)" "$(db "SELECT ifnull('\"' || language || '\"', 'null') FROM contact WHERE id=(SELECT contact FROM conversation WHERE number=$(number jiro))")" "$(at 0)" "$(at 1)" "$(at 2)" "$guesses")" "what leaves the house, to the byte"
is "$(sed -n 2p "$A" | jq -r '[.path, .headers.authorization, .headers["content-type"]] | join(" ")')" "/answer Bearer token-of-the-adviser application/json" "with the token of the file"
unlike "$(cat "$A")" 'jiro|U[0-9a-f]{32}|sato' "no name, no id of LINE's"
unlike "$(cat "$T/madod.log")" 'token-of-the-adviser' "the token is in no log"
unlike "$(tr '\0' ' ' <"/proc/$madod_pid/cmdline"; madod check 2>&1)" 'token-of-the-adviser' "nor elsewhere"

# example NAME: the manual's
example() { sed -n "/^\.\\\\\" example $1\$/,/^\.\\\\\" end/p" "$top/man/madod.conf.5" | grep -v '^\.'; }
names() { jq -c '[keys_unsorted, (.messages[0], .guesses[0] | keys_unsorted)]'; }
is "$(sed -n 2p "$A" | jq -r .body | names)" "$(example adviser-request | names)" "the manual names all that leaves"
answer "$(example adviser-answer)"
say yui "人生の意味とは"
eventually 20 "its example of an answer is one" has_said yui "全国一律550円です。"

# an entry, people
answer '{"faq":"parking","confidence":0.9}'
say taro "人生の意味とは"
eventually 20 "it may name an FAQ" has_said taro "専用の駐車場はございません"
is "$(why taro '[.decision.faq, .decision.why]')" '["parking","adviser FAQ parking 0.90"]' "which why tells"
ok "and an agent judges" mado faq wrong "$(db "SELECT uid FROM message WHERE sender=1 ORDER BY id DESC LIMIT 1")"
is "$(why taro .judged)" '"wrong"' "as any answer"
last() { db "SELECT uid FROM message WHERE sender=1 AND conversation=$(number "$1") ORDER BY id DESC LIMIT 1"; }
ok "its own words are right" mado faq right "$(last jiro)"
is "$(why jiro '[.judged, .judged_faq]')" '["right",null]' "which is known"
ok "or wrong" mado faq wrong "$(last jiro)"
is "$(why jiro .judged)" '"wrong"' "as well"
is "$(madod faq review | cut -f 2)" "-" "and only what was about an FAQ teaches"
ok "or an FAQ would have been" mado faq right "$(last jiro)" holiday
is "$(why jiro '[.judged, .judged_faq]')" '["wrong","holiday"]' "which teaches"
answer '{"handoff":true,"intent":"angry"}'
say goro "人生の意味とは"
eventually 20 "it may want a person" eval '[ "$(conv "$(number goro)" .mode)" = "\"manual\"" ]' 
is "$(why goro '[.decision.by, .decision.why]')" '["adviser","the adviser wants a person: angry"]' "with its reason"

# what is not followed: our own engine decides
# unfollowed NAME ERROR WHAT
unfollowed() {
	say "$1" "人生の意味とは"
	eventually 20 "$3: our own engine decides" decided "$1"
	is "$(why "$1" '[.decision.outcome, .decision.by, .decision.adviser.error]')" "[\"handoff\",\"faq\",\"$2\"]" "and says why"
}
answer '{"answer":"43です。","confidence":0.5}'
unfollowed ann "confidence 0.50 < 0.80" "one that is not sure"
like "$(api "/v1/conversations/$(number ann)/messages" | jq -c '[.messages[] | select(.from == "system") | .text]')" 'adviser not followed: confidence 0.50 < 0.80' "in the history, too"
answer '{"faq":"spaceship","confidence":1}'
unfollowed bea "it names an FAQ that is not there" "an FAQ that is not there"
answer '{"answer":"x"'
unfollowed cem "its answer is no JSON object" "broken JSON"
head -c 1000000 /dev/zero | tr '\0' x >"$A.answer"
unfollowed dan "its answer is too large" "a million bytes"
answer '{"answer":"43です。","confidence":1}'
status "500 Internal Server Error"
unfollowed eve "HTTP status 500" "HTTP 500"
status "301 Moved"
unfollowed fay "HTTP status 301" "a redirection"
status "200 OK"
is "$(sim '[.customers[].received[] | select(.message.text // "" | test("43です"))] | length')" 0 "nothing of it was sent"
is "$(for i in asked followed unsure failed late unasked; do count ${i}_total; done | tr '\n' ' ')" "11 5 2 4 0 0 " "all is counted"

mado report auto --json >"$T/report"
is "$(jq -c '[.adviser[] | [.what, .n]]' "$T/report")" '[["followed",5],["HTTP status 301",1],["HTTP status 500",1],["it names an FAQ that is not there",1],["its answer is no JSON object",1],["its answer is too large",1],["not sure enough",1]]' "the report says what came of it"
like "$(mado report auto)" '     5  adviser followed, [0-9]+ ms on average' "in lines"

# an agent takes the conversation while it is asked
: >"$A.hold"
answer '{"answer":"44です。","confidence":1}'
say gil "人生の意味とは"
eventually 20 "it is asked" gives 1 db 'SELECT count(*) FROM asked'
ok "an agent takes over meanwhile" mado take "$(number gil)"
rm "$A.hold"
eventually 20 "it answers" gives 0 db 'SELECT count(*) FROM asked'
is "$(db "SELECT count(*) FROM message WHERE sender=1 AND conversation=$(number gil)")" 0 "the bot is silent"
is "$(why gil .decision.outcome)" '"suggest"' "beside people"

# many at once
: >"$A.hold"
: >"$A"
for i in $(seq 20); do say "guest$i" "人生の意味とは"; done
eventually 20 "twenty want to know" gives 20 db 'SELECT count(*) FROM asked'
eventually 20 "sixteen are asked about at once" gives 16 asked
rm "$A.hold"
answered() { db "SELECT count(*) FROM message WHERE sender=1 AND text='44です。'"; }
eventually 20 "all are answered" gives 20 answered
is "$(asked)" 20 "each was asked about once"

# killed while it is asked
: >"$A.hold"
say hal "人生の意味とは"
say ida "人生の意味とは"
eventually 20 "two are asked" gives 22 asked
kill -9 "$madod_pid"
wait "$madod_pid" 2>/dev/null
rm "$A.hold"
start_madod
eventually 20 "after kill -9 they are asked again, and answered" gives 22 answered
is "$(db "SELECT count(*) FROM decision WHERE conversation IN ($(number hal),$(number ida))")" 2 "each once"
is "$(db 'SELECT count(*) FROM asked')" 0 "none is left"

# stopped while it is asked
: >"$A.hold"
say ivo "人生の意味とは"
eventually 20 "one more is asked" gives 1 db 'SELECT count(*) FROM asked'
stop madod
is $? 0 "madod does not wait for it"
is "$(db 'SELECT count(*) FROM asked')" 1 "nor forget it"
rm "$A.hold"
start_madod
eventually 20 "the next one asks" gives 23 answered
sign_in_api sato

# past the deadline
setup 'deadline = 500ms' 'pause = 1h'
reread "a short deadline"
: >"$A.hold"
unfollowed jan "no answer within 0.5 s" "one that is late"
rm "$A.hold"
is "$(db "SELECT count(*) FROM message WHERE sender=1 AND conversation=$(number jan)")" "$(db "SELECT count(*) FROM message WHERE sender=1 AND conversation=$(number ann)")" "what it says then is dropped"

# not there at all
standin_url=http://127.0.0.1:9 setup 'deadline = 30s' 'pause = 1h'
reread "another place"
say qin "人生の意味とは"
eventually 20 "nobody is there: our own engine decides" decided qin
like "$(why qin .decision.adviser.error)" '^"it is not reached: [A-Z]' "and says why"

# too many failures
setup 'deadline = 30s' 'pause = 1h'
reread "a long pause"
status "503 Service Unavailable"
for i in kim leo; do unfollowed $i "HTTP status 503" "HTTP 503"; done
say ned "人生の意味とは"
eventually 20 "the fifth in a row" decided ned
: >"$A"
unfollowed ola "it failed too often and is left alone" "after five failures"
is "$(asked)" 0 "nobody is asked"
is "$(grep -c 'failures in a row' "$T/madod.log")" 1 "the log says so once"
is "$(count alone)" 1 "the metrics, too"
like "$(madod doctor 2>&1)" 'BAD  adviser: asked [0-9]+ times, [0-9]+ followed, [0-9]+ failed or late: it is left alone' "and the doctor"

# it is tried again, and answers
setup 'deadline = 30s' 'pause = 100ms'
reread "a short pause"
status "200 OK"
answer '{"answer":"45です。","confidence":1}'
again() { say pam "人生の意味とは"; until_true 2 has_said pam "45です。"; }
eventually 30 "after the pause it is asked again" again
is "$(grep -c 'it answers again' "$T/madod.log")" 1 "which the log says, too"
is "$(count alone)" 0 "and the metrics"

# rehearsals ask nobody
: >"$A"
say rex "人生の意味とは"
eventually 20 "one more is answered" has_said rex "45です。"
is "$(asked)" 1 "by the adviser"
madod rules replay --since 1d >"$T/replay" 2>&1
like "$(cat "$T/replay")" '^[0-9]+ messages' "a replay of all that"
unlike "$(cat "$T/replay")" '^  - answered: adviser' "which takes what no rule answers for the adviser's"
printf '人生の意味とは\t-\n' >"$T/queries.tsv"
ok "an evaluation of FAQs" madod faq eval "$T/queries.tsv"
is "$(asked)" 1 "ask nobody"

# from the FAQs alone: OpenAI's protocol
setup 'deadline = 30s' 'protocol = openai' 'model = test-1'
reread "another protocol"
# says JSON: what the model says
says() { answer "$(jq -nc --arg c "$1" '{choices: [{message: {role: "assistant", content: $c}}]}')"; }
: >"$A"
says '{"answer":"在庫表示をご覧ください。","citations":[{"id":"stock","quote":"商品ページの在庫表示をご覧ください"}]}'
say sam "在庫はありますか"
eventually 20 "what cites an FAQ is sent" gives "在庫表示をご覧ください。" said sam
is "$(why sam '[.decision.by, .decision.faq, .decision.adviser.cites]')" '["adviser","stock",["stock"]]' "which why tells"
is "$(jq -r '.body | fromjson | [.model, (.messages | length), (.messages[0].content | test("\"id\":\"stock\"")), (.messages[1].content | fromjson | .question)] | join(" ")' "$A")" "test-1 2 true 在庫はありますか" "of those that it was given"
says '{"answer":"在庫は3点です。","citations":[{"id":"stock","quote":"商品ページの在庫表示をご覧ください"}]}'
say tom "在庫はありますか"
eventually 20 "a number of its own is not" has_said tom "1. 在庫の有無を知りたい"
is "$(why tom '[.decision.outcome, .decision.adviser.error]')" '["offer","a number that no cited FAQ has"]' "our own engine offers choices"

# what cannot be meant
bad() { setup "${@:2}"; like "$(madod check 2>&1)" "$1" "refused: $1"; }
bad 'confidence must be a number' 'confidence = 80%'
bad 'confidence must be a number' 'confidence = 1.5'
bad 'a model goes with' 'protocol = openai'
bad 'a model goes with' 'model = x'
bad 'deadline' 'deadline = 31s'
bad 'twice' '[bot]'
chmod 644 "$T/adviser.key"
bad 'others can read it: chmod 600' 'ask = always'
: >"$T/adviser.key"
chmod 600 "$T/adviser.key"
bad 'adviser.key is empty' 'ask = always'
config
printf '[bot]\nask = always\n' >>"$T/madod.conf"
like "$(madod check 2>&1)" '\[bot\] needs url' "refused: no url"
printf 'url = http://127.evil.example/\n' >>"$T/madod.conf"
like "$(madod check 2>&1)" 'must be https' "refused: elsewhere in the clear"
stop madod
done_testing
