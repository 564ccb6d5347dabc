/*
 * The table of canned replies that people keep in spreadsheets. Called by
 * both programs' canned import and export.
 */
#include <mado/canned_tsv.h>

#include <mado/text.h>

#include <string.h>

enum column { NAME, TEXT, READING, TAGS, PERSONAL, COLUMNS };

static void
unescape(char *s)
{
	char *w = s;

	for (; *s != '\0'; s++) {
		if (s[0] == '\\' && s[1] != '\0') {
			s++;
			*w++ = *s == 'n' ? '\n' : *s == 't' ? '\t' : *s;
		} else {
			*w++ = *s;
		}
	}
	*w = '\0';
}

/* Cut the line at its tabs; columns that are not there are "". Returns false
 * when there are too many. */
static bool
split(char *line, char *v[COLUMNS])
{
	char *end = line + strlen(line), *next;

	for (int i = 0; i < COLUMNS; i++) {
		next = line + strcspn(line, "\t");
		v[i] = line;
		line = next < end ? next + 1 : end;
		*next = '\0';
	}
	return line == end;
}

static void
add_tags(cJSON *o, char *tags)
{
	cJSON *list = cJSON_AddArrayToObject(o, "tags");
	char *save = NULL;

	for (char *t = strtok_r(tags, ",", &save); t != NULL;
	     t = strtok_r(NULL, ",", &save)) {
		t += strspn(t, " ");
		if (*t != '\0')
			cJSON_AddItemToArray(list, cJSON_CreateString(t));
	}
}

static int
read_line(const char *file, int number, char *line, cJSON *list, struct err *e)
{
	char *v[COLUMNS];
	bool fits = split(line, v);
	cJSON *o;

	if (!fits || *v[NAME] == '\0' || *v[TEXT] == '\0' ||
	    (*v[PERSONAL] != '\0' && strcmp(v[PERSONAL], "personal") != 0))
		return err_set(e, ERR_INVALID,
		    "%s:%d: a line is a name, a tab and the text; after "
		    "further tabs: kana reading, tags, the word personal",
		    file, number);
	for (int i = 0; i < COLUMNS; i++)
		unescape(v[i]);
	o = cJSON_CreateObject();
	cJSON_AddStringToObject(o, "name", v[NAME]);
	cJSON_AddStringToObject(o, "text", v[TEXT]);
	if (*v[READING] != '\0')
		cJSON_AddStringToObject(o, "reading", v[READING]);
	if (*v[TAGS] != '\0')
		add_tags(o, v[TAGS]);
	if (*v[PERSONAL] != '\0')
		cJSON_AddBoolToObject(o, "personal", true);
	cJSON_AddItemToArray(list, o);
	return 0;
}

int
canned_tsv_read(const char *file, struct buf *b, cJSON *list, struct err *e)
{
	char *s, *next;

	if (!text_is_utf8(buf_str(b), b->n))
		return err_set(e, ERR_INVALID, "%s is not UTF-8", file);
	buf_putc(b, '\n');
	s = strncmp(b->p, "\xef\xbb\xbf", 3) == 0 ? b->p + 3 : b->p;
	for (int line = 1; *s != '\0'; s = next, line++) {
		next = s + strcspn(s, "\n") + 1;
		next[-1] = '\0';
		s[strcspn(s, "\r")] = '\0';
		if (*s != '\0' && read_line(file, line, s, list, e) == -1)
			return -1;
	}
	return 0;
}

static void
put(struct buf *b, const char *s)
{
	for (; s != NULL && *s != '\0'; s++) {
		if (*s == '\n')
			buf_puts(b, "\\n");
		else if (*s == '\t')
			buf_puts(b, "\\t");
		else if (*s == '\\')
			buf_puts(b, "\\\\");
		else
			buf_putc(b, *s);
	}
}

void
canned_tsv_write(struct buf *b, const struct canned *c)
{
	put(b, c->name);
	buf_putc(b, '\t');
	put(b, c->text);
	buf_putc(b, '\t');
	put(b, c->reading);
	buf_putc(b, '\t');
	for (size_t i = 0; i < c->tags.n; i++) {
		buf_puts(b, i > 0 ? "," : "");
		put(b, c->tags.v[i]);
	}
	buf_puts(b, c->personal ? "\tpersonal\n" : "\t\n");
}
