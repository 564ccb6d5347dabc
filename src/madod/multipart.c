/* The files of a form: see multipart.h. */
#include <stdbool.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>

#include "multipart.h"

enum { BOUNDARY_MAX_B = 70, HEAD_MAX_B = 8192 };

static bool
boundary_of(const char *type, char *out, size_t cap)
{
	const char *p = type != NULL ? strcasestr(type, "boundary=") : NULL;
	size_t n;

	if (p == NULL || strncasecmp(type, "multipart/form-data", 19) != 0)
		return false;
	p += 9;
	if (*p == '"')
		p++;
	n = strcspn(p, "\"; \t");
	if (n == 0 || n > BOUNDARY_MAX_B || n + 5 > cap)
		return false;
	memcpy(out, "\r\n--", 4);
	memcpy(out + 4, p, n);
	out[4 + n] = '\0';
	return true;
}

/* What follows the last / or \ (old browsers give whole paths). */
static const char *
base_name(char *s)
{
	for (char *p = s; *p != '\0'; p++)
		if (*p == '/' || *p == '\\')
			s = p + 1;
	return s;
}

/* The file name in a part's head; NULL: it is no file. */
static const char *
name_of(const char *head, size_t n, struct arena *a)
{
	char *text = arena_strndup(a, head, n);
	char *p = strcasestr(text, "filename=\""), *end;

	if (p == NULL)
		return NULL;
	p += 10;
	if ((end = strchr(p, '"')) == NULL)
		return NULL;
	*end = '\0';
	return base_name(p);
}

struct scan {
	const char *p, *end;
	const char *boundary; /* with CR LF and the dashes before it */
	size_t n;
};

/* The part at s->p: what is in it, NULL when the form is cut off. Goes on to
 * the next. */
static const char *
part(struct scan *s, const char **head, size_t *head_n, size_t *n)
{
	size_t left = (size_t)(s->end - s->p);
	const char *blank =
	    memmem(s->p, left < HEAD_MAX_B ? left : HEAD_MAX_B, "\r\n\r\n", 4);
	const char *body, *stop;

	if (blank == NULL)
		return NULL;
	*head = s->p;
	*head_n = (size_t)(blank - s->p);
	body = blank + 4;
	stop = memmem(body, (size_t)(s->end - body), s->boundary, s->n);
	if (stop == NULL)
		return NULL;
	*n = (size_t)(stop - body);
	s->p = stop + s->n;
	return body;
}

static int
parts(struct scan *s, const char *base, struct multipart_file *out,
    struct arena *a)
{
	const char *head, *body, *name;
	size_t head_n, n;
	int found = 0;

	while (s->end - s->p >= 2 && memcmp(s->p, "--", 2) != 0) {
		body = part(s, &head, &head_n, &n);
		if (body == NULL)
			return -1;
		name = name_of(head, head_n, a);
		if (name == NULL || n == 0 || found == MULTIPART_MAX)
			continue;
		out[found++] =
		    (struct multipart_file){name, body - base, (int64_t)n};
	}
	return found;
}

int
multipart_read(int fd, int64_t size, const char *type,
    struct multipart_file *out, struct arena *a, struct err *e)
{
	char boundary[BOUNDARY_MAX_B + 8];
	struct scan s = {.boundary = boundary};
	char *map;
	int n = -1;

	if (size == 0 || !boundary_of(type, boundary, sizeof(boundary)))
		return err_set(e, ERR_INVALID, "this is no form with a file");
	map = mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED)
		return err_set(e, ERR_FAILED, "the form cannot be read");
	s.n = strlen(boundary);
	s.p = map;
	s.end = map + size;
	/* the first boundary has no line before it */
	if ((size_t)size > s.n && memcmp(map, boundary + 2, s.n - 2) == 0) {
		s.p += s.n - 2;
		n = parts(&s, map, out, a);
	}
	munmap(map, (size_t)size);
	if (n == -1)
		return err_set(e, ERR_INVALID, "the form is cut off");
	return n;
}
