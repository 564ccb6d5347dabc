# A restart with the listening socket in the service manager's hands loses no
# webhook: customers write while madod is replaced, and every message is there
# once. The manager is played by tests/manager.
. "$(dirname "$0")/../lib.sh"

store() { db "SELECT count(*) FROM message WHERE sender=0"; }
said=0
# crowd N: N messages of twenty customers, as fast as they go
crowd() {
	local i
	for ((i = 0; i < $1; i++)); do
		said=$((said + 1))
		say "kyaku$((said % 20))" "質問 $said"
	done
}

madod_port=$(free_port)
# no redelivery: what is not taken the first time is lost
start_madosim --redelivery off --webhook-timeout 20s --slow 12s
config
start manager "$top/tests/manager" "127.0.0.1:$madod_port" "$T/notify" "$B/madod" -c "$T/madod.conf"
eventually 20 "ready, by the manager's protocol" grep -q '^READY=1' "$T/manager.out"
for round in 1 2 3; do
	crowd 30 &
	writer=$!
	kill -HUP "$manager_pid" # the manager restarts its service
	wait "$writer"
	said=$((said + 30))
	eventually 20 "restart $round, under load" eval '[ "$(grep -c "^READY=1" "$T/manager.out")" -ge $((round + 1)) ]'
done
eventually 20 "every message is there" eval '[ "$(store)" = '"$said"' ]'
is "$(db "SELECT count(DISTINCT line_id) FROM message WHERE sender=0")" "$said" "and once"
is "$(sim '.webhooks | [.givenUp, .failed]')" '[0,0]' "LINE's side saw no failure"
is "$(grep -c '^STOPPING=1' "$T/manager.out")" 3 "three were stopped in order"

# LINE takes its time with a push while madod is to end: what customers write
# meanwhile is taken, not left to wait
add_user sato agent
madod_url=http://127.0.0.1:$madod_port
sign_in sato
curl -sf -d '{"kind":"slow","on":"push","count":1}' "$madosim_url/sim/fault" >/dev/null
curl -sf -d '{"kind":"slow","on":"reply","count":1}' "$madosim_url/sim/fault" >/dev/null
mado reply 1 "少々お待ちください" >/dev/null
eventually 20 "a send is under way" eval '[ "$(db "SELECT count(*) FROM request WHERE state=1")" = 1 ]'
kill -HUP "$manager_pid"
eventually 20 "it is told to end" eval '[ "$(grep -c "^STOPPING=1" "$T/manager.out")" = 4 ]'
say kyaku1 "まだですか"
said=$((said + 1))
eventually 20 "a webhook is taken meanwhile" eval '[ "$(store)" = '"$said"' ]'
is "$(grep -c '^READY=1' "$T/manager.out")" 4 "by the one that ends"
eventually 20 "the next one is ready" eval '[ "$(grep -c "^READY=1" "$T/manager.out")" = 5 ]'
is "$(sim '[.customers[].received[] | select(.message.text == "少々お待ちください")] | length')" 1 "the send went out once"
stop manager
is "$?" 0 "the last one ends well"

# sockets that the config does not name are said, and not kept
config "server listen = 127.0.0.1:0"
start manager "$top/tests/manager" "127.0.0.1:0" "$T/notify" "$B/madod" -c "$T/madod.conf"
like "$(cat "$T/manager.log")" '1 socket of the service manager belongs to no listen' "a socket of nobody's"
stop manager
done_testing
