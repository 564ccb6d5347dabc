/*
 * ack_at: looks, for channels that ask for it, whether a reply token is about
 * to die on a customer without an answer. What is then done is act_ack.c's.
 */
#ifndef MADOD_ACK_H
#define MADOD_ACK_H

#include "madod.h"

#define ACK_WHY "ack_at"

/* ?1 the channel, ?2 and ?3 the tokens that are old, but not too old, ?4 why:
 * people's conversations that wait, and have not been acknowledged since. */
#define ACK_DUE                                                               \
	"SELECT c.number FROM reply_token t JOIN identity i ON"               \
	" i.id=t.identity AND i.channel=?1 JOIN conversation c ON"            \
	" c.identity=i.id AND c.status<3 AND c.mode=1 AND c.waiting_since"    \
	" NOT NULL WHERE t.received_at<=?2 AND t.received_at>?3 AND NOT"      \
	" EXISTS(SELECT 1 FROM reply_token n WHERE n.identity=t.identity AND" \
	" n.received_at>t.received_at) AND NOT EXISTS(SELECT 1 FROM message"  \
	" m WHERE m.conversation=c.number AND m.at>=c.waiting_since AND"      \
	" m.sender=3 AND m.why=?4) AND NOT EXISTS(SELECT 1 FROM outbox o"     \
	" WHERE o.identity=t.identity AND o.state<2)"

struct ack;

struct ack *ack_new(struct madod *m);
void ack_free(struct ack *k);

#endif
