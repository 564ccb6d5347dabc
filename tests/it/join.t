# Joining: an account becomes a colleague's by a code that is good once.
. "$(dirname "$0")/../lib.sh"

madod_port=$(free_port)
start_madosim
config
start_madod
madod user add sato --role agent </dev/null
madod user add suzuki --role supervisor </dev/null
line=$(madod user invite sato --url "$madod_url")
like "$line" "^mado join $madod_url [0-9a-z]{4}(-[0-9a-z]{4}){3}\$" "one line for the colleague"
code=${line##* }
is "$(db "SELECT count(*) FROM invite WHERE hex(hash) LIKE '%${code//-/}%'")" 0 "the store has no code"
is "$(db "SELECT length(hash) FROM invite")" 32 "but its hash"

# as they may type it
typed=$(printf %s "$code" | tr -d - | tr '[:lower:]' '[:upper:]' | tr 01 OL)
echo "a-password-of-sato" | mado --profile sato join "$madod_url" "$typed" --password-stdin
is "$?" 0 "joined"
like "$(as sato whoami)" '^sato, agent' "as who it was made for"
say hanako "こんにちは"
eventually 20 "the account works" as sato take 1
echo "a-password-of-sato" | mado --profile again login "$madod_url" --user sato --password-stdin
is "$?" 0 "the password that was set signs in elsewhere"
out=$(mado --profile third join "$madod_url" "$code" </dev/null 2>&1)
is "$?" 3 "a second time it is refused"
like "$out" 'wrong, used or too old; ask for a new one' "and said why"

first=$(madod user invite suzuki --url "$madod_url")
second=$(madod user invite suzuki --url "$madod_url")
mado --profile suzuki join "$madod_url" "${first##* }" </dev/null 2>/dev/null
is "$?" 3 "a new code ends the one before"
mado --profile suzuki join "$madod_url" "${second##* }" </dev/null
is "$?" 0 "joined without a password"
is "$(as suzuki whoami --json | jq -r .agent.role)" supervisor "with the account's role"

out=$(madod user invite nobody 2>&1)
like "$out" 'there is no user nobody' "nobody is invited"
out=$(madod user invite sato --hours 9999 2>&1)
like "$out" '1 to 720 hours' "nor for a year"
madod user invite sato --hours 1 >/dev/null
madod user disable sato
is "$(db "SELECT count(*) FROM user WHERE name='sato' AND disabled=1")" 1 "disabled"
out=$(madod user invite sato 2>&1)
like "$out" 'there is no user sato' "who is disabled is not invited"
stop madod
sqlite3 "$T/desk/madod.db" "UPDATE invite SET expires_at=1"
start_madod
madod user enable sato
line=$(madod user invite sato --url "$madod_url")
stop madod
sqlite3 "$T/desk/madod.db" "UPDATE invite SET expires_at=1"
start_madod
mado --profile late join "$madod_url" "${line##* }" </dev/null 2>"$T/late"
is "$?" 3 "a code that is too old"
n=0
while [ "$n" -lt 3 ]; do
	curl -s -d '{"code":"0000-0000-0000-0000"}' "$madod_url/v1/join" >"$T/out"
	n=$((n + 1))
done
is "$(jq -r .code "$T/out")" not_signed_in "no code of nobody's"
is "$(curl -s -o "$T/out" -w '%{http_code}' -d "{\"code\":\"x\",\"password\":\"short\"}" "$madod_url/v1/join")" 400 "a short password is refused"
unlike "$(cat "$T/madod.log")" "${code%%-*}-" "no code in the log"
done_testing
