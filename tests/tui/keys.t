#!/bin/bash
# The reply line as its users know it (readline, macros, vi, paste, the
# editor), keys that are rebound, many conversations at once, the guard of what
# was not seen, and what has gone wrong.
. "$(dirname "$0")/lib.sh"
start_desk
add_user kato agent
got() { sim ".customers[]|select(.name==\"$1\")|[.received[]|.message.text]|join(\"|\")" | tr -d '"'; }
has_got() { case $(got "$1") in *"$2"*) true;; *) false;; esac; }
conv() { mado show "$1" --json | jq -r "$2"; }
conv_is() { [ "$(conv "$1" "$2")" = "$3" ]; }
knows() { [ "$(mado ls -q | wc -l)" = "$1" ]; }
n=0
for w in ume take matsu; do
	say $w "これは${w}です"
	n=$((n + 1))
	until_true 20 knows $n
done
conf=$XDG_CONFIG_HOME/mado
mkdir -p "$conf"
printf 'undo_s = 1\n' >"$conf/madorc"
cat >"$conf/inputrc" <<'R'
$if mado
"\C-xq": "よろしくお願いします。"
"\C-xp": mado-toggle-pin
$endif
$if bash
"\C-xq": "wrong"
$endif
R
printf '[list]\nx = tag +急ぎ\n[history]\nCtrl-T = toggle follow-up\n' >"$conf/keys.conf"
cat >"$T/ed" <<'R'
#!/bin/sh
printf 'from the editor\nsecond line\n' >>"$1"
R
chmod +x "$T/ed"

inbox 100x32 "EDITOR=$T/ed"
eventually 20 "the inbox" sees '> ume'
# --- keys.conf ---
keys x
eventually 20 "keys.conf: a key of the list" conv_is 1 '.tags|join(",")' 急ぎ
keys l; eventually 20 "open" sees '#1 ume'
keys C-t
eventually 20 "keys.conf: a key of the history" conv_is 1 .status follow_up
keys U
eventually 20 "U takes it back" conv_is 1 .status open
# --- the line ---
keys r; eventually 20 "the reply line" sees '^reply to ume'
keys C-x q
eventually 20 "a macro of \$if mado" sees '> よろしくお願いします。$'
keys C-x p
eventually 20 "a verb bound in inputrc" conv_is 1 .pinned true
ok "the text is still there" sees '> よろしくお願いします。$'
keys C-w
eventually 20 "Ctrl-W goes by script, not to the line's start" sees '> よろしくお願いします$'
keys C-u; tm set-buffer -b p $'one\ntwo\n'; tm paste-buffer -p -b p
eventually 20 "what is pasted is not sent" sees '^  two'
keys C-j; text three
eventually 20 "Ctrl-J is a new line" sees '^  three'
keys Up Up; keys C-a; text '+'
eventually 20 "Up and Ctrl-A move in the text" sees '^  \+two'
keys C-x C-e
eventually 20 "the editor's text comes back" sees '^  second line'
keys C-_
eventually 20 "and can be undone" eval '! sees "second line"'
keys C-u C-k
for i in 1 2 3; do keys C-p; done
keys C-o p
eventually 20 "Ctrl-O and a verb" conv_is 1 .pinned false
ok "and back to typing" sees '^reply to ume'
left() { ! sees '^> '; }
keys C-g; eventually 20 "Ctrl-G leaves" left
# --- vi ---
printf 'set editing-mode vi\n' >>"$conf/inputrc"
keys q q; eventually 20 "leaves" sees 'shell>'
keys "$B/mado" Enter; eventually 20 "again" sees 'ume'
keys l; eventually 20 "open" sees '#1 ume'
keys C-l r; eventually 20 "the reply line" sees 'reply to ume'
keys C-u; text 'abc def'; eventually 20 "vi: typed" sees '> abc def$'
moves keys Escape; keys 0 d w
eventually 20 "vi: Esc is its command mode" sees '> def$'
keys i C-u C-g
eventually 20 "vi: Ctrl-G leaves" left
sed -i '/vi$/d' "$conf/inputrc"; keys q q; eventually 20 "leaves" sees 'shell>'
keys "$B/mado" Enter; eventually 20 "again" sees 'matsu'
# --- the : line and the palette ---
keys : ; text 'unp'; keys Tab
eventually 20 ": completes a command" sees '^:unpin'
keys C-g; eventually 20 "Ctrl-G leaves it" lacks '^:'
keys :; text 'reslove'; keys Enter
eventually 20 "a mistyped one is told the nearest" sees 'resolve'
keys C-k; text 'follow'
eventually 20 "the palette finds a view and a verb" eval 'sees "Follow-up .*view" && sees "follow-up .*command"'
keys Escape
eventually 20 "and closes" eval '! sees Everything'
# --- search and several at once ---
keys /; text matsu; keys Enter
eventually 20 "/ narrows to a match" sees '> matsu'
keys q
eventually 20 "q shows all again" sees '[ >+] ume'
keys g g Space Space
eventually 20 "two are selected" sees '2 selected'
keys f
eventually 20 "a verb on both shows them first" sees 'follow-up: 2 conversations'
keys Enter
eventually 20 "a verb acts on both" conv_is 1 .status follow_up
eventually 20 "on both" conv_is 2 .status follow_up
is "$(conv 3 .status)" open "and on no other"
keys U
eventually 20 "U takes both back" conv_is 2 .status open
eventually 20 "both" conv_is 1 .status open
# --- what was not seen ---
for i in $(seq 1 25); do say matsu "長い話の $i 行目"; done
keys G l
eventually 20 "a long history" sees '長い話の 25 行目'
keys r; text 'すぐ送ります'
keys PPage PPage
eventually 20 "it is scrolled up" sees '長い話の 5 行目'
say matsu 'まだ読んでいない話'
until_true 20 eval 'mado history 3 --json | grep -q まだ読んで'
enters "Enter" すぐ
eventually 20 "it is refused: something was not seen" sees 'Not sent: there is something you have not seen'
ok "the text is back" sees '> すぐ送ります'
eventually 20 "what was not seen is shown" sees 'まだ読んでいない話'
unlike "$(got matsu)" 'すぐ送ります' "nothing was sent"
enters "Enter once more" すぐ
eventually 20 "now it leaves" has_got matsu 'すぐ送ります'
is "$(got matsu | grep -o すぐ送ります | wc -l)" 1 "once"
keys C-g q q
eventually 20 "leaves" sees 'shell>'
done_testing
