#!/bin/bash
# Names and messages as hostile and as wide as they come, in every row: the
# borders stand in one column on every row of the terminal's grid, and the
# caret is in the reply line after what was typed, whatever emoji are drawn as.
. "$(dirname "$0")/lib.sh"
start_desk
names=('👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧' '👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽' '❤️❤️❤️❤️❤️❤️❤️❤️❤️❤️❤️❤️❤️❤️❤️❤️' '1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣'
	'🇯🇵🇹🇭🇹🇼🇮🇩🇯🇵🇹🇭🇹🇼🇮🇩🇯🇵🇹🇭🇹🇼🇮🇩' '🏴󠁧󠁢󠁥󠁮󠁧󠁿🏴󠁧󠁢󠁥󠁮󠁧󠁿🏴󠁧󠁢󠁥󠁮󠁧󠁿🏴󠁧󠁢󠁥󠁮󠁧󠁿🏴󠁧󠁢󠁥󠁮󠁧󠁿🏴󠁧󠁢󠁥󠁮󠁧󠁿🏴󠁧󠁢󠁥󠁮󠁧󠁿🏴󠁧󠁢󠁥󠁮󠁧󠁿' 'ｶﾞｷﾞｸﾞｹﾞｺﾞｻﾞｼﾞｽﾞｾﾞｿﾞﾀﾞﾁﾞﾂﾞﾃﾞﾄﾞ' 'น้ำใจดีมากที่สุดในโลกนี้เลยครับผม' '髙橋𠮷野家葛󠄀飾区葛󠄀飾区髙橋𠮷野家葛󠄀飾区'
	$'\e[2J\e[31m\e]0;x\a\u202e\u2066\u200b\u200fevil\nname\rover' $'z\u0301\u0302\u0303\u0304\u0305\u0306\u0307a\u0308\u0309\u030a\u030b\u030c\u030d\u030elgo' '🫨🫩🪿🫎🫨🫩🪿🫎🫨🫩🪿🫎🫨🫩🪿🫎' $'\u1100\u1161\u11a8\u1161\u1161 \u0e49\u0e33 \u0ead\u0eb3 \u094d\u0937' '○●★→※…αβ□■○●★→※…αβ□■○●★→※…αβ')
for name in "${names[@]}"; do say "$name" "$name $name $name"; done
know() { [ "$(mado ls -q --view all | wc -l)" -ge ${#names[@]} ]; }
eventually 20 "everybody is known" know

# The columns at which lines stand, row by row, by the widths of tmux's cells:
# what follows a joiner is in its cell, marks are, full and wide have two.
columns() {
	screen | sed -n "$1" | perl -CS -Mutf8 -ne '
		chomp;
		my ($c, $joined, @b) = (0, 0);
		for (split //) {
			push @b, $c if /[│┌┐└┘]/;
			$c += $joined || /\p{Mn}|\p{Me}|\p{Cf}/ ? 0 :
			    /\p{EA=W}|\p{EA=F}/ ? 2 : 1;
			$joined = $_ eq "\x{200d}";
		}
		print "@b\n"'
}
one_column() { [ "$(columns 3,26p | grep -c .)" = 24 ] && [ "$(columns 3,26p | sort -u | wc -l)" = 1 ]; }
typed=0
for emoji in auto safe native text; do
	mkdir -p "$XDG_CONFIG_HOME/mado"
	echo "emoji = $emoji" >"$XDG_CONFIG_HOME/mado/madorc"
	inbox 120x32
	eventually 20 "$emoji: the inbox" sees '5 Open'
	keys 5; eventually 20 "$emoji: all of them" sees 'lgo'
	eventually 20 "$emoji: the list's borders" one_column
	[ "$tap_bad" = 0 ] || diag "$(columns 3,26p)" "$(screen)"
	keys Enter r; eventually 20 "$emoji: the reply line" sees '^reply to'
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13; do
		keys C-o J; eventually 20 "$emoji: the next one" sees '^reply to'
		until_true 20 one_column || { fail "$emoji: conversation $i"; diag "$(columns 3,26p)" "$(screen)"; }
	done
	text 'abcあ'
	eventually 20 "$emoji: the caret is behind what was typed" caret_is 7,30
	leave C-u C-g q q q
done
done_testing
