#!/bin/bash
# The inbox on one kind of terminal after the other: the same screen, every
# border in its place, and afterwards the terminal as it was.
. "$(dirname "$0")/lib.sh"
start_desk
say '山田 花子' '返品したいのですが'
say 'Somchai ใจดี' 'สวัสดีครับ น้ำใจดีมาก'
say $'e\e[2Jvil' $'\e[31mred\e[0m'
known() { [ "$(mado ls -q | wc -l)" = 3 ]; }
eventually 20 "three customers" known
conf=$XDG_CONFIG_HOME/mado
mkdir -p "$conf"

# what is pasted into cat comes as it is: bracketed paste is off
paste_is_plain() { screen | grep -qx 'pasted'; }
# after NAME ALTERNATE: mado has ended
after() {
	is "$(tm display -p '#{alternate_on} #{cursor_flag} #{mouse_any_flag}')" "0 1 0" "$1: the main screen is back, the cursor shown"
	keys 'clear; stty -echo; cat -v' Enter
	until_true 20 eval '! sees "shell>"'
	tm set-buffer -b p pasted; tm paste-buffer -p -b p; keys Enter
	eventually 20 "$1: bracketed paste is off" paste_is_plain
	keys C-d
}
# look NAME LINES [ENV...]: open, read, type, leave. LINES: what borders are
look() {
	local name=$1 line=$2
	shift 2
	inbox 120x32 "$@"
	eventually 20 "$name: the inbox" sees 'Somchai'
	keys 5 g g Enter
	eventually 20 "$name: a conversation" sees '返品したいのですが|red|สวัสดีครับ'
	keys r; text 'abcあ'
	eventually 20 "$name: typing" sees '> abcあ'
	eventually 20 "$name: the caret" caret_is 7,30
	eventually 20 "$name: lines are $line" eval '[ "$(row 15 | tr -cd "$line" | wc -m)" = 6 ]'
	unlike "$(screen)" $'\e|\x0e|\x0f' "$name: nothing raw"
	leave C-u C-g q q q
	after "$name"
}
for t in tmux-256color xterm-256color xterm; do
	look $t '│' TERM=$t
done
echo 'ascii_lines = on' >"$conf/madorc"
for t in linux vt100; do
	look "$t, ASCII" '|' TERM=$t
done
rm "$conf/madorc"
# A locale that is not installed: its language, in UTF-8 all the same.
look 'ja_JP.UTF-8' '│' LC_ALL= LANG=ja_JP.UTF-8
# The doctor in such a terminal: what it sees, and what is to be pasted.
inbox 120x32
eventually 20 "the inbox once more" sees 'Somchai'
leave q q
keys "clear; $B/mado doctor" Enter
eventually 20 "doctor: the desk answers" sees '^ok +desk +http.* answers in [0-9]+ ms, madod [0-9]'
eventually 20 "doctor: the clock" sees '^ok +clock'
eventually 20 "doctor: emoji, as tmux has them" sees '^ok +emoji '
eventually 20 "doctor: what tmux should do" sees '^look +focus-events +off'
eventually 20 "doctor: what to paste" sees '^set -g focus-events on'
tm set -g focus-events on
keys "clear; TERM=nosuch LANG=ja_JP.eucJP LC_ALL= LANGUAGE=en $B/mado doctor" Enter
eventually 20 "doctor: no such terminal" sees '^look +TERM +TERM=nosuch is unknown'
eventually 20 "doctor: no UTF-8" sees '^look +locale +"ja_JP.eucJP" is no UTF-8'
eventually 20 "doctor: what is right now" sees '^ok +focus-events +on'
echo 'undo_s = soon' >"$conf/madorc"
like "$(mado doctor --json 2>/dev/null | jq -r 'select(.ok | not) | .text')" 'madorc:1: ' "doctor --json, and a broken madorc"
done_testing
