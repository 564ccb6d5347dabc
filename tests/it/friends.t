# How customers find the account (qr), and the rich menu, whose taps trigger
# rules.
. "$(dirname "$0")/../lib.sh"

madod_port=$(free_port)
start_madosim
cat >"$T/rules.conf" <<'END'
[rule 返品]
postback = menu=return
answer = 返品の方法をご案内します。
[rule 送料]
exact = 送料
answer = 全国一律550円です。
END
config "server rules = rules.conf"
friend=https://line.me/R/ti/p/%40madosim

is "$(madod qr | head -1)" "$friend" "the link that adds the account"
is "$(madod qr main | sed 1d | wc -l)" 17 "its code, for a terminal"
is "$(madod qr --text "注文について" 2>&1 | head -1)" \
    "https://line.me/R/oaMessage/%40madosim/?%E6%B3%A8%E6%96%87%E3%81%AB%E3%81%A4%E3%81%84%E3%81%A6" "with a text typed already"
madod qr --png "$T/qr.png" --svg "$T/qr.svg"
is "$(head -c 4 "$T/qr.png" | tail -c 3)" PNG "a picture"
like "$(cat "$T/qr.svg")" '^<svg xmlns=' "a drawing"
if command -v zbarimg >/dev/null; then
	is "$(zbarimg -q "$T/qr.png" 2>/dev/null)" "QR-Code:$friend" "that a reader reads"
	madod qr --png - --text "番号 42" | tail -c +1 >"$T/qr2.png"
	like "$(zbarimg -q "$T/qr2.png" 2>/dev/null)" 'oaMessage/%40madosim/\?%E7' "and the longer one"
fi
like "$(madod qr --html)" "^<a href=\"$friend\" .*LINEで友だち追加</a>" "a button for a page"
like "$(madod qr other 2>&1)" 'has no \[line other\]' "a channel that is none"
like "$(madod qr --text "$(printf 'あ%.0s' {1..200})" 2>&1)" 'LINE takes 1000: a shorter text' "a text too long for a link"

# a picture without a library: width, height, one grey
picture() {
	perl -e 'my ($w, $h) = @ARGV; use Compress::Zlib;
	    sub chunk { my ($t, $d) = @_; pack("N", length $d) . "$t$d" . pack("N", crc32("$t$d")) }
	    print "\x89PNG\r\n\x1a\n", chunk("IHDR", pack("NNC5", $w, $h, 8, 0, 0, 0, 0)),
	    chunk("IDAT", compress(("\0" . "\x80" x $w) x $h)), chunk("IEND", "")' "$1" "$2"
}
picture 1200 800 >"$T/menu.png"
picture 1200 1000 >"$T/square.png"
menu=$top/tests/data/menu.conf
is "$(madod richmenu show 2>&1)" "madod: there is no rich menu that madod or another program has set" "none at first"
ok "set" madod richmenu set "$T/menu.png" "$menu"
shown=$(madod richmenu show)
like "$shown" '^shop, bar "メニュー"' "shown"
like "$shown" ' 800    0  400  400  返品  *postback menu=return' "an area takes its cell"
is "$(printf '%s\n' "$shown" | wc -l)" 7 "all six"
ok "set again" madod richmenu set "$T/menu.png" "$menu"
is "$(curl -s -H "Authorization: Bearer $TOKEN" "$madosim_url/v2/bot/richmenu/list" | jq '.richmenus | length')" 1 "the one before does not stay"

start_madod
tap() { curl -sf -d "{\"user\":\"hanako\",\"menu\":true,\"label\":\"$1\"}" "$madosim_url/sim/tap" >/dev/null; }
got() { sim '[.customers[] | select(.name == "hanako") | .received[].message.text]'; }
tap 返品
eventually 20 "a tap that posts back triggers a rule" eval '[ "$(got)" = "[\"返品の方法をご案内します。\"]" ]'
tap 送料
eventually 20 "and one that says something" eval '[ "$(got)" = "[\"返品の方法をご案内します。\",\"全国一律550円です。\"]" ]'

# the manual's examples
sed -n '/^\.Sh FRIENDS/,/^\.Sh FIRST/p' "$top/man/madod.8" >"$T/man"
sed -n '/^\[menu\]/,/^\.Ed/p' "$T/man" | sed '$d' >"$T/example.conf"
ok "the manual's menu" madod richmenu set "$T/menu.png" "$T/example.conf"
is "$(madod richmenu show | wc -l)" 3 "has its two areas"
(cd "$T" && sed -n 's/^\$ madod -c madod.conf \(.*\)/"$B\/madod" -c madod.conf \1/p' man | B=$B bash >example.out 2>&1)
is "$?" 0 "the manual's commands run"
[ -s "$T/order.png" ]
is "$?" 0 "and write what they name"
ok "and back" madod richmenu set "$T/menu.png" "$menu"

# bad input: one sentence, and what is shown stays
bad() { like "$(madod richmenu set "$1" "$2" 2>&1)" "$3" "$4"; }
edit() { sed "$1" "$menu" >"$T/bad.conf"; }
bad "$T/square.png" "$menu" '1200 x 1000: LINE takes' "a picture too high"
bad "$menu" "$menu" 'neither PNG nor JPEG' "no picture"
head -c 2000000 /dev/zero >"$T/big.png"
bad "$T/big.png" "$menu" '1 MB at most' "a picture too large"
edit 's/grid = 3x2/grid = 2x2/'
bad "$T/menu.png" "$T/bad.conf" 'bad.conf:[0-9]*: \[area お店のサイト\] finds no cell' "more areas than cells"
edit 's/^text = 送料/&\nurl = https:\/\/x/'
bad "$T/menu.png" "$T/bad.conf" 'one of text, postback and url' "two things at a tap"
edit 's/^text = 送料/&\nat = 1000 0 400 400/'
bad "$T/menu.png" "$T/bad.conf" 'outside of the picture of 1200 x 800' "an area outside"
edit 's/^bar = .*/bar = 十五文字より長いメニューの名前です/'
bad "$T/menu.png" "$T/bad.conf" '"bar" is 1 to 14' "a bar too long"
edit 's/^url = .*/url = javascript:x/'
bad "$T/menu.png" "$T/bad.conf" 'LINE says: .*invalid uri scheme' "what LINE refuses, in its words"
is "$(madod richmenu show | wc -l)" 7 "what was shown stays"
ok "removed" madod richmenu rm
is "$(curl -s -H "Authorization: Bearer $TOKEN" "$madosim_url/v2/bot/richmenu/list" | jq -c .richmenus)" '[]' "all of it"
done_testing
