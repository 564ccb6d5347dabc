#!/bin/bash
# Finding and doing, and how it looks: the ":" line with its candidates, a
# theme that is shown while it is chosen, settings that change while mado runs,
# the palette over everything, and broken files that cost no more than a line.
. "$(dirname "$0")/lib.sh"
start_desk
add_user kato agent
say ume 'いつ届きますか'
known() { mado ls -q | grep -q .; }
eventually 20 "a customer" known
mado tag 1 +返品 >/dev/null
printf '返品\t返品を承ります。\n' >"$T/c.tsv"; madod canned import "$T/c.tsv" >/dev/null
conf=$XDG_CONFIG_HOME/mado
mkdir -p "$conf/themes"
printf '[theme]\nground = dark\n[colours]\nheader = 231 54\n' >"$conf/themes/plum.theme"
shows() { tm capture-pane -p -e | head -1 | grep -q "$1"; }
line_is() { [ "$(row 32)" = "$1" ]; }
inbox 120x32
eventually 20 "the inbox" sees 'ume'
keys 5 Enter; eventually 20 "a conversation" sees 'いつ届きますか'

# --- the ":" line ---
keys :; eventually 20 "the commands are there" sees 'reply +answer the customer'
text tog; eventually 20 "they follow what is typed" eval 'sees "toggle" && ! sees "answer the customer"'
keys Tab; eventually 20 "Tab completes the only one" line_is ':toggle'
eventually 20 "and goes on to what it takes" sees '^│ +follow-up'
keys Tab; eventually 20 "Tab goes to the first" line_is ':toggle mode'
keys Tab; eventually 20 "and to the next" line_is ':toggle pin'
keys BTab; eventually 20 "and back" line_is ':toggle mode'
keys Escape; eventually 20 "Esc takes that out again" line_is ':toggle'
keys Escape; eventually 20 "Esc again leaves" eval '! sees ":toggle"'
keys :; text 'tag +'; eventually 20 "tags that are there" sees '\+返品'
keys C-u; text 'assign '; eventually 20 "colleagues" sees 'kato'
keys C-u; text 'canned '; eventually 20 "canned replies" sees '返品 +返品を承ります'
keys C-u; text 'snooze tom'; eventually 20 "moments, with their date" sees 'tomorrow 9:00 +[A-Z][a-z]+ [0-9]+ [A-Z]'
keys C-u; text 'view w'; keys Tab Enter; eventually 20 "a view" sees '^┌ Waiting'
keys 5 Enter

# --- themes ---
keys :; text 'theme plum'; eventually 20 "a theme is shown while its name stands there" shows '48;5;54'
keys C-w; eventually 20 "and no longer" eval '! shows "48;5;54"'
keys Tab Tab; eventually 20 "one moves through the names" line_is ':theme colour-blind-safe'
keys C-g; eventually 20 "Ctrl-G goes back" eval '! sees ":theme"'
keys :; text 'theme plum keep'; keys Enter
eventually 20 "Enter uses it" shows '48;5;54'
eventually 20 "keep keeps it" grep -q '^theme = "plum"' "$conf/madorc"
keys :; text 'theme nosuch'; keys Enter
eventually 20 "one that is not there is told with those that are" sees 'high-contrast, colour-blind-safe'

# --- settings ---
keys :; text 'set clock off'; keys Enter
eventually 20 "a setting changes at once" eval '! row 1 | grep -qE "[0-9]{2}:[0-9]{2}"'
keys :; text 'set emoji loud'; keys Enter
eventually 20 "a value that is none is told with those that are" sees '^"emoji" .*auto, safe, native'
keys :; text 'set clock'; keys Enter; eventually 20 "what it is now" sees 'clock = off'

tm pipe-pane "cat >'$T/out'"
ime() { grep -qaF $'\e'"[<$1" "$T/out"; }
keys :; text 'set ime_control on'; keys Enter
eventually 20 "the input method is switched off in panes" ime 0t
keys :; eventually 20 "and is as it was in lines" ime r
keys C-g; tm pipe-pane
keys q; keys :; text 'set rows one'; keys Enter
eventually 20 "rows of one line" sees '> ?ume +いつ'
keys Enter

# --- the palette ---
keys C-k; text 'hicont'; eventually 20 "the palette has settings" sees 'theme = high-contrast .*setting'
keys C-u; text 'kato'; eventually 20 "agents" sees 'kato .*assign to'
keys C-u; text '返品'; eventually 20 "canned replies and tags" eval 'sees "返品 .*canned" && sees "\+返品 .*tag"'
keys C-u; text 'ume'; eventually 20 "conversations" sees 'ume .*#1'
eventually 20 "the last row says what it can do" line_is 'Enter do it  Up Down choose  Esc close'
keys C-g
leave q q q

# --- broken files ---
printf 'theme = plum\nundo_s = soon\nclock = off\n' >"$conf/madorc"
printf '[list]\nx = tag +a\nHyper-X = help\ny = nosuch\nv = pin\n' >"$conf/keys.conf"
inbox 120x32
eventually 20 "it starts all the same" sees 'ume'
eventually 20 "with the rest of madorc" shows '48;5;54'
keys v
pinned() { [ "$(mado show 1 --json | jq .pinned)" = true ]; }
eventually 20 "and of keys.conf" pinned
# --- read anew ---
printf 'rows = one\nclock = off\n' >"$conf/madorc"
printf '[list]\nv = unpin\n' >"$conf/keys.conf"
keys :; text 'reload'; keys Enter
eventually 20 "madorc is read anew" sees '> ?.?ume +.*いつ'
keys v
unpinned() { [ "$(mado show 1 --json | jq .pinned)" = false ]; }
eventually 20 "so is keys.conf" unpinned
printf 'rows = three\nclock = off\n' >"$conf/madorc"
keys :; text 'reload'; keys Enter
eventually 20 "what is wrong is told, the program goes on" sees 'madorc:1: "rows" must be'
leave q q
eventually 20 "madorc's error has its file and line" sees 'madorc:2: "undo_s" must be'
done_testing
