#!/bin/bash
# What TAB is told: read off the command table and the local store, never from
# the desk; and that make install puts the shells' scripts where they look.
. "$(dirname "$0")/../lib.sh"
command -v tmux >/dev/null || skip_all "tmux is not installed"
start_desk
add_user kato agent
for u in aoi ben; do say $u "$u です"; done
n_convs() { [ "$(mado ls -q | wc -l)" = "$1" ]; }
eventually 20 "two customers are there" n_convs 2
A=$(mado ls --query aoi -q) BN=$(mado ls --query ben -q)
mado tag "$A" +返品 +@VIP; mado canned add 礼 ありがとう
# words WORD...: what the last of them may become
words() { "$B/mado" --complete "$@" 2>&1 | cut -f1 | paste -sd' '; }
is "$(words show '')" "" "without a store there are no numbers"
# the line mode, on a terminal of its own, keeps the store
trap 'tmux -L "mado-$$" kill-server 2>/dev/null; cleanup' EXIT
tmux -L "mado-$$" -f /dev/null new-session -d "$B/mado shell"
kept() { "$B/mado" --complete show '' | grep -q aoi && [ "$(words assign 1 ka) $(words canned rm '')" = "kato 礼" ]; }
eventually 20 "the line mode keeps the store" kept
tmux -L "mado-$$" kill-server
is "$(words sn)" snooze "a verb"
like "$(words re)" "^reply resolve reopen" "verbs, in the table's order"
is "$(words ope)" "" "but none of the line mode alone"
like "$("$B/mado" --complete sh)" "$(printf 'show\tone conversation')" "with what it does"
is "$(words --pro)" "--profile" "the options before it"
is "$(words ls --v)" "--view" "an option"
is "$(words ls --view w)" waiting "what it takes"
is "$(words --profile default ls --assignee k)" kato "also after a profile"
is "$(words show '' | tr ' ' '\n' | sort -n | paste -sd' ')" "$A $BN" "numbers of conversations"
like "$("$B/mado" --complete show "$A")" "aoi: " "with who it is"
is "$(words assign "$A" ka)" kato "an agent"
is "$(words tag "$A" +)" "+返品 +@VIP" "tags of both kinds"
is "$(words tag "$A" -返)" "-返品" "to be taken off, too"
is "$(words ls --tag 返)" 返品 "or to be looked for"
is "$(words reply "$A" --canned '')" 礼 "canned replies"
is "$(words canned im)" import "the words of a verb"
is "$(words completions '')" "bash zsh fish" "its own"
stop madod
is "$(words assign "$A" ka)" kato "the desk is not asked"
for s in bash zsh fish; do
	command -v $s >/dev/null || { pass "# SKIP $s is not installed"; continue; }
	ok "$s understands its script" sh -c "$B/mado completions $s >$T/c.$s && $s -n $T/c.$s"
done
"$B/mado" completions tcsh >/dev/null 2>&1; is $? 2 "no other shells"
done_testing
