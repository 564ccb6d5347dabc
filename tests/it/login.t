#!/bin/bash
# Signing in over TLS and a unix socket: a self-signed key is shown and asked
# about, a changed one refused; a mado that is killed loses no reply.
. "$(dirname "$0")/../lib.sh"
madod_port=$(free_port)
start_madosim
tls() { # PORT: listen there by TLS
	config
	sed -i "s/^listen = 127.*/listen = 127.0.0.1:$1/; s/^tls = off/tls = auto/" "$T/madod.conf"
}
tls "$madod_port"
add_user sato agent
start_madod
like "$madod_url" '^https://127' "the desk speaks TLS"
login() { echo password-sato | mado login "$madod_url" --user sato --password-stdin "$@" 2>"$T/err" </dev/fd/0; }

login; is $? 3 "a self-signed key is not trusted in passing"
PIN=$(grep -o 'sha256//[A-Za-z0-9+/=]*' "$T/err" | head -1)
like "$PIN" '^sha256//.{44}$' "its fingerprint is shown"
want=sha256//$(openssl s_client -connect "127.0.0.1:$madod_port" </dev/null 2>/dev/null | openssl x509 -pubkey -noout |
    openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64)
is "$PIN" "$want" "it is the key's"
login --pin sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=; is $? 5 "a wrong --pin is refused"
login --pin "$PIN"; is $? 0 "the right one is taken"
mado whoami >"$T/o"; is $? 0 "and kept"

# by hand: the question on a terminal, the password without echo
script -qec "$B/mado --profile byhand login $madod_url --user sato" "$T/typed" >"$T/screen" 2>&1 < <(
	until_true 20 grep -q 'y/N' "$T/screen"; echo y
	until_true 20 grep -q 'Password' "$T/screen"; echo password-sato
	until_true 20 grep -q 'signed in as' "$T/screen")
like "$(cat "$T/screen")" 'signed in as sato' "asked and answered on a terminal"
unlike "$(cat "$T/screen")" 'password-sato' "the password is not echoed"

# the key changes
stop madod
mv "$T"/desk/*.pem "$T/" 2>/dev/null || find "$T/desk" -name '*.crt' -o -name '*.key' | xargs -I{} mv {} "$T/"
tls "$madod_port"
start_madod
mado whoami 2>"$T/err"; is $? 5 "another key is refused"
like "$(cat "$T/err")" 'not the one seen at sign-in' "in words"
mado reply 1 text 2>/dev/null; is $? 5 "and gets no reply either"
is "$(mado outbox 2>/dev/null | grep -c kept)" 1 "which is kept"
stop madod

# --- the unix socket ---
config
add_user "$(id -un)" agent
start_madod
post_webhook "$(text_event 01A U00000000000000000000000000000001 やあ)" >/dev/null
mado --profile unix login "unix:$T/api.sock"; is $? 0 "a unix socket needs no password"
is "$(as unix whoami | cut -d, -f1)" "$(id -un)" "the account is the system's user"
ok "no token is kept" sh -c "! sed -n '/profile unix/,\$p' $XDG_CONFIG_HOME/mado/profiles | grep token"
as unix reply 1 こんにちは >/dev/null; is $? 0 "and works"

# --- killed while it sends ---
kill -STOP "$madod_pid"
for i in 1 2 3; do
	"$B/mado" --profile unix reply 1 "殺された $i" >/dev/null 2>&1 & P=$!
	until_true 20 sh -c "sqlite3 '$XDG_STATE_HOME/mado/unix-own.db' 'SELECT count(*) FROM outbox WHERE owner=$P' | grep -qx 1"
	kill -9 $P; wait $P 2>/dev/null
done
is "$(sqlite3 "$XDG_STATE_HOME/mado/unix-own.db" 'SELECT count(*) FROM outbox')" 3 "kill -9: the replies are on the disk"
kill -CONT "$madod_pid"
as unix whoami >/dev/null; is $? 0 "the next verb"
is "$(db "SELECT group_concat(text, '|') FROM (SELECT text FROM message WHERE text LIKE '殺された%' ORDER BY id)")" "殺された 1|殺された 2|殺された 3" "brings each once, in order"
is "$(sqlite3 "$XDG_STATE_HOME/mado/unix-own.db" 'SELECT count(*) FROM outbox')" 0 "and none is left"
done_testing
