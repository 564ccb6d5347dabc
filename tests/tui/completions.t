#!/bin/bash
# TAB in bash, zsh and fish, in front of the real prompt of each.
. "$(dirname "$0")/lib.sh"
start_desk
add_user kato agent
say aoi "aoi です"
n_convs() { [ "$(mado ls -q | wc -l)" = "$1" ]; }
until_true 20 n_convs 1
A=$(mado ls -q); mado tag "$A" +返品 +@VIP
inbox 100x30
eventually 20 "the inbox fills the store" sees 'aoi です'
until_true 20 sh -c "$B/mado --complete assign $A ka | grep -q kato"
keys q
export PATH=$B:$PATH
# in_shell NAME COMMAND: a prompt of that shell with its script
in_shell() {
	command -v "${2%% *}" >/dev/null || { pass "# SKIP $1 is not installed"; return 1; }
	screens=$((screens + 1)); tm kill-server 2>/dev/null; sock=mado-$$-$screens
	tm new-session -d -x 100 -y 30 "env PS1='ready> ' PATH='$PATH' $2"
	tm set -g status off \; set -sg escape-time 20
	until_true 20 sees '(ready)?[>#%$] *$'
	text "$3"; keys Enter; text 'echo begi''n'; keys Enter
	eventually 20 "$1 takes the script" sees '^begin'
	keys C-l
}
# completes TYPED SHOWN NAME: what TAB makes of it, cleared after
completes() {
	text "$1"; keys Tab
	until_true 20 sees "$2" && pass "$3" || { fail "$3"; diag "$(screen)"; }
	keys C-u C-k C-l
}
try() {
	completes 'mado sno' 'mado snooze' "$1: a verb"
	completes "mado assign $A ka" "mado assign $A kato" "$1: an agent"
	completes 'mado ls -q | mado tag - +@VI' 'mado tag - \\?\+@VIP' "$1: a tag, in a pipe"
	completes 'mado ls --view wai' 'mado ls --view waiting' "$1: what an option takes"
}
in_shell bash 'bash --norc --noprofile' 'source <(mado completions bash)' && try bash
in_shell zsh 'zsh -f' 'autoload -U compinit; compinit -u -D; source <(mado completions zsh)' && try zsh
in_shell fish 'fish --no-config' 'mado completions fish | source' && try fish
done_testing
