#!/bin/bash
# What rules.conf says beyond keywords, on a desk: greeting, menus,
# questionnaires, the courtesy of a handoff, time-outs, back to the bot; and
# the rehearsals: rules check, test and replay, with the manual's examples.
. "$(dirname "$0")/../lib.sh"
cat >"$T/rules.conf" <<'END'
[bot]
no_match = 確認します。
auto_after_resolve = yes
auto_after = 2s

[handoff]
open = ただいま{{queue.place}}番目です。

[rule 人]
contains = 担当者
handoff = yes

[rule 挨拶]
on = follow
answer = {{contact.name}}様、友だち追加ありがとうございます。
menu = 総合

[rule 注文]
exact = 注文
form = 注文

[menu 総合]
text = お選びください。
item = 送料 > answer 550円です。
item = 注文 > form 注文

[form 注文]
timeout = 600s
timeout_answer = またどうぞ。
answer = 注文{{field.番号}}ですね。
handoff = an order
tag = @購入者

[question 番号]
text = 番号は？
kind = number
invalid = 数字でどうぞ。
field = 番号

[question 色]
text = 色は？
quick = 赤 | 青
only = yes
tag = conversation
END
madod_port=$(free_port)
start_madosim
config "server rules = $T/rules.conf"
add_user sato agent
start_madod
sign_in sato
sign_in_api sato

said() { curl -sf "$madosim_url/sim/state?user=$1" | jq -c "[.. | objects | select(.type? == \"text\") | .text] | .[-${2:-1}:]"; }
# hears NAME N TEXT: within the last N bubbles
hears() { eventually 20 "$1 hears: $3" heard "$@"; }
heard() { said "$1" "$2" | grep -qF -- "$3"; }
gives() { local w=$1; shift; [ "$("$@")" = "$w" ]; }
# reread N: the config and its rules, N times by now
reread() { [ "$(grep -c 'reread .*madod.conf' "$T/madod.log")" -ge "$1" ]; }
conv() { api "/v1/conversations/$1" | jq -c ".conversation | $2"; }

# a new friend
curl -sf -d '{"user":"hanako"}' "$madosim_url/sim/follow" >/dev/null
hears hanako 2 "hanako様、友だち追加ありがとうございます。"
hears hanako 1 "お選びください。"
is "$(api /v1/status | jq .counts.open)" 0 "a greeting opens nothing"
say hanako 2
hears hanako 1 "番号は？"
is "$(conv 1 .mode)" '"auto"' "the menu that was shown then counts"
say hanako いくら
hears hanako 2 "数字でどうぞ。"
say hanako １２３
hears hanako 1 "色は？"
is "$(conv 1 .contact.fields)" '{"番号":"123"}' "an answer is a field of the contact"
like "$(mado show 1)" '番号 +123' "which show names"
curl -sf -d '{"user":"hanako","label":"青"}' "$madosim_url/sim/tap" >/dev/null
hears hanako 2 "注文123ですね。"
hears hanako 1 "ただいま1番目です。"
is "$(conv 1 '[.mode,.tags,.contact.tags]')" '["manual",["青"],["購入者"]]' "answers are tags, and it goes to people"
like "$(api /v1/conversations/1/messages | jq '[.messages[].text]')" 'an order \(form 注文: 色\)' "with the reason"
say jiro 担当者
hears jiro 1 "ただいま2番目です。"

# back to the bot
mado reply 2 "承ります" >/dev/null
eventually 20 "after silence the bot is back" gives '["auto",null]' conv 2 '[.mode,.assignee]'
like "$(api /v1/conversations/2/messages | jq '[.messages[].text]')" 'handed back to the bot: nobody wrote' "and says why"
is "$(conv 1 .mode)" '"manual"' "who still waits for people is not given back"
mado resolve 1
say hanako 送料は
eventually 20 "what was resolved is the bot's again" heard hanako 2 "確認します。"
like "$(api /v1/conversations/1/messages | jq '[.messages[].text]')" 'handed back to the bot: it was resolved' "with its line"

# rehearsals
page() { sed -n '/^\.Bd -literal/,/^\.Ed/p' "$top/man/madoguchi-rules.5" | awk -v n="$1" '/^\.Bd/ {i++; next} /^\.Ed/ {next} i == n' | sed 's/\\e/\\/g'; }
page 1 >"$T/man.conf"
page 2 >"$T/man.cases"
is "$(madod rules check "$T/man.conf")" "$T/man.conf is in order" "the manual's rules are in order"
is "$(madod rules test "$T/man.cases" --rules "$T/man.conf")" "3 cases, 0 failed" "and do what its cases say"
ok "so does the shop" madod rules test "$top/tests/data/shop.cases" --rules "$top/tests/data/shop.conf"
printf 'case: a\ncustomer: 送料\nbot: 違う\n' >"$T/bad.cases"
out=$(madod rules test "$T/bad.cases" 2>&1); rc=$?
is "$rc" 1 "cases that are not met: exit 1"
like "$out" "bad.cases:3: the bot says: 確認します。" "and the line"
printf '[rule a]\nexact = |\n[menu m]\ntext = {{x}}\n' >"$T/bad.conf"
out=$(madod rules check "$T/bad.conf" 2>&1); rc=$?
is "$rc" 2 "rules with mistakes: exit 2"
is "$(grep -c "bad.conf:[24]:" <<<"$out")" 2 "each is named"

# a month's messages again
is "$(madod rules replay | tail -1 | sed 's/ messages.*//')" 7 "replay asks about what the bot did"
is "$(madod rules replay | grep -c '^#')" 0 "and the same rules would do the same"
{ cat "$T/rules.conf"; printf '\n[rule 送料]\ncontains = 送料\nanswer = 550円です。\n'; } >"$T/new.conf"
out=$(madod rules replay --since 1d --rules "$T/new.conf")
like "$out" '1 otherwise: 1 answered instead' "other rules would not"
like "$out" '^#1 .*送料は' "the message"
like "$out" '- handed over: no rule' "what was done"
like "$out" '\+ answered: rule 送料' "what would have been"

# a questionnaire that nobody answers
sed -i 's/^timeout = .*/timeout = 1s/' "$T/rules.conf"
kill -HUP "$madod_pid"
eventually 20 "the new rules are read" reread 1
say taro 注文
hears taro 1 "またどうぞ。"
say taro 5
eventually 20 "and is over" heard taro 2 "確認します。"

# an FAQ in a menu
printf 'parking\t駐車場はありますか\t3台分あります。\n' >"$T/faq.tsv"
ok "an FAQ" madod faq import "$T/faq.tsv"
cp "$T/rules.conf" "$T/old.conf"
printf '[rule m]\nexact = メニュー\nmenu = m\n[menu m]\ntext = どうぞ\nitem = 駐車場 > faq parking\nitem = 人 > person\n' >"$T/rules.conf"
kill -HUP "$madod_pid"
eventually 20 "is in a menu" reread 2
say mei メニュー
hears mei 1 どうぞ
curl -sf -d '{"user":"mei","label":"駐車場"}' "$madosim_url/sim/tap" >/dev/null
hears mei 1 "3台分あります。"
printf 'case: a\ncustomer: メニュー\nbot: どうぞ\nfaq: parking\ntap: 駐車場\nbot: 3台分あります。\nwhy: tapped\ncustomer: 駐車場はありますか\nbot: 3台分あります。\nwhy: FAQ\n' >"$T/faq.cases"
is "$(madod rules test "$T/faq.cases" --faq)" "1 case, 0 failed" "and cases may ask for FAQs"
cp "$T/old.conf" "$T/rules.conf"

# unsent
id=$(api /v1/conversations/1/messages | jq -r '.messages[] | select(.text == "１２３") | .line_id')
curl -sf -d "{\"user\":\"hanako\",\"messageId\":\"$id\"}" "$madosim_url/sim/unsend" >/dev/null
eventually 20 "an answer that is unsent is forgotten" gives '{}' conv 1 .contact.fields
stop madod
like "$(madod rules replay | tail -1)" '^[0-9]+ messages, ' "without a madod, too"
done_testing
