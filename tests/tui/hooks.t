#!/bin/bash
# Hooks in the inbox: they run for what comes in, keys never wait for them,
# broken ones are told.
. "$(dirname "$0")/lib.sh"
start_desk
say aoi "aoi です"; say ben "ben です"
n_convs() { [ "$(mado ls -q | wc -l)" = "$1" ]; }
until_true 20 n_convs 2
cat >"$XDG_CONFIG_HOME/mado/madorc" <<R
[hook "message.in"]
run = echo begun >>$T/begun; cat >$T/in; while [ ! -e $T/go ]; do sleep 0.1; done; echo on the screen; exit 4
[hook "message.out"]
frob = 1
R
inbox 120x32
eventually 20 "the inbox opens" sees 'aoi です'
eventually 20 "and names the broken one" sees 'madorc:[34]: '
say ben 呼び鈴
eventually 20 "a message runs its hook" test -s "$T/begun"
until_true 20 test -s "$T/in"
is "$(jq -r .data.message.text "$T/in")" 呼び鈴 "with the event"
keys '?'; eventually 20 "a key is answered while it runs" sees 'Ctrl-K'
keys '?'; touch "$T/go"
eventually 20 "how it ended is told" sees 'message.in ended with exit status 4'
unlike "$(screen)" 'on the screen' "what it prints is not on the screen"
keys q
done_testing
