/*
 * What people type: command strings into words, a verb's words into the
 * desk's JSON, canned replies' variables, the command table, addresses,
 * madorc and profiles.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <mado/mem.h>
#include <mado/model.h>
#include <mado/when.h>

#include "../../src/mado/canned.h"
#include "../../src/mado/cmd.h"
#include "../../src/mado/desk_url.h"
#include "../../src/mado/settings.h"

/* words */

static void
splits(const char *s, int n, ...)
{
	struct err e = {0};
	int got = 0;
	char **v = words_split(s, &got, &e);
	va_list ap;

	assert_non_null(v);
	assert_int_equal(got, n);
	va_start(ap, n);
	for (int i = 0; i < n; i++)
		assert_string_equal(v[i], va_arg(ap, const char *));
	va_end(ap);
	assert_null(v[n]);
	words_free(v);
}

static void
test_words(void **state)
{
	(void)state;
	splits("", 0);
	splits("   ", 0);
	splits("snooze 2h", 2, "snooze", "2h");
	splits("reply 'a b'  \"c \\\" d\"", 3, "reply", "a b", "c \" d");
	splits("tag +a\\ b ''", 3, "tag", "+a b", "");
	splits("note 'x'\"y\"z", 2, "note", "xyz");
	splits("reply 返品 'ですか？'", 3, "reply", "返品", "ですか？");
}

static void
test_words_unclosed(void **state)
{
	struct err e = {0};
	int n = 0;

	(void)state;
	assert_null(words_split("reply 'abc", &n, &e));
	assert_int_equal(e.code, ERR_INVALID);
	assert_null(words_split("reply \"abc\\\"", &n, NULL));
}

/* verbs */

static char *
args(const char *line, struct err *e)
{
	int n = 0;
	char **v = words_split(line, &n, e), *text = NULL, *copy;
	cJSON *o = verb_args(v[0], n - 1, v + 1, e);

	words_free(v);
	if (o == NULL)
		return NULL;
	text = cJSON_PrintUnformatted(o);
	copy = x_strdup(text);
	cJSON_free(text);
	cJSON_Delete(o);
	return copy;
}

static void
gives(const char *line, const char *json)
{
	struct err e = {0};
	char *got = args(line, &e);

	if (got == NULL)
		fail_msg("%s: %s", line, e.msg);
	assert_string_equal(got, json);
	x_free(got);
}

static void
refuses(const char *line)
{
	struct err e = {0};

	assert_null(args(line, &e));
	assert_int_equal(e.code, ERR_INVALID);
	assert_true(strlen(e.msg) > 0);
}

static void
test_verbs(void **state)
{
	(void)state;
	gives("take", "{}");
	gives("reply 'はい、 承知しました'",
	    "{\"text\":\"はい、 承知しました\"}");
	gives("reply two words", "{\"text\":\"two words\"}");
	gives("reply --help", "{\"text\":\"--help\"}");
	gives("assign sato", "{\"agent\":\"sato\"}");
	gives("assign -", "{\"agent\":null}");
	gives("tag +返品 -VIP +@well ＋至急",
	    "{\"add\":[\"返品\",\"@well\",\"至急\"],\"remove\":[\"VIP\"]}");
	gives("tag VIP", "{\"add\":[\"VIP\"],\"remove\":[]}");
	gives("snooze message", "{\"until\":null}");
	gives("snooze 次のメッセージ", "{\"until\":null}");
	gives("snooze until reply", "{\"until\":null}");
	gives("snooze 返信があるまで", "{\"until\":null}");
	gives("snooze until 2027-01-02T03:04:05Z",
	    "{\"until\":\"2027-01-02T03:04:05.000Z\"}");
	gives("snooze 2027-01-02T03:04:05Zまで",
	    "{\"until\":\"2027-01-02T03:04:05.000Z\"}");
	gives("snooze 2027-01-02T03:04:05Z",
	    "{\"until\":\"2027-01-02T03:04:05.000Z\"}");
}

static void
test_verbs_refused(void **state)
{
	(void)state;
	refuses("take now");
	refuses("reply");
	refuses("reply '  '");
	refuses("assign");
	refuses("assign a b");
	refuses("tag");
	refuses("tag +");
	refuses("tag +@");
	refuses("snooze");
	refuses("snooze someday");
	refuses("dance");
}

static void
test_reply_length(void **state)
{
	char *long_text = x_calloc(1, 3 * 5001 + 1);
	struct err e = {0};
	char *v[1] = {long_text};
	cJSON *o;

	(void)state;
	for (int i = 0; i < 5000; i++)
		memcpy(long_text + (size_t)i * 3, "あ", 3);
	o = verb_args("reply", 1, v, &e);
	assert_non_null(o);
	cJSON_Delete(o);
	strcat(long_text, "い");
	assert_null(verb_args("reply", 1, v, &e));
	assert_int_equal(e.code, ERR_INVALID);
	x_free(long_text);
}

static void
test_text_must_be_utf8(void **state)
{
	char *v[1] = {(char[]){'a', (char)0xff, 0}};
	struct err e = {0};

	(void)state;
	assert_null(verb_args("reply", 1, v, &e));
	assert_int_equal(e.code, ERR_INVALID);
}

/* canned */

static void
fills(const char *text, const char *want)
{
	struct contact who = {.name = "山田 花子"};
	struct conv c = {.number = 42, .contact = &who};
	struct err e = {0};
	char *got = canned_fill(text, &c, "佐藤", &e);

	if (want == NULL) {
		assert_null(got);
		assert_int_equal(e.code, ERR_INVALID);
		return;
	}
	if (got == NULL)
		fail_msg("%s: %s", text, e.msg);
	assert_string_equal(got, want);
	x_free(got);
}

static void
test_canned(void **state)
{
	(void)state;
	fills("no variables", "no variables");
	fills("{{contact.name}}様", "山田 花子様");
	fills("{{ contact.name }}: {{agent.name}} #{{conversation.number}}",
	    "山田 花子: 佐藤 #42");
	fills("a } b { c", "a } b { c");
	fills("{{contact.phone}}", NULL);
	fills("{{contact name}}", NULL);
	fills("{{contact.name", NULL);
	fills("{{}}", NULL);
}

static void
test_canned_empty_value(void **state)
{
	struct contact who = {.name = ""};
	struct conv c = {.number = 1, .contact = &who};
	struct err e = {0};

	(void)state;
	assert_null(canned_fill("{{contact.name}}", &c, "a", &e));
	assert_non_null(strstr(e.msg, "contact.name"));
	assert_null(canned_fill("{{agent.name}}", &c, NULL, &e));
}

/* the table */

static void
test_table(void **state)
{
	(void)state;
	assert_non_null(cmd_find("follow-up"));
	assert_null(cmd_find("followup"));
	assert_string_equal(cmd_nearest("followup")->name, "follow-up");
	assert_string_equal(cmd_nearest("resole")->name, "resolve");
	assert_null(cmd_nearest("xyzzyxyzzy"));
	for (const struct cmd *c = cmds; c->name != NULL; c++) {
		assert_ptr_equal(cmd_find(c->name), c);
		assert_true(c->cli != NULL || c->ui != NULL);
		assert_true(strlen(c->help) > 0);
	}
}

/* addresses */

static void
address(const char *url, bool good)
{
	struct desk_url u;
	struct err e = {0};
	int rc = desk_url_parse(&u, url, &e);

	if ((rc == 0) != good)
		fail_msg("%s: %s", url, e.msg);
	if (rc == 0)
		desk_url_free(&u);
	else
		assert_int_equal(e.code, ERR_INVALID);
}

static void
test_addresses(void **state)
{
	(void)state;
	address("https://desk.example.jp", true);
	address("https://desk.example.jp:7443/", true);
	address("http://127.0.0.1:7443", true);
	address("http://[::1]:7443", true);
	address("http://localhost", true);
	address("unix:/run/madod/sock", true);
	address("http://desk.example.jp", false);
	address("http://127.evil.example", false);
	address("http://localhost.evil.example", false);
	address("https://user@host", false);
	address("https://host/path", false);
	address("https://", false);
	address("unix:", false);
	address("ftp://host", false);
	address("", false);
}

/* settings */

static char home[64];

static void
put_file(const char *dir, const char *name, const char *text)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "%s/c/mado", home);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/%s/mado/%s", home, dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static int
home_make(void **state)
{
	char path[128];

	(void)state;
	strcpy(home, "/tmp/test_mado_words.XXXXXX");
	if (mkdtemp(home) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/c", home);
	mkdir(path, 0700);
	setenv("XDG_CONFIG_HOME", path, 1);
	snprintf(path, sizeof(path), "%s/s", home);
	setenv("XDG_STATE_HOME", path, 1);
	unsetenv("MADO_PROFILE");
	return 0;
}

static int
home_remove(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", home);
	return system(command);
}

static void
test_words_quote(void **state)
{
	static const char *const all[] = {
	    "it's", "a \"b\"", "back\\slash", "two words", "\ttab", "返品"};
	struct buf b = {0};
	char **v;
	int n = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		buf_reset(&b);
		words_quote(&b, all[i]);
		v = words_split(buf_str(&b), &n, NULL);
		assert_int_equal(n, 1);
		assert_string_equal(v[0], all[i]);
		words_free(v);
	}
	buf_free(&b);
}

static void
test_settings_defaults(void **state)
{
	struct settings s;
	struct err e = {0};

	(void)state;
	assert_int_equal(settings_read(&s, NULL, &e), 0);
	assert_string_equal(s.profile, "default");
	assert_null(s.url);
	assert_int_equal(s.undo_ms, 3000);
	assert_int_equal(s.keep_days, 90);
	assert_int_equal(s.emoji, -1);
	assert_int_equal(s.layout_cols[0], 110);
	assert_true(s.bell);
	assert_false(s.local_time);
	settings_free(&s);
}

static void
test_settings_madorc(void **state)
{
	struct settings s;
	struct err e = {0};

	(void)state;
	put_file("c", "madorc",
	    "[mado]\nlanguage = ja\nundo_s = 0\nkeys = emacs\n"
	    "emoji = native\ntimezone = local\nambiguous_width = wide\n");
	assert_int_equal(settings_read(&s, "shop", &e), 0);
	assert_string_equal(s.language, "ja");
	assert_string_equal(s.profile, "shop");
	assert_int_equal(s.undo_ms, 0);
	assert_int_equal(s.keys, 1);
	assert_int_equal(s.emoji, 1);
	assert_true(s.local_time);
	assert_int_equal(s.ambiguous, 1);
	settings_free(&s);
}

static void
test_settings_bad(void **state)
{
	struct settings s;
	struct err e = {0};

	(void)state;
	put_file("c", "madorc", "[mado]\nbell = on\nundo_s = soon\n");
	assert_int_equal(settings_read(&s, NULL, &e), -1);
	assert_int_equal(e.code, ERR_INVALID);
	assert_non_null(strstr(e.msg, "madorc:3:"));
	assert_int_equal(s.undo_ms, 3000);
	assert_non_null(s.profile);
	settings_free(&s);
	assert_int_equal(settings_read(&s, "../evil", &e), -1);
	assert_null(s.profile);
	settings_free(&s);
}

static void
save(const char *profile, const char *url, const char *token)
{
	struct settings s;
	struct err e = {0};

	assert_int_equal(settings_read(&s, profile, &e), 0);
	x_free(s.url);
	x_free(s.token);
	s.url = x_strdup(url);
	s.token = x_strdup(token);
	assert_int_equal(settings_save_profile(&s, &e), 0);
	settings_free(&s);
}

static void
has(const char *profile, const char *url, const char *token)
{
	struct settings s;
	struct err e = {0};

	assert_int_equal(settings_read(&s, profile, &e), 0);
	if (url == NULL) {
		assert_null(s.url);
	} else {
		assert_string_equal(s.url, url);
		assert_string_equal(s.token, token);
	}
	settings_free(&s);
}

static void
test_profiles(void **state)
{
	struct settings s;
	struct stat st;
	struct err e = {0};
	char path[128];

	(void)state;
	save("default", "https://a", "t\"1\\;#");
	save("shop", "unix:/x", "t2");
	save("default", "https://b", "t3 with ; and #");
	has("default", "https://b", "t3 with ; and #");
	has("shop", "unix:/x", "t2");
	snprintf(path, sizeof(path), "%s/c/mado/profiles", home);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(settings_read(&s, "default", &e), 0);
	assert_int_equal(settings_forget_profile(&s, &e), 0);
	settings_free(&s);
	has("default", NULL, NULL);
	has("shop", "unix:/x", "t2");
}

#define HOME(f) cmocka_unit_test_setup_teardown(f, home_make, home_remove)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_words),
	    cmocka_unit_test(test_words_unclosed),
	    cmocka_unit_test(test_verbs),
	    cmocka_unit_test(test_verbs_refused),
	    cmocka_unit_test(test_reply_length),
	    cmocka_unit_test(test_text_must_be_utf8),
	    cmocka_unit_test(test_canned),
	    cmocka_unit_test(test_canned_empty_value),
	    cmocka_unit_test(test_table),
	    cmocka_unit_test(test_addresses),
	    cmocka_unit_test(test_words_quote),
	    HOME(test_settings_defaults),
	    HOME(test_settings_madorc),
	    HOME(test_settings_bad),
	    HOME(test_profiles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
