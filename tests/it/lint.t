#!/bin/bash
# Each rule of tests/lint bites: plant what it forbids in a copy of the tree and
# expect it to be found at its file and line.
cd "$(dirname "$0")/../.." || exit 1
if [ "${MODE:-}" = asan ]; then
	echo "1..0 # SKIP nothing of it is compiled"
	exit
fi
top=$PWD dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
git ls-files -co --exclude-standard | while read -r f; do
	[ -e "$f" ] && echo "$f"
done | tar -cf - -T - | tar -xf - -C "$dir"
cd "$dir" || exit 1
git init -q .
tests=0 ids=()

# ok TEXT: the last command's status is the test's
ok() {
	local rc=$?
	tests=$((tests + 1))
	[ $rc = 0 ] || printf 'not '
	echo "ok $tests - $1"
}

# bites ID FILE TEXT: TEXT at the end of FILE is a finding of rule ID
bites() {
	mkdir -p "$(dirname "$2")"
	printf '%s\n' "$3" >>"$2"
	ids+=("$1")
	want+=("$2:$(wc -l <"$2"): [$1]")
}

# --- the rules, the glyphs and the papers: all planted, one run
want=()
bites acts src/madod/api_desk.c '	sql_run(db, "UPDATE message SET text=?1", "");'
bites acts src/madod/q.c '	sql_run(db, " DELETE FROM feed", "");'
bites sends src/madod/line_fetch.c '	o.url = "/v2/bot/message/push";'
bites desk-fetch src/mado/planted.c '	fetch_start(f, &o);'
bites pane-desk src/mado/pane_planted.c '#include "desk.h"'
bites waits src/madod/feed.c '	usleep(10);'
bites malloc src/madod/feed.c '	char *s = strdup(t);'
bites unbounded src/lib/buf.c '	strcpy(a, b);'
bites shell src/mado/planted.c '	system("ls");'
bites screen src/mado/pane_planted.c '	mvaddstr(0, 0, name);'
bites screen src/mado/planted.c '	wprintw(w, "%s", name);'
bites sqlite src/madod/q.c '#include <sqlite3.h>'
bites curl src/madod/line_send.c '#include <curl/curl.h>'
bites openssl src/madod/serve.c '#include <openssl/ssl.h>'
bites sodium src/madod/api_user.c '#include <sodium.h>'
bites qrencode src/madod/q.c '#include <qrencode.h>'
bites utf8proc src/mado/planted.c '#include <utf8proc.h>'
bites curses src/mado/planted.c '#include <curses.h>'
bites readline src/mado/pane_planted.c '#include <readline/readline.h>'
bites threads src/madod/feed.c '#include <pthread.h>'
bites event src/madod/feed.c '#include <event2/event.h>'
bites include-path src/mado/planted.c '#include "../madod/act.h"'
bites include-path src/mado/planted.c '#include <madod/act.h>'
bites paths src/lib/buf.c '/* as in /r''oot/x */'
bites words tests/lib.sh '# to''do: more'
bites tests-sleep tests/it/planted.t 'sleep 2'
bites glyphs src/mado/planted.c '	draw_text(p, 0, "next →");'
bites readme README.md "$(seq 121)"
want[-1]='README.md:121: [readme]'
bites lengths src/lib/planted.c "$(seq 701 | sed 's/.*/extern int a;/')"
bites functions src/lib/planted.c "$(printf 'void\nplanted(void)\n{\n%s\n}' \
    "$(seq 60 | sed 's/.*/	a = 1;/')")"
want[-1]='src/lib/planted.c:703: [functions]'
bites functions src/lib/planted6.c '				if (a)'
bites docs src/mado/cmd.c '	{"planted", "[--planted]", N_("x"),'
[ -e man/mado.1 ] || bites man man/mado.1 '.Xx'
bites man man/planted.1 '.Dd $Mdocdate$
.Dt PLANTED 1
.Os
.Sh NAME
.Xx no such macro'
[ -d src/po ] || bites - src/po/ja.po 'msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\n"'
bites po src/po/ja.po '
msgid "planted and used by nobody"
msgstr "x"'
bites po src/mado/planted.c '	p = _("planted and not translated");'
printf '\nmsgid "planted %%d"\nmsgstr "%%s planted"\n' >>src/po/ja.po
bites po src/mado/planted.c '	p = x_sprintf(_("planted %d"), 1);'
said=$(tests/lint rules glyphs functions lengths po man docs readme)
[ $? = 1 ]
ok "violations are a failure"
for w in "${want[@]}"; do
	[[ $w != *"[-]" ]] || continue
	grep -qF -- "$w" <<<"$said"
	ok "found $w"
done
grep -q '^src/mado/cmd.c:.*"-planted"' <<<"$said"
ok 'found an option that the manual does not have'

# --- the manual's tables, as the programs in the real tree print them
at=$(grep -n '^\.It Ic sign-out' man/madod.8 | cut -d: -f1)
sed -i "${at}s/NAME/PLANTED/" man/madod.8
said=$(B=$top/build tests/lint tables)
[ $? = 1 ] && grep -q "^man/madod.8:$at: \[tables\]" <<<"$said"
ok 'found a row of the manual that is not the program'"'"'s'
B=$top/build tests/mantables
B=$top/build tests/lint tables >/dev/null && cmp -s man/madod.8 "$top/man/madod.8"
ok 'which mantables puts right'

# --- a reason in the comment is taken
sed -n '702,$p' src/lib/planted.c >src/lib/planted2.c
! tests/lint functions src/lib/planted2.c >/dev/null
ok "a long function is found in a file of its own"
sed -i '1i /* Long: one table. */' src/lib/planted2.c
tests/lint functions src/lib/planted2.c >/dev/null
ok "a long function that says why is left alone"

# --- each rule was tried
missing=$(comm -13 <(printf '%s\n' "${ids[@]}" | sort -u) \
    <(tests/lint --rules | sort -u))
[ -z "$missing" ]
ok "no rule was left out: $missing"

# --- the tools
tool() { # ID COMMAND FILE: the tool says something of FILE
	local said
	if ! command -v "$2" >/dev/null; then
		tests=$((tests + 1))
		echo "ok $tests - $1 # SKIP there is no $2"
		return
	fi
	said=$(tests/lint "$1" "$3")
	[ $? = 1 ] && grep -q "^$3:[0-9]*: \[$1\]" <<<"$said"
	ok "$1 finds what is wrong with $3"
	said=$(tests/lint "$1" "$3")
	[ $? = 1 ] && grep -q "^$3:[0-9]*: \[$1\]" <<<"$said"
	ok "$1 remembers it"
	git checkout -q . 2>/dev/null
}
printf 'int a   = 1;\n' >src/lib/planted3.c
tool format clang-format src/lib/planted3.c
cat >src/lib/planted4.c <<'C'
int planted(int n);
int
planted(int n)
{
	int *p = 0;

	return n > 0 ? *p : 0;
}
C
tool tidy clang-tidy src/lib/planted4.c
cat >src/lib/planted5.c <<'C'
int planted(const int *p);
int
planted(const int *p)
{
	int a[3] = {0};

	a[3] = *p;
	return p != 0 ? a[0] : 1;
}
C
tool cppcheck cppcheck src/lib/planted5.c
echo "1..$tests"
