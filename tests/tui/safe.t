#!/bin/bash
# What must never happen: a text that goes to somebody else, or is lost. Taking
# back while the next one is typed, a quote left behind, an answer of the desk
# that comes while an agent has gone on typing, words of a tag like a quote.
. "$(dirname "$0")/lib.sh"
start_desk
got() { sim ".customers[]|select(.name==\"$1\")|[.received[]|.message.text]|join(\"|\")" | tr -d '"'; }
has_got() { [ "$(got "$1")" = "$2" ]; }
tags_are() { [ "$(mado show 1 --json | jq -r '.tags|join(",")')" = "$1" ]; }
knows() { [ "$(mado ls -q | wc -l)" = "$1" ]; }
say ume 梅です; until_true 20 knows 1
say take 竹です; until_true 20 knows 2
mado take 1 2 >/dev/null
printf 'undo_s = 20\n' >"$XDG_CONFIG_HOME/mado/madorc"
# no free reply, none leaves at once because it is about to cost something
sqlite3 -cmd '.timeout 20000' "$T/desk/madod.db" 'DELETE FROM reply_token'
inbox 100x32
eventually 20 "the inbox" sees '5 Open 2'
keys 5; eventually 20 "all" sees '^┌ Open'
keys :; text 'open 1'; keys Enter; eventually 20 "open" sees '#1 ume'

# --- taking back ---
keys r; eventually 20 "the reply line" sees '^reply to ume'
text 一つ目; enters "a reply" 一つ目
text 二つ目; eventually 20 "the next is begun" sees '^> 二つ目'
keys C-g
eventually 20 "Ctrl-G brings the first back" sees '^> 一つ目'
eventually 20 "and the second stays" sees '^  二つ目'
keys C-u C-k BSpace BSpace; keys Up C-k C-u; keys C-g
eventually 20 "left" lacks '^> '

# --- a quote ---
keys :; text 'open 1'; keys Enter; keys g g R
eventually 20 "R quotes" sees '^reply to ume.*梅です'
keys C-g; keys :; text 'open 2'; keys Enter; keys r
eventually 20 "another customer" sees '^reply to take'
ok "whom nothing of it is quoted" lacks '^reply to take.*梅です'
keys C-g; keys :; text 'open 1'; keys Enter
eventually 20 "back" sees '#1 ume'

# --- claiming ---
say matsu 松です
eventually 20 "one more waits" sees '5 Open 3'
kill -STOP "$madod_pid"
keys a; eventually 20 "asked for" sees 'Asking for the next'
keys r; text 梅さんへ; eventually 20 "meanwhile a reply is typed" sees '^> 梅さんへ'
kill -CONT "$madod_pid"
eventually 20 "it is told" sees '#3 is yours; :open 3'
text の続き; eventually 20 "who types goes on" sees '^> 梅さんへの続き'
ok "to the same customer" sees '^reply to ume'
enters "Enter" 梅さんへの続き; keys Enter
eventually 20 "sent" has_got ume 梅さんへの続き
is "$(got matsu)" "" "and to nobody else"
keys C-g
keys a; eventually 20 "who waits for it is taken there" sees 'Nobody is waiting|^reply to'

# --- a tag with a quote in it ---
keys C-g; keys :; text 'open 1'; keys Enter; eventually 20 "the first again" sees '#1 ume'
keys :; text "tag \"+it's\""; keys Enter
eventually 20 "a tag with a quote" tags_are "it's"
keys U; eventually 20 "is taken back" tags_are ''
leave q q q
done_testing
