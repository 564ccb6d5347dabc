#!/bin/bash
# Working through a queue by keys: the list narrowed while typing, views of
# madorc with their counts.
. "$(dirname "$0")/lib.sh"
start_desk
conv() { mado show "$1" --json | jq -r "$2"; }
conv_is() { [ "$(conv "$1" "$2")" = "$3" ]; }
knows() { [ "$(mado ls -q | wc -l)" = "$1" ]; }
n=0
for w in ume take matsu; do
	say $w "これは${w}です"
	n=$((n + 1))
	until_true 20 knows $n
done
mado tag 2 +返品
cat >"$XDG_CONFIG_HOME/mado/madorc" <<'R'
undo_s = 1
[view 返品]
query = tag:返品 unread>0
[view late]
query = waiting>1h
R
inbox 120x32
eventually 20 "the inbox" sees '> ume'
# --- views ---
eventually 20 "saved views stand in the header, counted" sees '6 返品 1  7 late 0'
keys 6
eventually 20 "6 shows the first" sees '^┌ 返品'
eventually 20 "only what it asks for" lacks '> ume'
eventually 20 "which is #2" sees '> take'
mado tag 3 +返品
eventually 20 "the count follows" sees '6 返品 2'
eventually 20 "and, left alone, the list" sees 'matsu'
keys :; text 'view late'; keys Enter
eventually 20 ":view NAME" sees 'Nothing is in this view now'
keys 5
eventually 20 "and mado's own" sees 'ume'
# --- narrowing ---
keys /
text 'tag:返'
eventually 20 "a filter that finds nothing" sees 'Nothing matches'
text '品'
eventually 20 "the list follows each letter" lacks 'ume'
eventually 20 "those that match are there" sees 'matsu'
keys Enter
eventually 20 "Enter keeps it" sees '> take'
keys n
eventually 20 "n is the next" sees '> matsu'
keys n
eventually 20 "round the end" sees '> take'
keys q
eventually 20 "q shows all again" sees 'ume'
keys n
eventually 20 "n goes back to those" lacks 'ume'
keys q
eventually 20 "and q again" sees 'ume'
keys /; text 'ume'
eventually 20 "words too" lacks 'take'
keys C-g
eventually 20 "Ctrl-G takes it back" sees 'take'
keys /; text 'wating>30m'; keys Enter
eventually 20 "Enter on a slip says where" sees 'column 1: there'
eventually 20 "the caret stands there" caret_is "1,31"
keys C-g
eventually 20 "and all is as before" sees 'ume'
# --- several at once ---
keys g g Space Space Space
eventually 20 "three are selected" sees '3 selected'
keys :; text 'tag +返品'; keys Enter
eventually 20 "a verb on several shows what it changes" sees 'tag \+返品: 1 conversations'
ok "and what it does not" sees '#2 +take +stays as it is'
# another process of ours sends what it finds kept, and may be first
(for ((i = 0; i < 30; i++)); do mado ls -q >/dev/null; done) &
beside=$!
keys Enter
eventually 20 "Enter does it" conv_is 1 '.tags|join(",")' 返品
eventually 20 "and is done" lacks '#2 +take +stays'
wait $beside
keys U
eventually 20 "one U takes back what was changed" conv_is 1 '.tags|join(",")' ''
is "$(conv 2 '.tags|join(",")')" 返品 "and nothing else"
keys :; text 'assign 1 2 nobody'; keys Enter
eventually 20 "numbers are several too" sees 'assign nobody: 2 conversations'
keys y
eventually 20 "what was refused is told for each" sees '0 done, 2 refused'
ok "with the reason" sees '#1 +ume +.*nobody'
keys q
eventually 20 "any key leaves it" lacks 'refused'
# --- everything that was ever said ---
say ume 'サイズ違いの靴です'
n=0; while [ $n -lt 30 ]; do n=$((n + 1)); say ume "続き $n"; done
found() { mado search サイズ違い -q | grep -q '^1$' && mado search '続き 30' -q | grep -q '^1$'; }
until_true 20 found
keys g /; text 'さいず違い'; keys Enter
eventually 20 "g/ finds what was said" sees '#1 +ume +サイズ違いの靴です'
eventually 20 "the caret is in its row" caret_is 1,2
keys Enter
eventually 20 "Enter goes to it in its thread" sees '#1 ume .*open'
eventually 20 "far above the newest" sees 'サイズ違いの靴です'
eventually 20 "which is not on the screen" lacks '続き 25'
keys g /
eventually 20 "g/ again begins with the last words" sees '^:search-all さいず違い'
keys C-u; text 'search-all あるはずがない'; keys Enter
eventually 20 "what was never said" sees 'Nothing was ever said'
keys q q q
eventually 20 "left" sees '^shell>'
done_testing
