#!/bin/bash
# An agent's main job by keys: take, answer, canned, tag, pin, follow up, back
# to the bot, survey, resolve, quit.
. "$(dirname "$0")/lib.sh"
cat >"$T/rules.conf" <<'R'
[rule hours]
contains = hours
answer = We open at ten.
R
start_desk "server rules = $T/rules.conf"
printf '礼\t{{contact.name}}様、{{agent.name}}です。\n' >"$T/c.tsv"; madod canned import "$T/c.tsv"
got() { sim ".customers[]|select(.name==\"$1\")|[.received[]|.message.text]|join(\"|\")" | tr -d '"'; }
has_got() { case $(got "$1") in *"$2"*) true;; *) false;; esac; }
conv() { mado show 1 --json | jq -r "$1"; }
conv_is() { [ "$(conv "$1")" = "$2" ]; }
say hanako 'サイズが合いません'
until_true 20 conv_is .contact.name hanako
inbox 120x32
eventually 20 "the inbox shows who waits" sees 'hanako'
keys Enter
eventually 20 "Enter opens the conversation" sees 'サイズが合いません'
keys r
eventually 20 "r asks for the reply, to whom is written there" sees 'reply to hanako'
text 'お待たせしました'
eventually 20 "typing is seen" sees '> お待たせしました'
enters "Enter starts the undo seconds" お待
keys Enter
eventually 20 "Enter on the empty line lets it go" sees '(✓|v) reply'
ok "the customer has it" has_got hanako お待たせしました
is "$(conv .assignee)" sato "the conversation is sato's"
text 'よ'; keys Enter C-g
eventually 20 "Ctrl-G takes it back into the line" sees '> よ'
keys C-u; keys C-g
keys c; text 礼; keys Enter
eventually 20 "a canned reply is filled in" sees 'hanako様、sato'
keys Enter; keys Enter
eventually 20 "and sent" has_got hanako 'hanako様、sato'
keys C-g
keys t; text '返品 急ぎ'; keys Enter
eventually 20 "tags" conv_is '.tags|sort|join(",")' "急ぎ,返品"
keys p; eventually 20 "a pin" conv_is .pinned true
keys f; eventually 20 "follow up" conv_is .status follow_up
keys P; eventually 20 "a note has another prompt" sees 'NOTE, stays inside'
text '足の甲が高い'; keys Enter
eventually 20 "a note is kept" sees '足の甲が高い'
unlike "$(got hanako)" 足の甲 "and never leaves"
keys C-g
keys m; eventually 20 "back to the bot" conv_is .mode auto
say hanako 'opening hours?'
eventually 20 "which answers" has_got hanako 'We open at ten.'
eventually 20 "in the history" sees 'We open at ten'
keys S; keys Enter
quick() { sim '.customers[]|select(.name=="hanako")|[.received[]|.message.quickReply.items[]?|.action.label]|join("")' | grep -q 12345; }
eventually 20 "the survey has five quick replies" quick
curl -sf -d '{"user":"hanako","label":"4"}' "$madosim_url/sim/tap" >/dev/null
eventually 20 "its answer is on the conversation" conv_is .csat.score 4
eventually 20 "and on the screen" sees '4/5'
keys e; eventually 20 "resolved" conv_is .status resolved
keys q; keys q; keys q
eventually 20 "q at the top leaves" sees 'shell>'
is "$(tm display -p '#{alternate_on} #{cursor_flag}')" "0 1" "the main screen is back, the cursor shown"
done_testing
