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
lacks() { ! sees "$1"; }
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
ok "those that match are there" sees 'matsu'
keys Enter
eventually 20 "Enter keeps it" sees '> take'
keys n
eventually 20 "n is the next" sees '> matsu'
keys n
eventually 20 "round the end" sees '> take'
keys q
eventually 20 "q shows all again" sees 'ume'
keys /; text 'ume'
eventually 20 "words too" lacks 'take'
keys C-g
eventually 20 "Ctrl-G takes it back" sees 'take'
keys /; text 'wating>30m'; keys Enter
eventually 20 "Enter on a slip says where" sees 'column 1: there'
eventually 20 "the caret stands there" caret_is "1,31"
keys C-g
eventually 20 "and all is as before" sees 'ume'
keys q
eventually 20 "left" sees '^shell>'
done_testing
