#!/bin/bash
# Who is looking and who is typing, on the wire: told by the waiting feed of
# those at the same conversation and of nobody else, and kept nowhere.
. "$(dirname "$0")/../lib.sh"
start_desk
add_user kato agent
add_user vera viewer
say aoi こんにちは
until_true 20 sh -c '[ "$('"$B"'/mado ls -q | wc -l)" = 1 ]'
declare -A who
for u in sato kato vera; do sign_in_api $u; who[$u]=$token; done
# at USER CLIENT CONVERSATION TYPING: tells where it is, prints who else is
at() { curl -s -H "Authorization: Bearer ${who[$1]}" -d "{\"client\":\"$2\",\"conversation\":$3,\"typing\":$4}" "$madod_url/v1/presence" | jq -c "${5:-[.presence[]|[.agent,.typing]]}"; }
# feed USER QUERY: from the present on
feed() { curl -s -H "Authorization: Bearer ${who[$1]}" "$madod_url/v1/feed?after=$seq&$2"; }
seq=$(curl -s -H "Authorization: Bearer ${who[sato]}" "$madod_url/v1/status" | jq .seq)

is "$(at sato a 1 false)" '[]' "nobody else"
is "$(at vera v 1 false)" '[["sato",false]]' "a viewer looks too"
is "$(feed sato 'wait=20&client=a' | jq -c '[.events,.presence[].agent]')" '[[],"vera"]' "the feed tells who came, at once"
feed sato 'wait=20&client=a' >"$T/sato" & one=$!
feed kato 'wait=20&client=k' >"$T/kato" & two=$!
waits() { [ "$(curl -s "$madod_url/metrics" | sed -n 's/^madod_feed_waiting //p')" = "$1" ]; }
until_true 20 waits 2
before=$(date +%s%3N)
at vera v 1 true >/dev/null
wait $one
took=$(($(date +%s%3N) - before))
diag "after $took ms"
ok "long before the feed would have come back by itself" test "$took" -lt 15000
is "$(jq -c '[.presence[]|[.conversation,.agent,.typing]]' "$T/sato")" '[[1,"vera",true]]' "who begins to type"
eventually 20 "who is elsewhere is not woken" waits 1
at sato a 0 false >/dev/null
is "$(feed sato 'wait=0&client=a' | jq -c .presence)" null "who has left is told no more"
is "$(curl -s -H "Authorization: Bearer ${who[sato]}" "$madod_url/v1/status" | jq .seq)" "$seq" "nothing of it is in the feed's log"
say aoi もうひとつ
wait $two
is "$(jq -c '[(.events|length > 0), .presence]' "$T/kato")" '[true,null]' "who is nowhere hears what happens, and no more"
# a client that dies is gone long before its time
seq=$(curl -s -H "Authorization: Bearer ${who[sato]}" "$madod_url/v1/status" | jq .seq)
at vera v 1 false >/dev/null
at sato dies 1 false >/dev/null
feed sato 'wait=0&client=dies' >/dev/null # it has been told of vera
curl -s -H "Authorization: Bearer ${who[sato]}" "$madod_url/v1/feed?after=$seq&wait=25&client=dies" >/dev/null & dies=$!
until_true 20 waits 1
is "$(at vera v 1 false)" '[["sato",false]]' "one who looks"
before=$(date +%s%3N)
kill $dies; wait $dies 2>/dev/null
alone() { [ "$(at vera v 1 false)" = '[]' ]; }
eventually 30 "is gone when the connection is" alone
diag "after $(($(date +%s%3N) - before)) ms"
is "$(at sato '' 1 false .code)" '"invalid"' "a client needs a name"
is "$(at sato "$(printf '%060d' 1)" 1 false .code)" '"invalid"' "of some length"
is "$(at sato a '"x"' false .code)" '"invalid"' "a conversation is a number"
is "$(curl -s -d '{"client":"a"}' "$madod_url/v1/presence" | jq -r .code)" not_signed_in "signed in only"
done_testing
