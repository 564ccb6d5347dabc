#!/bin/bash
# Hooks: commands of madorc with the event on standard input, by kind, ended
# when they take too long, no more at once than said; broken ones are named and
# the others work.
. "$(dirname "$0")/../lib.sh"
start_desk
rc=$XDG_CONFIG_HOME/mado/madorc
hooked() { "$B/mado" events --hooks --json "$@" >"$T/out" 2>"$T/err"; }
for u in aoi ben chika; do say $u "$u です"; done
n_convs() { [ "$(mado ls --view all -q | wc -l)" = "$1" ]; }
eventually 20 "three customers are there" n_convs 3

cat >"$rc" <<R
bell = off
[hook "message.in"]
run = cat >>$T/in
run = echo "\$1 \$MADO_PROFILE" >>$T/kinds
[hook "message.*"]
at_once = 1
run = echo from >>$T/order; sleep 0.05; echo to >>$T/order
[hook "redacted"]
timeout = 5 weeks
run = true
[hook "X Y"]
run = true
[hook "csat.answered"]
timeout = 2s
[hook "conversation.handoff"]
timeout = 100ms
run = sleep 30
[hook "conversation.opened"]
run = exit 3
R
ok "events with hooks" hooked
is "$(jq -rs 'map(.data.message.text)|sort|tostring' "$T/in")" '["aoi です","ben です","chika です"]' "each event of its kind is on standard input"
is "$(jq -c . "$T/in" | sort | head -1 | jq -c keys)" "$(grep message.in "$T/out" | head -1 | jq -c keys)" "as --json has it"
is "$(sort -u "$T/kinds")" "message.in default" "the kind is an argument, the profile in the environment"
like "$(cat "$T/err")" "madorc:8: .*timeout.*|madorc:9: .*timeout" "a bad value is named with its line"
like "$(cat "$T/err")" 'madorc:11: say for which events' "a kind that is none"
like "$(cat "$T/err")" 'madorc:13: run = COMMAND is missing' "nothing to run"
like "$(cat "$T/err")" 'madorc:15: the hook for conversation.handoff took too long' "one that takes too long is ended"
like "$(cat "$T/err")" 'ended with exit status 3' "one that fails is told"
is "$(paste -sd' ' "$T/order" | sed 's/from to//g; s/ //g')" "" "at_once = 1: one after the other"
is "$(grep -c to "$T/order")" "$(grep -c '"message\.' "$T/out")" "and none is left out"

# --- following ---
L=$(tail -1 "$T/out" | jq -r '"\(.epoch):\(.seq)"'); rm "$T/in"
"$B/mado" events --follow --hooks --after "$L" --json >"$T/follow" 2>>"$T/err" & F=$!; pids="$pids $F"
say aoi また来ました
eventually 20 "a follower runs them too" grep -q また来ました "$T/in"
eventually 20 "and prints what is done" grep -q また来ました "$T/follow"
kill $F; wait $F 2>/dev/null
sed -i '/message.in/,/kinds/d' "$rc"; printf '[hook "message.in"]\nrun = mado note 1 hook\n' >>"$rc"
PATH=$B:$PATH hooked --after "$L"; until_true 20 sh -c "$B/mado history $(mado ls -q --query aoi) --json | grep -q '\"hook\"'" || true
is "$(mado history 1 --json | jq -rs '[.[]|select(.text=="hook")]|length')" 1 "a hook may use mado itself"
printf '[hook\n' >"$rc"; mado ls -q 2>"$T/err" >/dev/null; is $? 0 "a madorc that can't be read stops nobody"
like "$(cat "$T/err")" 'madorc:1:' "and is named"
done_testing
