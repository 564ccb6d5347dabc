#!/bin/bash
# The reply line's finer points: macros of ~/.inputrc and recorded ones,
# candidates above the line, history per contact, Esc and Enter that a slow
# link has split.
. "$(dirname "$0")/lib.sh"
start_desk
got() { sim ".customers[]|select(.name==\"$1\")|[.received[]|.message.text]|join(\"|\")" | tr -d '"'; }
has_got() { case $(got "$1") in *"$2"*) true;; *) false;; esac; }
conv() { mado show "$1" --json | jq -r "$2"; }
conv_is() { [ "$(conv "$1" "$2")" = "$3" ]; }
knows() { [ "$(mado ls -q | wc -l)" = "$1" ]; }
line_is() { [ "$(screen | grep -E '^> ' | tail -1)" = "> $1" ]; }
printf '礼\t{{contact.name}}様、担当の{{agent.name}}です。\n返品1\t七日以内に承ります。\n返品2\t着払いでお送りください。\n失礼\t失礼いたしました。\n' >"$T/c.tsv"
madod canned import "$T/c.tsv"
n=0
for w in ume take; do say $w "これは${w}です"; n=$((n + 1)); until_true 20 knows $n; done
mkdir -p "$XDG_CONFIG_HOME/mado"
printf 'undo_s = 20\n' >"$XDG_CONFIG_HOME/mado/madorc"
cat >"$HOME/.inputrc" <<'R'
$if mado
"\C-xg": "お世話になっております。/礼\t"
"\C-xh": "よろしく\C-oc返品2\C-m"
"\C-xt": mado-tag
$endif
R
# without its token no reply is free: none leaves at once because it is about to
# cost something
sqlite3 -cmd '.timeout 20000' "$T/desk/madod.db" 'DELETE FROM reply_token'
inbox 100x32
eventually 20 "the inbox" sees '> ume'
keys l; eventually 20 "open" sees '#1 ume'
keys r; eventually 20 "the reply line" sees '^reply to ume'
# --- macros ---
keys C-x g
eventually 20 "a macro of ~/.inputrc types a greeting and completes a canned reply" \
    line_is 'お世話になっております。ume様、担当のsatoです。'
keys C-_; eventually 20 "which one undo takes back" line_is 'お世話になっております。/礼'
keys C-u; keys C-x h
eventually 20 "a macro goes through Ctrl-O and the palette, which stacks" eval 'line_is よろしく && sees "^  着払いでお送りください。"'
keys C-u; keys C-x '('; text 'くり返し、'; keys C-o p; keys C-x ')'
eventually 20 "while a macro is recorded it acts" conv_is 1 .pinned true
keys C-x e
eventually 20 "it is replayed" line_is 'くり返し、くり返し、'
eventually 20 "with the verb in it" conv_is 1 .pinned false
keys C-u; text 'あ'; keys C-x t
eventually 20 "a verb that wants words asks for them" sees '^:tag'
text '+急ぎ'; keys Enter
eventually 20 "and is done" conv_is 1 '.tags|join(",")' 急ぎ
eventually 20 "back to the reply" line_is あ
# --- candidates ---
keys C-u; text '/'; keys Tab
eventually 20 "Tab shows the canned replies, filled in" sees '^│. 礼 +ume様、担当のsato'
text '返'
eventually 20 "which follow what is typed" eval '! sees "^│. 礼 " && sees "^│> 返品1"'
keys Tab
eventually 20 "Tab goes to the next" sees '^│> 返品2 +着払い'
keys Up; eventually 20 "Up to the one before" sees '^│> 返品1'
keys Escape; eventually 20 "Esc closes them, the text stays" eval '! sees "^│> 返品" && line_is /返'
keys Tab; eventually 20 "again, as far as all agree" line_is /返品
keys C-n Enter
eventually 20 "Enter takes the one that is marked" line_is '着払いでお送りください。'
text '/にない'; keys Tab; keys C-u
text '/いたしま'; keys Tab
eventually 20 "what no name begins with is found in the text" line_is '失礼いたしました。'
text ':にもつ'; keys Tab
eventually 20 "an emoji by its reading" line_is '失礼いたしました。📦'
keys C-u; text '1/2 12:30'; keys Tab; text 。
eventually 20 "a fraction and a time are no words of ours" line_is '1/2 12:30。'
# --- Esc and Enter ---
keys C-u; text 'これを送る'; eventually 20 "typed" line_is 'これを送る'
enters "Enter" これを送る
eventually 20 "starts the undo seconds" sees 'leaves in'
keys Escape
eventually 20 "Esc takes it back" line_is 'これを送る'
keys Enter
eventually 20 "Enter after Esc does not send" sees 'Enter right after Esc'
unlike "$(screen)" 'leaves in' "nothing is about to leave"
is "$(got ume)" "" "nothing has left"
keys Enter; eventually 20 "Enter once more does" sees 'leaves in'
keys Enter; eventually 20 "the customer has it" has_got ume 'これを送る'
# --- history: this contact's first ---
keys C-g q; keys g g; keys j l
eventually 20 "the other conversation" sees '#2 take'
keys r; eventually 20 "its line" sees '^reply to take'
text 'takeさんへ'; eventually 20 "typed" line_is 'takeさんへ'
enters "it is to leave" takeさんへ; keys Enter
eventually 20 "sent" has_got take takeさんへ
# who has been answered is in Waiting until the list is put in order
keys C-g q; keys 5; eventually 20 "all that is open" sees '^┌ Open'
mine() { keys g g; until_true 2 sees '> ume' && return; keys j; until_true 2 sees '> ume'; }
eventually 20 "one of them" mine
keys l; eventually 20 "the first again" sees '#1 ume'
keys r; eventually 20 "its line" sees '^reply to ume'
keys Up; eventually 20 "Up: what this customer was told" line_is 'これを送る'
keys Up; eventually 20 "then what others were" line_is 'takeさんへ'
keys Down Down; eventually 20 "and back" sees '^>$'
keys C-r; text 'take'; eventually 20 "Ctrl-R searches all" line_is 'takeさんへ'
keys C-g; keys C-u
# --- vi ---
keys C-g q; keys q q; eventually 20 "leaves" sees 'shell>'
printf 'set editing-mode vi\n' >>"$HOME/.inputrc"
keys "$B/mado" Enter; eventually 20 "again, with vi keys" sees '^┌ Open'
keys 5; eventually 20 "all that is open" sees '> (ume|take)'
eventually 20 "one of them" mine
keys l; eventually 20 "open" sees '#1 ume'
keys r; eventually 20 "the line" sees '^reply to ume'
text '返品はメールで'; eventually 20 "typed" line_is '返品はメールで'
moves keys Escape; keys 0 w D
eventually 20 "vi's w goes by script" line_is '返品'
keys a; keys M-Enter; text 次
eventually 20 "Alt-Enter is a new line" sees '^  次'
moves keys Escape; keys Enter
eventually 20 "Esc, then Enter sends nothing" sees 'Enter right after Esc'
is "$(got ume)" "これを送る" "still nothing"
done_testing
