# Stateless channel access tokens: got for channel id and secret, renewed
# before they end, and once more when LINE answers 401.
. "$(dirname "$0")/../lib.sh"

# by_id ID SECRET: the config's channel with these in place of a token
by_id() {
	config
	sed -i "s/^channel_access_token = .*/channel_id = $1/
	    s/^channel_secret = .*/channel_secret = $2/" "$T/madod.conf"
}
received() { sim '[.customers[] | select(.name == "hanako") | .received[].message.text]'; }
n_of() { sim ".answers[\"$1\"] // 0"; }
answered() { [ "$(received)" = "$1" ]; }
# tokens N: so many were asked for
issued() { curl -sf "$madosim_url/sim/state" | jq -e ".issued >= $1"; }

madod_port=$(free_port)
start_madosim --token-life 6s
by_id 1234567890 "$SECRET"
add_user sato agent
start_madod
sign_in sato
say hanako "在庫はありますか"
eventually 20 "a conversation" mado show 1
mado reply 1 --wait "あります" >/dev/null
is "$?" 0 "a reply with a token that was asked for"
is "$(received)" '["あります"]' "the customer has it"
is "$(n_of 401)" 0 "LINE refused nothing"
eventually 20 "renewed by what is asked next, before it ends" \
    eval 'madod check --line >/dev/null; issued 2'
is "$(n_of 401)" 0 "still nothing refused"

curl -sf -d '{"kind":"revoke-token","count":1,"on":"push"}' "$madosim_url/sim/fault" >/dev/null
mado reply 1 --wait "取り置きします" >/dev/null
is "$?" 0 "a token that LINE no longer takes: once more with a new one"
is "$(received)" '["あります","取り置きします"]' "and not sent twice"
is "$(n_of 401)" 1 "one 401"
curl -sf -d '{"kind":"revoke-token","count":2,"on":"push"}' "$madosim_url/sim/fault" >/dev/null
mado reply 1 --wait "お待ちください" >/dev/null 2>&1
is "$?" 1 "twice refused is refused"
eventually 20 "and said" eval 'mado ls --view problems | grep -q .'
stop madod

by_id 1234567890 0000000000000000000000000000000f
start_madod
like "$(madod check --line 2>&1)" 'BAD  main: token: 401 Invalid client_secret' \
    "a wrong secret is said in LINE's words"
eventually 20 "the channel's problem" \
    eval 'mado api GET /v1/status 2>/dev/null | grep -q "Invalid client_secret" || grep -q "channel main: .*Invalid client_secret" "$T/madod.log"'
stop madod

config 'channel_id = 1'
like "$(madod check 2>&1)" 'one of them is enough' "two kinds of token are refused"
by_id abc "$SECRET"
like "$(madod check 2>&1)" 'madod.conf:.*"channel_id" must be a number' "no number, no channel id"
done_testing
