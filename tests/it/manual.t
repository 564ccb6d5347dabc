#!/bin/bash
# The examples of the manual pages of mado, run as they stand: 42 is a
# conversation of this desk, what follows for ever is read once.
. "$(dirname "$0")/../lib.sh"
start_desk "server public_url = https://desk.example.jp"
add_user kato agent
export PATH=$B:$PATH
for u in aoi ben; do say $u "$u です、不良品でした"; done
n_convs() { [ "$(mado ls -q | wc -l)" = "$1" ]; }
eventually 20 "two customers are there" n_convs 2
A=$(mado ls --query aoi -q)
mado tag "$A" +済; mado canned add お礼 'ありがとうございます。'
# The bytes of a PNG of one dot, for what is attached.
base64 -d >"$T/label.png" <<<iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==

# examples PAGE: each block that begins with a prompt becomes $T/N.sh; what a
# block leaves to the reader (a desk of that address) is left out.
examples() {
	perl -CSD -ne 'if (/^\.Bd/ .. /^\.Ed/) {
		if (/^\.Bd/) { $b = ""; next }
		if (/^\.Ed/) { print "$b\0" if $b =~ /^\$ mado|^\$ \w+=\$\(mado/; next }
		$b .= $_ } elsif (/^\.Dl (\$ mado .*\n)/) { print "$1\0" }' "$top/man/$1" |
	    while IFS= read -r -d '' block; do
		grep -q 'mado login\|mado join' <<<"$block" && continue
		n=$((n + 1))
		sed -e 's/^\$ //' -e 's/\\e/\\/g; s/\\(dq/"/g; s/\\&//g' \
		    -e "s/\\b42\\b/$A/g; s/ --follow//" <<<"$block" >"$T/$n.sh"
	done
}
n=0
cd "$T" || exit 1
examples mado.1
for f in "$T"/[0-9]*.sh; do
	ok "$(head -1 "$f")" timeout 90 bash -eo pipefail "$f"
done
# example PAGE N: its N-th block
example() { awk -v n="$2" '/^\.Bd/ {i++; on = 1; next} /^\.Ed/ {on = 0} on && i == n' "$top/man/$1" | sed 's/\\e/\\/g'; }
for n in 1 2 3; do
	example madorc.5 $n >"$XDG_CONFIG_HOME/mado/madorc"
	is "$(mado ls -q 2>&1 >/dev/null)" "" "madorc(5), example $n, is read"
done
rm "$XDG_CONFIG_HOME/mado/madorc"
ok "there are some" test -e "$T/5.sh"
got() { sim ".customers[]|select(.name==\"aoi\")|[.received[].message.text]|join(\"|\")"; }
like "$(got)" 'ありがとうございます。' "they did what they say"
is "$(mado show "$A" --json | jq -c '[.status,(.tags|sort)]')" '["open",["品質","済","返品"]]' "one after the other; the last one answers what was resolved, which opens it"
done_testing
