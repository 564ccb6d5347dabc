#!/bin/bash
# The filter language on the command line and on the wire: terms, words, where
# an error points, pages that a rare filter leaves short.
. "$(dirname "$0")/../lib.sh"
start_desk
conv_of() { db "SELECT c.number FROM conversation c JOIN contact t ON t.id=c.contact WHERE t.name='$1'"; }
has_conv() { [ -n "$(conv_of "$1")" ]; }
new() { say "$1" "$2"; until_true 20 has_conv "$1" || diag "no conversation of $1"; N=$(conv_of "$1"); }
# ls_is QUERY NUMBERS [OPTION...]: what ls --query finds, in the inbox's order
ls_is() { is "$(mado ls --query "$1" -q "${@:3}" 2>&1 | tr '\n' ' ')" "$2" "ls --query '$1' ${*:3}"; }

new aoi 返品したいのですが; A=$N
new ben "https://example.jp/a:b"; BN=$N
new 'chika 山田' "100% 箱"; C=$N
mado tag $A +返品 +@VIP
mado tag $BN +配送
mado assign $BN sato
mado pin $C

ls_is 'tag:返品' "$A "
ls_is 'タグ：返品，配送　待ち＞＝０分' "$A $BN "
ls_is '-tag:VIP' "$C $BN "
ls_is 'tag:@vip' "$A "
ls_is 'assignee:none' "$C $A "
ls_is 'assignee:me' "$BN "
ls_is 'waiting<1h -assignee:any' "$C $A "
ls_is 'waiting>1h' ""
ls_is 'pinned' "$C "
ls_is 'unread>0 -pinned mode:manual' "$A $BN "
ls_is 'name:山田' "$C "
ls_is '返品' "$A "
ls_is '100%' "$C "
ls_is 'https://example.jp/a:b' "$BN "
ls_is '-返品 -箱' "$BN "
ls_is '返品 assignee:none' "$A "
ls_is '"したいの" -tag:配送' "$A "
ls_is 'tag:none tag:any' ""
mado resolve $A
ls_is 'tag:返品' ""
ls_is 'tag:返品 status:resolved' "$A "
ls_is 'tag:返品' "$A " --view all
ls_is 'status:resolved' "" --view open
mado reopen $A

mado ls --query 'tag:返品 wating>30m' 2>"$T/err"; is $? 2 "a slip: exit 2"
is "$(sed -n 1,2p "$T/err")" $'tag:返品 wating>30m\n         ^' "the text, and where in it"
like "$(sed -n 3p "$T/err")" 'column 8: .*"wating" \(tag, assignee' "and what could stand there"
LANGUAGE=ja mado ls --query 'waiting:30m' 2>"$T/err"
like "$(cat "$T/err")" '位置 9' "the column, in Japanese too"
unlike "$(cat "$T/err")" 'column|before' "with no word of English"

sign_in_api sato
q() { api -G --data-urlencode "query=$1" "${@:2}" /v1/conversations; }
is "$(q 'mode:x' | jq -r '.code+" "+.detail')" 'invalid column 6: this is none of its values: "x" (auto|manual)' "on the wire too"
is "$(q 'assignee:none -pinned' | jq -c '[.conversations[].number, .next]')" "[$A,null]" "a page"
is "$(q 'assignee:none' -d limit=1 | jq -c '[.conversations[].number]')" "[$C]" "a page of one"
next=$(q 'assignee:none' -d limit=1 | jq -r .next)
is "$(q 'assignee:none' -d limit=1 -d "after=$next" | jq -c '[.conversations[].number]')" "[$A]" "and the page after it"

# --- views of madorc ---
mkdir -p "$XDG_CONFIG_HOME/mado"
cat >"$XDG_CONFIG_HOME/mado/madorc" <<'R'
undo_s = 1
[view 返品]
query = tag:返品 age>=0s
[view broken]
query = assignee:none wating>30m
[view done]
query = status:resolved
[view mine]
query = pinned
[view empty]
R
is "$(mado ls --view 返品 -q 2>/dev/null)" "$A" "ls --view NAME"
is "$(mado ls --view 返品 --query pinned -q 2>/dev/null)" "" "and --query narrows it"
mado resolve $BN
is "$(mado ls --view done -q 2>/dev/null)" "$BN" "a view that names the status looks at all"
mado ls --view 返品 2>&1 >/dev/null | head -1 >"$T/err"
like "$(cat "$T/err")" 'madorc:5: the view broken: column 15: .*"wating"' "a broken one: file, line, character; the rest works"
mado ls --view broken 2>"$T/err"; is $? 2 "and is not there"
like "$(tail -1 "$T/err")" 'no view broken.*madorc' "in words"
sed -i '/broken/,/wating/d' "$XDG_CONFIG_HOME/mado/madorc"
like "$(mado ls 2>&1 >/dev/null)" "madorc:6: mine is a view of mado's own" "a name that is taken"
sed -i '/mine/,/pinned/d' "$XDG_CONFIG_HOME/mado/madorc"
like "$(mado ls 2>&1 >/dev/null)" 'madorc:6: the view empty needs a query' "one without a query"
done_testing
