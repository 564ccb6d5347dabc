/*
 * Keys: bytes of terminals into keys, names, the table with its prefixes and
 * keys.conf, what an input method makes of a key; and that every default is
 * bound to a command that is there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unistd.h>

#include <mado/mem.h>

#include "../../src/mado/cmd.h"
#include "../../src/mado/input.h"
#include "../../src/mado/keys.h"

/* bytes */

static int32_t
key_of(const char *bytes, size_t n)
{
	struct input in = {.at = 0};
	struct input_event ev;
	int32_t key = 0;

	input_feed(&in, bytes, n);
	if (input_next(&in, false, &ev) && ev.kind == INPUT_KEY) {
		key = ev.key;
		assert_int_equal(ev.n, n);
		assert_memory_equal(ev.bytes, bytes, n);
	}
	input_free(&in);
	return key;
}

#define KEY(s) key_of(s, sizeof(s) - 1)

static void
test_sequences(void **state)
{
	(void)state;
	assert_int_equal(KEY("a"), 'a');
	assert_int_equal(KEY("\x0b"), 'K' & 0x1f);
	assert_int_equal(KEY("え"), 0x3048);
	assert_int_equal(KEY("😀"), 0x1f600);
	assert_int_equal(KEY("\033[A"), K_UP);
	assert_int_equal(KEY("\033OA"), K_UP);
	assert_int_equal(KEY("\033[1;5C"), K_RIGHT | K_CTRL);
	assert_int_equal(KEY("\033[Z"), K_TAB | K_SHIFT);
	assert_int_equal(KEY("\033[5~"), K_PGUP);
	assert_int_equal(KEY("\033[15~"), K_F1 + 4);
	assert_int_equal(KEY("\033[27;2;13~"), K_ENTER | K_SHIFT);
	assert_int_equal(KEY("\033[13;2u"), K_ENTER | K_SHIFT);
	assert_int_equal(KEY("\033[107;5u"), 'K' & 0x1f);
	assert_int_equal(KEY("\033f"), 'f' | K_META);
	assert_int_equal(KEY("\xff"), K_UNKNOWN);
}

static void
test_partial(void **state)
{
	struct input in = {.at = 0};
	struct input_event ev;

	(void)state;
	input_feed(&in, "\033", 1);
	assert_false(input_next(&in, false, &ev));
	assert_true(input_is_partial(&in));
	assert_true(input_next(&in, true, &ev));
	assert_int_equal(ev.key, K_ESC);
	/* a sequence in pieces, and a character in pieces */
	input_feed(&in, "\033[", 2);
	assert_false(input_next(&in, false, &ev));
	input_feed(&in, "B\xe3\x81", 3);
	assert_true(input_next(&in, false, &ev));
	assert_int_equal(ev.key, K_DOWN);
	assert_false(input_next(&in, false, &ev));
	input_feed(&in, "\x88", 1);
	assert_true(input_next(&in, false, &ev));
	assert_int_equal(ev.key, 0x3048);
	assert_false(input_is_partial(&in));
	input_free(&in);
}

static void
test_paste(void **state)
{
	struct input in = {.at = 0};
	struct input_event ev;
	static const char bytes[] = "\033[200~one\ntwo\033[A\033[201";

	(void)state;
	input_feed(&in, bytes, sizeof(bytes) - 1);
	assert_false(input_next(&in, false, &ev));
	assert_false(input_next(&in, true, &ev)); /* however long it takes */
	input_feed(&in, "~x", 2);
	assert_true(input_next(&in, false, &ev));
	assert_int_equal(ev.kind, INPUT_PASTE);
	assert_string_equal(ev.bytes, "one\ntwo\033[A");
	assert_true(input_next(&in, false, &ev));
	assert_int_equal(ev.key, 'x');
	input_free(&in);
}

/* What the terminal answers is no key. */
static void
test_answers(void **state)
{
	struct input in = {.at = 0};
	struct input_event ev;
	static const char bytes[] =
	    "\033[12;40R\033[?62;c\033[?2027;1$y\033]11;rgb:0/0/0\033\\q";

	(void)state;
	input_feed(&in, bytes, sizeof(bytes) - 1);
	for (int i = 0; i < 4; i++) {
		assert_true(input_next(&in, false, &ev));
		assert_int_equal(ev.kind, INPUT_ANSWER);
	}
	assert_true(input_next(&in, false, &ev));
	assert_int_equal(ev.key, 'q');
	input_free(&in);
}

/* names */

static void
test_parse(void **state)
{
	static const struct {
		const char *s;
		int n;
		int32_t first, second;
	} t[] = {{"gg", 2, 'g', 'g'}, {"g !", 2, 'g', '!'},
	    {"Ctrl-X C-e", 2, 'X' & 0x1f, 'E' & 0x1f}, {"Space", 1, ' ', 0},
	    {"S-Tab", 1, K_TAB | K_SHIFT, 0}, {"M-<", 1, '<' | K_META, 0},
	    {"F5", 1, K_F1 + 4, 0}, {"え", 1, 0x3048, 0}, {"Esc", 1, K_ESC, 0}};
	int32_t seq[KEYS_SEQ_MAX];
	struct err e = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		assert_int_equal(keys_parse(t[i].s, seq, &e), t[i].n);
		assert_int_equal(seq[0], t[i].first);
		if (t[i].n > 1)
			assert_int_equal(seq[1], t[i].second);
	}
	assert_int_equal(keys_parse("", seq, &e), -1);
	assert_int_equal(keys_parse("abcde", seq, &e), -1);
	assert_int_equal(e.code, ERR_INVALID);
}

/* A key's name is read back as the key. */
static void
test_names(void **state)
{
	struct keys k;
	struct buf b = {0};
	int32_t seq[KEYS_SEQ_MAX];

	(void)state;
	keys_init(&k, true);
	for (size_t i = 0; i < k.n; i++) {
		buf_reset(&b);
		keys_name(&b, k.v[i].seq, k.v[i].n);
		assert_int_equal(keys_parse(buf_str(&b), seq, NULL), k.v[i].n);
		assert_memory_equal(
		    seq, k.v[i].seq, (size_t)k.v[i].n * sizeof(seq[0]));
	}
	buf_free(&b);
	keys_free(&k);
}

/* the table */

static const char *
bound(const struct keys *k, enum pane p, const char *keys)
{
	int32_t seq[KEYS_SEQ_MAX];
	const char *command = NULL;
	int n = keys_parse(keys, seq, NULL);

	switch (keys_match(k, p, seq, n, &command)) {
	case KEYS_FOUND:
		return command;
	case KEYS_PREFIX:
		return "(prefix)";
	default:
		return "(none)";
	}
}

static void
test_match(void **state)
{
	struct keys k;

	(void)state;
	keys_init(&k, false);
	assert_string_equal(bound(&k, PANE_LIST, "g"), "(prefix)");
	assert_string_equal(bound(&k, PANE_LIST, "gg"), "move top");
	assert_string_equal(bound(&k, PANE_LIST, "g!"), "problem");
	assert_string_equal(bound(&k, PANE_LIST, "Space"), "select");
	assert_string_equal(bound(&k, PANE_HISTORY, "Space"), "(none)");
	assert_string_equal(bound(&k, PANE_HELP, "r"), "(none)");
	assert_string_equal(bound(&k, PANE_LIST, "M-v"), "(none)");
	assert_int_equal(keys_bind(&k, IN_LIST, "gg", "quit", NULL), 0);
	assert_int_equal(keys_bind(&k, IN_LIST, "q", "", NULL), 0);
	assert_string_equal(bound(&k, PANE_LIST, "gg"), "quit");
	assert_string_equal(bound(&k, PANE_HISTORY, "gg"), "move top");
	assert_string_equal(bound(&k, PANE_LIST, "q"), "(none)");
	assert_non_null(keys_for(&k, PANE_LIST, "problem"));
	assert_null(keys_for(&k, PANE_LIST, "back"));
	keys_free(&k);
}

static int
read_text(struct keys *k, const char *text, struct err *e)
{
	char path[] = "/tmp/test_mado_keys.XXXXXX";
	int fd = mkstemp(path), rc;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (int)strlen(text));
	close(fd);
	rc = keys_read(k, path, e);
	unlink(path);
	return rc;
}

static void
test_conf(void **state)
{
	struct keys k;
	struct err e = {0};

	(void)state;
	keys_init(&k, false);
	assert_int_equal(read_text(&k,
			     "[list]\nx = tag +返品\nF5 = redraw\nq =\n"
			     "[any]\nCtrl-T = palette\n",
			     &e),
	    0);
	assert_string_equal(bound(&k, PANE_LIST, "x"), "tag +返品");
	assert_string_equal(bound(&k, PANE_HISTORY, "C-t"), "palette");
	assert_string_equal(bound(&k, PANE_LIST, "q"), "(none)");
	assert_int_equal(read_text(&k, "[lists]\nx = y\n", &e), -1);
	assert_non_null(strstr(e.msg, ":1: "));
	assert_int_equal(read_text(&k, "[list]\nabcdefg = y\n", &e), -1);
	assert_non_null(strstr(e.msg, ":2: "));
	assert_int_equal(keys_read(&k, "/nonexistent/keys.conf", &e), 0);
	keys_free(&k);
}

/* An answer that a slow line cuts in two is no key; without a question out, and
 * when the rest never comes, what is there stands for itself. */
static void
test_half_answers(void **state)
{
	struct input in = {.patience = 2};
	struct input_event ev;

	(void)state;
	input_feed(&in, "\033]11;rgb:ffff/ff", 17);
	assert_false(input_next(&in, true, &ev));
	input_feed(&in, "ff/ffff\033\\\033[2;", 13);
	assert_true(input_next(&in, false, &ev));
	assert_int_equal(ev.kind, INPUT_ANSWER);
	assert_false(input_next(&in, true, &ev));
	input_feed(&in, "3R", 2);
	assert_true(input_next(&in, true, &ev));
	assert_int_equal(ev.kind, INPUT_ANSWER);
	assert_int_equal(in.patience, 0);
	input_feed(&in, "\033]", 2);
	assert_true(input_next(&in, true, &ev));
	assert_int_equal(ev.key, K_ESC);
	input_free(&in);
}

static void
test_focus(void **state)
{
	struct input in = {0};
	struct input_event ev;

	(void)state;
	input_feed(&in, "\033[I\033[O\033OA", 9);
	assert_true(input_next(&in, false, &ev));
	assert_int_equal(ev.kind, INPUT_FOCUS);
	assert_int_equal(ev.key, 1);
	assert_true(input_next(&in, false, &ev));
	assert_int_equal(ev.kind, INPUT_FOCUS);
	assert_int_equal(ev.key, 0);
	assert_true(input_next(&in, false, &ev));
	assert_int_equal(ev.key, K_UP);
	input_free(&in);
}

/* The example of mado-keys(5). Caller frees with buf_free(). */
static void
manual_example(struct buf *b)
{
	struct buf page = {0};
	const char *from, *to;
	struct err e = {0};

	if (buf_read_file(&page, "man/mado-keys.5", 1 << 20, &e) == -1)
		fail_msg("%s", e.msg);
	from = strstr(page.p, ".Sh EXAMPLES");
	assert_non_null(from);
	from = strstr(from, ".Bd -literal");
	from = strchr(from, '\n') + 1;
	to = strstr(from, ".Ed");
	assert_non_null(to);
	buf_add(b, from, (size_t)(to - from));
	buf_free(&page);
}

static void
test_manual(void **state)
{
	struct buf b = {0};
	struct keys k;
	struct err e = {0};

	(void)state;
	manual_example(&b);
	keys_init(&k, false);
	if (read_text(&k, buf_str(&b), &e) == -1)
		fail_msg("%s", e.msg);
	assert_string_equal(bound(&k, PANE_CONTACT, "F5"), "redraw");
	assert_string_equal(bound(&k, PANE_LIST, "x"), "tag +急ぎ");
	assert_string_equal(bound(&k, PANE_LIST, "Space"), "select");
	assert_string_equal(bound(&k, PANE_HISTORY, "Space"), "move page-down");
	assert_string_equal(bound(&k, PANE_HISTORY, "S"), "(none)");
	assert_string_equal(bound(&k, PANE_LIST, "gm"), "view mine");
	keys_free(&k);
	buf_free(&b);
}

/* The first error is told; what stands before and after it holds. */
static void
test_conf_rest(void **state)
{
	struct keys k;
	struct err e = {0};

	(void)state;
	keys_init(&k, false);
	assert_int_equal(read_text(&k,
			     "[list]\nx = pin\ny = reslove\n"
			     "abcdefg = pin\nv = unpin\n",
			     &e),
	    -1);
	assert_non_null(strstr(e.msg, ":3: no command \"reslove\""));
	assert_non_null(strstr(e.msg, "resolve"));
	assert_string_equal(bound(&k, PANE_LIST, "x"), "pin");
	assert_string_equal(bound(&k, PANE_LIST, "v"), "unpin");
	/* for the command line only */
	assert_int_equal(read_text(&k, "[list]\nx = login\n", &e), -1);
	keys_free(&k);
}

/* Who comes from Vim, from Emacs or from the arrows finds the way. */
static void
test_sets(void **state)
{
	static const struct {
		bool emacs;
		enum pane pane;
		const char *seq, *command;
	} want[] = {
	    {false, PANE_LIST, "j", "move down"},
	    {false, PANE_LIST, "C-f", "move page-down"},
	    {false, PANE_LIST, "G", "move bottom"},
	    {false, PANE_LIST, "ZZ", "quit"},
	    {false, PANE_HISTORY, "h", "pane list"},
	    {false, PANE_LIST, "Down", "move down"},
	    {false, PANE_LIST, "Right", "open"},
	    {false, PANE_HISTORY, "Left", "pane list"},
	    {false, PANE_LIST, "PgDn", "move page-down"},
	    {false, PANE_LIST, "Enter", "open sheet"},
	    {true, PANE_LIST, "C-n", "move down"},
	    {true, PANE_LIST, "C-v", "move page-down"},
	    {true, PANE_LIST, "C-f", "open"},
	    {true, PANE_HISTORY, "C-b", "pane list"},
	    {true, PANE_LIST, "M-x", "command"},
	    {true, PANE_LIST, "C-x C-c", "quit"},
	    {true, PANE_LIST, "C-g", "cancel"},
	    {true, PANE_LIST, "C-s", "search"},
	    {true, PANE_LIST, "ZZ", "(none)"},
	};
	(void)state;

	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		struct keys k;

		keys_init(&k, want[i].emacs);
		assert_string_equal(
		    bound(&k, want[i].pane, want[i].seq), want[i].command);
		keys_free(&k);
	}
}

/* Every default key runs a command that the inbox has. */
static void
test_defaults(void **state)
{
	struct err e = {0};

	(void)state;
	for (const struct key_row *r = key_defaults; r->seq != NULL; r++) {
		int n = 0;
		char **words = words_split(r->command, &n, &e);
		const struct cmd *c = cmd_find(words[0]);

		if (c == NULL || c->ui == NULL || !(c->flags & CMD_UI))
			fail_msg("%s: no command %s", r->seq, r->command);
		words_free(words);
	}
}

static void
test_fold(void **state)
{
	(void)state;
	assert_int_equal(keys_fold(0xff52), 'r'); /* full-width r */
	assert_int_equal(keys_fold(0xff11), '1');
	assert_int_equal(keys_fold(0x3048), 'e'); /* hiragana e */
	assert_int_equal(keys_fold(0x304b), 0);   /* ka: two keys */
	assert_int_equal(keys_fold(0x6f22), 0);
	assert_int_equal(keys_fold('r'), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_sequences),
	    cmocka_unit_test(test_partial),
	    cmocka_unit_test(test_paste),
	    cmocka_unit_test(test_answers),
	    cmocka_unit_test(test_parse),
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_match),
	    cmocka_unit_test(test_conf),
	    cmocka_unit_test(test_conf_rest),
	    cmocka_unit_test(test_half_answers),
	    cmocka_unit_test(test_focus),
	    cmocka_unit_test(test_manual),
	    cmocka_unit_test(test_sets),
	    cmocka_unit_test(test_defaults),
	    cmocka_unit_test(test_fold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
