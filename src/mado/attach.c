/* Files in a draft: see attach.h. */
#include "attach.h"

#include <mado/mem.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "i18n.h"

static const char mark_end[] = "]]";

enum kind { FILES, STICKERS, KINDS };

/* What a mark begins with, the member of a reply's args that it fills (with
 * its name, too?), and how it is shown until the desk has its row. */
static const struct kind_of {
	const char *begin, *member, *shown;
	bool named;
} kinds[KINDS] = {
    {"[[file:", "uploads", "[", false},
    {"[[sticker:", "stickers", "[sticker: ", true},
};

int
attach_open(const char *path, struct desk_call *c, struct err *e)
{
	const char *slash = strrchr(path, '/');
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (fd == -1)
		return err_set(e, ERR_FAILED, "%s: %s", path, strerror(errno));
	if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode) || st.st_size == 0) {
		close(fd);
		return err_set(e, ERR_INVALID,
		    _("%s: only a file with something in it can be sent"),
		    path);
	}
	*c = (struct desk_call){.op = DESK_UPLOAD,
	    .name = slash != NULL ? slash + 1 : path,
	    .from_fd = fd,
	    .from_n = st.st_size};
	return 0;
}

void
attach_mark(struct buf *b, const cJSON *upload)
{
	if (b->n > 0 && b->p[b->n - 1] != '\n')
		buf_putc(b, '\n');
	buf_printf(b, "%s%s %s%s", kinds[FILES].begin,
	    json_str(upload, "id", ""), json_str(upload, "name", ""), mark_end);
}

/* The mark at or after s: where it begins, its end, its id and name. */
struct mark {
	enum kind kind;
	const char *at, *end, *id, *name;
	int id_n, name_n;
};

static bool
mark_next(const char *s, struct mark *m)
{
	const char *stop, *at;

	m->at = NULL;
	for (int k = 0; k < KINDS; k++) {
		at = strstr(s, kinds[k].begin);
		if (at == NULL || (m->at != NULL && at > m->at))
			continue;
		m->at = at;
		m->kind = (enum kind)k;
	}
	if (m->at == NULL)
		return false;
	m->id = m->at + strlen(kinds[m->kind].begin);
	stop = strstr(m->id, mark_end);
	if (stop == NULL)
		return false;
	m->id_n = (int)strcspn(m->id, " ]");
	m->name = m->id + m->id_n + (m->id[m->id_n] == ' ');
	m->name_n = stop > m->name ? (int)(stop - m->name) : 0;
	m->end = stop + strlen(mark_end);
	return true;
}

/* Blanks and lines that only parted the marks from the text. */
static void
trim(struct buf *b)
{
	while (b->n > 0 && strchr(" \n", b->p[b->n - 1]) != NULL)
		b->p[--b->n] = '\0';
}

/* Into the list of its kind, and onto our own screen's line. */
static void
take_mark(cJSON *args, const struct mark *m, struct buf *shows)
{
	const struct kind_of *k = &kinds[m->kind];
	cJSON *list = cJSON_GetObjectItemCaseSensitive(args, k->member);
	const char *end = k->named ? m->name + m->name_n : m->id + m->id_n;
	char *item = x_strndup(m->id, (size_t)(end - m->id));

	if (list == NULL)
		list = cJSON_AddArrayToObject(args, k->member);
	cJSON_AddItemToArray(list, cJSON_CreateString(item));
	x_free(item);
	buf_puts(shows, shows->n > 0 ? " " : "");
	buf_printf(shows, "%s%.*s]", k->shown, m->name_n, m->name);
}

void
attach_args(cJSON *args, const char *text)
{
	struct buf left = {0}, shows = {0};
	const char *s = text;
	struct mark m;

	for (; mark_next(s, &m); s = m.end) {
		buf_add(&left, s, (size_t)(m.at - s));
		trim(&left);
		take_mark(args, &m, &shows);
	}
	buf_puts(&left, s);
	if (shows.n > 0) {
		trim(&left);
		cJSON_AddStringToObject(args, "shows", shows.p);
		cJSON_AddStringToObject(args, "typed", text);
	}
	if (left.n > 0)
		cJSON_AddStringToObject(args, "text", left.p);
	buf_free(&left);
	buf_free(&shows);
}
