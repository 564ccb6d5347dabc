#!/bin/bash
# Telling an agent who looks elsewhere: by the terminal, by a command; not what
# is in front of the eyes, not when it is off. And copying inside tmux.
. "$(dirname "$0")/lib.sh"
start_desk
add_user kato agent
conf=$XDG_CONFIG_HOME/mado
mkdir -p "$conf"
cat >"$T/tell" <<R
#!/bin/sh
echo "\$1" >>"$T/told"
R
chmod +x "$T/tell"; : >"$T/told"
printf 'notify_cmd = %s/tell\nlate_s = 0\n' "$T" >"$conf/madorc"
echo password-kato | mado --profile kato login "$madod_url" --user kato --password-stdin >/dev/null
say ume 'いつ届きますか'
known() { [ "$(mado ls -q --view all | wc -l)" = "$1" ]; }
eventually 20 "a customer" known 1
mado take 1 >/dev/null
told() { grep -q "$1" "$T/told"; }
read_is() { [ "$(mado show 1 --json | jq .unread)" = "$1" ]; }
inbox 100x30
tm set -g allow-passthrough on 2>/dev/null
tm pipe-pane "cat >'$T/out'"
eventually 20 "the inbox" sees "1 Mine 1"
keys 1; eventually 20 "mine" sees ume; keys Enter; eventually 20 "a conversation" sees 'いつ届きますか'
say take '別のお客様です'
eventually 20 "somebody else's message is told" told '別のお客様'
eventually 20 "by the terminal too" grep -qa $'\e]9;.*: 別' "$T/out"
as kato note 1 '@sato お願いします' >/dev/null
say ume $'読んでいる\e[2Jところです'
eventually 20 "what is open is seen" sees '読んでいる'
ok "and not told" eval '! told 読んでいる'
ok "nor is a note on it" eval '! told "@sato"'
# the terminal's window loses the keys: what comes is no longer read
eventually 20 "it is read" read_is 0
tm send-keys -H 1b 5b 4f
keys '?'; eventually 20 "the help" sees 'Ctrl-K' # so it has heard that by now
keys '?'; eventually 20 "no help" lacks 'Ctrl-K'
say ume 'まだ見ていません'
eventually 20 "away: it is told" told 'ume: まだ見ていません'
ok "away: it is not read" read_is 1
tm send-keys -H 1b 5b 49
eventually 20 "back: it is" read_is 0
as kato note 2 '見て @sato さん' >/dev/null
eventually 20 "a note that mentions one" told 'mentioned: take: 見て @sato'
say matsu 'こんにちは'
eventually 20 "one more" told ': こんにちは'
as kato assign 3 sato >/dev/null
eventually 20 "what is assigned" told 'Yours now: matsu'
# off and on by a key
keys g n; eventually 20 "off" sees 'Notifications are off'
say sakura '静かに'
eventually 20 "known" known 4
ok "it is not told" eval '! told 静かに'
is "$(grep -v Yours "$T/told" | grep -c ': こんにちは')" 1 "nothing is told twice"
keys g n; eventually 20 "on" sees 'Notifications are on'
# copying
keys y
eventually 20 "a message is copied by tmux" sees 'Copied by tmux'
copied() { tm show-buffer | grep -q 'まだ見ていません'; }
eventually 20 "its newest buffer has it" copied
leave q q q
[ "$tap_bad" = 0 ] || diag "$(cat "$T/told")"
done_testing
