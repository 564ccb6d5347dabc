/*
 * Pictures on their way into the history: see picture.h. A few are kept; two
 * at a time are fetched and decoded. Called while panes are drawn, so nothing
 * here waits.
 */
#include "picture.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "child.h"
#include "ui.h"

enum {
	KEPT = 12,
	AT_ONCE = 2,
	FILE_MAX_B = 10 << 20,
	LIMIT_S = 10,
	HEAD_B = 8,
	PIXELS_MAX_B = PICTURE_SIDE_PX * PICTURE_SIDE_PX * 3
};

enum state { FREE, FETCHING, DECODING, THERE, FAILED };

static struct slot {
	struct ui *u;
	enum state state;
	char *id, *path;
	int fd; /* of the decoder's output */
	struct io *io;
	struct buf out;
	int64_t used;        /* the higher, the later it was wanted */
	struct arena *drawn; /* rows, for this size */
	struct picture_rows rows;
	int for_cols, for_rows;
} slots[KEPT];
static int64_t uses;

static struct slot *
find(const char *id)
{
	for (int i = 0; i < KEPT; i++)
		if (slots[i].state != FREE && strcmp(slots[i].id, id) == 0)
			return &slots[i];
	return NULL;
}

static bool
is_busy(const struct slot *s)
{
	return s->state == FETCHING || s->state == DECODING;
}

static void
clear(struct slot *s)
{
	if (s->io != NULL)
		io_free(s->io);
	if (s->state == DECODING)
		close(s->fd);
	if (s->path != NULL)
		unlink(s->path);
	x_free(s->id);
	x_free(s->path);
	buf_free(&s->out);
	if (s->drawn != NULL)
		arena_free(s->drawn);
	memset(s, 0, sizeof(*s));
}

/* The one that was not wanted for longest; NULL when too many are busy. */
static struct slot *
room(void)
{
	struct slot *oldest = NULL;
	int busy = 0;

	for (int i = 0; i < KEPT; i++) {
		struct slot *s = &slots[i];

		busy += is_busy(s);
		if (!is_busy(s) && (oldest == NULL || s->used < oldest->used))
			oldest = s;
	}
	if (busy >= AT_ONCE || oldest == NULL)
		return NULL;
	if (oldest->state != FREE)
		clear(oldest);
	return oldest;
}

static int
pixels(const unsigned char *p)
{
	return p[0] | p[1] << 8 | p[2] << 16 | (p[3] & 0x7f) << 24;
}

/* As many pixels as it says, and no more than were asked for? */
static bool
is_whole(const struct slot *s, struct picture *p)
{
	const unsigned char *b = (const unsigned char *)s->out.p;

	if (s->out.n < HEAD_B)
		return false;
	*p = (struct picture){pixels(b), pixels(b + 4), b + HEAD_B};
	return p->width_px > 0 && p->width_px <= PICTURE_SIDE_PX &&
	    p->height_px > 0 && p->height_px <= PICTURE_SIDE_PX &&
	    s->out.n == HEAD_B + (size_t)p->width_px * (size_t)p->height_px * 3;
}

static void
done(struct slot *s)
{
	struct picture p;

	io_free(s->io);
	s->io = NULL;
	close(s->fd);
	unlink(s->path);
	s->state = is_whole(s, &p) ? THERE : FAILED;
	if (s->state == FAILED)
		buf_free(&s->out);
	/* the next one that waits in sight begins with this paint */
	s->u->lines_stale = true;
	ui_dirty(s->u, DIRTY_HISTORY | DIRTY_OVER);
}

static void
on_pixels(void *arg)
{
	struct slot *s = arg;
	char p[32768];
	ssize_t n = read(s->fd, p, sizeof(p));

	if (n == -1 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n > 0 && s->out.n + (size_t)n <= HEAD_B + PIXELS_MAX_B) {
		buf_add(&s->out, p, (size_t)n);
		return;
	}
	done(s);
}

/* Our own program anew, within limits, with the file and a pipe only. */
static int
start_decoder(struct slot *s)
{
	static const char command[] = "ulimit -t 5; ulimit -f 0; ulimit -c 0;"
#ifndef __SANITIZE_ADDRESS__ /* which reserves terabytes of addresses */
				      " ulimit -v 400000;"
#endif
				      " exec \"$1\" --picture 2>/dev/null";
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	int in = open(s->path, O_RDONLY | O_CLOEXEC), out[2];
	struct child c = {
	    .command = command, .arg = self, .in = in, .alarm_s = LIMIT_S};
	pid_t pid;

	if (n == -1 || in == -1 || pipe2(out, O_CLOEXEC) == -1) {
		if (in != -1)
			close(in);
		return -1;
	}
	self[n] = '\0';
	c.out = out[1];
	pid = child_start(&c);
	close(in);
	close(out[1]);
	s->fd = out[0];
	if (pid == -1)
		close(out[0]);
	return pid == -1 ? -1 : 0;
}

static void
on_fetched(const struct desk_answer *a, void *arg)
{
	struct slot *s = arg;

	if (a->err.code != ERR_NONE || start_decoder(s) == -1) {
		unlink(s->path);
		s->state = FAILED;
		return;
	}
	s->state = DECODING;
	s->io = loop_read(s->u->loop, s->fd, on_pixels, s);
}

bool
picture_is_one(const struct ui *u, const struct msg *m)
{
	const struct media *d = m->media;

	return u->set->pictures != PICTURES_OFF && !u->set->plain &&
	    m->type == MSG_IMAGE && !m->unsent && d != NULL &&
	    d->state != NULL && strcmp(d->state, "kept") == 0 &&
	    d->size_b <= FILE_MAX_B;
}

void
picture_want(struct ui *u, const struct msg *m)
{
	struct slot *s = find(m->id);
	struct desk_call c = {.op = DESK_MEDIA, .id = m->id};
	char *dir;

	if (s != NULL)
		s->used = ++uses;
	if (s != NULL || sync_link(u->sync) != SYNC_LIVE ||
	    (s = room()) == NULL)
		return;
	dir = x_sprintf("%s/media", u->set->state_dir);
	if (file_mkdirs(dir, 0700, NULL) == 0) {
		s->u = u;
		s->id = x_strdup(m->id);
		s->path = x_sprintf("%s/%s.look", dir, m->id);
		s->used = ++uses;
		s->state = FETCHING;
		c.to_file = s->path;
		desk_start(u->desk, &c, on_fetched, s);
	}
	x_free(dir);
}

bool
picture_get(const char *id, struct picture *p)
{
	const struct slot *s = find(id);

	return s != NULL && s->state == THERE && is_whole(s, p);
}

bool
picture_rows(const char *id, int cols, int rows, struct picture_rows *out)
{
	struct slot *s = find(id);
	struct picture p;

	if (s == NULL || s->state != THERE || !is_whole(s, &p))
		return false;
	if (s->drawn == NULL || s->for_cols != cols || s->for_rows != rows) {
		if (s->drawn == NULL)
			s->drawn = arena_new();
		arena_reset(s->drawn);
		picture_draw(&p, cols, rows, s->drawn, &s->rows);
		s->for_cols = cols;
		s->for_rows = rows;
	}
	*out = s->rows;
	return true;
}

void
picture_free(void)
{
	for (int i = 0; i < KEPT; i++)
		if (slots[i].state != FREE)
			clear(&slots[i]);
}
