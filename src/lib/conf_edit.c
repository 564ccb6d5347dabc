/* Changes in an INI file, line by line: see conf_edit.h. */
#include <string.h>

#include <mado/conf_edit.h>
#include <mado/mem.h>

/* Where the walk over the lines is. */
struct walk {
	const struct conf_change *c;
	struct buf out;
	bool inside; /* the section */
	bool done;   /* the value stands in out */
	size_t end;  /* of out: behind the section's last line that says
		      * something; 0 without the section */
};

static size_t
blanks(const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n && (s[i] == ' ' || s[i] == '\t'); i++)
		;
	return i;
}

/* Is the line [section label]? */
static bool
is_header(const struct conf_change *c, const char *s, size_t n)
{
	size_t len = strlen(c->section), i = blanks(s, n) + 1;

	i += blanks(s + i, n - i);
	if (i + len > n || strncmp(s + i, c->section, len) != 0)
		return false;
	i += len;
	i += blanks(s + i, n - i);
	len = strlen(c->label);
	if (i + len > n || strncmp(s + i, c->label, len) != 0)
		return false;
	i += len;
	i += blanks(s + i, n - i);
	return i < n && s[i] == ']';
}

static bool
is_key(const struct conf_change *c, const char *s, size_t n)
{
	size_t i = blanks(s, n), len = strlen(c->key);

	if (i + len > n || strncmp(s + i, c->key, len) != 0)
		return false;
	i += len;
	i += blanks(s + i, n - i);
	return i < n && s[i] == '=';
}

/* Quoted where it would be read as something else. */
static void
put_value(struct buf *b, const struct conf_change *c)
{
	const char *s, *v = c->value;
	bool plain = *v != '\0' && strpbrk(v, ";#\"\\\n\t") == NULL &&
	    v[0] != ' ' && v[strlen(v) - 1] != ' ';

	buf_printf(b, "%s = %s", c->key, plain ? v : "\"");
	for (s = plain ? "" : v; *s != '\0'; s++)
		if (*s == '\n' || *s == '\t')
			buf_puts(b, *s == '\n' ? "\\n" : "\\t");
		else
			buf_printf(
			    b, "%s%c", *s == '"' || *s == '\\' ? "\\" : "", *s);
	buf_puts(b, plain ? "\n" : "\"\n");
}

/* One line with its newline. */
static void
walk_line(struct walk *w, const char *s, size_t n)
{
	size_t skip = blanks(s, n);
	bool empty = skip == n || s[skip] == '\n' || s[skip] == '\r';

	if (!empty && s[skip] == '[')
		w->inside = is_header(w->c, s, n);
	else if (w->inside && is_key(w->c, s, n)) {
		if (w->c->value != NULL && !w->done)
			put_value(&w->out, w->c);
		w->done = true;
		w->end = w->out.n;
		return;
	}
	buf_add(&w->out, s, n);
	if (w->inside && !empty)
		w->end = w->out.n;
}

static void
walk_add(struct walk *w)
{
	struct buf rest = {0};

	if (w->end == 0) {
		buf_printf(&w->out, "%s[%s%s%s]\n", w->out.n > 0 ? "\n" : "",
		    w->c->section, *w->c->label ? " " : "", w->c->label);
		w->end = w->out.n;
	}
	buf_add(&rest, w->out.p + w->end, w->out.n - w->end);
	w->out.n = w->end;
	put_value(&w->out, w->c);
	buf_add(&w->out, buf_str(&rest), rest.n);
	buf_free(&rest);
}

void
conf_edit(struct buf *text, const struct conf_change *c)
{
	struct walk w = {.c = c};
	const char *s, *next, *end;

	if (text->n > 0 && text->p[text->n - 1] != '\n')
		buf_putc(text, '\n');
	end = buf_str(text) + text->n;
	for (s = buf_str(text); s < end; s = next) {
		next = s + strcspn(s, "\n") + 1;
		walk_line(&w, s, (size_t)(next - s));
	}
	if (!w.done && c->value != NULL)
		walk_add(&w);
	buf_free(text);
	*text = w.out;
}
