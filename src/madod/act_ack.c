/*
 * The free minute, used better: shortly before a reply token dies on a
 * customer whom nobody has answered, one acknowledgement goes out with it. Its
 * button brings a fresh token when the customer taps it, and with that the
 * answer leaves for nothing. Never as a push. Only on the writer.
 */
#include <string.h>

#include "act.h"
#include "ack.h"
#include "bubble.h"

enum { ACK_MAX = 32, ACK_SPARE_MS = 2000 };

/* By the contact's language; the first is the default. */
static const struct {
	const char *language, *text, *label;
} words[] = {
    {"ja",
	"お問い合わせありがとうございます。担当者が確認しています。"
	"回答の準備ができましたら、下のボタンからお受け取りください。",
	"回答を受け取る"},
    {"en",
	"Thank you for your message. Somebody is looking into it. Tap "
	"below to receive the answer when it is ready.",
	"Receive the answer"},
    {"th", "ขอบคุณสำหรับข้อความ เจ้าหน้าที่กำลังตรวจสอบ แตะด้านล่างเพื่อรับคำตอบ",
	"รับคำตอบ"},
    {"zh", "感謝您的訊息，我們正在確認。請點選下方按鈕接收回覆。", "接收回覆"},
    {"ko",
	"문의해 주셔서 감사합니다. 담당자가 확인 중입니다. 아래 버튼으로 답변을 받아 주세요.",
	"답변 받기"},
    {"id",
	"Terima kasih atas pesan Anda. Kami sedang memeriksanya. Ketuk di "
	"bawah untuk menerima jawaban.",
	"Terima jawaban"},
};

static size_t
words_for(const char *language)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (language != NULL &&
		    strncmp(language, words[i].language, 2) == 0)
			return i;
	return 0;
}

static void
ack_send(struct act *a, struct cv *c, const char *text)
{
	struct new_msg m = {.sender = FROM_SYSTEM,
	    .type = MSG_TEXT,
	    .state = STATE_QUEUED,
	    .why = ACK_WHY,
	    .aside = true,
	    .conversation = c->number,
	    .identity = c->identity,
	    .contact = c->contact,
	    .at_ms = a->now_ms};
	char *language = sql_get_text(
	    a->db, "SELECT language FROM contact WHERE id=?1", "i", c->contact);
	size_t i = words_for(language);
	struct quicks q = {.n = 0};
	struct buf b = {0};
	int64_t id;

	m.text = text != NULL ? text : words[i].text;
	quick_add(&q, (struct quick){.label = words[i].label, .data = TAP_ACK});
	bubble_json(
	    &b, &(struct bubble){.kind = BUBBLE_TEXT, .text = m.text}, &q);
	id = act_message(a, &m);
	act_queue(a, c, id, buf_str(&b));
	act_feed(a, "message.out", c->number, id, m.why);
	buf_free(&b);
	x_free(language);
}

int
act_ack(struct act *a, struct err *e)
{
	const struct ack_in *in = a->in;
	int64_t numbers[ACK_MAX];
	struct sql_rows *q;
	struct cv c;
	int n = 0;

	q = sql_query(a->db, ACK_DUE " LIMIT 32", "siis", in->channel,
	    a->now_ms - in->after_ms,
	    a->now_ms - REPLY_TOKEN_LIFE_S * 1000 + ACK_SPARE_MS, ACK_WHY);
	while (sql_next(q))
		numbers[n++] = sql_int(q, 0);
	for (int i = 0; i < n; i++)
		if (act_cv(a, numbers[i], &c, e) == 0)
			ack_send(a, &c, in->text);
	return 0;
}

/* ACK_MAX of them at most; how many. */
static int
expire_some(struct act *a)
{
	int64_t messages[ACK_MAX], conversations[ACK_MAX];
	struct sql_rows *q;
	int n = 0;

	q = sql_query(a->db,
	    "SELECT m.id,m.conversation FROM outbox o JOIN message m ON"
	    " m.id=o.message WHERE o.state=0 AND m.sender=3 AND m.why=?2 AND NOT"
	    " EXISTS(SELECT 1 FROM reply_token t WHERE t.identity=o.identity"
	    " AND t.received_at>?1) LIMIT 32",
	    "is", a->now_ms - REPLY_TOKEN_LIFE_S * 1000, ACK_WHY);
	while (sql_next(q)) {
		messages[n] = sql_int(q, 0);
		conversations[n++] = sql_int(q, 1);
	}
	for (int i = 0; i < n; i++) {
		sql_run(a->db, "DELETE FROM outbox WHERE message=?1", "i",
		    messages[i]);
		sql_run(a->db,
		    "UPDATE message SET state=?2, error=?3 WHERE id=?1", "ids",
		    messages[i], (int)STATE_FAILED,
		    "the free minute was over; not sent");
		act_feed(a, "message.state", conversations[i], messages[i],
		    state_names[STATE_FAILED]);
	}
	return n;
}

void
act_ack_expire(struct act *a)
{
	while (expire_some(a) == ACK_MAX)
		continue;
}
