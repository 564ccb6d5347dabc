/*
 * What rules.conf leaves in the store, with a clock that is turned: greetings
 * without a conversation, questionnaires that run out, answers as fields, the
 * way back to the bot, how long the queue is.
 */
#include "acts.h"

static const char text[] =
    "[bot]\nauto_after = 12h\nauto_after_resolve = yes\n"
    "[handoff]\nopen = \"{{queue.place}} {{queue.wait}}\"\n"
    "[rule p]\ncontains = person\nhandoff = yes\n"
    "[rule f]\non = follow\nanswer = hello {{contact.name}}\n"
    "[rule o]\nexact = order\nform = order\n"
    "[rule c]\nexact = closed\nanswer = again\nonce = day\n"
    "[rule s]\nexact = survey\nform = survey\n"
    "[form survey]\ntimeout = 1m\ntimeout_handoff = no survey\n"
    "[question s]\ntext = s?\n"
    "[form order]\ntimeout = 10m\ntimeout_answer = bye\nanswer = ok\n"
    "[question number]\ntext = number?\nkind = number\nfield = number\n"
    "[question colour]\ntext = colour?\nquick = red|blue\nonly = yes\n"
    "tag = contact\n";

static struct rules *rules;

static int
open_rules(void **state)
{
	struct rules_source s = {
	    .name = "test", .p = text, .n = sizeof(text) - 1};
	struct err e = {0};

	if (desk_open(state) != 0 || (rules = rules_parse(&s, &e)) == NULL)
		fail_msg("%s", e.msg);
	sql_script(desk.db,
	    "INSERT INTO contact(id,name,kind,since_at) VALUES(1,'山田','user',"
	    "0); INSERT INTO identity(id,channel,external_id,contact)"
	    " VALUES(1,'main','U1',1)");
	desk.rules = rules;
	return 0;
}

static int
close_rules(void **state)
{
	rules_free(rules);
	return desk_close(state);
}

static void
due(int (*fn)(struct act *, struct err *))
{
	struct act a = {.run = fn, .in = rules};

	assert_int_equal(run(&a), 0);
}

/* The bot's bubbles so far, the newest first. */
#define BOT                                                        \
	"SELECT text FROM message WHERE sender=1 ORDER BY id DESC" \
	" LIMIT 2"

static void
a_friend_is_greeted(void **state)
{
	(void)state;
	hook(event("U1", "follow", "\"replyToken\":\"t\""));
	is(BOT, "hello 山田");
	is("SELECT count(*) FROM conversation", "0");
	is("SELECT count(*) FROM outbox", "1");
	says("U1", "order");
	is("SELECT conversation FROM message WHERE text='hello 山田'", "1");
	/* people say hello themselves */
	says("U1", "person");
	hook(event("U1", "follow", ""));
	is("SELECT count(*) FROM message WHERE text LIKE 'hello 山%'", "1");
}

/* LINE tells who that is a moment later, or does not. */
static void
a_stranger_is_greeted(void **state)
{
	struct profile_in p = {.name = "小林"};
	struct act a = {.run = act_profile, .in = &p};

	(void)state;
	hook(event("U2", "follow", ""));
	assert_true(desk.wake & WAKE_JOBS);
	is(BOT, "");
	p.contact = number("SELECT contact FROM greeting JOIN identity ON"
			   " id=identity");
	assert_int_equal(run(&a), 0);
	assert_true(desk.wake & WAKE_JOBS);
	due(act_greet);
	is(BOT, "hello 小林");
	hook(event("U3", "follow", ""));
	due(act_greet);
	is("SELECT count(*) FROM greeting", "1");
	wait_ms(3000);
	due(act_greet);
	is(BOT, "hello お客 hello 小林");
	is("SELECT count(*) FROM greeting", "0");
}

static void
answers_are_kept(void **state)
{
	(void)state;
	says("U1", "order");
	is(BOT, "number?");
	says("U1", "12");
	is("SELECT name||'='||value FROM contact_field WHERE contact=1",
	    "number=12");
	says("U1", "red");
	is("SELECT tag FROM contact_tag", "red");
	is("SELECT mode FROM conversation", "0");
	is("SELECT count(*) FROM feed WHERE kind='contact.changed'", "2");
	/* an answer that is unsent is nowhere any more */
	hook(event("U1", "unsend", "\"unsend\":{\"messageId\":\"line2\"}"));
	is("SELECT count(*) FROM contact_field", "0");
	is("SELECT count(*) FROM feed WHERE kind='contact.changed'", "3");
}

static void
questions_run_out(void **state)
{
	(void)state;
	says("U1", "order");
	assert_true(desk.wake & WAKE_JOBS);
	is("SELECT due_at-(SELECT at FROM message WHERE text='number?')"
	   " FROM bot_state",
	    "600000");
	due(act_rules_due);
	is(BOT, "number?");
	wait_ms(10 * MINUTE);
	due(act_rules_due);
	is(BOT, "bye number?");
	is("SELECT count(*) FROM bot_state WHERE due_at IS NOT NULL", "0");
	due(act_rules_due);
	is("SELECT count(*) FROM message WHERE text='bye'", "1");
	says("U1", "12");
	is("SELECT count(*) FROM contact_field", "0");
	is("SELECT mode FROM conversation", "1");
}

static void
people_are_not_disturbed(void **state)
{
	(void)state;
	says("U1", "order");
	works(verb("take", 1, NULL));
	wait_ms(HOUR);
	due(act_rules_due);
	is("SELECT count(*) FROM message WHERE text='bye'", "0");
	is("SELECT count(*) FROM bot_state WHERE due_at IS NOT NULL", "0");
}

/* What people gave back is not in the middle of anything. */
static void
people_end_questions(void **state)
{
	(void)state;
	says("U1", "order");
	works(verb("take", 1, NULL));
	works(verb("auto", 1, NULL));
	says("U1", "12");
	is("SELECT count(*) FROM contact_field", "0");
	is("SELECT mode FROM conversation", "1");
}

static void
silence_gives_back(void **state)
{
	(void)state;
	says("U1", "person");
	says("U2", "person");
	works(verb("reply", 1, "{\"text\":\"hai\"}"));
	assert_true(desk.wake & WAKE_JOBS);
	wait_ms(12 * HOUR - 1);
	due(act_silence);
	is("SELECT group_concat(mode) FROM conversation", "1,1");
	wait_ms(1);
	due(act_silence);
	/* the other one still waits for people */
	is("SELECT group_concat(mode) FROM conversation", "0,1");
	is("SELECT count(assignee) FROM conversation", "0");
}

static void
a_follow_up_stays_with_people(void **state)
{
	(void)state;
	says("U1", "person");
	works(verb("reply", 1, "{\"text\":\"hai\"}"));
	works(verb("follow-up", 1, NULL));
	wait_ms(2 * DAY);
	due(act_silence);
	is("SELECT mode FROM conversation", "1");
}

/* Who is handed over by the clock waits from then on. */
static void
a_time_out_hands_over(void **state)
{
	(void)state;
	says("U1", "survey");
	wait_ms(MINUTE);
	due(act_rules_due);
	is("SELECT mode||(waiting_since IS NOT NULL) FROM conversation", "11");
	wait_ms(2 * DAY);
	due(act_silence);
	is("SELECT mode FROM conversation", "1");
}

static void
resolved_is_the_bots(void **state)
{
	(void)state;
	says("U1", "person");
	works(verb("take", 1, NULL));
	works(verb("resolve", 1, NULL));
	says("U1", "order");
	is("SELECT mode||status||ifnull(assignee,'-') FROM conversation",
	    "00-");
	is(BOT, "number? 1 しばらく");
}

/* Once, and again after the bot had it back. */
static void
told_once(void **state)
{
	(void)state;
	says("U1", "person");
	works(verb("auto", 1, NULL));
	says("U1", "person");
	is(BOT, "1 しばらく");
	works(verb("reply", 1, "{\"text\":\"hai\"}"));
	wait_ms(12 * HOUR);
	due(act_silence);
	says("U1", "person");
	is("SELECT count(*) FROM message WHERE sender=1", "2");
}

static void
the_queue_is_counted(void **state)
{
	(void)state;
	says("U1", "person");
	is(BOT, "1 しばらく");
	says("U2", "person");
	is(BOT, "2 しばらく 1 しばらく");
	wait_ms(4 * MINUTE);
	works(verb("take", 1, NULL));
	says("U3", "person");
	is(BOT, "2 約4分 2 しばらく");
	/* one more that nobody had waited long for */
	works(verb("take", 3, NULL));
	says("U4", "person");
	is(BOT, "2 約4分 2 約4分");
	is("SELECT value FROM meta WHERE name='queue_wait_ms'", "210000");
}

static void
once_a_day(void **state)
{
	(void)state;
	says("U1", "closed");
	is(BOT, "again");
	works(verb("resolve", 1, NULL));
	wait_ms(2 * DAY);
	says("U1", "closed");
	is("SELECT count(*) FROM message WHERE text='again'", "2");
	says("U1", "closed");
	is("SELECT count(*) FROM message WHERE text='again'", "2");
}

#undef TEST
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, open_rules, close_rules)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    TEST(a_friend_is_greeted),
	    TEST(a_stranger_is_greeted),
	    TEST(answers_are_kept),
	    TEST(questions_run_out),
	    TEST(people_are_not_disturbed),
	    TEST(people_end_questions),
	    TEST(silence_gives_back),
	    TEST(a_follow_up_stays_with_people),
	    TEST(a_time_out_hands_over),
	    TEST(resolved_is_the_bots),
	    TEST(told_once),
	    TEST(the_queue_is_counted),
	    TEST(once_a_day),
	};

	setenv("TZ", "Asia/Tokyo", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
