#!/bin/bash
# What people write in other ways than the manual's examples do: options as
# --name=V, a text that looks like one, odd names; and what of it is refused.
. "$(dirname "$0")/../lib.sh"
start_desk
got() { sim '[.customers[].received[].message.text]|join("|")' | tr -d '"'; }

# --- madod ---
is "$(echo password-kato | madod user add --role=agent kato --display='加藤 花' --password-stdin; echo $?)" 0 \
    "--role=agent, before the name"
like "$(madod user list)" '^kato +agent +加藤 花' "and it is taken"
is "$(echo password-mori | madod user add mori --role= --password-stdin 2>&1)" \
    "madod: the role is viewer, agent, supervisor or admin" "an empty value is not a missing one"
is "$(madod user list --quietly >/dev/null 2>&1; echo $?)" 2 "an unknown option is refused"
is "$("$B/madod" -c"$T/madod.conf" check)" "$(madod check)" "-cFILE"
like "$(madod user add --help)" '^usage: madod -c FILE user add NAME --role' "SUBCOMMAND --help"
like "$("$B/madod" user add --help)" '^usage: .*user add' "without a config, too"
like "$("$B/madod" -c "$T/new.conf" init --https=own --public-url=http://x 2>&1)" \
    'public-url.*https://' "init: --name=V"
is "$(madod check --line 2>&1 | grep -c '^BAD')" 0 "check --line: a desk without a backup answers LINE well"
is "$(madod check --line >/dev/null 2>&1; echo $?)" 0 "exit 0"
like "$(madod check --line)" 'main: webhook test: OK' "LINE was asked"

# --- mado ---
say aoi hello
eventually 20 "a conversation" mado show 1
mado reply --wait -- 1 --wait >/dev/null; is "$?,$(got)" "0,--wait" "-- before the number: nothing after it is an option"
mado reply --wait=1 1 x 2>/dev/null; is $? 2 "a flag takes no value"
mado reply --wait -- 1 -5% --id >/dev/null; is "$(got)" "--wait|-5% --id" "and everything is text"
mado reply 1 --wait -- x >/dev/null; is "$(got)" "--wait|-5% --id|-- x" "after the number two dashes are text"
mado ls -- --json 2>/dev/null; is $? 2 "a word too many stays one"
is "$(mado ls -q --assignee none)" "" "--assignee none: nobody's, and all are somebody's"
mado assign 1 - ; is "$(mado ls -q --assignee=none)" 1 "as in a filter"
out=$(mado canned add a/b text 2>&1); is "$?" 2 "a canned reply's name is one step of a path"
like "$out" 'no slashes: a/b' "in words"

# --- text that breaks lines elsewhere than \n does ---
say aoi $'one\xe2\x80\xa8two\xd8\x9cthree'
eventually 20 "it is there" eval 'mado history 1 --limit 1 | grep -q three'
is "$(mado history 1 --limit 1 | sed 's/.*customer *//')" "one twothree" "a line separator is a blank, a mark of direction nothing"
is "$(mado history 1 --limit 1 --json | LC_ALL=C grep -cP '\xe2\x80\xa8')" 0 "in JSON it is an escape: whoever splits there still has one line"

# --- the survey's star ---
mado csat 1; until_true 20 eval 'mado history 1 --limit 1 | grep -q sent'
curl -sf -d '{"user":"aoi","label":"4"}' "$madosim_url/sim/tap" >/dev/null
eventually 20 "a star that was tapped is a line for people" eval 'mado history 1 --limit 1 | grep -q "\[survey: 4/5\]"'
is "$(mado show 1 --json | jq .csat.score)" 4 "and the score"
like "$(env -u LC_ALL LANG=ja_JP.UTF-8 "$B/mado" history 1 --limit 1)" 'アンケート: 4/5' "in Japanese, too"

# --- descriptors that the caller has closed ---
mado ls >&- 2>"$T/err"; is "$?,$(cat "$T/err")" "1,mado: standard output: Bad file descriptor" "no standard output: said, and nothing else is written to"
mado reply 1 - <&- 2>"$T/err"; is "$?,$(cat "$T/err")" "1,mado: standard input: Bad file descriptor" "no standard input"
mado show 999 <&- >&- 2>&-; is $? 4 "none of the three: the exit code tells"
madod user list >&- 2>"$T/err"; is "$?,$(cat "$T/err")" "1,madod: standard output: Bad file descriptor" "madod's subcommands, too"

# --- a key that was damaged ---
cp "$XDG_CONFIG_HOME/mado/key" "$T/key"; printf x >"$XDG_CONFIG_HOME/mado/key"
like "$(mado ls 2>&1)" 'key: damaged.*delete it and a new one is made' "says what to do"
rm "$XDG_CONFIG_HOME/mado/key"; mado ls -q >/dev/null 2>&1
is "$(mado ls -q)" 1 "and that helps"

# --- a FAQ table with one bad byte far down ---
{ for i in $(seq 40); do printf 'id%d\t質問%d\t答え\n' $i $i; done; printf 'last\t質\xff\t答え\n'; } >"$T/bad.tsv"
like "$(madod faq import "$T/bad.tsv" 2>&1)" 'bad.tsv:41:2: neither UTF-8 nor Shift_JIS' "the byte is named, not where Shift_JIS ends"
done_testing
