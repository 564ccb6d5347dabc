#!/bin/bash
# mado shell with a script on standard input: verbs without numbers mean the
# open conversation, mistakes are told by line, the first is the exit code.
. "$(dirname "$0")/../lib.sh"
start_desk
add_user kato agent
for u in aoi ben; do say $u "$u です"; done
n_convs() { [ "$(mado ls -q | wc -l)" = "$1" ]; }
eventually 20 "two customers are there" n_convs 2
A=$(mado ls --query aoi -q) BN=$(mado ls --query ben -q)
got() { sim ".customers[]|select(.name==\"$1\")|[.received[].message.text]|join(\"|\")" | tr -d '"'; }
got_is() { [ "$(got "$1")" = "$2" ]; }
script() { out=$(mado shell 2>"$T/err"); rc=$?; err=$(cat "$T/err"); }

script <<S
# what a job does every morning
open $A
take

tag +朝 '+二語'
reply "はい、承ります"
note 控えておく
pin
show --json
S
is "$rc$err" 0 "a script of verbs"
is "$(tail -1 <<<"$out" | jq -c '[.number,.assignee,.pinned,.tags]')" "[$A,\"sato\",true,[\"二語\",\"朝\"]]" "they mean the open conversation"
like "$out" 'aoi です' "which open has shown"
eventually 20 "the customer has the reply" got_is aoi はい、承ります
script <<S
open $A
assign kato
assign #$BN kato
reply #$BN こちらへ
tag $BN +別
assign -
show $A $BN --json
S
is "$(jq -rs 'map(select(.number))|map([.number,.assignee])|tostring' < <(tail -2 <<<"$out"))" "[[$A,null],[$BN,\"kato\"]]" "a number says another; - is nobody"
eventually 20 "a reply to another" got_is ben こちらへ
script <<S
frob
open $A
reply 42
open 9999
tag - +x
login http://127.0.0.1:1
reply "x
resolve
S
is $rc 2 "the first failure is the exit code"
is "$(grep -c '^mado: line [1-7]: ' <<<"$err")" 6 "each is told by its line"
like "$err" 'line 3: is 42 a conversation or the text' "a number is never taken for a text"
like "$err" 'line 5: .*standard input' "- has no meaning there"
like "$err" 'line 7: a quote' "nor a quote without an end"
is "$(mado show "$A" --json | jq -r .status)" resolved "what follows is done all the same"
printf '\0\nnote %s ab\0c\nopen %s\n' "$A" "$A" | mado shell >/dev/null 2>"$T/err"; is $? 2 "a NUL byte is no line"
is "$(grep -c '^mado: line [12]: ' "$T/err")" 2 "and told"
printf 'open %s\nreopen' "$A" | mado shell >/dev/null; is $? 0 "a last line without a newline"
is "$(mado show "$A" --json | jq -r .status)" open "is one"
{ printf 'open %s\n' "$BN"; until_true 20 test -s "$T/o"; say ben もう一言
	until_true 20 sh -c "$B/mado show $BN --json | grep -q もう一言"; echo reply 早すぎ; } | mado shell >"$T/o" 2>"$T/err"
is $? 6 "a reply that has not seen what came after open is refused"
unlike "$(got ben)" 早すぎ "and not sent"
out=$(TERM=dumb mado <<<"ls -q" | sort -n | tr '\n' ' '); is "$out" "$A $BN " "mado alone with TERM=dumb"
out=$(mado --plain <<<"help"); like "$out" '^  open ' "and with --plain"
run() { out=$(mado "$@" 2>&1); rc=$?; }
run open 1; is $rc 2 "its own verbs are no verbs outside"
done_testing
