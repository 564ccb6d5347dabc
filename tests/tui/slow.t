#!/bin/bash
# The inbox at the end of a slow line: 200 ms each way, jitter, stalls. A
# customer is found and answered, a key's own echo is small, and what a delay
# pulls apart does not change its meaning.
. "$(dirname "$0")/lib.sh"
slow=$B/tests/tui/slow
[ -x "$slow" ] || skip_all "make units builds $slow"
start_desk
for u in aoi ben; do say $u "$u です"; done
n_convs() { [ "$(mado ls -q | wc -l)" = "$1" ]; }
until_true 20 n_convs 2
A=$(mado ls --query aoi -q)
got() { sim ".customers[]|select(.name==\"$1\")|[.received[].message.text]|join(\"|\")" | tr -d '"'; }
got_is() { [ "$(got "$1")" = "$2" ]; }
printf '[mado]\nundo_s = 1\nclock = off\n' >"$XDG_CONFIG_HOME/mado/madorc"
see() { until_true 30 sees "$2" && pass "$1" || { fail "$1"; diag "$(screen)"; }; }
# line DELAY JITTER STALLS [ENV=VALUE ..]: the inbox behind such a line
line() {
	screens=$((screens + 1)); tm kill-server 2>/dev/null; sock=mado-$$-$screens
	tm new-session -d -x 100 -y 30 "env PS1='shell> ' MADO_NO_PROBE=1 ${*:4} bash --norc --noprofile"
	tm set -g status off \; set -sg escape-time 0
	until_true 20 sees 'shell>'
	text "clear; $slow $1 $2 $3 $T/log $B/mado"; keys Enter
}

line 200 60 5
see "the list comes" 'aoi です'
keys r
see "the reply line opens" 'reply to aoi'
text 'お待たせいたしました。'; see "what is typed is seen" '> お待たせいたしました。'
# The bytes that came after the last lot of keys: its echo, and maybe a clock's
# tick or what the desk has told. The least of several is the echo alone.
echo=9999
for c in w x y z; do
	text $c; until_true 20 sees "ました。[w-z]*$c" || diag "$(screen)"
	n=$(tac "$T/log" | sed '/^>/Q' | awk '{n += $2} END {print n + 0}')
	[ "$n" -ge "$echo" ] || echo=$n
done
ok "a letter's echo is $echo bytes, less than 40" test "$echo" -lt 40
keys C-u; text 'お待たせいたしました。'; see "and taken away again" '> お待たせいたしました。 *$'
keys Enter
eventually 30 "the customer has the answer" got_is aoi お待たせいたしました。
see "and what came of it is seen" '(reply|push)'
keys C-g; keys p
pinned() { [ "$(mado show "$A" --json | jq -r .pinned)" = true ]; }
eventually 30 "verbs work" pinned
keys q q; see "it ends" 'shell> *$'

line 50 0 0 SLOW_ESC=150
see "a line that breaks after Esc" 'ben です'
keys r; see "the reply line opens" 'reply to ben'
text 'まだ送らない'; see "with a text" '> まだ送らない'
keys Escape Enter
kept() { [ "$(sqlite3 "$XDG_STATE_HOME/mado/default-own.db" 'SELECT count(*) FROM draft')" = 1 ]; }
until_true 20 sh -c "! tmux -L $sock capture-pane -p | grep -q '> まだ送らない'"
eventually 20 "Alt-Enter pulled apart is Esc, which keeps the text" kept
is "$(sqlite3 "$XDG_STATE_HOME/mado/default-own.db" 'SELECT count(*) FROM outbox')" 0 "and Enter, which sends nothing"
unlike "$(got aoi)$(got ben)" まだ "to nobody"
done_testing
