#!/bin/bash
# Two at one customer: who is looking, who is typing, the question before a
# reply to what a colleague has, and claiming round one who types.
. "$(dirname "$0")/lib.sh"
start_desk
add_user kato agent
sign_in_api kato
knows() { [ "$(mado ls -q | wc -l)" = "$1" ]; }
say ume 'サイズは?'; until_true 20 knows 1
say take '色は?'; until_true 20 knows 2
# kato CONVERSATION TYPING: where kato's client is
kato() { curl -sf -H "Authorization: Bearer $token" -d "{\"client\":\"k\",\"conversation\":$1,\"typing\":$2}" "$madod_url/v1/presence" | jq -c "${3:-.presence}"; }
lacks() { ! sees "$1"; }
sato_is() { [ "$(kato 1 false '[.presence[]|[.agent,.typing]]')" = "$1" ]; }
inbox 120x32
eventually 20 "the inbox" sees '> ume'
keys Enter
eventually 20 "a conversation" sees '#1 ume'
eventually 20 "colleagues see who looks" sato_is '[["sato",false]]'
eventually 20 "and are seen" sees '└.* kato is looking .*┘'
kato 1 true >/dev/null
eventually 20 "typing" sees '└.* kato is typing .*┘'
keys r
eventually 20 "a reply beside somebody who types asks" sees 'kato is typing here. Reply all the same\?'
keys y
eventually 20 "once" sees 'reply to ume'
kato 0 false >/dev/null
eventually 20 "who leaves is gone" lacks 'kato is'
text 'は'
typing() { kato 2 false >/dev/null; [ "$(kato 1 false '[.presence[]|.typing]')" = '[true]' ]; }
eventually 20 "the first key is seen by colleagues" typing
is "$(curl -sf -XPOST -H "Authorization: Bearer $token" "$madod_url/v1/claim" | jq .conversation.number)" 2 "claiming goes round what somebody types in"
keys BSpace
eventually 20 "an empty line is no typing" sato_is '[["sato",false]]'
keys C-g
mado assign 1 kato
eventually 20 "the colleague's" sees '#1 ume +manual +kato'
keys q; keys j; keys Enter
eventually 20 "another" sees '#2 take'
eventually 20 "is where we are now" sato_is '[]'
keys r
eventually 20 "a reply to what a colleague has asks" sees 'kato has it. Reply all the same\?'
keys n
eventually 20 "and may be left" lacks 'Reply all'
keys q q q
eventually 20 "left" sees '^shell>'
done_testing
