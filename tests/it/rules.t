#!/bin/bash
# The bot of rules.conf between a customer and the people.
. "$(dirname "$0")/../lib.sh"
cp "$top/tests/data/rules.conf" "$T/rules.conf"
madod_port=$(free_port)
start_madosim
config "server rules = $T/rules.conf"
add_user sato agent
start_madod
sign_in_api sato

conv() { api "/v1/conversations/$1" | jq -c ".conversation$2"; }
# said NAME N: the last N bubbles that the customer received
said() { curl -sf "$madosim_url/sim/state?user=$1" | jq -c "[.. | objects | select(.type? == \"text\") | .text] | .[-${2:-1}:]"; }
has_said() { said "$1" "$2" | grep -qF -- "$3"; }
# gives WANTED COMMAND...: asked anew each time
gives() { local w=$1; shift; [ "$("$@")" = "$w" ]; }
history() { api "/v1/conversations/$1/messages?limit=100" | jq -c "$2"; }

# an answer, by reply, with its buttons
say hanako "えいぎょうじかん？ 何時から？"
eventually 20 "a word in the text is answered" has_said hanako 1 "営業時間は10:00～19:00です。"
is "$(conv 1 .mode)" '"auto"' "and the bot keeps the conversation"
eventually 20 "the answer cost nothing" gives '["reply"]' history 1 '[.messages[] | select(.from == "bot") | .via] | unique'
is "$(history 1 '[.messages[] | select(.from == "bot") | .why] | unique')" '["rule 営業時間"]' "it says which rule it was"
curl -sf -d '{"user":"hanako","label":"返品"}' "$madosim_url/sim/tap" >/dev/null
eventually 20 "a tapped button is answered" has_said hanako 1 "お届けから7日以内"
is "$(conv 1 .mode)" '"auto"' "still the bot's"

# people
say hanako "担当者をお願いします"
eventually 20 "who asks for a person is told so" has_said hanako 1 "担当者におつなぎします。"
is "$(conv 1 .mode)" '"manual"' "and gets one"
like "$(history 1 '[.messages[] | select(.from == "system") | .text]')" 'asked for a person \(rule 担当者\)' "with the reason in the history"
say hanako "営業時間"
eventually 20 "the word came" gives 4 history 1 '[.messages[] | select(.from == "customer")] | length'
is "$(history 1 '[.messages[] | select(.from == "bot")] | length')" 3 "the bot is silent beside people"

say jiro "宇宙へ行きたい"
eventually 20 "no rule says its words, with the number" has_said jiro 1 "受付番号は 2 です"
is "$(conv 2 .mode)" '"manual"' "and hands over"
like "$(history 2 '[.messages[] | select(.from == "system") | .text]')" 'no rule' "because of no rule"
curl -sf -d '{"user":"kato","sticker":"446 1988 営業時間"}' "$madosim_url/sim/say" >/dev/null
eventually 20 "a sticker's words are not the customer's" gives '"manual"' conv 3 .mode

# rereading
printf '[rule a]\nexact = 新しい\nanswer = 新しい答え\n' >"$T/rules.conf"
kill -HUP "$madod_pid"
eventually 20 "SIGHUP is heard" grep -q 'reread ' "$T/madod.log"
new_rules() { say "$1" 新しい; until_true 20 has_said "$1" 1 "新しい答え"; }
ok "and brings new rules" new_rules mei
printf '[rule a]\nexakt = x\n' >"$T/rules.conf"
kill -HUP "$madod_pid"
eventually 20 "a bad file is named by its line" grep -q "rules.conf:2:1: " "$T/madod.log"
ok "and leaves the old rules in force" new_rules rin
stop madod
"$B/madod" -c "$T/madod.conf" >"$T/out" 2>&1
unlike $? "^0$" "with a bad file it does not start"
like "$(cat "$T/out")" 'rules.conf:2:1: .*exakt' "and says why"

# none
config
start_madod
sign_in_api sato
waiting() { api '/v1/conversations?view=waiting' | jq '.conversations | length'; }
n=$(waiting)
say ann "営業時間"
eventually 20 "without rules people get it at once" gives $((n + 1)) waiting
is "$(curl -sf "$madosim_url/sim/state?user=ann" | jq '[.. | .text? // empty] | map(select(test("営業時間は"))) | length')" 0 "and nothing is sent"
stop madod
done_testing
