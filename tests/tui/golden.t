#!/bin/bash
# The inbox character by character at 120x32 in English and Japanese, and what
# must be where at 80x24 and 40x20. GOLDEN=update writes the screens anew:
# look at the difference before it is committed.
. "$(dirname "$0")/lib.sh"
golden=$(dirname "$0")/golden

# It is always about noon at this desk, so that a clock has five characters;
# customers wrote at noon of a day long ago.
off=$((12 - 10#$(date -u +%H)))
zone=Etc/GMT$([ $off -lt 0 ] && echo "+$((-off))" || { [ $off -gt 0 ] && echo "-$off"; })
noon=$(((1700049600 - off * 3600) * 1000)) # 2023-11-15 12:00 there
config "server timezone = $zone" "push = hold"
add_user sato agent
start_madod
sign_in_api sato
n=0
# said USER TEXT: without a reply token, a minute after the one before
said() {
	n=$((n + 1))
	post_webhook "$(text_event "$n" "U0000000000000000000000000000000$1" "$2" $((noon + n * 60000)) |
	    jq -c 'del(.events[0].replyToken)')" >/dev/null
}
event() {
	n=$((n + 1))
	post_webhook "$(jq -nc --arg u "U0000000000000000000000000000000$1" --argjson m "$2" --argjson at $((noon + n * 60000)) \
	    --arg id "e$n" '{events:[{type:"message",webhookEventId:$id,timestamp:$at,source:{type:"user",userId:$u},message:$m}]}')" >/dev/null
}
said 1 '注文した靴のサイズが合いません。返品できますか？'
said 1 '箱を捨ててしまったのですが、着払いで送ればよいでしょうか。届いてから一度だけ室内で履きました。「未使用」になりますか？'
event 1 '{"id":"77","type":"sticker","packageId":"1","stickerId":"2","stickerResourceType":"STATIC","keywords":["ありがとう","お辞儀"]}'
said 2 'สวัสดีครับ น้ำใจดีมาก'
said 3 $'multi\nline \e[31mred\e[0m \u202eevil'
said 4 '👨‍👩‍👧 family 👍🏽 ❤️ 🇯🇵 ok'
said 5 'ｶﾞｷﾞｸﾞ half width'
api -d '{"add":["返品","@VIP"]}' /v1/conversations/1/tag >/dev/null
api -d '{}' /v1/conversations/1/pin >/dev/null
api -d '{"text":"足の甲が高い"}' /v1/conversations/1/note >/dev/null
api -d '{"text":"返品を承ります。"}' /v1/conversations/1/reply >/dev/null
held() { [ "$(db "SELECT state FROM message WHERE sender=2 AND type=0")" = 5 ]; }
eventually 20 "the answer is held" held
stop madod
sqlite3 "$T/desk/madod.db" "UPDATE contact SET name=CASE id WHEN 1 THEN '山田 花子' WHEN 2 THEN 'Somchai ใจดี' WHEN 3 THEN 'e'||char(27)||'[2Jvil'||char(10)||'name' WHEN 4 THEN '👨‍👩‍👧‍👦の家族❤️' ELSE '髙橋𠮷ｶﾞ' END, profile_at=1, language='ja'"
start_madod
# LINE is away in this test: said before an inbox opens, not in the middle of it
eventually 20 "LINE is known to be away" eval '[ -n "$(db "SELECT problem FROM channel")" ]'
sign_in sato

# what changes from run to run: clocks, days since
masked() { screen | sed -E 's/ +(手動|manual) (今|now|[0-9]{1,2}(分|m))│/ \1 AGE│/; s/[0-9]{2}:[0-9]{2}/hh:mm/g; s/[0-9]{4}d/NNNNd/g; s/[0-9]{4}日/NNNN日/g; s/ [A-Z][a-z]{2} [0-9 ]?[0-9] [A-Z][a-z]{2} / DDD DD MMM /; s/ [0-9]{1,2}月[0-9]{1,2}日 \(.\) / DDDD /; s/─+ (DDD|DDDD)/- \1/; s/(MMM|DDDD) ─+/\1 -/' ; }
# golden NAME: the screen is the one in golden/NAME, in the end
golden_is() { masked >"$T/screen"; cmp -s "$T/screen" "$golden/$1"; }
golden() {
	if [ "${GOLDEN:-}" = update ]; then
		sleep 2 # to be looked at by whoever draws them anew
		mkdir -p "$golden"; masked >"$golden/$1"
	fi
	if until_true 20 golden_is "$1"; then pass "$1, character by character"; else
		fail "$1, character by character"
		diag "$(diff "$golden/$1" "$T/screen")"
	fi
}

for lang in en ja; do
	case $lang in en) env=LANG=C.UTF-8;; ja) env='LC_ALL= LANG=ja_JP.UTF-8';; esac
	inbox 120x32 $env
	eventually 20 "$lang: the inbox" sees 'Somchai'
	keys 5
	golden "120x32-$lang-list"
	keys Enter
	golden "120x32-$lang-conversation"
	keys r; text 'かしこまりました'
	eventually 20 "$lang: typed" sees 'かしこまりました'
	eventually 20 "$lang: the caret is behind what was typed" caret_is 18,30
	golden "120x32-$lang-reply"
	keys C-u C-g; keys '?'
	golden "120x32-$lang-help"
	leave '?' q q
done

# every border stands in one column, whatever the names are
inbox 120x32
eventually 20 "the inbox" sees 'Somchai'
keys 5 Enter
eventually 20 "a conversation" sees '返品を承ります'
cols() { screen | sed -n '3,27p' | perl -CS -Mutf8 -ne 'use Unicode::UCD; chomp; my ($c,@b)=(0); for (split //) { push @b,$c if /[│┌┐└┘]/; my $w=Unicode::UCD::charprop(ord,"East_Asian_Width"); $c += /\p{Mn}|\p{Me}|\p{Cf}/ ? 0 : $w =~ /^(W|Wide|F|Fullwidth)$/ ? 2 : 1 } print "@b[0,1,2,3,4,5]\n" if @b >= 6' | sort -u | wc -l; }
one_column() { [ "$(cols)" = 1 ]; }
eventually 20 "the borders stand in one column on every row" one_column
like "$(screen)" 'multi line \^\[\[31mred\^\[\[0m evil' "a customer's escape sequence is letters"
leave q q q

inbox 80x24
eventually 20 "80x24: the inbox" sees 'Somchai'
header() { row 1 | grep -qE '^1 Mine [0-9]+  2 Wait [0-9]+  3 Auto [0-9]+  4 Follow [0-9]+  5 Open [0-9]+ .*live'; }
eventually 20 "80x24: counts, clock and link" header
is "$(row 1 | wc -m)" 81 "80x24: the header has 80 columns"
keys j # what was said stays until a key
eventually 20 "80x24: the bottom line says what can be done, ending in help" eval 'row 24 | grep -q "? help"'
keys 5 Enter
eventually 20 "80x24: list and history" sees '返品を承ります'
keys r; text 'abcあ'
eventually 20 "80x24: typed" sees 'abcあ'
eventually 20 "80x24: the caret is behind what was typed" caret_is 7,22
leave C-u C-g q q q
inbox 40x20
eventually 20 "40x20: the inbox" sees 'Somchai'
keys 2
eventually 20 "40x20: one view and the link" eval 'row 1 | grep -qE "^Wait [0-9]+ .*live"'
ok "40x20: nothing is wider" test "$(screen | wc -L)" -le 40
keys 5 Enter
eventually 20 "40x20: one pane, and the sheet of verbs" sees '1 reply'
keys 1; text 'abcあ'
eventually 20 "40x20: typed" sees '> abcあ'
eventually 20 "40x20: the caret is behind what was typed" caret_is 7,18
screen >"$T/last"; [ "$tap_bad" = 0 ] || { diag "$(caret)"; diag "$(cat "$T/last")"; }
done_testing
