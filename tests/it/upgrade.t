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
start_madosim --redelivery off --webhook-timeout 20s
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
stop manager
is "$?" 0 "the last one ends well"

# sockets that the config does not name are said, and not kept
config "server listen = 127.0.0.1:0"
start manager "$top/tests/manager" "127.0.0.1:0" "$T/notify" "$B/madod" -c "$T/madod.conf"
like "$(cat "$T/manager.log")" '1 socket of the service manager belongs to no listen' "a socket of nobody's"
stop manager
done_testing
