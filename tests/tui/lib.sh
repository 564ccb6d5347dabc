# The inbox under tmux: keys in, screens out. Source after ../lib.sh's way:
#   . "$(dirname "$0")/lib.sh"
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
command -v tmux >/dev/null || skip_all "tmux is not installed"
sock=mado-$$ screens=0
tm() { tmux -L "$sock" -f /dev/null "$@"; }
# inbox COLSxROWS [ENV=VALUE ...]: open it in a shell, so that what it leaves
# behind can be seen
inbox() {
	local size=$1
	shift
	tm kill-server 2>/dev/null
	screens=$((screens + 1)) sock=mado-$$-$screens # the old one may take its time
	tm new-session -d -x "${size%x*}" -y "${size#*x}" \
	    "env PS1='shell> ' $* bash --norc --noprofile"
	tm set -g status off \; set -sg escape-time 20
	eventually 20 "a shell at $size" sees 'shell>'
	tm send-keys "clear; $B/mado" Enter
}
# leave KEY...: keys that end it. What was typed is a draft until it was read
# and deleted again: a server that is killed earlier leaves it to the next one.
leave() {
	keys "$@"
	eventually 20 "the inbox is left" sees '^shell>'
}
screen() { tm capture-pane -p; }
sees() { screen | grep -qE -- "$1"; }
row() { screen | sed -n "$1p"; }
# keys KEY...: as tmux names them; text as it is
keys() { tm send-keys "$@"; }
text() { tm send-keys -l "$1"; }
# enters NAME TEXT: Enter, until the reply line does not hold that text any more.
# What has come in within a moment of Enter is to be read first, and is; where
# only the screen was slow, a second Enter lets go at once what waits.
enters() {
	until_true 20 sees "^> $2"
	eventually 20 "$1" enter_takes "$2"
}
enter_takes() {
	sees "^> $1" || return 0
	keys Enter
	until_true 5 lacks "^> $1"
}
lacks() { ! sees "$1"; }
# moves COMMAND...: what it does to the caret is waited for
moves() {
	local was
	was=$(caret)
	"$@"
	until_true 20 eval '[ "$(caret)" != "$was" ]' || diag "the caret stays at $was"
}
caret() { tm display -p '#{cursor_x},#{cursor_y}'; }
caret_is() { [ "$(caret)" = "$1" ]; }
cleanup_tui() {
	tm kill-server 2>/dev/null
	cleanup
}
trap cleanup_tui EXIT
