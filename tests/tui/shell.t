#!/bin/bash
# mado shell as a person uses it: a prompt, completion, news between prompts,
# the undo seconds, the user's inputrc; on any terminal.
. "$(dirname "$0")/lib.sh"
start_desk
add_user kato agent
for u in aoi ben; do say $u "$u です"; done
cleanup_shells() { for ((i = 1; i <= screens; i++)); do tmux -L "mado-$$-$i" kill-server 2>/dev/null; done; cleanup; }
trap cleanup_shells EXIT
n_convs() { [ "$(mado ls -q | wc -l)" = "$1" ]; }
until_true 20 n_convs 2
A=$(mado ls --query aoi -q) BN=$(mado ls --query ben -q)
mado canned add 礼 'ありがとうございます、{{contact.name}}様'
got() { sim ".customers[]|select(.name==\"$1\")|[.received[].message.text]|join(\"|\")" | tr -d '"'; }
got_is() { [ "$(got "$1")" = "$2" ]; }
assigned() { [ "$(mado show "$A" --json | jq -r .assignee)" = "$1" ]; }
# see NAME REGEX: within 20 s; what is there is shown when it is not
see() { until_true 20 sees "$2" && pass "$1" || { fail "$1"; diag "$(screen)"; }; }
enter() { text "$1"; keys Enter; }
cat >"$HOME/.inputrc" <<'I'
$if mado
"\C-xg": "お世話になっております。/礼\C-i"
"\C-xt": mado-take
$endif
I
mkdir -p "$XDG_CONFIG_HOME/mado"; printf '[mado]\nundo_s = 1\n' >"$XDG_CONFIG_HOME/mado/madorc"
# shell [ENV=VALUE ...]: as a shell starts it, with $ARGS
shell() {
	screens=$((screens + 1)) sock=mado-$$-$screens
	tm new-session -d -x 90 -y 30 "env PS1='shell> ' $* bash --norc --noprofile"
	tm set -g status off \; set -sg escape-time 20
	until_true 20 sees 'shell>'
	text "clear; $B/mado $ARGS"; keys Enter
	see "a prompt with $* mado $ARGS" '^mado> ?$'
}

ARGS=shell shell TERM=xterm-256color
text op; keys Tab; enter "$A"
see "Tab completes a verb; open shows the conversation" "^#$A aoi> ?$"
see "and its messages" 'aoi です$'
text 'assign ka'; keys Tab Enter
eventually 20 "Tab completes an agent, the verb means the open conversation" assigned kato
keys C-x t
eventually 20 "an inputrc's key runs a verb" assigned sato
enter 'reply はい、承ります'
see "who gets it and what it costs is said" 'To: aoi, (free|1 push), in 1 s'
eventually 20 "a reply to it" got_is aoi はい、承ります
see "what came of it is told" "^#$A aoi: sent, free"
enter "reply 42"; see "a number is not taken for a text" 'conversation or the text'
enter reply; see "reply alone: the lines that follow are texts" '^To: aoi> ?$'
keys C-x g; see "an inputrc's macro types a greeting and completes a canned reply" 'To: aoi> お世話になっております。ありがとうございます、aoi様'
keys Enter; eventually 20 "and sends it" got_is aoi 'はい、承ります|お世話になっております。ありがとうございます、aoi様'
text '書きかけ'; until_true 20 sees 書きかけ; say ben 割り込み; say aoi 読んで
until_true 20 sh -c "$B/mado show $BN --json | grep -q 割り込み"
unlike "$(screen)" 割り込み "news do not break into what is typed"
keys Enter
see "they come between prompts" "^#$BN ben: 割り込み"
see "a reply that has not seen them is refused" 'mado: 1 message came after'
see "and its text is back in the line" 'To: aoi> 書きかけ$'
keys Enter; eventually 20 "having read them it goes" got_is aoi 'はい、承ります|お世話になっております。ありがとうございます、aoi様|書きかけ'
keys C-l C-c; see "Ctrl-C leaves the texts" "^#$A aoi> ?$"
stop madod; see "that the desk is away is said" 'desk is not reached'
keys C-d; see "Ctrl-D leaves" 'shell> *$'
start_madod

printf 'undo_s = 20\n' >"$XDG_CONFIG_HOME/mado/madorc"
ARGS=shell shell TERM=xterm-256color
enter "open $A"; see "open again" "^#$A aoi> ?$"
enter reply; see "texts" '^To: aoi> ?$'
enter 取り消す; see "it is to leave" 'in 20 s; Ctrl-C'
keys C-c; see "Ctrl-C takes it back" 'To: aoi> 取り消す$'
keys C-c; see "and leaves the texts" "^#$A aoi> ?$"
keys C-d; see "left" 'shell> *$'
unlike "$(got aoi)" 取り消す "nothing has left"

ARGS= shell TERM=dumb
enter "open $A"; see "TERM=dumb: the line mode" "^#$A aoi> ?$"
enter 'note 控え'; say aoi おわり; see "with news" "#$A aoi: おわり"
enter back; see "back closes it" '^mado> ?$'; enter quit; see "quit" 'shell> *$'
ARGS=--plain shell LANG=ja_JP.UTF-8 LC_ALL=ja_JP.UTF-8 TERM=xterm
see "in Japanese" 'Ctrl-D で終わります'
keys C-d
done_testing
