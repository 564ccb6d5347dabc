# An hour of an agent's work: the desk of it, and the one that walks through
# the table of hour.steps in one terminal. Source it, say the terminal:
#   hour NAME COLSxROWS [ENV=VALUE ...]
# golden=LANG compares the screens that the table names, character by character
# (GOLDEN=update writes them anew). ascii=1: not one character of line drawing.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
here=$(dirname "${BASH_SOURCE[0]}")
golden= ascii=

# --- the desk ---
faq=$top/tests/data/faq
# customer NAME TEXT...: each message is known before the next is said
customer() {
	local who=$1 text
	shift
	for text; do
		say "$who" "$text"
		until_true 20 eval "mado search -q '$text' | grep -q ."
	done
}
desk() {
	# It is always about noon at this desk, so that a clock has five characters.
	local off=$((12 - 10#$(date -u +%H))) zone=Etc/GMT
	[ $off = 0 ] || zone+=$([ $off -lt 0 ] && echo "+$((-off))" || echo "-$off")
	start_desk "server timezone = $zone"
	add_user kato agent
	printf 'お詫び\t{{contact.name}}様、ご不便をおかけし申し訳ございません。担当の{{agent.name}}です。\tおわび\n着払い\t着払いでお送りください。\tちゃくばらい\t返品\n' >"$T/c.tsv"
	madod canned import "$T/c.tsv"
	# before there is a bot everybody waits for people
	customer '山田 花子' '靴のサイズが合いません。' '箱を捨ててしまったのですが、返品できますか？😭'
	customer '鈴木 一郎' '領収書の宛名を「株式会社すずき」に変えていただけますか？'
	customer 'Somchai ใจดี' 'สวัสดีครับ น้ำใจดีมาก'
	customer '田中👨‍👩‍👧' '届いた箱がつぶれていました'
	madod faq import "$faq/faq.tsv" --examples "$faq/examples.tsv" --negatives "$faq/negatives.tsv"
	until_true 20 grep -q . "$T/desk/faq/main.faq"
	customer '高橋 美咲' '何時まで開いてる？'
	until_true 20 eval 'mado show 5 --json | grep -q 10時から19時'
	mkdir -p "$XDG_CONFIG_HOME/mado"
	printf 'undo_s = 8\n[view 返品]\nquery = tag:返品\n' >"$XDG_CONFIG_HOME/mado/madorc"
	[ -z "$ascii" ] || sed -i '1i ascii_lines = on' "$XDG_CONFIG_HOME/mado/madorc"
	mado logout --yes
} >/dev/null

# --- what a step may do beside keys: words with @ ---
at_more() { say '山田 花子' '色は黒です。'; }
at_size() { say '山田 花子' '28センチです。'; }
at_last() { say '山田 花子' 'ありがとうございました。'; }
at_fee() { say 'Somchai ใจดี' '送料はいくらですか'; }
at_stars() { until_true 20 curl -sf -d '{"user":"山田 花子","label":"5"}' "$madosim_url/sim/tap"; }
at_away() { stop madod KILL; }
at_back() {
	sed -i "s|^listen = 127.0.0.1:.*|listen = ${madod_url#http://}|" "$T/madod.conf"
	start_madod
}
at_small() { tm resize-window -x 40 -y 20; }
at_large() { tm resize-window -x 80 -y 24; }
at_back_size() { tm resize-window -x "${size%x*}" -y "${size#*x}"; }
at_enter() { until_true 20 eval 'keys Enter; until_true 1 sees "leaves in|秒後に送信"'; }
# Enter until the send waits its seconds (one right after a message is not
# taken), then once more to let it go; it goes at once when free seconds end
at_send() {
	local waits='leaves in|秒後に送信' gone='^>( FAQ.*)?$'
	until_true 20 eval 'keys Enter; until_true 2 sees "$waits" || sees "$gone"'
	! sees "$waits" || keys Enter
}

# --- what is seen ---
# What changes from run to run: clocks, ages, seconds that are left, scores.
# A mask may be narrower than what it covers: the blanks and lines beside it
# are made few.
masked() {
	screen | sed -E 's/[0-9]{1,2}:[0-9]{2}/hh:mm/g
	    s/ +hh:mm *│/ hh:mm│/g
	    s/ +(手動|自動|要対応|後回し|対応済み|manual|auto|follow-up|resolved) +(今|now|[0-9]+(分|m)) *│/ \1 AGE│/g
	    s/(未完|open) (今|now|[0-9]+(分|m)) ─+/\1 AGE ─/
	    s/─+ ([A-Z][a-z]{2} [0-9 ]?[0-9] [A-Z][a-z]{2}|[0-9]+月[0-9]+日 \(.\)) ─+/DAY/
	    s/(since|初回) [0-9/]+ *│/\1 DATE│/; s/^(│. )[0-9]+\/[0-9]+ +#/\1DATE #/
	    s/[0-9]+秒後/N秒後/; s/leaves in [0-9]+ s/leaves in N s/'
}
# The list in its order: left alone it would come to it by itself.
settled() { ! sees '(更新あり|newer): Ctrl-L' || { keys C-l; false; }; }
golden_is() { settled && masked >"$T/screen" && cmp -s "$T/screen" "$1"; }
# cond CONDITION: [!][ROW:]REGEX; ROW from the top, or from the bottom below 0
cond() {
	local c=$1 want=true rows=. got=false
	case $c in !*) want=false c=${c#!} ;; esac
	case $c in
	-[0-9]:*) rows=$((${size#*x} + ${c%%:*} + 1)) c=${c#*:} ;;
	[0-9]:*) rows=${c%%:*} c=${c#*:} ;;
	esac
	{ if [ "$rows" = . ]; then screen; else row "$rows"; fi; } | grep -qE -- "$c" && got=true
	[ $got = $want ]
}
# caret WHERE: line+N and last+N are columns of the reply's and of the last
# row; "mark" is a row's mark, under the cursor
caret_at() {
	local x y
	IFS=, read -r x y <<<"$(caret)"
	case $1 in
	line+*) [ "$x,$y" = "${1#line+},$((${size#*x} - 2))" ] ;;
	last+*) [ "$x,$y" = "${1#last+},$((${size#*x} - 1))" ] ;;
	mark) row $((y + 1)) | perl -CS -pe 'chomp; $_ = substr $_, 0, 60' | grep -q '>' ;;
	esac
}
all_seen() {
	local IFS=$'\f' c
	for c in $seen; do cond "$c" || return 1; done
	[ "$where" = - ] || caret_at "$where"
}

# --- walking ---
do_word() {
	case $1 in
	@*) "at_${1#@}" ;;
	=*) text "${1#=}" ;;
	*) keys "$1" ;;
	esac
}
# One step: its keys, then all that must be seen. The first that is not ends
# the hour: what follows would stand on it.
step() {
	local name=$1 keys=$2 where=$4 shot=$5 seen w
	seen=${3// ;; /$'\f'}
	eval "set -- $keys"
	for w; do do_word "$w"; done
	if ! until_true ${PATIENCE:-20} all_seen; then
		fail "$setting: $name"
		diag "keys: $keys" "seen: $seen, caret $where: $(caret)" "$(screen)"
		return 1
	fi
	pass "$setting: $name"
	[ "$shot" = - ] || [ -z "$golden" ] || at_golden "$size-$golden-hour-$shot"
	[ -z "$ascii" ] || screen | perl -CS -ne 'exit 1 if /[\x{2500}-\x{259f}\x{2713}\x{2717}]/' ||
	    { fail "$setting: $name: in ASCII"; diag "$(screen)"; }
}
at_golden() {
	if [ "${GOLDEN:-}" = update ]; then
		sleep 2 # to be looked at by whoever draws them anew
		until_true 20 settled
		masked >"$here/golden/$1"
	fi
	until_true 20 golden_is "$here/golden/$1" || diag "$(diff "$here/golden/$1" "$T/screen")"
	ok "$1, character by character" cmp "$here/golden/$1" "$T/screen"
}
# fits SIZES: "all", or wide and narrow by the panes there is room for
fits() {
	case $1 in
	wide) [ "${size%x*}" -ge 60 ] ;;
	narrow) [ "${size%x*}" -lt 60 ] ;;
	esac
}
walk() {
	local sizes name keys seen where shot
	while IFS=$'\t' read -r sizes name keys seen where shot; do
		case $sizes in '' | '#'*) continue ;; all) ;; *) fits "$sizes" || continue ;; esac
		step "$name" "$keys" "$seen" "${where:--}" "${shot:--}" || return 1
	done < <(sed -E 's/\t+/\t/g' "$here/hour.steps")
}
# hour NAME COLSxROWS [ENV=VALUE ...]
hour() {
	setting=$1 size=$2
	shift 2
	desk
	screens=$((screens + 1)) sock=mado-$$-$screens
	tm new-session -d -x "${size%x*}" -y "${size#*x}" "env PS1='shell> ' $* bash --norc --noprofile"
	tm set -g status off \; set -sg escape-time 20
	until_true 20 sees 'shell>'
	text "alias mado=$B/mado URL=; clear"; keys Enter
	tm set-environment -g URL "$madod_url"
	walk && after
	done_testing
}
# The terminal is as it was: main screen, cursor, no bracketed paste.
pasted() { screen | grep -qx pasted; }
after() {
	is "$(tm display -p '#{alternate_on} #{cursor_flag} #{mouse_any_flag}')" "0 1 0" "$setting: the main screen is back, the cursor shown"
	keys 'clear; stty -echo; cat -v' Enter
	until_true 20 eval '! sees "shell>"'
	tm set-buffer -b p pasted \; paste-buffer -p -b p
	keys Enter
	eventually 20 "$setting: bracketed paste is off" pasted
	keys C-d
}
