#!/bin/bash
# kill -9 at any moment, again and again, under webhooks and replies, while
# LINE duplicates, shuffles and loses answers: what was answered 200 is in the
# store exactly once, what an agent sent reached LINE exactly once or is marked
# unconfirmed. ROUNDS=200 for the long run.
. "$(dirname "$0")/../lib.sh"
ROUNDS=${ROUNDS:-${MODE:+6}} ROUNDS=${ROUNDS:-15}
madod_port=$(free_port)
start_madosim --fault duplicate:0.2 --fault shuffle:0.2 --fault lose-answer:0.05 \
    --fault error-500-acted:0.05 --fault refuse:0.05 --redelivery 1000 \
    --redelivery-pause 100ms --webhook-timeout 1s --quota -1
config
add_user sato agent
start_madod
sign_in_api sato

# customers write without a pause: text c-N is the N-th
customers() {
	local n=0
	while [ ! -e "$T/enough" ]; do
		n=$((n + 1))
		say "u$((n % 9))" "c-$n" && echo "c-$n" >>"$T/said"
	done
}
# an agent answers open conversations; each text has an id of its own, and is
# repeated with it until the desk has taken it
agent() {
	local n=0 id conv
	while [ ! -e "$T/enough" ]; do
		n=$((n + 1)) id=$(cat /proc/sys/kernel/random/uuid)
		conv=$(shuf -n 1 -i 1-9)
		for try in $(seq 100); do
			code=$(curl -s -m 2 -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $token" \
			    -d "{\"id\":\"$id\",\"text\":\"a-$n\"}" "$madod_url/v1/conversations/$conv/reply")
			[ "$code" = 202 ] && { echo "a-$n" >>"$T/accepted"; break; }
			[ "$code" = 404 ] && break
			sleep 0.05
		done
	done
}
: >"$T/said"; : >"$T/accepted"
customers & c=$!
agent & a=$!
for round in $(seq "$ROUNDS"); do
	perl -e 'select undef, undef, undef, 0.05 + rand 0.45'
	stop madod KILL
	start_madod
done
touch "$T/enough"
wait $c $a
diag "$ROUNDS rounds, $(wc -l <"$T/said") messages, $(wc -l <"$T/accepted") replies accepted"

curl -sf -d '{"kind":"none"}' "$madosim_url/sim/fault" >/dev/null
in_store() { db "SELECT text FROM message WHERE sender=0 AND text LIKE 'c-%' ORDER BY 1" >"$T/kept"; sort -u "$T/kept" >"$T/kept.u"; sort "$T/said" | comm -23 - "$T/kept.u" >"$T/lost"; [ ! -s "$T/lost" ]; }
eventually 60 "every message is in the store in the end" in_store
is "$(uniq -d "$T/kept" | wc -l)" 0 "none of them twice"
settled() { [ "$(db "SELECT count(*) FROM outbox WHERE state<2")" = 0 ]; }
eventually 90 "the outbox is empty but for what a person decides" settled
sim '.customers[]|.received[]|.message.text' | tr -d '"' | sort >"$T/got"
db "SELECT text FROM message WHERE state=4 ORDER BY 1" | sort >"$T/unconfirmed"
db "SELECT text FROM message WHERE sender=2 AND state NOT IN (2,4)" | sort >"$T/other"
is "$(sort "$T/accepted" | comm -23 - <(sort -u "$T/got" "$T/unconfirmed") | wc -l)" 0 "every accepted reply reached LINE, or is unconfirmed"
is "$(uniq -d "$T/got" | wc -l)" 0 "none reached it twice"
is "$(wc -l <"$T/other")" 0 "none is in another state"
diag "$(wc -l <"$T/unconfirmed") unconfirmed"
is "$(db "SELECT count(*) FROM message WHERE state=4 AND via<>0")" 0 "only replies are"
is "$(db 'PRAGMA integrity_check')" ok "the store is whole"
is "$(db 'SELECT count(*)-count(DISTINCT key) FROM inbound')" 0 "no event is there twice"
is "$(db 'SELECT count(*) FROM feed f WHERE f.message IS NOT NULL AND NOT EXISTS(SELECT 1 FROM message m WHERE m.id=f.message)')" 0 "no feed row without its message"
is "$(db 'SELECT count(*) FROM conversation c WHERE (SELECT max(seq) FROM feed WHERE conversation=c.number)<>c.rev')" 0 "rev is the last feed row"
done_testing
