#!/bin/bash
# Completion of the filter after "/": fields, values, tags that the desk knows
# though no row of the list has them, in full width as well.
. "$(dirname "$0")/lib.sh"
start_desk
add_user kato agent
knows() { [ "$(mado ls -q --view all | wc -l)" = "$1" ]; }
say ume 'サイズは?'; until_true 20 knows 1
say take '色は?'; until_true 20 knows 2
mado tag 1 +返品; mado tag 2 +発送 +@VIP; mado assign 2 kato
inbox 100x30
eventually 20 "the inbox" sees 'ume'
eventually 20 "live" sees 'live'
keys /
eventually 20 "narrowing" sees '^/$'
keys Tab
eventually 20 "the fields, with what they mean" sees '> tag +a tag of the conversation'
text 'as'
eventually 20 "the one that begins so" sees '> assignee +who has it'
keys Tab
eventually 20 "taken" sees '^/assignee:$'
keys Tab
eventually 20 "who it may be" sees '  kato '
text 'ka'; keys Tab
eventually 20 "a colleague" sees '^/assignee:kato$'
keys C-u; text 'タグ：'
keys Tab
eventually 20 "tags of the desk, though not in this list" sees ' 発送 '
ok "and the contacts'" sees ' @VIP '
text '返'; keys Tab
eventually 20 "in Japanese and full width" sees '^/タグ：返品$'
keys Enter
eventually 20 "it narrows" sees 'タグ：返品'
keys :; text 'tag +発'; keys Tab
eventually 20 "so for the verb" sees '^:tag \+発送'
keys C-u; text 'tag 返'; keys Tab
eventually 20 "without its sign, too" sees '^:tag 返品'
keys C-g
keys q q q
eventually 20 "left" sees '^shell>'
done_testing
