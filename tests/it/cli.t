#!/bin/bash
# The command line against a real desk: every verb, option, exit code, and
# what --json promises; text of customers that wants to act on the terminal.
. "$(dirname "$0")/../lib.sh"
start_desk
add_user kato agent
conv_of() { db "SELECT c.number FROM conversation c JOIN contact t ON t.id=c.contact WHERE t.name='$1' ORDER BY 1 DESC"; }
has_conv() { [ -n "$(conv_of "$1")" ]; }
# The name is known once the profile was asked for: no request is under way.
new() { say "$1" "${2:-こんにちは}"; until_true 20 has_conv "$1" || diag "no conversation of $1"; N=$(conv_of "$1" | head -1); }
got() { sim ".customers[]|select(.name==\"$1\")|[.received[]|.message.text]|join(\"|\")" | tr -d '"'; }
got_is() { [ "$(got "$1")" = "$2" ]; }
fault() { curl -sf -d "$1" "$madosim_url/sim/fault" >/dev/null; }
run() { out=$(mado "$@" 2>"$T/err"); rc=$?; err=$(cat "$T/err"); }
field() { jq -r "$1" <<<"$out"; }

# --- without a sign-in, and the words ---
as nobody ls 2>"$T/err"; is $? 3 "without a sign-in: exit 3"
like "$(cat "$T/err")" 'mado login https://' "and what to type"
run --version; like "$out" '^mado [0-9]' "--version"
run --help; for v in login join doctor uploads report cards ls show history reply note take claim auto assign tag pin unpin follow-up snooze resolve reopen csat canned outbox retry discard agents media search events api shell completions whoami passwd logout; do
	like "$out" "^  $v " "--help lists $v"; done
unlike "$(sed -n 's/^  \([a-z-]*\) .*/\1/p' <<<"$out" | sort | uniq -d)" . "--help lists no verb twice"
run reply --help; like "$out" '--canned NAME' "VERB --help tells its arguments"
run frob; is $rc 2 "an unknown verb: exit 2"
run followup 1; like "$err" 'follow-up' "and the nearest one is named"
run watch x; is $rc 2 "a later version's verb is refused"; like "$err" 'not in this version' "in words"
run ls --colour; is $rc 2 "an unknown option"
run --profile ../x ls; is $rc 2 "a profile's name is no path"
run login http://desk.example.jp --user x; is $rc 2 "plain http to the world is refused"
echo wrong-password | mado --profile other login "$madod_url" --user sato --password-stdin 2>"$T/err"; is $? 3 "a wrong password: exit 3"
as other ls 2>/dev/null; is $? 3 "and nobody is signed in"
is "$(stat -c %a "$XDG_CONFIG_HOME/mado" "$XDG_CONFIG_HOME/mado/profiles" "$XDG_CONFIG_HOME/mado/key" "$XDG_STATE_HOME/mado")" $'700\n600\n600\n700' "only the owner reads the profile, the key, the store"
run whoami; like "$out" '^sato, agent,' "whoami"
run whoami --json; is "$(field .agent.name)" sato "whoami --json"

# --- ls and show ---
new aoi 返品したいのですが; A=$N
new ben $'\e[31mred\e]0;title\a\u202e txt'; BN=$N
new chika; C=$N
run ls; is "$(awk '{print $1}' <<<"$out" | tr '\n' ' ')" "$A $BN $C " "ls: the longest waiting first"
ok "nothing of a customer's text acts on the terminal" sh -c "! printf %s '$out' | LC_ALL=C grep -qP '[\x00-\x09\x0b-\x1f\x7f]|\xe2\x80\xae'"
run ls -q --limit 2; is "$out" "$A"$'\n'"$BN" "-q: numbers only; --limit"
run ls --json; is "$(sed -n 2p <<<"$out" | jq -r .last_message.text)" $'\e[31mred\e]0;title\a\u202e txt' "--json has the original"
is "$(jq -r 'keys|length > 15' <<<"$(head -1 <<<"$out")")" true "one object a line"
is "$(head -1 <<<"$out" | jq -c '[.number,.mode,.status,.pinned,.unread,.assignee,.tags,.resolved_at]')" "[$A,\"manual\",\"open\",false,1,null,[],null]" "as the contract has it"
like "$(head -1 <<<"$out" | jq -r .waiting_since)" '^20[0-9-]+T[0-9:]+\.[0-9]{3}Z$' "times with milliseconds"
run ls --view odd; is $rc 2 "an unknown view"
run ls --query 返品; is "$(awk '{print $1}' <<<"$out")" "$A" "--query"
run show $A; like "$out" 'aoi' "show"
run show $A --json; is "$(field .contact.name)" aoi "show --json"
run show 9999; is $rc 4 "no such conversation: exit 4"
run show x; is $rc 2 "not a number: exit 2"
mado ls --limit 1000000 >"$T/o"; is $? 0 "any limit is allowed"

# --- verbs, alone and in bulk ---
run take $A; is "$rc$out" 0 "take says nothing"
run ls --view mine -q; is "$out" "$A" "and it is mine"
run assign $A $BN kato --json; is "$(jq -r .assignee <<<"$out" | sort -u)" kato "assign in bulk; --json prints the rows"
run assign $A -; run show $A --json; is "$(field .assignee)" null "assign to nobody"
run tag $A +返品 +急 +@VIP; run tag $A -急
run show $A --json; is "$(field '[.tags,.contact.tags]|tostring')" '[["返品"],["VIP"]]' "tags of both kinds"
run ls --tag 返品 -q; is "$out" "$A" "ls --tag"
run tag $A +; is $rc 2 "a tag without a name is refused"
run pin $C; run ls -q; is "$(head -1 <<<"$out")" "$C" "the pinned one is first"
run unpin $C; run ls -q; is "$(tail -1 <<<"$out")" "$C" "unpin"
run follow-up $BN; run ls --view follow-up -q; is "$out" "$BN" "follow-up"
run snooze $BN 明日 9時; is $rc 0 "snooze in Japanese"
run show $BN --json; is "$(TZ=Asia/Tokyo date -d "$(field .snoozed_until)" +%H:%M)" 09:00 "in the desk's zone"
TZ=America/New_York run snooze $BN tomorrow 9:00; run show $BN --json; is "$(TZ=Asia/Tokyo date -d "$(field .snoozed_until)" +%H:%M)" 09:00 "wherever the reader is"
run snooze $BN message; run ls --view snoozed --json; is "$(field .snoozed_until)" null "until the next message"
run snooze $BN someday; is $rc 2 "a time that nobody understands"
mado ls -q --view open | mado resolve -; is $? 0 "numbers from standard input"
run ls; is "$out" "" "all resolved"
run ls --view resolved -q; is "$(wc -l <<<"$out")" 3 "they are there"
run reopen $A $BN $C; run ls -q; is "$(wc -l <<<"$out")" 3 "reopen"
run resolve $A 9999 $BN; is $rc 4 "one of several fails: its exit code"; like "$err" '#9999' "it is named"
run ls --view resolved -q; is "$(sort <<<"$out" | tr '\n' ' ')" "$A $BN " "the others are done"
run auto $C; run ls --view auto -q; is "$out" "$C" "back to the bot"
run snooze $C 2h; run ls --view auto -q; is "$out" "" "what is put off is nobody's work now"; run reopen $C
new dai; run claim -q; is "$out" "$N" "claim prints what it took"
run claim; is $rc 4 "nobody waits: exit 4"
run take; is $rc 2 "no number: usage"

# --- replies ---
new emi; run reply $N 'はい、承ります' --wait; is $rc 0 "--wait: sent"
is "$(got emi)" 'はい、承ります' "the customer has it"
like "$out" '^[0-9a-f-]{36}$' "its id is printed"
run reply $N --wait --json もう 一つ; is "$(field '[.state,.via,.text]|tostring')" '["sent","push","もう 一つ"]' "--json: the row as it ended"
I=6fa459ea-ee8a-4ca4-894e-db77e160355e
mado reply $N --id $I 一度だけ >/dev/null; mado reply $N 一度だけ --id $I --wait >/dev/null
is "$(got emi | grep -o 一度だけ | wc -l)" 1 "the same --id twice is sent once"
run reply $N --id 12 x; is $rc 2 "--id takes a UUID"
printf 'から\nの文\n' | mado reply $N - --wait >/dev/null; is $? 0 "- reads standard input"
like "$(sim '.customers[]|select(.name=="emi")|.received[-1].message.text')" '"から\\nの文"' "one newline stripped"
dashes() { got emi | grep -q -- '|--$'; }
run reply $N -- --wait; eventually 20 "what is no option is text" dashes
run reply $N; is $rc 2 "no text: usage"
run reply $N ''; is $rc 2 "an empty text"
run reply $N "$(printf 'あ%.0s' $(seq 5001))"; is $rc 2 "a text that LINE would not take"
run reply 9999 x; is $rc 4 "no such conversation"; run outbox; is "$out" "" "and nothing is kept of it"
new fumi; S=$(mado history $N --json | jq -rs '[.[]|select(.from=="customer")][0].id')
say fumi もう一言; until_true 20 sh -c "[ \$($B/mado history $N --json | grep -c もう一言) = 1 ]"
run reply $N --seen "$S" 早すぎ; is $rc 6 "the guard: exit 6"
run outbox; is "$out" "" "it was told and is not kept"
unlike "$(got fumi)" 早すぎ "the customer has not got it"
S=$(mado history $N --json | jq -rs '[.[]|select(.from=="customer")]|last.id')
run reply $N --seen "$S" --wait 今度は; is $rc 0 "having seen it: sent"
as kato ls >/dev/null 2>&1; is $? 3 "another profile is another sign-in"
new goro; fault '{"kind":"lose-answer","rate":1,"count":1}'
run reply $N 届いたか --wait; is $rc 7 "a lost answer: unconfirmed, exit 7"; G=$out
run outbox; like "$out" "^$G.*unconfirmed" "it is in the outbox"
run retry "$G" </dev/null; is $rc 7 "retry asks"
run retry "$G" --yes; is $rc 0 "--yes"
until_true 20 got_is goro '届いたか|届いたか'; is "$(got goro)" '届いたか|届いたか' "a new send"
new hana; fault '{"kind":"lose-answer","rate":1,"count":1}'
run reply $N 捨てる --wait; run discard "$out"; is $rc 0 "discard"
run outbox; is "$out" "" "the outbox is empty"
run ls --view problems; is "$out" "" "no problems"
run retry nothing; is $rc 4 "no such send"

# --- notes, canned, history ---
run note $N 内緒 の 話; is $rc 0 "note"
unlike "$(got hana)" 内緒 "it stays inside"
run history $N --json; is "$(jq -rs 'last|[.type,.text,.author]|tostring' <<<"$out")" '["note","内緒 の 話","sato"]' "and is in the history"
run canned add 挨拶 'こんにちは、{{contact.name}}様。{{agent.name}}、#{{conversation.number}}'; is $rc 0 "canned add"
run canned add 挨拶 x; is $rc 1 "a name twice"
run reply $N --canned 挨拶 --wait; is $rc 0 "--canned"
like "$(got hana)" "こんにちは、hana様。sato、#$N$" "its variables are filled"
run reply $N --canned ない; is $rc 4 "no such canned reply"
run canned add 壊 '{{contact.phone}}'; run reply $N --canned 壊; is $rc 2 "an unknown variable is refused"
EDITOR="sed -i s/x/y/" run canned edit 壊 </dev/null
printf 'line 1\nline 2\n' | mado canned edit 挨拶 -; run canned ls --json; is "$(jq -rs '.[]|select(.name=="挨拶").text' <<<"$out")" $'line 1\nline 2' "canned edit from standard input"
run canned edit ない x; is $rc 4 "edit wants one that is there"
run canned rm 挨拶; run canned rm 壊; run canned ls; is "$out" "" "canned rm"
run history $N --limit 1 --json; is "$(wc -l <<<"$out")" 1 "history --limit"
run history $N --json; is "$(jq -rs '[.[].at]|.==(sort)' <<<"$out")" true "history: oldest first"
run resolve $N; say hana また来た; until_true 20 sh -c "$B/mado history $N --contact --json | grep -q また来た"
run history $N --contact; like "$out" 'また来た' "history --contact"
run history 9999; is $rc 4 "history of nothing"
run agents; is "$(awk '{print $1}' <<<"$out" | tr '\n' ' ')" "admin kato sato " "agents"
curl -sf -d '{"user":"ichi","image":"640x480"}' "$madosim_url/sim/say" >/dev/null || curl -sf -d '{"user":"ichi","image":true}' "$madosim_url/sim/say" >/dev/null
until_true 20 has_conv ichi; N=$(conv_of ichi)
kept() { mado history "$N" --json | jq -es '[.[]|select(.media.state=="kept")]|length==1' >/dev/null; }
eventually 20 "the picture is kept" kept
M=$(mado history $N --json | jq -rs '[.[]|select(.type=="image")][0].id')
mado media "$M" >"$T/pic"; is $? 0 "media to standard output"
like "$(head -c 4 "$T/pic" | od -An -c)" 'P   N   G|377 330' "a picture"
run media nothing; is $rc 4 "no such media"

# --- events ---
run events --json; is "$(jq -s '[.[].seq]|.==(sort|unique)' <<<"$out")" true "events: seq only rises"
is "$(jq -s 'map(select(.kind=="message.in"))[0].data.message.from' <<<"$out")" '"customer"' "with the rows after them"
L=$(tail -1 <<<"$out" | jq .seq); run events --after "$L" --json; is "$out" "" "--after the last: nothing"
"$B/mado" events --follow --after "$L" --json >"$T/follow" 2>"$T/follow.err" & F=$!; pids="$pids $F"
new jun; eventually 20 "--follow prints what comes" grep -q '"kind":"message.in"' "$T/follow"
stop madod; port=${madod_url##*:}; madod_port=$port; config "server listen = 127.0.0.1:0"; start_madod
new kana; eventually 30 "it survives a restart of the desk" sh -c "[ \$(grep -c message.in $T/follow) = 2 ]"
kill $F; wait $F 2>/dev/null
is "$(jq -s '[.[].seq]|.==[range(.[0];.[0]+length)]' "$T/follow")" true "nothing is skipped, nothing comes twice"
like "$(cat "$T/follow.err")" 'trying again' "and it said so"
mado events 2>"$T/err" | head -1 >/dev/null; is "$(cat "$T/err")" "" "a reader that goes away is no error"

# --- the desk is gone ---
stop madod
new_text="控え $(date +%s)"
run reply $N "$new_text"; is $rc 5 "the desk is not reached: exit 5"; like "$err" 'kept' "and the reply is kept"
K=$(grep -oE '[0-9a-f-]{36}' <<<"$err")
run ls; is $rc 5 "ls: exit 5"
run outbox; is $rc 5 "outbox: exit 5"; like "$out" "$K.*kept.*控え" "but shows what is kept"
run outbox --json; is "$(field '[.id,.state,.local,.text]|tostring')" "[\"$K\",\"queued\",\"kept\",\"$new_text\"]" "also as JSON"
run logout; is $rc 1 "logout does not throw it away in passing"; like "$err" '--yes' "and says how"
run reply $N 捨てる控え; D=$(grep -oE '[0-9a-f-]{36}' <<<"$err"); run discard "$D"; is $rc 0 "what is kept can be discarded"
start_madod
run whoami; is $rc 0 "the next verb that reaches it"
eventually 20 "brings it to the customer" got_is kana "$new_text"
run outbox; is "$out" "" "nothing is kept any more"

# --- passwords, disabled, sign-out ---
printf 'password-sato\npassword-two\n' | mado passwd; is $? 0 "passwd"
printf 'password-sato\npassword-two\n' | mado passwd 2>/dev/null; is $? 3 "the old one is asked for"
echo password-two | mado --profile two login "$madod_url" --user sato --password-stdin; is $? 0 "the new one works"
T2=$(sed -n '/profile two/,$s/^token = "\(.*\)"/\1/p' "$XDG_CONFIG_HOME/mado/profiles")
echo "$T2" | mado --profile three login "$madod_url" --user sato --token-stdin; is $? 0 "--token-stdin"
printf '[mado]\ntoken_cmd = echo %s\n' "$T2" >"$XDG_CONFIG_HOME/mado/madorc"
run whoami; is $rc 0 "token_cmd"; rm "$XDG_CONFIG_HOME/mado/madorc"
run logout; is $rc 0 "logout"
ok "the store and its key are gone" sh -c "! ls $XDG_STATE_HOME/mado/default* $XDG_CONFIG_HOME/mado/key"
run ls; is $rc 3 "signed out"
is "$(as two whoami | cut -d, -f1)" sato "the other profile is not"
echo password-kato | as kato login "$madod_url" --user kato --password-stdin
stop madod; as kato reply $N x 2>/dev/null; start_madod; madod user disable kato
as kato whoami 2>"$T/err"; is $? 3 "a disabled account: exit 3"; like "$(cat "$T/err")" disabled "is told so"
is "$(sqlite3 "$XDG_STATE_HOME/mado/kato-own.db" 'SELECT count(*) FROM outbox')" 0 "and what it kept here is erased"
unlike "$(got kana)" 'x$' "and never leaves"

# --- language ---
like "$(LANG=ja_JP.UTF-8 LC_ALL= mado ls 2>&1)" 'サインイン' "Japanese, where the system has no such locale"
like "$(LANG=C LC_ALL= mado ls 2>&1)" 'signed in' "English else"
done_testing
