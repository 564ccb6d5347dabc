#!/bin/bash
# FAQs between a customer and the people: answers, choices, taps, people.
. "$(dirname "$0")/../lib.sh"
d=$top/tests/data/faq
cp "$top/tests/data/rules.conf" "$T/rules.conf"
madod_port=$(free_port)
start_madosim
config "server rules = $T/rules.conf"
add_user sato agent
ok "FAQs are imported" madod faq import "$d/faq.tsv" --examples "$d/examples.tsv" --negatives "$d/negatives.tsv"
start_madod
sign_in_api sato
sign_in sato

conv() { api "/v1/conversations/$1" | jq -c ".conversation$2"; }
history() { api "/v1/conversations/$1/messages?limit=100" | jq -c "$2"; }
# said NAME: the last text that the customer received
said() { curl -sf "$madosim_url/sim/state?user=$1" | jq -r "[.. | objects | select(.type? == \"text\") | .text] | last"; }
has_said() { said "$1" | grep -qF -- "$2"; }
gives() { local w=$1; shift; [ "$("$@")" = "$w" ]; }
texts_of() { history 1 "[.messages[] | select(.from == \"$1\") | .text]"; }

# a sure answer
say hanako "駐車場ありますか？"
eventually 20 "what a FAQ surely is about is answered" has_said hanako "専用の駐車場はございません"
is "$(conv 1 .mode)" '"auto"' "and the bot keeps the conversation"
is "$(history 1 '[.messages[] | select(.from == "bot") | .why] | length')" 1 "in one message"
like "$(history 1 '[.messages[] | select(.from == "bot") | .why]')" 'FAQ 駐車場はありますか 0\.[5-9]' "that says which it was, and how sure"
eventually 20 "at no cost" gives '["reply"]' history 1 '[.messages[] | select(.from == "bot") | .via] | unique'

# rules go first
say hanako "営業時間"
eventually 20 "a rule goes first" has_said hanako "定休日は水曜日です"

# choices
say hanako "在庫はありますか"
eventually 20 "doubt gives choices" has_said hanako "1. 在庫の有無を知りたい"
tap() { curl -sf -d "$(jq -nc --arg u "$1" --arg l "$2" '{user: $u, label: $l}')" "$madosim_url/sim/tap" >/dev/null; }
ok "one of them is tapped" tap hanako "在庫の有無を知りたい"
eventually 20 "and answered" has_said hanako "在庫表示をご覧ください"
is "$(history 1 '[.messages[] | select(.from == "bot") | .why] | last')" '"FAQ 在庫の有無を知りたい, tapped"' "as what was tapped"
say hanako "在庫はありますか"
eventually 20 "choices again" has_said hanako "1. 在庫の有無を知りたい"
ok "a person is asked for" tap hanako "担当者と話す"
eventually 20 "and said to come" has_said hanako "担当者におつなぎします"
is "$(conv 1 .mode)" '"manual"' "people have it"
like "$(texts_of system)" 'handed over to people: asked for a person' "with the reason"
like "$(texts_of customer)" '\[choice: stock\].*\[choice: a person\]' "what was tapped is a line for people"

# people
say jiro "人生の意味とは"
eventually 20 "what no FAQ is about goes to people" gives '"manual"' conv 2 .mode
like "$(history 2 '[.messages[] | select(.from == "system") | .text]')" 'FAQ score 0\.[0-9]+ < 0\.' "with the score"
say kate "🍎🍊"
eventually 20 "no words go to people" gives '"manual"' conv 3 .mode
say emma "$(printf '駐車場 %.0s' {1..900})"
eventually 20 "nobody asks one thing in so many words: choices, no answer" has_said emma "1. 駐車場はありますか"
say hanako "駐車場ありますか？"
eventually 20 "the question came" gives 5 history 1 '[.messages[] | select(.from == "customer") | select(.type == "text")] | length'
is "$(history 1 '[.messages[] | select(.from == "bot")] | length')" 6 "the bot is silent beside people"

like "$(history 2 '[.messages[] | select(.from == "system") | .text]')" 'best guesses: ' "and what was likely"
is "$(history 2 '[.messages[] | select(.from == "system") | .quoted.text // empty]')" '["人生の意味とは"]' "quoting the question"
like "$(texts_of system)" 'tried: FAQ 在庫の有無を知りたい 0' "who was tried with something has that said"

# beside people
is "$(conv 1 .suggestion.faq)" '"parking"' "what it would have answered is there for people"
like "$(conv 1 .suggestion.text)" '専用の駐車場' "with its words"
like "$(conv 1 .suggestion.percent)" '^[5-9][0-9]$' "and how sure it is"
is "$(conv 2 .suggestion)" null "where it is sure of nothing there is none"

# in a group: who mentions the account is answered, others are not disturbed
in_group() { curl -sf -H 'Content-Type: application/json' -d "$(jq -nc --arg g "$1" --argjson m "$2" '{user: "jiro", group: $g, message: $m}')" "$madosim_url/sim/say" >/dev/null; }
of_group() { db "SELECT count(*) FROM message m JOIN contact t ON t.id=m.contact WHERE t.kind='group' AND m.sender=1"; }
in_group friends '{"type":"text","text":"@靴の店 駐車場ありますか？","mention":{"mentionees":[{"index":0,"length":4,"type":"user","isSelf":true}]}}'
eventually 20 "who mentions the account in a group is answered" gives 1 of_group
in_group friends '{"type":"text","text":"営業時間"}'
eventually 20 "rules answer there, too" gives 2 of_group
in_group friends '{"type":"text","text":"駐車場ありますか？"}'
group_why() { db "SELECT d.why FROM decision d JOIN message m ON m.id=d.message JOIN contact t ON t.id=m.contact WHERE t.kind='group' ORDER BY d.message DESC LIMIT 1"; }
eventually 20 "what members say goes to people" gives "in a group, not said to the bot" group_why
is "$(of_group)" 2 "without a word"

# why
of_bot() { history "$1" "[.messages[] | select(.from == \"bot\") | .id] | $2" | tr -d '"'; }
first=$(of_bot 1 first)
is "$(mado why "$first" --json | jq -c '[.text, .decision.outcome, .decision.by, .decision.faq, .judged]')" \
    '["駐車場ありますか？","answer","faq","parking",null]' "why an answer was given"
is "$(mado why "$first" --json | jq '.decision | .confidence >= .answer_at and .answer_at > .offer_at and (.picks | length) == 3')" \
    true "with its confidence, the thresholds and the runners-up"
rule=$(history 1 '[.messages[] | select(.why == "rule 営業時間") | .id] | first' | tr -d '"')
is "$(mado why "$rule" --json | jq -c '.decision | [.by, .rule]')" '["rule","営業時間"]' "why a rule was"
like "$(mado why "$(history 2 '[.messages[] | select(.from == "system") | .id] | first' | tr -d '"')")" \
    'FAQ score 0\.[0-9]+ < 0' "why people were"
like "$(mado why "$first")" '1\. 0\.[0-9]+  駐車場はありますか  \[parking\]' "in lines for people"
mado why nothing >"$T/out" 2>&1
is $? 4 "of no message, no reason"

# judged
ok "an answer is wrong" mado faq wrong "$first"
is "$(mado why "$first" --json | jq -c '[.judged, .judged_by, .judged_faq]')" '["wrong","sato",null]' "which why tells"
ok "another is right" mado faq right "$first" parking
is "$(mado why "$first" --json | jq -c '[.judged, .judged_faq]')" '["right","parking"]' "as well"
mado faq right "$first" nonsense >"$T/out" 2>&1
is $? 4 "an FAQ that is not there is refused"
is "$(mado why "$(of_bot 1 '.[2]')" --json | jq -c '[.judged, .judged_by, .judged_faq]')" '["right",null,"stock"]' "a tap says that the choices were right"
is "$(mado faq ls 駐車 -q)" parking "what it knows can be listed"

# learned, after a review
madod faq review >"$T/review"
is "$(cut -f 2-4 "$T/review" | head -2)" "$(printf 'parking\tagent sato\t駐車場ありますか？\nstock\ttap\t在庫はありますか')" "what would be learned waits for a review"
is "$(madod faq gaps | cut -f 1)" "1" "what no FAQ was like is a gap"
like "$(madod faq gaps)" '人生の意味とは' "in the customer's words"
strange=$(history 2 '[.messages[] | select(.from == "customer") | .id] | first' | tr -d '"')
ok "an agent says which FAQ it was" mado faq right "$strange" holiday
is "$(madod faq gaps)" "" "which closes the gap"
ok "lessons are taken" madod faq review --take all
is "$(madod faq review)" "" "and wait no more"
ok "the next import, beside a madod that runs" madod faq import
like "$(cat "$T/ok.out")" '^3 lessons taken' "learns them"
say teruo "人生の意味とは"
eventually 20 "what was corrected is known" has_said teruo "毎週水曜日と年末年始"

mado report auto --json >"$T/report"
is "$(jq '.questions == .answered + .offered + .handed_over and .answered > 2 and .handed_over > 2' "$T/report")" true "the report counts each question once"
is "$(jq '[.reasons[].n] | add' "$T/report")" "$(jq .handed_over "$T/report")" "each handoff by its reason"
is "$(jq '.judged >= 2 and .right == 2 and .right_of_judged <= 1' "$T/report")" true "and what was judged"
is "$(jq '[.days[].questions] | add' "$T/report")" "$(jq .questions "$T/report")" "and each on its day"
like "$(mado report auto)" 'questions: [0-9]+ answered' "in lines for people"
like "$(curl -s "$madod_url/metrics")" '^madod_bot_answered [0-9]+$' "and in the metrics"

# answers with more than words, in a table that grows
{
	printf 'moon\t月へ行きたい\t{{contact.name}}様、ロケットで3日です。\t送料 | 返品\t時刻表 https://example.jp/moon\thttps://example.jp/moon.png\thttps://example.jp/moon.mp4 https://example.jp/film.png\t01JYNW8JMQVFBNWF1APF8Z3FS7\n'
	cat "$d/faq.tsv"
} >"$T/moon.tsv"
ok "an import with pictures, a film and a coupon" madod faq import "$T/moon.tsv" --examples "$d/examples.tsv"
say luna "月へ行きたい"
types() { curl -sf "$madosim_url/sim/state?user=$1" | jq -c '[.. | objects | .type? | select(. == "image" or . == "video" or . == "coupon")] | unique'; }
eventually 20 "all of it arrives" gives '["coupon","image","video"]' types luna
has_text() { curl -sf "$madosim_url/sim/state?user=$1" | jq -r '[.. | objects | select(.type? == "text") | .text][]' | grep -qF -- "$2"; }
ok "with the customer's name in it" has_text luna "様、ロケットで3日です。"
ok "and the link" has_text luna "https://example.jp/moon"
madod faq lint "$T/moon.tsv" --preview >"$T/out" 2>&1
like "$(cat "$T/out")" '\(送料\)    \(返品\)' "it can be looked at before"
for bad in '送料||返品' 'https://a.jp'; do
	printf 'x\ty\tz\t%s\thttp://insecure.jp\n' "$bad" >"$T/bad.tsv"
	madod faq import "$T/bad.tsv" >"$T/out" 2>&1
	like "$(cat "$T/out")" 'bad.tsv:1:[0-9]+: ' "what LINE would refuse is refused: $bad"
done
ok "a backup" madod backup "$T/backup"
is "$(sqlite3 "$T/backup" "SELECT count(*) FROM backup_file WHERE name LIKE 'faq/main.%'")" 3 "has the FAQs too"
knows() { say "$1" "月へ行きたい"; until_true 20 has_text "$1" "ロケット"; }
head -c 1000 "$T/desk/faq/main.faq" >"$T/cut"
cp "$T/cut" "$T/desk/faq/main.faq"
kill -HUP "$madod_pid"
eventually 20 "a damaged one is named" grep -q "main.faq: " "$T/madod.log"
ok "and the old one stays in force" knows rin

# many at once: the bench's burst, in small
before=$(db "SELECT count(*) FROM message WHERE sender=0")
read -r _ _ _ none pushes <<<"$(perl "$top/tests/bench/burst.pl" "${madosim_url##*:}" 100 50 "$d/queries.tsv")"
is "$none" 0 "of a hundred who ask at once each is answered or told of people"
is "$pushes" 0 "by replies alone"
is "$(($(db "SELECT count(*) FROM message WHERE sender=0") - before))" 100 "no question is lost"
is "$(db "SELECT count(*) FROM message m WHERE sender=0 AND type=0 AND NOT EXISTS(SELECT 1 FROM decision d WHERE d.message=m.id)")" 0 "and each was decided"

# never too many
reread() { grep -c 'reread ' "$T/madod.log"; }
printf '[bot]\nmax_per_hour = 2\n[rule a]\nexact = a\nanswer = b\n' >"$T/rules.conf"
before=$(reread)
kill -HUP "$madod_pid"
eventually 20 "rules are reread" eval '[ "$(reread)" -gt "$before" ]'
for i in 1 2 3; do say sora "a"; done
newest() { api "/v1/conversations?limit=500" | jq '[.conversations[].number] | max'; }
guarded() { history "$(newest)" '.messages[] | select(.from == "system") | .why' | grep -q "2 automatic messages within an hour"; }
eventually 20 "so many answers within an hour, then people" guarded
stop madod
done_testing
