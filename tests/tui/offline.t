#!/bin/bash
# The server goes away while an agent types and sends: nothing typed is lost,
# it goes out after it is back, once. And mado itself is killed in the middle.
. "$(dirname "$0")/lib.sh"
start_desk
got() { sim ".customers[]|select(.name==\"$1\")|[.received[]|.message.text]|join(\"|\")" | tr -d '"'; }
got_is() { [ "$(got "$1")" = "$2" ]; }
known() { mado ls -q | grep -q .; }
say ume 'いつ届きますか'
until_true 10 known
inbox 100x30
eventually 10 "who waits" sees ume
keys Enter
eventually 5 "the conversation" sees 'いつ届きますか'
keys r; text '明日お届け'
eventually 5 "typed" sees '> 明日お届け'
stop madod KILL
eventually 10 "the screen says so" sees 'offline'
text 'します'
eventually 5 "keys work the same" sees '> 明日お届けします'
# a message that came within a moment of Enter is to be read first
enter() { sees 'leaves in' || keys Enter; sleep 0.2; sees 'leaves in'; }
eventually 5 "Enter starts the undo seconds" enter
keys Enter
eventually 10 "what is sent waits here" sees 'queued 1'
text '下書きの続き'
eventually 5 "typing goes on" sees '下書きの続き'

# mado dies too: the draft and the send are on its disk
draft_kept() { [ -n "$(find "$XDG_STATE_HOME/mado" -newer "$T/typed" -name '*.db*')" ]; }
touch "$T/typed"; text '。'
eventually 5 "the draft reaches the disk" draft_kept
eventually 5 "typed" sees '下書きの続き。'
sleep 1.2 # a draft is on disk within a second of the last key
pkill -KILL -P "$(tm list-panes -F "#{pane_pid}")" mado
eventually 5 "mado is killed" sees 'shell>|Killed'
keys 'stty sane; clear' Enter; keys "$B/mado" Enter
eventually 10 "it starts without the server and says so" sees offline
keys 5
eventually 5 "with the last known state" sees ume
keys Enter; keys r
eventually 5 "the draft is there" sees '下書きの続き。'
is "$(got ume)" "" "nothing has left yet"
sed -i "s|^listen = 127.0.0.1:.*|listen = ${madod_url#http://}|" "$T/madod.conf"
start_madod
eventually 30 "the server is back: live" sees live
eventually 20 "the send goes out" got_is ume 明日お届けします
eventually 5 "and is marked on the screen" sees '(✓|v) (reply|push)'
is "$(mado history 1 --json | jq -s '[.[]|select(.from=="agent")]|length')" 1 "once"
eventually 5 "Enter" enter
keys Enter
eventually 10 "the draft goes out as well" got_is ume '明日お届けします|下書きの続き。'
done_testing
