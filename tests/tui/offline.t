#!/bin/bash
# The server goes away while an agent types and sends: nothing typed is lost,
# it goes out after it is back, once. And mado itself is killed in the middle.
. "$(dirname "$0")/lib.sh"
start_desk
got() { sim ".customers[]|select(.name==\"$1\")|[.received[]|.message.text]|join(\"|\")" | tr -d '"'; }
got_is() { [ "$(got "$1")" = "$2" ]; }
known() { mado ls -q | grep -q .; }
say ume 'いつ届きますか'
until_true 20 known
inbox 100x30
eventually 20 "who waits" sees ume
keys Enter
eventually 20 "the conversation" sees 'いつ届きますか'
read_here() { [ "$(mado show 1 --json | jq .unread)" = 0 ]; }
eventually 20 "and it is read, so that nothing else is queued" read_here
keys r; text '明日お届け'
eventually 20 "typed" sees '> 明日お届け'
stop madod KILL
eventually 20 "the screen says so" sees 'offline'
text 'します'
eventually 20 "keys work the same" sees '> 明日お届けします'
enters "Enter starts the undo seconds" 明日
keys Enter
eventually 20 "what is sent waits here" sees 'queued 1'
text '下書きの続き'
eventually 20 "typing goes on" sees '下書きの続き'

# mado dies too: the draft and the send are on its disk
# sealed: as long as what it holds, with nonce and mac
draft_is() { [ "$(sqlite3 "$XDG_STATE_HOME/mado/default-own.db" 'SELECT length(sealed) FROM draft')" = $(($(printf '{"text":"%s","caret":%d}' "$1" "$(printf %s "$1" | wc -c)" | wc -c) + 41)) ]; }
text '。'
eventually 20 "the draft reaches the disk" draft_is 下書きの続き。
pkill -KILL -P "$(tm list-panes -F "#{pane_pid}")" mado
eventually 20 "mado is killed" sees 'shell>|Killed'
keys 'stty sane; clear' Enter; keys "$B/mado" Enter
eventually 20 "it starts without the server and says so" sees offline
keys 5
eventually 20 "with the last known state" sees ume
keys Enter; keys r
eventually 20 "the draft is there" sees '下書きの続き。'
is "$(got ume)" "" "nothing has left yet"
sed -i "s|^listen = 127.0.0.1:.*|listen = ${madod_url#http://}|" "$T/madod.conf"
start_madod
eventually 60 "the server is back: live" sees live
eventually 20 "the send goes out" got_is ume 明日お届けします
eventually 20 "and is marked on the screen" sees '(✓|v) (reply|push)'
is "$(mado history 1 --json | jq -s '[.[]|select(.from=="agent")]|length')" 1 "once"
enters "Enter" 下書き
keys Enter
eventually 20 "the draft goes out as well" got_is ume '明日お届けします|下書きの続き。'
done_testing
