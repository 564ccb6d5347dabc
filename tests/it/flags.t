#!/bin/bash
# How options may be written: --name=V as well as --name V, before and after
# the words, and a text that looks like one; madod and mado alike.
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
done_testing
