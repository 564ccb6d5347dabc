/*
 * Themes: every pair of colours of those that come with mado can be read
 * (WCAG 2.1, contrast), by xterm's and by VGA's palette; what must not be
 * mistaken differs for colour-blind eyes; errors name file and line.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include <mado/buf.h>
#include <mado/mem.h>

#include "../../src/mado/theme.h"

static const char *const shipped[] = {"dark", "light", "high-contrast",
    "colour-blind-safe", "8-colour", "mono", NULL};

struct palette {
	const char *name;
	int32_t c[16];
	/* bold makes a colour bright: always, or on some terminals */
	bool bold_is_bright, bold_may_not;
};

static const struct palette palettes[] = {
    {"xterm",
	{0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd,
	    0xe5e5e5, 0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff,
	    0xff00ff, 0x00ffff, 0xffffff},
	true, true},
    {"VGA",
	{0x000000, 0xaa0000, 0x00aa00, 0xaa5500, 0x0000aa, 0xaa00aa, 0x00aaaa,
	    0xaaaaaa, 0x555555, 0xff5555, 0x55ff55, 0xffff55, 0x5555ff,
	    0xff55ff, 0x55ffff, 0xffffff},
	true, false},
};

/* Backgrounds that a theme for a ground will meet, and letters on them. */
static const struct {
	enum theme_ground ground;
	int32_t fg, bg;
} grounds[] = {
    {GROUND_DARK, 0xe5e5e5, 0x000000},
    {GROUND_DARK, 0xaaaaaa, 0x000000},
    {GROUND_DARK, 0xd4d4d4, 0x1e1e1e},
    {GROUND_LIGHT, 0x000000, 0xffffff},
    {GROUND_LIGHT, 0x000000, 0xfdf6e3},
};

static int32_t
rgb(int32_t c, const struct palette *p)
{
	static const int step[] = {0, 95, 135, 175, 215, 255};

	if (c & THEME_RGB)
		return c & 0xffffff;
	if (c < 16)
		return p->c[c];
	if (c >= 232)
		return (8 + (c - 232) * 10) * 0x010101;
	c -= 16;
	return step[c / 36] << 16 | step[c / 6 % 6] << 8 | step[c % 6];
}

/* One of the three, 0 to 1, without the gamma of sRGB. */
static double
linear(int32_t colour, int shift)
{
	double v = (colour >> shift & 255) / 255.0;

	return v <= 0.03928 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

static double
luminance(int32_t c)
{
	return 0.2126 * linear(c, 16) + 0.7152 * linear(c, 8) +
	    0.0722 * linear(c, 0);
}

static double
contrast(int32_t a, int32_t b)
{
	double x = luminance(a) + 0.05, y = luminance(b) + 0.05;

	return x > y ? x / y : y / x;
}

/* A style on one ground with one palette; bright: bold has made it so. */
static double
contrast_of(const struct theme_style *s, const struct palette *p, int32_t fg,
    int32_t bg, bool bright)
{
	int32_t f = s->fg;

	if (bright && f >= 0 && f < 8)
		f += 8;
	return contrast(f == THEME_DEFAULT ? fg : rgb(f, p),
	    s->bg == THEME_DEFAULT ? bg : rgb(s->bg, p));
}

static double
worst_on(const struct theme_style *s, int32_t fg, int32_t bg)
{
	double worst = 99, c;

	for (size_t i = 0; i < 2; i++) {
		const struct palette *p = &palettes[i];
		bool bold = (s->attrs & THEME_BOLD) != 0;

		c = contrast_of(s, p, fg, bg, bold && p->bold_is_bright);
		worst = c < worst ? c : worst;
		if (!bold || p->bold_may_not)
			c = contrast_of(s, p, fg, bg, false);
		worst = c < worst ? c : worst;
	}
	return worst;
}

static double
worst_of(const struct theme_style *s, enum theme_ground ground)
{
	double worst = 99, c;

	if (s->fg == THEME_DEFAULT && s->bg == THEME_DEFAULT)
		return worst; /* the terminal's own pair */
	if (ground == GROUND_OWN) {
		assert_int_not_equal(s->fg, THEME_DEFAULT);
		assert_int_not_equal(s->bg, THEME_DEFAULT);
		return worst_on(s, 0, 0);
	}
	for (size_t i = 0; i < sizeof(grounds) / sizeof(grounds[0]); i++) {
		if (grounds[i].ground != ground)
			continue;
		c = worst_on(s, grounds[i].fg, grounds[i].bg);
		worst = c < worst ? c : worst;
	}
	return worst;
}

static void
read_shipped(const char *name, struct theme *t)
{
	char *path = x_sprintf("themes/%s.theme", name);
	struct err e = {0};

	if (theme_read(t, path, &e) == -1)
		fail_msg("%s", e.msg);
	x_free(path);
}

static void
test_contrast(void **state)
{
	int bad = 0;
	(void)state;

	for (size_t i = 0; shipped[i] != NULL; i++) {
		double need =
		    strcmp(shipped[i], "high-contrast") == 0 ? 7 : 4.5;
		struct theme t;

		read_shipped(shipped[i], &t);
		for (size_t r = 0; r < 2 * UI_ROLE_N; r++) {
			const struct theme_style *s =
			    r % 2 ? &t.few[r / 2] : &t.full[r / 2];
			double c = worst_of(s, t.ground);

			/* how faint is faint, nobody can know */
			assert_false(s->attrs & THEME_DIM);
			if (c >= need)
				continue;
			print_error("%s: %s%s: %.2f\n", shipped[i],
			    theme_roles[r / 2].name,
			    r % 2 ? ", few colours" : "", c);
			bad++;
		}
	}
	assert_int_equal(bad, 0);
}

/* Every shipped theme says how each role looks, but for mono, which leaves out
 * what needs no attribute; 8-colour means eight. */
static void
test_eight_colours(void **state)
{
	struct theme t;
	(void)state;

	read_shipped("8-colour", &t);
	for (size_t i = 0; i < UI_ROLE_N; i++) {
		assert_in_range(t.full[i].fg, 0, 7);
		assert_in_range(t.full[i].bg, 0, 7);
	}
	for (size_t k = 0; shipped[k] != NULL; k++) {
		read_shipped(shipped[k], &t);
		for (size_t i = 0; i < UI_ROLE_N; i++) {
			assert_true(t.few[i].fg < 8 && t.few[i].bg < 8);
			if (t.ground != GROUND_OWN)
				continue;
			assert_true(t.full[i].bg != THEME_DEFAULT);
		}
	}
}

/* mono differs by attributes, never by colour */
static void
test_mono(void **state)
{
	struct theme t;
	(void)state;

	read_shipped("mono", &t);
	for (int i = 0; i < UI_ROLE_N; i++) {
		assert_int_equal(t.full[i].fg, THEME_DEFAULT);
		assert_int_equal(t.full[i].bg, THEME_DEFAULT);
	}
}

/*
 * What colour-blind eyes see: linear RGB through the matrices of Machado,
 * Oliveira and Fernandes (2009), severity 1.
 */
static const double blind[3][9] = {
    {0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882,
	-0.048116, 1.051998},
    {0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820,
	0.042940, 0.968881},
    {1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733,
	0.691367, 0.303900},
};

struct lab {
	double l, a, b;
};

static double
lab_f(double v)
{
	return v > 0.008856 ? cbrt(v) : 7.787 * v + 16.0 / 116;
}

static struct lab
lab_of(const double c[3])
{
	double x = 0.4124 * c[0] + 0.3576 * c[1] + 0.1805 * c[2];
	double y = 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2];
	double z = 0.0193 * c[0] + 0.1192 * c[1] + 0.9505 * c[2];
	double fx = lab_f(x / 0.9505), fy = lab_f(y), fz = lab_f(z / 1.089);

	return (struct lab){116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)};
}

static struct lab
seen_as(int32_t colour, const double m[9])
{
	double in[3], out[3];

	for (int i = 0; i < 3; i++)
		in[i] = linear(colour, 16 - 8 * i);
	for (int i = 0; i < 3; i++) {
		out[i] = m[3 * i] * in[0] + m[3 * i + 1] * in[1] +
		    m[3 * i + 2] * in[2];
		out[i] = fmin(1, fmax(0, out[i]));
	}
	return lab_of(out);
}

/* How far two styles are apart, CIE 1976: what is nearer of letters and ground
 * does not count, one of the two has to tell. */
static double
apart(
    const struct theme_style *a, const struct theme_style *b, const double m[9])
{
	double most = 0;

	for (int i = 0; i < 2; i++) {
		int32_t ca = i ? a->bg : a->fg, cb = i ? b->bg : b->fg;
		struct lab x = seen_as(ca < 0 ? 0 : rgb(ca, palettes), m);
		struct lab y = seen_as(cb < 0 ? 0 : rgb(cb, palettes), m);
		double d = sqrt(
		    pow(x.l - y.l, 2) + pow(x.a - y.a, 2) + pow(x.b - y.b, 2));

		most = d > most ? d : most;
	}
	return most;
}

static void
test_colour_blind(void **state)
{
	static const enum ui_role pairs[][2] = {{UI_OK, UI_BAD},
	    {UI_OK, UI_WAIT}, {UI_WAIT, UI_BAD}, {UI_LIVE, UI_OFFLINE},
	    {UI_FREE, UI_LATE}, {UI_PROMPT, UI_PROMPT_NOTE},
	    {UI_HEADER, UI_PROBLEM}, {UI_TEXT, UI_UNREAD}};
	struct theme t;
	(void)state;

	read_shipped("colour-blind-safe", &t);
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		for (size_t k = 0; k < 3; k++) {
			double d = apart(&t.full[pairs[i][0]],
			    &t.full[pairs[i][1]], blind[k]);

			if (d < 20)
				fail_msg("%s and %s: %.1f apart",
				    theme_roles[pairs[i][0]].name,
				    theme_roles[pairs[i][1]].name, d);
		}
	}
}

static char folder[] = "/tmp/mado-theme.XXXXXX";

static void
put_theme(const char *name, const char *text)
{
	char *path = x_sprintf("%s/themes/%s.theme", folder, name);
	struct err e = {0};

	assert_int_equal(file_write(path, text, strlen(text), 0600, &e), 0);
	x_free(path);
}

static void
test_own_theme(void **state)
{
	struct theme t;
	struct err e = {0};
	(void)state;

	put_theme("mine",
	    "[theme]\nground = light\n[colours]\nbad = \"#ff8800 236 bold\"\n"
	    "ok = 9 default underline | green default\n");
	assert_int_equal(theme_load(&t, "mine", folder, &e), 0);
	assert_int_equal(t.ground, GROUND_LIGHT);
	assert_int_equal(t.full[UI_BAD].fg, THEME_RGB | 0xff8800);
	assert_int_equal(t.few[UI_BAD].bg, 236);
	assert_int_equal(t.few[UI_OK].fg, 2);
	assert_int_equal(theme_load(&t, "../mine", folder, &e), -1);
	assert_int_equal(e.code, ERR_NOTFOUND);
}

/* The first error is told, by file and line, with what is allowed; the rest of
 * the file holds. */
static void
test_errors(void **state)
{
	static const struct {
		const char *text, *told;
	} bad[] = {
	    {"[colours]\nok = blau\nbad = red\n", ".theme:2: \"blau\""},
	    {"[colours]\nbad = red\nnone = red\n", ".theme:3: nothing"},
	    {"[theme]\nground = grey\n[colours]\nbad = red\n",
		".theme:2: ground is dark, light, own or any"},
	    {"[theme]\nback = dark\n[colours]\nbad = red\n", ".theme:2: "},
	    {"[colours]\nok = #ff8800\nbad = red\n", ".theme:2: no colour"},
	    {"[x]\nbad = blue\n[colours]\nbad = red\n", ".theme:1: only"},
	};
	(void)state;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct theme t;
		struct err e = {0};

		put_theme("bad", bad[i].text);
		assert_int_equal(theme_load(&t, "bad", folder, &e), -1);
		assert_int_equal(e.code, ERR_INVALID);
		if (strstr(e.msg, bad[i].told) == NULL)
			fail_msg("%s", e.msg);
		assert_int_equal(t.full[UI_BAD].fg, 1);
	}
}

/* The example of mado-themes(5) is one. */
static void
test_manual(void **state)
{
	struct buf page = {0};
	const char *from, *to;
	struct theme t;
	struct err e = {0};
	char *text;

	(void)state;
	if (buf_read_file(&page, "man/mado-themes.5", 1 << 20, &e) == -1)
		fail_msg("%s", e.msg);
	from = strstr(strstr(page.p, ".Sh EXAMPLES"), ".Bd -literal");
	from = strchr(from, '\n') + 1;
	to = strstr(from, ".Ed");
	text = x_strndup(from, (size_t)(to - from));
	put_theme("mine", text);
	if (theme_load(&t, "mine", folder, &e) == -1)
		fail_msg("%s", e.msg);
	assert_int_equal(t.full[UI_HEADER].fg, THEME_RGB | 0xeeccff);
	x_free(text);
	buf_free(&page);
	put_theme("mine", "[theme]\nground = light\n");
}

static void
count_themes(const char *name, enum theme_ground ground, void *arg)
{
	int *n = arg;

	*n += strcmp(name, "mine") == 0 && ground == GROUND_LIGHT;
	*n += strcmp(name, "mono") == 0 && ground == GROUND_ANY ? 100 : 0;
}

static void
test_list(void **state)
{
	int n = 0;
	(void)state;

	theme_each(folder, count_themes, &n);
	assert_true(n % 100 == 1 && n >= 100);
}

static int
begin(void **state)
{
	char *themes;
	(void)state;

	if (mkdtemp(folder) == NULL)
		return -1;
	themes = x_sprintf("%s/themes", folder);
	setenv("MADO_THEMES", "themes", 1);
	if (file_mkdirs(themes, 0700, NULL) == -1)
		return -1;
	x_free(themes);
	return 0;
}

static int
end(void **state)
{
	static const char *const made[] = {
	    "/themes/mine.theme", "/themes/bad.theme", "/themes", ""};
	(void)state;

	for (size_t i = 0; i < 4; i++) {
		char *path = x_sprintf("%s%s", folder, made[i]);

		remove(path);
		x_free(path);
	}
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_contrast),
	    cmocka_unit_test(test_eight_colours),
	    cmocka_unit_test(test_mono),
	    cmocka_unit_test(test_colour_blind),
	    cmocka_unit_test(test_own_theme),
	    cmocka_unit_test(test_errors),
	    cmocka_unit_test(test_manual),
	    cmocka_unit_test(test_list),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
