#!/bin/bash
# mado in pipes and cron: --json into jq, numbers from standard input, -q, ids
# that make repeats safe, the raw interface; and the feed followed through
# kills of either side and a restored backup, with nothing skipped or repeated.
. "$(dirname "$0")/../lib.sh"
start_desk
add_user kato agent
run() { out=$(mado "$@" 2>"$T/err" </dev/null); rc=$?; err=$(cat "$T/err"); }
n_convs() { [ "$(mado ls --view all -q | wc -l)" = "$1" ]; }
got() { sim "[.customers[]|select(.name==\"$1\")|.received[].message.text]"; }
for u in aoi ben chika; do say $u "$u です"; done
eventually 20 "three customers are there" n_convs 3
A=$(mado ls --query aoi -q) BN=$(mado ls --query ben -q) C=$(mado ls --query chika -q)

# --- one verb's output is the next one's input ---
is "$(mado ls --json | jq -r 'select(.waiting_since != null) | .contact.name' | sort | tr '\n' ' ')" "aoi ben chika " "mado ls --json | jq"
is "$(mado ls -q | mado take - -q | mado tag - +束 -q | mado show - --json | jq -rs '[.[]|[.assignee,.tags[0]]|join(" ")]|unique|tostring')" '["sato 束"]' "verbs with -q in a row"
is "$(mado take "$A" 999 "$BN" -q 2>"$T/err")" "$A"$'\n'"$BN" "-q: those that it was done to"
like "$(cat "$T/err")" '#999' "the one that failed is named"
is "$(mado ls -q | mado history - --json | jq -rs '[.[]|select(.from=="customer").text]|sort|tostring')" '["aoi です","ben です","chika です"]' "history of several"
like "$(mado history "$A" "$BN")" "^-- #$A --" "for people under titles"
is "$(mado search です -q | sort)" "$(mado ls -q | sort)" "search -q: each conversation once"
mado canned add 礼 ありがとう; is "$(mado canned ls -q)" 礼 "canned ls -q"
is "$(mado agents -q | tr '\n' ' ')" "admin kato sato " "agents -q"
printf '' | mado take - 2>"$T/err"; is $? 0 "nothing on standard input is nothing to do"
run note "$A" 中で --json; is "$(jq -r .type <<<"$out")" note "note --json"
say aoi $'\u009b31m\u202e'; until_true 20 sh -c "$B/mado history $A --json | grep -q 009b"
is "$(mado history "$A" --json | LC_ALL=C grep -cP '\xc2\x9b|\xe2\x80\xae')" 0 "--json holds nothing that a terminal would obey"
is "$(mado history "$A" --json | jq -rs last.text)" $'\u009b31m\u202e' "and means the same"

# --- jobs that may run twice ---
I=0b9d2f0e-5c6a-4a3e-8a51-3f6f1c2d9e01
mado csat "$BN" --id $I; mado csat "$BN" --id $I; is $? 0 "csat --id twice"
surveyed() { [ "$(got ben | jq length)" = 1 ]; }
eventually 20 "asks once" surveyed
run csat "$A" "$BN" --id $I; is $rc 2 "--id is of one message"
run csat "$A" --id x; is $rc 2 "and a UUID"
mado note "$A" 一度 --id ${I%1}2 >/dev/null; mado note "$A" 一度 --id ${I%1}2 >/dev/null
is "$(mado history "$A" --json | jq -rs '[.[]|select(.text=="一度")]|length')" 1 "note --id twice"
stop madod; for i in 1 2; do mado note "$A" 捨てる$i 2>/dev/null; done
is "$(mado outbox -q 2>/dev/null | wc -l)" 2 "outbox -q: ids only"
mado outbox -q 2>/dev/null | mado discard -; is $? 0 "discard takes them"
start_madod
is "$(mado outbox -q)" "" "and they are gone"

# --- the interface as it is ---
is "$(mado api GET /v1/me | jq -r .agent.name)" sato "api GET"
is "$(mado api post "/v1/conversations/$A/tag" '{"add":["生"],"remove":[]}' | jq -c '[.conversation.number,(.conversation.tags|index("生")!=null)]')" "[$A,true]" "with a body"
echo '{"add":[],"remove":["生"]}' | mado api POST "/v1/conversations/$A/tag" - >/dev/null; is $? 0 "from standard input"
run api GET /v1/conversations/999; is "$rc $(jq -r .code <<<"$out")" "4 not_found" "a problem: its row, and the exit code"
run api GET v1/me; is $rc 2 "no path"
run api GET /v1/me '{'; is $rc 2 "no JSON"
run api GET /healthz; is $rc 0 "what is no JSON is printed as it is"

# --- the feed, whatever is killed ---
mark() { for ((i = $1; i <= $2; i++)); do until_true 20 sh -c "$B/mado api POST /v1/conversations/$A/tag '{\"add\":[\"t$i\"],\"remove\":[\"t$((i - 1))\"]}' >/dev/null 2>&1"; done; }
follow() { "$B/mado" events --follow --after "$1" --json >>"$T/part" 2>>"$T/follow.err" & F=$!; pids="$pids $F"; }
# keep: the whole lines of the part are kept, the place after them is printed
keep() { sed '$!b;/}$/!d' "$T/part" >>"$T/all"; : >"$T/part"; tail -1 "$T/all" | jq -r '"\(.epoch):\(.seq)"'; }
place() { [ "$(tail -1 "$T/part" 2>/dev/null | jq -r .seq 2>/dev/null)" = "$(mado events --json | tail -1 | jq -r .seq)" ]; }
follow 0; mark 1 3; until_true 20 place
kill -9 $F; wait $F 2>/dev/null; P=$(keep); mark 4 6
stop madod; follow "$P"; start_madod; mark 7 9
eventually 20 "a follower that starts before the desk waits for it" place
madod backup "$T/backup" >/dev/null 2>&1; kill -9 "$madod_pid"; wait "$madod_pid" 2>/dev/null; start_madod; mark 10 12
eventually 20 "a desk that is killed is waited for" place
P=$(keep); is "$(jq -s 'map([.epoch,.seq]) | . == unique and (map(.[1]) == [range(.[0][1]; .[0][1] + length)])' "$T/all")" true "nothing is skipped, nothing comes twice"
is "$(jq -s '[.[0].seq,.[0].epoch]|tostring' "$T/all")" '"[1,1]"' "from the first on"
kill -9 $F; wait $F 2>/dev/null; keep >/dev/null
stop madod; madod restore "$T/backup" >/dev/null 2>&1; start_madod; mark 13 30
: >"$T/part"; follow "$P"
eventually 20 "after a restore, though its seq has passed our place" place
is "$(jq -s 'map(.epoch)|unique|tostring' "$T/part")" '"[2]"' "the new epoch"
is "$(jq -s 'map(.seq) | . == [range(1; 1 + length)]' "$T/part")" true "is read from its start"
like "$(cat "$T/follow.err")" 'new epoch \(2\)' "and it is said"
kill $F; wait $F 2>/dev/null
run events --after x; is $rc 2 "a place that is none"
run events --after 2:x; is $rc 2 "nor this"
done_testing
