#!/bin/bash
# Pictures in the history: drawn when they have come, larger by a key, and
# what is none, or lies about it, harms nothing.
. "$(dirname "$0")/lib.sh"
# a script, so that files beside it can be sent
printf 'customer ume\n' >"$T/s.sim"
SIM_OPTS="--script $T/s.sim" start_desk
sim_say() { curl -sf -d "$1" "$madosim_url/sim/say" >/dev/null; }
kept() { [ "$(mado history 1 --json | jq -s '[.[]|select(.type=="image" and .media.state=="kept")]|length')" = "$1" ]; }
cells() { screen | grep -cE '[▀▄▌▐▖▗▘▝▙▛▜▟▚▞█]{8}'; }
has_cells() { [ "$(cells)" -ge "$1" ]; }
no_cells() { [ "$(cells)" = 0 ]; }
say ume '箱が壊れていました'
sim_say '{"user":"ume","image":""}'
until_true 20 kept 1
id=$(mado history 1 --json | jq -r 'select(.type=="image").id')
is "$(mado media "$id" | mado --picture | head -c 8 | od -An -tu1 | xargs)" "128 2 0 0 224 1 0 0" "the decoder says how large it is: 640 by 480"
is "$(mado media "$id" | mado --picture | wc -c)" $((8 + 640 * 480 * 3)) "and gives that many pixels"
head -c 3000 /dev/urandom | mado --picture >"$T/none"; like "$?" '^[1-9]' "what is no picture is its end"
{ mado media "$id" | head -c 2000; } | mado --picture >"$T/none"; like "$?" '^[1-9]' "so is half of one"
inbox 100x32 TERM=tmux-256color COLORTERM=truecolor
eventually 20 "the inbox" sees 'ume'
keys l
eventually 20 "the picture is in the history" has_cells 5
ok "below the line that says what it is" sees 'image 640x480'
keys G v
eventually 20 "v makes it as large as the screen" has_cells 20
keys q
eventually 20 "q closes it" eval '! has_cells 20 && sees "箱が壊れて"'
eventually 20 "the borders stand" eval 'row 10 | grep -q "^│.*│$"'
no_files() { [ -z "$(ls -A "$XDG_STATE_HOME/mado/media")" ]; }
eventually 20 "nothing of it stays on the disk" no_files
printf '\377\330\377\340 this is no JPEG' >"$T/bad.jpg"
sim_say '{"user":"ume","image":"bad.jpg"}'
until_true 20 kept 2
say ume 'つぎの写真です'
eventually 20 "one that cannot be decoded leaves its line" sees 'つぎの写真です'
keys q q q; eventually 20 "leaves" sees 'shell>'
mkdir -p "$XDG_CONFIG_HOME/mado"; printf 'pictures = off\n' >"$XDG_CONFIG_HOME/mado/madorc"
keys "$B/mado" Enter; eventually 20 "again" sees 'ume'
keys l; eventually 20 "with pictures = off" sees 'image 640x480'
sleep 0.5; ok "there are none" no_cells
done_testing
