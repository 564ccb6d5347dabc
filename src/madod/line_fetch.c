/* Reads at LINE: see line_fetch.h. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <mado/log.h>
#include <mado/when.h>

#include "image.h"
#include "line_call.h"
#include "line_fetch.h"

enum {
	FETCH_AT_ONCE = 4, /* of each kind */
	FETCH_PAUSE_MS = 30 * 1000,
	FETCH_202_MS = 2000 /* LINE still prepares the content */
};

/* One read under way. */
struct job {
	struct line_fetch *f;
	int64_t id;    /* contact, or message's row */
	int64_t after; /* the newest message's row when it began */
	char *file;    /* where content goes */
	char *final;   /* and is renamed to when whole */
	struct job *next;
};

struct kind {
	struct job *jobs; /* under way */
	int n;
	struct timer *later;
	int64_t after; /* the row that was looked at last: they take turns */
	int64_t not_before_ms; /* LINE is away, or not ready: mono clock */
};

struct line_fetch {
	struct madod *m;
	struct kind profile, media;
	struct buf channels;
};

static void
job_free(struct kind *k, struct job *j)
{
	struct job **p;

	for (p = &k->jobs; *p != j; p = &(*p)->next)
		;
	*p = j->next;
	k->n--;
	x_free(j->file);
	x_free(j->final);
	x_free(j);
}

static struct job *
job_new(struct line_fetch *f, struct kind *k, int64_t id)
{
	struct job *j;

	for (j = k->jobs; j != NULL; j = j->next)
		if (j->id == id)
			return NULL;
	j = x_new(struct job);
	j->f = f;
	j->id = id;
	j->after = sql_get_int(f->m->db, 0, "SELECT max(id) FROM message", "");
	j->next = k->jobs;
	k->jobs = j;
	k->n++;
	return j;
}

/* Not now: nothing of its kind is asked for before the pause is over. */
static void
job_later(struct kind *k, struct job *j, int64_t pause_ms)
{
	job_free(k, j);
	k->not_before_ms = when_mono_ms() + pause_ms;
	timer_set(k->later, pause_ms);
}

/* After its act's commit: on to the next, or later if that failed. */
static void
job_told(struct kind *k, struct job *j, const struct act *a, unsigned wake)
{
	struct line_fetch *f = j->f;

	if (a->err.code != ERR_NONE) {
		job_later(k, j, FETCH_PAUSE_MS);
		return;
	}
	job_free(k, j);
	line_fetch_wake(f, wake);
}

static void
profile_told(struct act *a)
{
	struct job *j = a->arg;

	job_told(&j->f->profile, j, a, WAKE_PROFILE);
}

static void
profile_put(struct job *j, const cJSON *o)
{
	struct act *a = act_new(act_profile, profile_told, j);
	struct profile_in *p = arena_new_of(a->mem, struct profile_in);
	const char *name =
	    json_str(o, "displayName", json_str(o, "groupName", NULL));

	p->contact = j->id;
	p->after = j->after;
	p->name = name != NULL && *name ? arena_strdup(a->mem, name) : NULL;
	p->language = arena_strdup(a->mem, json_str(o, "language", NULL));
	p->picture_url = arena_strdup(a->mem, json_str(o, "pictureUrl", NULL));
	p->status_message =
	    arena_strdup(a->mem, json_str(o, "statusMessage", NULL));
	a->in = p;
	writer_put(j->f->m->writer, a);
}

static void
profile_done(const struct fetch_res *res, void *arg)
{
	struct job *j = arg;
	cJSON *o = NULL;

	if (res->outcome != FETCH_ANSWERED || res->status >= 500 ||
	    res->status == 429 || res->status == 401) {
		job_later(&j->f->profile, j, FETCH_PAUSE_MS);
		return;
	}
	if (res->status == 200)
		o = json_parse_foreign(res->body, res->n, NULL);
	profile_put(j, o);
	cJSON_Delete(o);
}

/* external_id: of a user, a group, or a member as GROUP/USER (room: R..). */
static void
profile_path(struct buf *b, const char *kind, const char *external_id)
{
	const char *user = strchr(external_id, '/');
	char *group = x_strndup(external_id, strcspn(external_id, "/"));

	if (user != NULL)
		buf_puts(b, *group == 'R' ? "/v2/bot/room/" : "/v2/bot/group/");
	else
		buf_puts(b,
		    strcmp(kind, "group") == 0 ? "/v2/bot/group/"
					       : "/v2/bot/profile/");
	fetch_escape(b, group);
	if (user != NULL) {
		buf_puts(b, "/member/");
		fetch_escape(b, user + 1);
	} else if (strcmp(kind, "group") == 0)
		buf_puts(b, "/summary");
	x_free(group);
}

static void
profile_start(struct line_fetch *f, int64_t contact, const char *channel,
    const char *kind, const char *external_id)
{
	const struct config_line *l = config_line_find(f->m->config, channel);
	struct fetch_opts o = {.timeout_ms = 15000, .done = profile_done};
	struct buf path = {0};

	if (l == NULL || (o.arg = job_new(f, &f->profile, contact)) == NULL)
		return;
	if (strcmp(kind, "room") == 0) { /* LINE keeps no name of it */
		profile_put(o.arg, NULL);
		return;
	}
	profile_path(&path, kind, external_id);
	line_call(f->m->line_calls, l, l->api_base, path.p, &o);
	buf_free(&path);
}

/* The channels that can be asked, as a JSON array. */
static const char *
known_channels(struct line_fetch *f)
{
	size_t i;

	buf_reset(&f->channels);
	for (i = 0; i < f->m->config->n_lines; i++) {
		buf_putc(&f->channels, i == 0 ? '[' : ',');
		json_put_str(&f->channels, f->m->config->lines[i].name);
	}
	buf_puts(&f->channels, i == 0 ? "[]" : "]");
	return f->channels.p;
}

/* From where the last look ended, so that nobody whom LINE does not answer
 * for keeps the others waiting. False when there was nobody. */
static bool
profiles_next(struct line_fetch *f)
{
	struct sql_rows *q;
	bool some = false;

	q = sql_query(f->m->db,
	    "SELECT c.id,i.channel,c.kind,i.external_id FROM contact c"
	    " JOIN identity i ON i.contact=c.id WHERE c.profile_at=0"
	    " AND c.id>?1 AND i.channel IN (SELECT value FROM json_each(?2))"
	    " ORDER BY c.id LIMIT 8",
	    "is", f->profile.after, known_channels(f));
	while (sql_next(q)) {
		some = true;
		if (f->profile.n >= FETCH_AT_ONCE)
			continue;
		f->profile.after = sql_int(q, 0);
		profile_start(f, f->profile.after, sql_text(q, 1),
		    sql_text(q, 2), sql_text(q, 3));
	}
	return some;
}

static void
profiles(struct line_fetch *f)
{
	if (profiles_next(f) || f->profile.after == 0)
		return;
	f->profile.after = 0;
	profiles_next(f);
}

/* After the commit, so that what is wanted is not asked for twice. A file that
 * its message no longer wants goes. */
static void
media_told(struct act *a)
{
	struct job *j = a->arg;

	if (a->err.code != ERR_NONE || a->out == NULL)
		unlink(j->final);
	job_told(&j->f->media, j, a, WAKE_MEDIA);
}

static void
media_measure(const char *path, struct media_in *in)
{
	unsigned char *head = x_calloc(1, IMAGE_HEAD_B);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd != -1 ? read(fd, head, IMAGE_HEAD_B) : -1;

	if (n > 0)
		image_size(head, (size_t)n, &in->width_px, &in->height_px);
	if (fd != -1)
		close(fd);
	x_free(head);
}

static void
media_put(struct job *j, const char *state, const struct fetch_res *res,
    int64_t size_b)
{
	struct act *a = act_new(act_media, media_told, j);
	struct media_in *in = arena_new_of(a->mem, struct media_in);

	in->message = j->id;
	in->state = state;
	in->type = res->type[0] != '\0' && size_b > 0
	    ? arena_strndup(a->mem, res->type, strcspn(res->type, ";"))
	    : NULL;
	in->size_b = size_b;
	if (size_b > 0)
		media_measure(j->final, in);
	a->in = in;
	writer_put(j->f->m->writer, a);
}

static void
media_done(const struct fetch_res *res, void *arg)
{
	struct job *j = arg;

	if (res->too_large)
		media_put(j, "too_large", res, 0);
	else if (res->outcome != FETCH_ANSWERED || res->status >= 500 ||
	    res->status == 429 || res->status == 401)
		job_later(&j->f->media, j, FETCH_PAUSE_MS);
	else if (res->status == 202)
		job_later(&j->f->media, j, FETCH_202_MS);
	else if (res->status == 200 && rename(j->file, j->final) == 0)
		media_put(j, "kept", res, (int64_t)res->n);
	else if (res->status == 410 || res->status == 404)
		media_put(j, "gone", res, 0);
	else
		media_put(j, "failed", res, 0);
}

static void
media_start(struct line_fetch *f, int64_t id, const char *uid,
    const char *line_id, const char *channel)
{
	const struct config_line *l = config_line_find(f->m->config, channel);
	struct fetch_opts o = {.timeout_ms = 10 * 60 * 1000,
	    .max_b = (size_t)f->m->config->media_max_b,
	    .done = media_done};
	struct buf path = {0};
	struct job *j;

	if (l == NULL || (j = job_new(f, &f->media, id)) == NULL)
		return;
	j->final = x_sprintf("%s/media/%s", f->m->config->state_dir, uid);
	j->file = x_sprintf("%s.part", j->final);
	o.to_file = j->file;
	o.arg = j;
	buf_puts(&path, "/v2/bot/message/");
	fetch_escape(&path, line_id);
	buf_puts(&path, "/content");
	line_call(f->m->line_calls, l, l->data_base, path.p, &o);
	buf_free(&path);
}

static bool
medias_next(struct line_fetch *f)
{
	struct sql_rows *q;
	bool some = false;

	q = sql_query(f->m->db,
	    "SELECT m.id,m.uid,m.line_id,i.channel FROM message m JOIN"
	    " identity i ON i.id=m.identity WHERE m.media_state='wanted'"
	    " AND m.line_id IS NOT NULL AND m.id>?1"
	    " AND i.channel IN (SELECT value FROM json_each(?2))"
	    " ORDER BY m.id LIMIT 8",
	    "is", f->media.after, known_channels(f));
	while (sql_next(q)) {
		some = true;
		if (f->media.n >= FETCH_AT_ONCE)
			continue;
		f->media.after = sql_int(q, 0);
		media_start(f, f->media.after, sql_text(q, 1), sql_text(q, 2),
		    sql_text(q, 3));
	}
	return some;
}

static void
medias(struct line_fetch *f)
{
	if (medias_next(f) || f->media.after == 0)
		return;
	f->media.after = 0;
	medias_next(f);
}

/* May its kind be asked for? If not, later: a timer may go off a moment before
 * the time it was set for. */
static bool
kind_may(struct kind *k)
{
	int64_t left = k->not_before_ms - when_mono_ms();

	if (left > 0)
		timer_set(k->later, left);
	return left <= 0;
}

void
line_fetch_wake(struct line_fetch *f, unsigned wake)
{
	if (f->m->stopping)
		return;
	if (wake & WAKE_PROFILE && kind_may(&f->profile))
		profiles(f);
	if (wake & WAKE_MEDIA && kind_may(&f->media))
		medias(f);
}

static void
profiles_later(void *arg)
{
	line_fetch_wake(arg, WAKE_PROFILE);
}

static void
medias_later(void *arg)
{
	line_fetch_wake(arg, WAKE_MEDIA);
}

void
line_fetch_sweep(struct madod *m)
{
	char *dir = x_sprintf("%s/media", m->config->state_dir), *path;
	DIR *d = opendir(dir);
	struct dirent *de;

	while (d != NULL && (de = readdir(d)) != NULL) {
		if (de->d_name[0] == '.' ||
		    sql_get_int(m->db, 0,
			"SELECT media_state='kept' FROM message WHERE uid=?1",
			"s", de->d_name) != 0)
			continue;
		path = x_sprintf("%s/%s", dir, de->d_name);
		unlink(path);
		x_free(path);
	}
	if (d != NULL)
		closedir(d);
	x_free(dir);
}

struct line_fetch *
line_fetch_new(struct madod *m)
{
	struct line_fetch *f = x_new(struct line_fetch);

	f->m = m;
	f->profile.later = timer_new(m->loop, profiles_later, f);
	f->media.later = timer_new(m->loop, medias_later, f);
	return f;
}

void
line_fetch_free(struct line_fetch *f)
{
	if (f == NULL)
		return;
	while (f->profile.jobs != NULL)
		job_free(&f->profile, f->profile.jobs);
	while (f->media.jobs != NULL)
		job_free(&f->media, f->media.jobs);
	timer_free(f->profile.later);
	timer_free(f->media.later);
	buf_free(&f->channels);
	x_free(f);
}
