/* Files in a draft: see attach.h. */
#include "attach.h"

#include <mado/mem.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "i18n.h"

static const char mark_begin[] = "[[file:", mark_end[] = "]]";

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
	buf_printf(b, "%s%s %s%s", mark_begin, json_str(upload, "id", ""),
	    json_str(upload, "name", ""), mark_end);
}

/* The mark at or after s: where it begins, its end, its id and name. */
struct mark {
	const char *at, *end, *id, *name;
	int id_n, name_n;
};

static bool
mark_next(const char *s, struct mark *m)
{
	const char *stop;

	m->at = strstr(s, mark_begin);
	if (m->at == NULL)
		return false;
	m->id = m->at + strlen(mark_begin);
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

void
attach_args(cJSON *args, const char *text)
{
	cJSON *ids = cJSON_CreateArray();
	struct buf left = {0}, shows = {0};
	struct mark m;
	char *id;

	for (; mark_next(text, &m); text = m.end) {
		buf_add(&left, text, (size_t)(m.at - text));
		trim(&left);
		buf_printf(&shows, "%s[%.*s]", shows.n > 0 ? " " : "", m.name_n,
		    m.name);
		id = x_strndup(m.id, (size_t)m.id_n);
		cJSON_AddItemToArray(ids, cJSON_CreateString(id));
		x_free(id);
	}
	buf_puts(&left, text);
	if (shows.n > 0)
		trim(&left);
	if (left.n > 0)
		cJSON_AddStringToObject(args, "text", left.p);
	if (shows.n > 0) {
		cJSON_AddItemToObject(args, "uploads", ids);
		cJSON_AddStringToObject(args, "shows", shows.p);
	} else {
		cJSON_Delete(ids);
	}
	buf_free(&left);
	buf_free(&shows);
}
