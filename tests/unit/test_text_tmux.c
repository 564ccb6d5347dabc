/*
 * text.h against a real terminal: for every line of Unicode's grapheme and
 * emoji data, the columns that we count are those by which tmux moves its
 * cursor. The program starts itself inside tmux (--ask OUT), draws each line
 * there and asks where the cursor is. Skipped without tmux or unicode-data.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include <cmocka.h>

#include <utf8proc.h>

#include <mado/buf.h>
#include <mado/mem.h>
#include <mado/text.h>
#include <mado/when.h>

#define UCD "/usr/share/unicode/"

enum { BATCH = 64, ANSWER_MS = 30000, WAIT_MS = 60000, SAMPLES_MAX = 8000 };

static const char *const files[] = {
    UCD "auxiliary/GraphemeBreakTest.txt", UCD "emoji/emoji-test.txt"};

/* samples */

static struct buf samples[SAMPLES_MAX];
static size_t n_samples;

static void
add_code_points(struct buf *b, char *line)
{
	char *save, *word, *end;

	line[strcspn(line, "#;\n")] = '\0';
	for (word = strtok_r(line, " \t", &save); word != NULL;
	     word = strtok_r(NULL, " \t", &save)) {
		utf8proc_uint8_t u[4];
		long cp = strtol(word, &end, 16);

		if (*end == '\0' && (cp < 0xd800 || cp > 0xdfff))
			buf_add(b, u,
			    (size_t)utf8proc_encode_char(
				(utf8proc_int32_t)cp, u));
	}
}

static bool
read_samples(void)
{
	char line[4096];

	for (size_t i = 0; i < 2; i++) {
		FILE *f = fopen(files[i], "r");

		if (f == NULL)
			return false;
		while (fgets(line, sizeof(line), f) != NULL &&
		    n_samples < SAMPLES_MAX) {
			add_code_points(&samples[n_samples], line);
			n_samples += samples[n_samples].n > 0;
		}
		fclose(f);
	}
	return n_samples > 4000;
}

/* inside tmux: draw, ask, write down what differs */

static void
put_all(const char *p, size_t n)
{
	while (n > 0) {
		ssize_t k = write(STDOUT_FILENO, p, n);

		if (k <= 0)
			_exit(1);
		p += k;
		n -= (size_t)k;
	}
}

/* The column of the next answer, from 0. */
static int
answer(void)
{
	struct pollfd p = {STDIN_FILENO, POLLIN, 0};
	char s[32];
	int n = 0, row, col;

	while (n < (int)sizeof(s) - 1) {
		if (poll(&p, 1, ANSWER_MS) != 1 ||
		    read(STDIN_FILENO, s + n, 1) != 1)
			_exit(1);
		if (s[n++] == 'R')
			break;
	}
	s[n] = '\0';
	if (sscanf(s, "\033[%d;%dR", &row, &col) != 2)
		_exit(1);
	return col - 1;
}

static void
write_difference(FILE *out, size_t i, int want, int got)
{
	fprintf(out, "%zu %d %d\n", i, want, got);
}

/* Samples i to i + n: each as a row of its own. Three times in a row, so that
 * what would join its neighbours is found. */
static void
ask_batch(FILE *out, size_t i, size_t n)
{
	int want[BATCH];
	struct buf b = {0};

	for (size_t k = 0; k < n; k++) {
		const struct buf *s = &samples[i + k];

		buf_puts(&b, "\r\033[2K");
		want[k] = 0;
		for (int times = 0; times < 3; times++)
			want[k] += text_draw(&b, s->p, s->n);
		buf_puts(&b, "\033[6n");
	}
	put_all(b.p, b.n);
	for (size_t k = 0; k < n; k++) {
		int got = answer();

		if (got != want[k])
			write_difference(out, i + k, want[k], got);
	}
	buf_free(&b);
}

static int
ask(const char *path, enum text_emoji emoji)
{
	struct text_policy policy = {emoji, false, false};
	char *tmp = x_sprintf("%s.new", path);
	FILE *out = fopen(tmp, "w");
	struct termios t;

	if (out == NULL || !read_samples() || tcgetattr(0, &t) == -1)
		return 1;
	cfmakeraw(&t);
	tcsetattr(0, TCSANOW, &t);
	text_set_policy(&policy);
	for (size_t i = 0; i < n_samples; i += BATCH)
		ask_batch(
		    out, i, n_samples - i < BATCH ? n_samples - i : BATCH);
	fprintf(out, "end\n");
	fclose(out);
	return rename(tmp, path);
}

/* outside */

static char folder[] = "/tmp/mado-tmux.XXXXXX";

/* A server for each policy: one that has lost its last session still takes
 * the next one's connection while it ends. */
static int
tmux(const char *emoji, const char *words)
{
	char *command = x_sprintf("LC_ALL=C.UTF-8 tmux -S %s/%s.sock "
				  "-f /dev/null -u %s >/dev/null 2>&1 "
				  "</dev/null",
	    folder, emoji, words);
	int rc = system(command);

	x_free(command);
	return rc;
}

/* Run ourselves inside tmux; true when it came to its end. */
static bool
run_inside(const char *emoji, const char *out)
{
	char self[PATH_MAX] = "";
	int64_t until = when_mono_ms() + WAIT_MS;
	char *words;

	if (readlink("/proc/self/exe", self, sizeof(self) - 1) <= 0)
		return false;
	words = x_sprintf("new-session -d -x 400 -y 24 \"'%s' --ask '%s' %s\"",
	    self, out, emoji);
	if (tmux(emoji, words) != 0)
		until = 0;
	x_free(words);
	while (access(out, R_OK) != 0) {
		if (when_mono_ms() > until) {
			tmux(emoji, "kill-server");
			return false;
		}
		usleep(20000);
	}
	return true;
}

static bool
holds(const struct buf *s, int32_t from, int32_t to)
{
	const char *p = s->p, *end = p + s->n;
	uint32_t cp;

	for (size_t n; p < end; p += n) {
		n = text_decode(p, (size_t)(end - p), &cp);
		if (n == 0)
			return false;
		if ((int32_t)cp >= from && (int32_t)cp <= to)
			return true;
	}
	return false;
}

/*
 * Where tmux 3.3a (Debian 12) counts other columns than we do when emoji are
 * drawn as they come, and why. The inbox asks at its start (term.c) and draws
 * them so only where the answers are ours: not in such a tmux. In the safe and
 * the text policy nothing differs.
 */
static const struct {
	int32_t from, to; /* a line that holds one of these may differ */
	const char *why;
} known[] = {
    {0xfe0f, 0xfe0f, "VS16 leaves one column before tmux 3.4, and two since"},
    {0x1f3fb, 0x1f3ff, "a skin tone stands beside its emoji before 3.4"},
    {0x200d, 0x200d,
	"a joined emoji is as wide as its first character, or its last"},
    {0x1f1e6, 0x1f1ff, "a regional letter without a second one"},
    {0x20e3, 0x20e3, "a keycap is as wide as its digit"},
};

static bool
is_known(const struct buf *s)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (holds(s, known[i].from, known[i].to))
			return true;
	}
	return false;
}

static void
tell(const struct buf *s, int want, int got)
{
	const char *p = s->p, *end = p + s->n;
	uint32_t cp;

	for (size_t n; p < end; p += n) {
		n = text_decode(p, (size_t)(end - p), &cp);
		print_error("U+%04X ", (unsigned)cp);
	}
	print_error("three times: we count %d, tmux %d\n", want, got);
}

/* Differences that are not known. */
static int
check(const char *out, bool native)
{
	FILE *f = fopen(out, "r");
	size_t i;
	int want, got, bad = 0, known_n = 0;

	assert_non_null(f);
	while (fscanf(f, "%zu %d %d", &i, &want, &got) == 3) {
		assert_true(i < n_samples);
		if (native && is_known(&samples[i])) {
			known_n++;
			continue;
		}
		if (bad++ < 20)
			tell(&samples[i], want, got);
	}
	fclose(f);
	print_message("%zu lines, %d known to differ\n", n_samples, known_n);
	return bad;
}

static void
compare(const char *emoji)
{
	char *out = x_sprintf("%s/%s", folder, emoji);
	bool ran;

	if (n_samples == 0 || system("command -v tmux >/dev/null") != 0) {
		print_message("tmux or unicode-data is missing\n");
		x_free(out);
		skip();
	}
	ran = run_inside(emoji, out);
	if (!ran)
		fail_msg("tmux did not answer");
	assert_int_equal(check(out, strcmp(emoji, "native") == 0), 0);
	x_free(out);
}

static void
test_safe(void **state)
{
	(void)state;
	compare("safe");
}

static void
test_text(void **state)
{
	(void)state;
	compare("text");
}

static void
test_native(void **state)
{
	(void)state;
	compare("native");
}

static int
begin(void **state)
{
	(void)state;
	if (!read_samples())
		n_samples = 0;
	return mkdtemp(folder) == NULL ? -1 : 0;
}

static int
end(void **state)
{
	char *command = x_sprintf("rm -rf %s", folder);
	(void)state;

	if (system(command) != 0)
		print_message("%s is left\n", folder);
	x_free(command);
	return 0;
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_safe),
	    cmocka_unit_test(test_text),
	    cmocka_unit_test(test_native),
	};

	if (argc == 4 && strcmp(argv[1], "--ask") == 0)
		return ask(argv[2],
		    argv[3][0] == 's'       ? TEXT_EMOJI_SAFE
			: argv[3][0] == 'n' ? TEXT_EMOJI_NATIVE
					    : TEXT_EMOJI_TEXT);
	return cmocka_run_group_tests(tests, begin, end);
}
