#!/bin/bash
# Two at one customer: who is looking, who is typing, the question before a
# reply leaves for whom a colleague has, what is typed into that question, and
# claiming round one who types.
. "$(dirname "$0")/lib.sh"
start_desk
add_user kato agent
sign_in_api kato
knows() { [ "$(mado ls -q | wc -l)" = "$1" ]; }
say ume 'サイズは?'; until_true 20 knows 1
say take '色は?'; until_true 20 knows 2
# kato CONVERSATION TYPING: where kato's client is
kato() { curl -sf -H "Authorization: Bearer $token" -d "{\"client\":\"k\",\"conversation\":$1,\"typing\":$2}" "$madod_url/v1/presence" | jq -c "${3:-.presence}"; }
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
eventually 20 "a reply beside somebody who types says so" sees 'kato is typing here. Sending will ask.'
eventually 20 "and can be written" sees 'reply to ume'
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
eventually 20 "so does one to what a colleague has" sees 'kato has it. Sending will ask.'
got() { sim '.customers[]|select(.name=="take")|[.received[].message.text]|join("|")' | tr -d '"'; }
got_is() { [ "$(got)" = "$1" ]; }
# Enter, again where it was held for being too quick
asks() { sees 'kato has it. Reply all the same\?' || { keys Enter; sleep 0.3; false; }; }
text 'はい'
eventually 20 "sending asks" asks
text 'yes'
eventually 20 "what is typed ahead into the question is the reply's" sees '^> はいyes$'
ok "and says neither yes nor no" lacks 'Reply all'
eventually 20 "sending asks again" asks
keys n
eventually 20 "no: the text stays" eval "lacks 'Reply all' && sees '^> はいyes$'"
eventually 20 "and again" asks
keys y
eventually 20 "yes, and nothing else: it leaves" lacks '^> はいyes'
# Enter on the empty line lets what waits go
hurry() { got_is "$1" || { keys Enter; sleep 0.3; false; }; }
eventually 20 "once" hurry 'はいyes'
text 'また'
again() { got_is 'はいyes|また' || { keys Enter; sleep 0.3; false; }; }
eventually 20 "the next is not asked about" again
keys C-g
keys q q q
eventually 20 "left" sees '^shell>'
done_testing
