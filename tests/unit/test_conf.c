/* conf.h: the syntax of INI files, and a table of keys into a struct. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include <mado/buf.h>
#include <mado/conf.h>
#include <mado/mem.h>

struct settings {
	char *store;
	struct conf_list listen;
	bool loud;
	int64_t workers;
	int64_t undo_ms;
	int64_t body_b;
	int tls;
	char *kept;
};

static const char *const tls_names[] = {"auto", "files", "off", NULL};
#define AT(f) offsetof(struct settings, f)
static const struct conf_key keys[] = {
    {"server", "listen", CONF_STRS, AT(listen), 0, 0, NULL, "127.0.0.1:7443",
	"where to listen"},
    {"server", "store", CONF_STR, AT(store), 0, 0, NULL, "sqlite:madod.db", ""},
    {"server", "loud", CONF_BOOL, AT(loud), 0, 0, NULL, "yes", ""},
    {"server", "workers", CONF_INT, AT(workers), -2, 64, NULL, "4", ""},
    {"server", "undo", CONF_SPAN, AT(undo_ms), 1000, 86400000, NULL, "5s", ""},
    {"server", "body", CONF_SIZE, AT(body_b), 0, 1 << 30, NULL, "2M", ""},
    {"server", "tls", CONF_ENUM, AT(tls), 0, 0, tls_names, "auto", ""},
    {"server", "kept", CONF_STR, AT(kept), 0, 0, NULL, NULL, ""},
    {"line", "secret", CONF_STR, AT(store), 0, 0, NULL, NULL, ""},
    {"line", "any", CONF_INT, AT(workers), 0, 0, NULL, NULL, ""},
    {0},
};

static struct conf *
parse(const char *s)
{
	struct err e = {0};
	struct conf *c = conf_parse("madod.conf", s, strlen(s), &e);

	if (c == NULL)
		print_error("%s\n", e.msg);
	assert_non_null(c);
	return c;
}

static void
refuses(const char *s, size_t n, const char *msg)
{
	struct err e = {0};

	assert_null(conf_parse("a.conf", s, n, &e));
	assert_int_equal(e.code, ERR_INVALID);
	assert_string_equal(e.msg, msg);
}

static void
is_item(const struct conf *c, size_t i, const char *section, const char *label,
    const char *key, const char *value, int line)
{
	assert_true(i < c->n);
	assert_string_equal(c->items[i].section, section);
	assert_string_equal(c->items[i].label, label);
	if (key == NULL)
		assert_null(c->items[i].key);
	else
		assert_string_equal(c->items[i].key, key);
	if (value == NULL)
		assert_null(c->items[i].value);
	else
		assert_string_equal(c->items[i].value, value);
	assert_int_equal(c->items[i].line, line);
}

static void
test_sections_keys_and_lines(void **state)
{
	struct conf *c = parse("\xef\xbb\xbf; a comment\r\n"
			       "early = 1\r\n"
			       "\r\n"
			       "[server]  # what listens\r\n"
			       "  listen =  127.0.0.1:7443   ; here\r\n"
			       "listen=[::1]:0\r\n"
			       "\t[ line   本店 渋谷 ]\r\n"
			       "キー 名=値 = 値;値#値 \r\n"
			       "[line \"a ] b\"]");
	(void)state;

	is_item(c, 0, "", "", "early", "1", 2);
	is_item(c, 1, "server", "", NULL, NULL, 4);
	is_item(c, 2, "server", "", "listen", "127.0.0.1:7443", 5);
	is_item(c, 3, "server", "", "listen", "[::1]:0", 6);
	is_item(c, 4, "line", "本店 渋谷", NULL, NULL, 7);
	is_item(c, 5, "line", "本店 渋谷", "キー 名", "値 = 値;値#値", 8);
	is_item(c, 6, "line", "a ] b", NULL, NULL, 9);
	assert_int_equal(c->n, 7);
	conf_free(c);
}

static void
test_values(void **state)
{
	static const struct {
		const char *text, *value;
	} t[] = {
	    {"k =", ""},
	    {"k = ", ""},
	    {"k = \"\"", ""},
	    {"k = # all comment", ""},
	    {"k =#1e1e2e", "#1e1e2e"},
	    {"k = \"#1e1e2e\" # a colour", "#1e1e2e"},
	    {"k = a\t;b", "a"},
	    {"k = a;b", "a;b"},
	    {"k = say \"hi\"", "say \"hi\""},
	    {"k = \"  two  \" ", "  two  "},
	    {"k = \"a\\nb\\tc\\\"d\\\\e;f#g\"", "a\nb\tc\"d\\e;f#g"},
	    {"k = c:\\new", "c:\\new"},
	    {"k = お世話になっております。", "お世話になっております。"},
	};
	(void)state;

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct conf *c = parse(t[i].text);

		is_item(c, 0, "", "", "k", t[i].value, 1);
		conf_free(c);
	}
}

static void
test_syntax_is_refused_with_its_line(void **state)
{
	static const struct {
		const char *text, *msg;
	} t[] = {
	    {"a = 1\nsecretvalue\n",
		"a.conf:2: neither \"key = value\" nor \"[section]\" "
		"nor a comment"},
	    {"\n\n = x", "a.conf:3: a key is missing before ="},
	    {"[server", "a.conf:1: the closing ] is missing"},
	    {"[ ]", "a.conf:1: [] needs a section's name"},
	    {"[a] b", "a.conf:1: nothing but a comment may follow here"},
	    {"k = \"a\" b", "a.conf:1: nothing but a comment may follow here"},
	    {"k = \"a", "a.conf:1: the closing \" is missing"},
	    {"k = \"a\\",
		"a.conf:1: after \\ in a quoted value only n, t, "
		"\" and \\ may stand"},
	    {"k = \"\\d\"",
		"a.conf:1: after \\ in a quoted value only n, "
		"t, \" and \\ may stand"},
	    {"k = a\x1b[31m",
		"a.conf:1: control character 0x1b; in a "
		"quoted value write \\n or \\t"},
	    {"a=1\nk = \x83\x65\x83\x58\n", "a.conf:2: not UTF-8"},
	    {"; \xed\xa0\x80", "a.conf:1: not UTF-8"},
	};
	(void)state;

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		refuses(t[i].text, strlen(t[i].text), t[i].msg);
	refuses("k = a\0b", 7,
	    "a.conf:1: control character 0x00; in a quoted "
	    "value write \\n or \\t");
}

static void
test_a_line_of_a_megabyte(void **state)
{
	struct buf b = {0};
	struct conf *c;
	(void)state;

	buf_puts(&b, "[s]\nk = ");
	for (int i = 0; i < 350000; i++)
		buf_puts(&b, "あ");
	buf_puts(&b, " ; end\nl = 2\n");
	c = parse(buf_str(&b));
	assert_int_equal(strlen(c->items[1].value), 350000 * 3);
	is_item(c, 2, "s", "", "l", "2", 3);
	conf_free(c);
	buf_free(&b);
}

static void
test_defaults(void **state)
{
	struct settings s = {0};
	struct err e = {0};
	(void)state;

	s.kept = x_strdup("mine");
	assert_int_equal(conf_apply(NULL, keys, "server", "", &s, &e), 0);
	assert_string_equal(s.store, "sqlite:madod.db");
	assert_int_equal(s.listen.n, 1);
	assert_string_equal(s.listen.v[0], "127.0.0.1:7443");
	assert_true(s.loud);
	assert_int_equal(s.workers, 4);
	assert_int_equal(s.undo_ms, 5000);
	assert_int_equal(s.body_b, 2 << 20);
	assert_int_equal(s.tls, 0);
	assert_string_equal(s.kept, "mine");
	conf_release(keys, "server", &s);
	assert_null(s.store);
	assert_null(s.kept);
	assert_int_equal(s.listen.n, 0);
}

static void
test_values_replace_defaults(void **state)
{
	struct conf *c = parse("[server]\nlisten = a:1\nlisten = unix:b\n"
			       "store = x\nloud = off\nworkers = -2\n"
			       "undo = 2 h\nbody = 10k\ntls = off\n"
			       "[line main]\nsecret = other\nany = -99999\n");
	struct settings s = {0}, l = {0};
	struct err e = {0};
	(void)state;

	for (int twice = 0; twice < 2; twice++) {
		assert_int_equal(conf_apply(c, keys, "server", "", &s, &e), 0);
		assert_int_equal(s.listen.n, 2);
		assert_string_equal(s.listen.v[0], "a:1");
		assert_string_equal(s.listen.v[1], "unix:b");
		assert_string_equal(s.store, "x");
		assert_false(s.loud);
		assert_int_equal(s.workers, -2);
		assert_int_equal(s.undo_ms, 7200000);
		assert_int_equal(s.body_b, 10240);
		assert_int_equal(s.tls, 2);
	}
	assert_int_equal(conf_apply(c, keys, "line", "main", &l, &e), 0);
	assert_string_equal(l.store, "other");
	assert_int_equal(l.workers, -99999);
	conf_release(keys, "server", &s);
	conf_release(keys, "line", &l);
	conf_free(c);
}

static void
test_units(void **state)
{
	static const struct {
		const char *undo;
		int64_t ms;
	} t[] = {{"30", 30000}, {"30s", 30000}, {"1500ms", 1500},
	    {"5m", 300000}, {"24h", 86400000}, {"1d", 86400000}};
	(void)state;

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct settings s = {0};
		char text[64];
		struct conf *c;

		snprintf(text, sizeof(text), "[server]\nundo=%s", t[i].undo);
		c = parse(text);
		assert_int_equal(
		    conf_apply(c, keys, "server", "", &s, NULL), 0);
		assert_int_equal(s.undo_ms, t[i].ms);
		conf_release(keys, "server", &s);
		conf_free(c);
	}
}

static void
apply_refuses(const char *body, const char *msg)
{
	struct settings s = {0};
	struct err e = {0};
	struct buf b = {0};
	struct conf *c;

	buf_printf(&b, "\n[server]\n%s\n", body);
	c = parse(buf_str(&b));
	assert_int_equal(conf_apply(c, keys, "server", "", &s, &e), -1);
	assert_int_equal(e.code, ERR_INVALID);
	assert_string_equal(e.msg, msg);
	conf_release(keys, "server", &s);
	conf_free(c);
	buf_free(&b);
}

static void
test_bad_values_say_what_is_allowed(void **state)
{
	static const struct {
		const char *body, *msg;
	} t[] = {
	    {"listn = x",
		"unknown key \"listn\" in [server]; allowed: "
		"listen, store, loud, workers, undo, body, "
		"tls, kept"},
	    {"tls = on",
		"\"tls\" must be one of auto, files, off, not "
		"\"on\""},
	    {"loud = maybe", "\"loud\" must be on or off, not \"maybe\""},
	    {"undo = 30x",
		"\"undo\" must be a time such as 30s, 5m, 2h, "
		"within 1s..1d, not \"30x\""},
	    {"undo = 999ms",
		"\"undo\" must be a time such as 30s, 5m, "
		"2h, within 1s..1d, not \"999ms\""},
	    {"undo = 99999999999999999999d",
		"\"undo\" must be a time such as 30s, 5m, 2h, within "
		"1s..1d, not \"99999999999999999999d\""},
	    {"undo = 9223372036854775807d",
		"\"undo\" must be a time such as 30s, 5m, 2h, within "
		"1s..1d, not \"9223372036854775807d\""},
	    {"undo =",
		"\"undo\" must be a time such as 30s, 5m, 2h, "
		"within 1s..1d, not \"\""},
	    {"workers = 65",
		"\"workers\" must be a whole number, within "
		"-2..64, not \"65\""},
	    {"workers = +3",
		"\"workers\" must be a whole number, within "
		"-2..64, not \"+3\""},
	    {"workers = 0x10",
		"\"workers\" must be a whole number, "
		"within -2..64, not \"0x10\""},
	    {"body = 2T",
		"\"body\" must be a size such as 10k, 25M, 1G, "
		"within 0..1G, not \"2T\""},
	};
	char msg[ERR_MSG_B];
	(void)state;

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		snprintf(msg, sizeof(msg), "madod.conf:3: %s", t[i].msg);
		apply_refuses(t[i].body, msg);
	}
	apply_refuses("tls = ああああああああああああああああああああああ",
	    "madod.conf:3: \"tls\" must be one of auto, files, off, not "
	    "\"ああああああああああああああああああああ...\"");
	apply_refuses("store = a\nbody = 1\nstore = b",
	    "madod.conf:5: \"store\" was already set on line 3");
}

static void
test_unknown_key_names_its_label(void **state)
{
	struct conf *c = parse("[line main]\npush = x\n[line b]\nsecret=2\n");
	struct settings s = {0};
	struct err e = {0};
	(void)state;

	assert_int_equal(conf_apply(c, keys, "line", "main", &s, &e), -1);
	assert_string_equal(e.msg,
	    "madod.conf:2: unknown key \"push\" in "
	    "[line main]; allowed: secret, any");
	assert_int_equal(conf_apply(c, keys, "line", "b", &s, &e), 0);
	conf_release(keys, "line", &s);
	conf_free(c);
}

static void
test_sections(void **state)
{
	static const char *const names[] = {"server", "line", NULL};
	struct err e = {0};
	struct conf *c;
	(void)state;

	c = parse("[server]\nx = 1\n[line a]\n");
	assert_int_equal(conf_sections(c, names, &e), 0);
	conf_free(c);
	c = parse("[server]\nx = 1\n[lime a]\n");
	assert_int_equal(conf_sections(c, names, &e), -1);
	assert_string_equal(e.msg,
	    "madod.conf:3: unknown section \"lime\"; "
	    "allowed: server, line");
	conf_free(c);
	c = parse("listen = 1\n[server]\n");
	assert_int_equal(conf_sections(c, names, &e), -1);
	assert_string_equal(e.msg,
	    "madod.conf:1: \"listen\" stands before any "
	    "[section]; allowed: server, line");
	conf_free(c);
}

static void
test_error_with_and_without_a_place(void **state)
{
	struct conf *c = parse("\na = 1\n");
	struct err e = {0};
	(void)state;

	assert_int_equal(conf_error(c, &c->items[0], &e, "no %d", 7), -1);
	assert_string_equal(e.msg, "madod.conf:2: no 7");
	conf_error(c, NULL, &e, "no");
	assert_string_equal(e.msg, "madod.conf: no");
	conf_error(NULL, NULL, &e, "no");
	assert_string_equal(e.msg, "no");
	conf_free(c);
}

static void
test_files(void **state)
{
	char path[] = P_tmpdir "/test_conf_XXXXXX";
	struct err e = {0};
	struct conf *c;
	int fd = mkstemp(path);
	(void)state;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, "[s]\nk=v\n", 8), 8);
	close(fd);
	c = conf_read(path, &e);
	assert_non_null(c);
	is_item(c, 1, "s", "", "k", "v", 2);
	conf_free(c);
	unlink(path);
	assert_null(conf_read(path, &e));
	assert_int_equal(e.code, ERR_NOTFOUND);
	c = conf_parse("empty", NULL, 0, &e);
	assert_non_null(c);
	assert_int_equal(c->n, 0);
	conf_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_sections_keys_and_lines),
	    cmocka_unit_test(test_values),
	    cmocka_unit_test(test_syntax_is_refused_with_its_line),
	    cmocka_unit_test(test_a_line_of_a_megabyte),
	    cmocka_unit_test(test_defaults),
	    cmocka_unit_test(test_values_replace_defaults),
	    cmocka_unit_test(test_units),
	    cmocka_unit_test(test_bad_values_say_what_is_allowed),
	    cmocka_unit_test(test_unknown_key_names_its_label),
	    cmocka_unit_test(test_sections),
	    cmocka_unit_test(test_error_with_and_without_a_place),
	    cmocka_unit_test(test_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
