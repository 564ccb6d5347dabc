#!/bin/bash
# Canned replies in the inbox: found by kana reading, tag and text, shown as
# the customer would read them, stacked, saved from a draft and from a message,
# refused when a variable is empty; and what a local command writes.
. "$(dirname "$0")/lib.sh"
start_desk
add_user kato agent; echo password-kato | mado --profile kato login "$madod_url" --user kato --password-stdin >/dev/null
knows() { [ "$(mado ls -q | wc -l)" = "$1" ]; }
texts() { mado canned ls --json | jq -r "select(.name==\"$1\")|$2"; }
text_is() { [ "$(texts "$1" "$2")" = "$3" ]; }
printf '返品手順\t{{contact.name}}様、着払いでお送りください。\tへんぴんてじゅん\t返品,配送\nお礼\tありがとうございます。\n壊\t{{contact.phone}}に電話します。\n' >"$T/c.tsv"
ok "mado canned import" mado canned import "$T/c.tsv"
ok "a personal one" mado canned add 私信 '佐藤より。' --personal --reading ししん
say ume 'いつも梅さんはお世話になっています'
until_true 20 knows 1
inbox 100x32
eventually 20 "the inbox" sees '> ume'
keys l; eventually 20 "open" sees '#1 ume'
keys c; text へんぴん
eventually 20 "the palette finds by the kana reading, and shows it filled in" sees '> 返品手順 .*ume様、着払い'
keys Enter; eventually 20 "it is in the line" sees '^> ume様、着払いでお送りください。'
keys C-o c; text '配送'
eventually 20 "by a tag" sees '> 返品手順'
keys C-u; text しし
eventually 20 "one's own is called so" sees '> 私信 .*own reply'
keys Enter
eventually 20 "a second one is stacked below" sees '^  佐藤より。'
keys C-x C-u C-x C-u; keys C-u; keys C-g
keys r; keys C-o :; text 'canned お礼 壊'; keys Enter
eventually 20 "a variable that is not known is refused" sees 'unknown variable \{\{contact.phone'
eventually 20 "what came before it stays" sees 'ありがとうございます。'
keys C-a C-k C-u; text 'umeさん、梅雨ですね'; eventually 20 "typed" sees '^> umeさん、梅雨ですね'
keys C-o :; text 'canned 無いもの'; keys Enter
eventually 20 "an unknown one is said to be" sees 'no canned reply "無いもの"'
keys C-o :; text 'canned save 梅雨'; keys Enter
eventually 20 "saved from the draft, as one's own" text_is 梅雨 .personal true
is "$(texts 梅雨 .text)" '{{contact.name}}さん、梅雨ですね' "without this customer's name"
eventually 20 "back in the reply" sees '^> umeさん、梅雨ですね'
is "$(mado --profile kato canned ls -q | grep -c 梅雨)" 0 "a colleague does not see it"
keys C-u C-g; keys k; keys :; text 'canned save 世話 --team'; keys Enter
eventually 20 "saved from the message under the cursor, for the team" text_is 世話 .personal false
ok "a colleague has it" eval 'mado --profile kato canned ls -q | grep -q 世話'
keys :; text 'canned save 世話 --team'; keys Enter
eventually 20 "one that is there is asked about" sees 'Replace "世話"'
keys n
keys r; keys C-o :; text '!echo "注文 $MADO_CONVERSATION: $MADO_CONTACT"'; keys Enter
eventually 20 "what a command writes is put in" sees '^> 注文 1: ume$'
keys C-o :; text '!echo because >&2; exit 3'; keys Enter
eventually 20 "one that fails says why, and nothing is put in" eval 'sees "failed \(3\): because" && sees "^> 注文 1: ume$"'
# --- stickers ---
stickers() { sim '.customers[]|select(.name=="ume")|[.received[].message|select(.type=="sticker")|.packageId+"/"+.stickerId]|join(" ")' | tr -d '"'; }
stickers_are() { [ "$(stickers)" = "$1" ]; }
keys C-o :; text 'sticker アリガトウ'; keys Enter
eventually 20 "a sticker by its word stands in the draft" sees '^  \[\[sticker:8525/16581291 ありがとう\]\]'
# Enter again where it waits, or where it was held for being too quick
hurry() { stickers_are "$1" || { sees 'leaves in|\[\[sticker' && keys Enter; sleep 0.3; false; }; }
eventually 20 "it goes out with the text" hurry 8525/16581291
eventually 20 "and stands in the history" sees '\[sticker: ありがとう\]'
is "$(mado history 1 --json | jq -rs '[.[]|select(.from=="agent")|.type]|join(" ")')" "text sticker" "the text first"
keys C-g
printf '446/1988\t蟹,かに\n' >"$XDG_CONFIG_HOME/mado/stickers.tsv"
ok "mado reply --sticker, from one's own table" mado reply 1 --sticker カニ --wait
eventually 20 "has come" stickers_are '8525/16581291 446/1988'
mado reply 1 --sticker ない 2>"$T/err"; is $? 4 "an unknown word is refused"
mado canned export >"$T/all.tsv"
ok "mado canned export" grep -q '^返品手順	.*	へんぴんてじゅん	返品,配送	$' "$T/all.tsv"
like "$(cat "$T/all.tsv")" '私信	佐藤より。	ししん		personal' "one's own too"
mado canned rm 返品手順; mado canned rm 私信 --personal
ok "which import takes again" mado canned import "$T/all.tsv"
mado canned export | cmp - "$T/all.tsv" >"$T/cmp" 2>&1; is $? 0 "the same as before"
is "$(mado canned ls -q へんぴん)" 返品手順 "ls WORDS finds by the reading"
printf 'x\n' >"$T/bad.tsv"; mado canned import "$T/bad.tsv" 2>"$T/err"; is $? 2 "a bad line is refused"
like "$(cat "$T/err")" 'bad.tsv:1: a line is a name' "with its file and line"
done_testing
