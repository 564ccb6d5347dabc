/* Answers to bubbles: see answer.h. */
#include <string.h>

#include <mado/text.h>

#include "answer.h"

enum { URL_MAX_B = 2000, COUPON_MAX_B = 100, LONG_U16 = 500 };

/* --- variables */

struct var {
	const char *name;
	void (*put)(struct buf *b, const struct answer *w);
};

static void
put_name(struct buf *b, const struct answer *w)
{
	buf_puts(b, w->contact_name != NULL ? w->contact_name : "");
}

static void
put_number(struct buf *b, const struct answer *w)
{
	buf_printf(b, "%lld", (long long)w->conversation);
}

static const struct var vars[] = {
    {"contact.name", put_name},
    {"conversation.number", put_number},
};

/* The next {{name}} from s on; *v NULL when it is unknown. NULL when none
 * follows. */
static const char *
next_var(const char *s, const struct var **v, const char **end)
{
	const char *open = strstr(s, "{{"), *close;

	*v = NULL;
	if (open == NULL || (close = strstr(open, "}}")) == NULL)
		return NULL;
	*end = close + 2;
	for (size_t i = 0; i < sizeof(vars) / sizeof(vars[0]); i++)
		if (strlen(vars[i].name) == (size_t)(close - open) - 2 &&
		    strncmp(vars[i].name, open + 2, strlen(vars[i].name)) == 0)
			*v = &vars[i];
	return open;
}

static void
expand(struct buf *b, const char *s, const struct answer *w)
{
	const struct var *v;
	const char *at, *end;

	while ((at = next_var(s, &v, &end)) != NULL) {
		buf_add(b, s, (size_t)(at - s));
		if (v != NULL)
			v->put(b, w);
		else
			buf_add(b, at, (size_t)(end - at));
		s = end;
	}
	buf_puts(b, s);
}

/* --- cells */

/* Cut off the first piece up to sep, without blanks around it; NULL at the
 * end. */
static const char *
piece(char **rest, const char *sep)
{
	char *s, *end;

	if (*rest == NULL)
		return NULL;
	s = strsep(rest, sep);
	s += strspn(s, " \t");
	for (end = s + strlen(s); end > s && strchr(" \t", end[-1]); end--)
		end[-1] = '\0';
	return s;
}

static bool
is_https(const char *s, size_t n)
{
	return n > 8 && n <= URL_MAX_B && strncmp(s, "https://", 8) == 0 &&
	    strcspn(s, " \t\n\"<>") >= n;
}

/* "words https://.." or the address alone; its beginning, or NULL. */
static const char *
link_url(const char *s)
{
	const char *url = strstr(s, "https://");

	return url != NULL && is_https(url, strlen(url)) ? url : NULL;
}

/* One or two addresses; false when they are none. */
static bool
two_urls(const char *s, struct arena *a, const char **one, const char **two)
{
	char *rest = arena_strdup(a, s);

	*one = piece(&rest, " ");
	*two = piece(&rest, " ");
	return is_https(*one, strlen(*one)) &&
	    (*two == NULL || is_https(*two, strlen(*two))) && rest == NULL;
}

/* --- checks */

static int
check_text(const char *s, struct arena *a, struct err *e)
{
	const struct var *v;
	const char *end;
	size_t n = text_utf16_len(s);

	(void)a;
	if (n > MSG_TEXT_MAX_U16)
		return err_set(e, ERR_INVALID,
		    "the answer is %zu UTF-16 units long, LINE takes %d", n,
		    MSG_TEXT_MAX_U16);
	while ((s = next_var(s, &v, &end)) != NULL) {
		if (v == NULL)
			return err_set(e, ERR_INVALID,
			    "unknown variable %.*s; known are "
			    "{{contact.name}} and {{conversation.number}}",
			    (int)(end - s), s);
		s = end;
	}
	return 0;
}

static int
check_quick(const char *s, struct arena *a, struct err *e)
{
	char *rest = arena_strdup(a, s);
	const char *label;
	size_t n = 0;

	while ((label = piece(&rest, "|")) != NULL) {
		if (*label == '\0')
			return err_set(e, ERR_INVALID,
			    "an empty button; they are separated by |");
		if (++n > QUICK_REPLIES_MAX)
			return err_set(e, ERR_INVALID,
			    "more than LINE's %d buttons", QUICK_REPLIES_MAX);
	}
	return 0;
}

static int
check_link(const char *s, struct arena *a, struct err *e)
{
	(void)a;
	return link_url(s) != NULL
	    ? 0
	    : err_set(e, ERR_INVALID,
		  "a link is https://.., or words, a blank and that");
}

static int
check_image(const char *s, struct arena *a, struct err *e)
{
	const char *one, *two;

	return two_urls(s, a, &one, &two)
	    ? 0
	    : err_set(e, ERR_INVALID,
		  "an image is https://.., or that, a blank and a preview's");
}

static int
check_video(const char *s, struct arena *a, struct err *e)
{
	const char *one, *two;

	return two_urls(s, a, &one, &two) && two != NULL
	    ? 0
	    : err_set(e, ERR_INVALID,
		  "a video is https://.. and, after a blank, the picture's "
		  "that stands for it");
}

static int
check_coupon(const char *s, struct arena *a, struct err *e)
{
	(void)a;
	return strlen(s) <= COUPON_MAX_B && strpbrk(s, " \t\n") == NULL
	    ? 0
	    : err_set(e, ERR_INVALID, "a coupon is LINE's id of it");
}

static int (*const checks[ANSWER_BESIDES])(
    const char *s, struct arena *a, struct err *e) = {
    check_quick, check_link, check_image, check_video, check_coupon};

int
answer_check(const char *text, const char *const beside[ANSWER_BESIDES],
    int *col, struct err *e)
{
	struct arena *a = arena_new();
	int rv;

	*col = 0;
	rv = check_text(text, a, e);
	for (int i = 0; i < ANSWER_BESIDES && rv == 0; i++) {
		if (beside[i][0] == '\0')
			continue;
		*col = i + 1;
		rv = strchr(beside[i], ANSWER_SEP) != NULL
		    ? err_set(e, ERR_INVALID, "a control character")
		    : checks[i](beside[i], a, e);
	}
	arena_free(a);
	return rv;
}

/* --- saying */

static void
say_quick(
    const char *s, struct arena *a, struct bubbles *says, struct quicks *quick)
{
	char *rest = arena_strdup(a, s);
	const char *label;

	(void)says;
	while ((label = piece(&rest, "|")) != NULL)
		quick_add(quick, (struct quick){.label = label, .text = label});
}

static void
say_link(
    const char *s, struct arena *a, struct bubbles *says, struct quicks *quick)
{
	struct bubble *u = &says->v[says->n - 1];

	(void)quick;
	u->text = arena_sprintf(a, "%s\n%s", u->text, s);
}

static void
say_media(
    const char *s, struct arena *a, struct bubbles *says, enum bubble_kind kind)
{
	const char *one, *two;

	if (two_urls(s, a, &one, &two))
		bubble_add(says,
		    (struct bubble){.kind = kind, .url = one, .preview = two});
}

static void
say_image(
    const char *s, struct arena *a, struct bubbles *says, struct quicks *quick)
{
	(void)quick;
	say_media(s, a, says, BUBBLE_IMAGE);
}

static void
say_video(
    const char *s, struct arena *a, struct bubbles *says, struct quicks *quick)
{
	(void)quick;
	say_media(s, a, says, BUBBLE_VIDEO);
}

static void
say_coupon(
    const char *s, struct arena *a, struct bubbles *says, struct quicks *quick)
{
	(void)quick;
	bubble_add(says,
	    (struct bubble){.kind = BUBBLE_COUPON, .text = arena_strdup(a, s)});
}

static void (*const sayers[ANSWER_BESIDES])(const char *s, struct arena *a,
    struct bubbles *says, struct quicks *quick) = {
    say_quick, say_link, say_image, say_video, say_coupon};

void
answer_say(const struct answer *w, struct arena *a, struct bubbles *says,
    struct quicks *quick)
{
	char *rest = w->beside[0] != '\0' ? arena_strdup(a, w->beside) : NULL;
	const char sep[] = {ANSWER_SEP, '\0'};
	struct buf b = {0};
	const char *s;

	expand(&b, w->text, w);
	if (!bubble_add(
		says, (struct bubble){.text = arena_strdup(a, buf_str(&b))}))
		rest = NULL;
	buf_free(&b);
	for (int i = 0; rest != NULL && i < ANSWER_BESIDES; i++) {
		s = piece(&rest, sep);
		if (*s != '\0')
			sayers[i](s, a, says, quick);
	}
}

/* --- what is allowed and yet not as its writer meant it */

static void
lint_labels(const char *s, struct arena *a,
    void (*each)(void *, int, const char *), void *arg)
{
	char *rest = arena_strdup(a, s);
	const char *label;

	while (*s != '\0' && (label = piece(&rest, "|")) != NULL)
		if (text_graphemes(label) > LABEL_MAX_GRAPHEMES)
			each(arg, 1 + ANSWER_QUICK,
			    arena_sprintf(a,
				"the button \"%s\" is shown as \"%s\"", label,
				bubble_cut(label, LABEL_MAX_GRAPHEMES, a)));
}

void
answer_lint(const char *question, const char *text,
    const char *const beside[ANSWER_BESIDES],
    void (*each)(void *, int, const char *), void *arg)
{
	struct arena *a = arena_new();
	size_t n = text_utf16_len(text);

	if (n > LONG_U16)
		each(arg, 0,
		    arena_sprintf(a,
			"%zu characters: LINE folds what is over %d behind a "
			"tap",
			n, LONG_U16));
	if (text_graphemes(question) > LABEL_MAX_GRAPHEMES)
		each(arg, -1,
		    arena_sprintf(a,
			"as a choice its button is \"%s\"; the whole question "
			"stands above it",
			bubble_cut(question, LABEL_MAX_GRAPHEMES, a)));
	lint_labels(beside[ANSWER_QUICK], a, each, arg);
	arena_free(a);
}
