/*
 * The inbox's life: from its parts to its loop and back. The store, the desk
 * and the sync are made here; what changed comes in through sync's hooks and
 * becomes dirty bits. Painting is ui_paint.c's.
 */
#include "ui.h"

#include <mado/crypto.h>
#include <mado/mem.h>
#include <mado/text.h>
#include <mado/when.h>

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "hooks.h"
#include "i18n.h"
#include "past.h"
#include "picture.h"
#include "term.h"

enum { FLASH_MS = 5000, CONNS = 4 };

void
ui_dirty(struct ui *u, unsigned bits)
{
	u->dirty |= bits;
}

static void
say(struct ui *u, bool bad, const char *fmt, va_list ap)
{
	char text[512];

	vsnprintf(text, sizeof(text), fmt, ap);
	x_free(u->flash);
	u->flash = x_strdup(text);
	u->flash_bad = bad;
	u->flash_until_ms = bad ? 0 : when_mono_ms() + FLASH_MS;
	ui_dirty(u, DIRTY_HINT);
}

void
ui_say(struct ui *u, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(u, false, fmt, ap);
	va_end(ap);
}

void
ui_bad(struct ui *u, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(u, true, fmt, ap);
	va_end(ap);
}

void
ui_say_err(struct ui *u, const struct err *e)
{
	ui_bad(u, "%s", e->msg[0] != '\0' ? e->msg : err_name(e->code));
}

void
ui_focus(struct ui *u, enum pane p)
{
	if (u->focus == p)
		return;
	u->focus = p;
	u->contact_open = p == PANE_CONTACT;
	if (p == PANE_LIST)
		found_leave(u);
	ui_dirty(u, DIRTY_LAYOUT);
}

void
ui_over(struct ui *u, enum over o)
{
	if (u->over == o)
		return;
	u->over = o;
	/* What was under it must be drawn again. */
	ui_dirty(u, o == OVER_NONE ? DIRTY_LAYOUT : DIRTY_OVER | DIRTY_HINT);
}

void
ui_recount(struct ui *u)
{
	struct arena *a = arena_new();
	struct store_act *acts;

	store_counts(u->store, u->counts);
	u->refused = store_outbox(u->store, true, a, &acts);
	u->queued = store_outbox(u->store, false, a, &acts);
	arena_free(a);
	ui_dirty(u, DIRTY_HEADER);
}

/* what the desk told */

/* The names of the channels with that policy for pushes, a line each. */
static void
put_channels(char **to, const cJSON *status, const char *policy)
{
	struct buf b = {0};
	const cJSON *c;

	buf_putc(&b, '\n');
	cJSON_ArrayForEach(c, json_arr(status, "channels"))
	{
		if (strcmp(json_str(c, "push", ""), policy) == 0)
			buf_printf(&b, "%s\n", json_str(c, "name", ""));
	}
	x_free(*to);
	*to = buf_take(&b);
}

static void
read_status(struct ui *u)
{
	struct arena *a = arena_new();
	char *json = store_get(u->store, "status", a);
	cJSON *o = json == NULL ? NULL : json_parse(json, strlen(json), NULL);
	const cJSON *c;
	const char *problem = NULL;

	u->quota_used = u->quota_limit = -1;
	put_channels(&u->push_asks, o, "ask");
	put_channels(&u->push_holds, o, "hold");
	cJSON_ArrayForEach(c, json_arr(o, "channels"))
	{
		if (u->quota_used < 0) {
			u->quota_used = json_int(c, "quota_used", -1);
			u->quota_limit = json_int(c, "quota_limit", -1);
		}
		if (problem == NULL)
			problem = json_str(c, "problem", NULL);
	}
	if (problem != NULL)
		ui_bad(u, "%s", problem);
	cJSON_Delete(o);
	arena_free(a);
	ui_dirty(u, DIRTY_HEADER);
}

/* Times are shown in the desk's zone, so that colleagues mean the same. */
static void
read_zone(struct ui *u)
{
	struct arena *a = arena_new();
	char *json = store_get(u->store, "me", a);
	cJSON *o = json == NULL ? NULL : json_parse(json, strlen(json), NULL);
	const char *zone = json_str(o, "timezone", NULL);

	if (zone != NULL && *zone != '\0' && !u->set->local_time) {
		setenv("TZ", zone, 1);
		tzset();
		u->lines_stale = true;
		ui_dirty(u, DIRTY_ALL & ~DIRTY_LAYOUT);
	}
	cJSON_Delete(o);
	arena_free(a);
}

/* sync's hooks */

static void
on_conv(int64_t number, void *arg)
{
	struct ui *u = arg;

	tally_touch(u->tally, number);
	found_arrived(u, number);
	if (rows_touch(&u->rows, number))
		ui_dirty(u, DIRTY_LIST);
	if (number == u->thread.number) {
		ui_refresh_conv(u);
		u->thread_stale = true;
		u->older_of = 0;
		seek_more(u);
	} else if (u->thread.contact != 0 &&
	    store_contact_of(u->store, number) == u->thread.contact) {
		/* Another conversation of the same contact is in the history.
		 */
		u->thread_stale = true;
		ui_dirty(u, DIRTY_HISTORY | DIRTY_CONTACT);
	}
	u->counts_stale = true;
	ui_dirty(u, DIRTY_HEADER | DIRTY_TICK);
}

static void
on_list(void *arg)
{
	struct ui *u = arg;

	if (u->rows.n == 0)
		rows_open(&u->rows, u->rows.view, u->rows.saved);
	u->rows.stale = true;
	tally_begin(u->tally);
	u->thread_stale = true;
	ui_refresh_conv(u);
	ui_recount(u);
	ui_dirty(u, DIRTY_LIST | DIRTY_HISTORY | DIRTY_TICK);
}

static void
on_link(enum sync_link l, void *arg)
{
	struct ui *u = arg;

	u->older_of = 0;
	if (l == SYNC_SIGNED_OUT)
		ui_bad(u,
		    _("Signed out by the desk. What you write is kept; leave "
		      "and say: mado login %s --user %s"),
		    u->set->url, u->me);
	ui_recount(u);
	ui_dirty(
	    u, DIRTY_HEADER | DIRTY_TICK | (u->rows.n == 0 ? DIRTY_LIST : 0));
}

static void
on_misc(const char *what, void *arg)
{
	struct ui *u = arg;

	if (strcmp(what, "status") == 0)
		read_status(u);
	else if (strcmp(what, "me") == 0)
		read_zone(u);
	else if (strcmp(what, "presence") == 0)
		here_changed(u);
	else if (strcmp(what, "outbox") == 0) {
		ui_recount(u);
		bulk_look(u);
	} else if (strcmp(what, "erased") == 0) {
		store_wipe_opened(u->set->state_dir);
		u->draft_dirty = false; /* nothing is kept any more */
		ui_close(u);
		rows_open(&u->rows, u->rows.view, NULL);
		ui_bad(u,
		    _("This account is disabled. What was kept here "
		      "has been deleted."));
	}
}

static void
on_message(const struct event *ev, void *arg)
{
	if (strcmp(ev->kind, "upload.added") == 0)
		ui_uploaded(arg, ev);
}

static void
on_event(const struct event *ev, const cJSON *json, void *arg)
{
	struct ui *u = arg;

	hooks_event(u->hooks, ev, json);
	notify_event(u, ev);
}

/* A hook is broken, or has failed. */
static void
on_hook(const char *line, void *arg)
{
	ui_bad(arg, "%s", line);
}

static void
on_act(const struct store_act *act, const struct err *e, void *arg)
{
	ui_act_answered(arg, act, e);
}

/* input and signals */

static void
drain_input(struct ui *u, bool flush)
{
	struct input_event ev;

	while (!u->quit && term_is_on() && input_next(&u->input, flush, &ev))
		ui_key_event(u, &ev);
	if (input_is_partial(&u->input))
		timer_set(u->esc_timer, INPUT_ESC_MS);
	else
		timer_clear(u->esc_timer);
}

static void
on_esc_timer(void *arg)
{
	drain_input(arg, true);
}

static void
on_quit_signal(void *arg)
{
	struct ui *u = arg;

	u->quit = true;
	loop_stop(u->loop);
}

static void
on_tty(void *arg)
{
	struct ui *u = arg;
	char bytes[4096];
	ssize_t n;

	n = read(STDIN_FILENO, bytes, sizeof(bytes));
	if (n > 0) {
		input_feed(&u->input, bytes, (size_t)n);
		drain_input(u, false);
	} else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
		on_quit_signal(u); /* the terminal has gone */
	}
}

/* The terminal goes to somebody else, its input method as it was. */
static void
give_back(struct ui *u)
{
	if (u->set->ime_control && !u->ime_typing && term_is_on())
		term_input_method(true);
	u->ime_typing = true;
	term_stop();
}

void
ui_suspend(struct ui *u)
{
	if (u->tty != NULL)
		io_free(u->tty);
	u->tty = NULL;
	input_drop(&u->input); /* typed for whoever has the terminal then */
	give_back(u);
}

void
ui_resume(struct ui *u)
{
	if (u->tty == NULL)
		u->tty = loop_read(u->loop, STDIN_FILENO, on_tty, u);
	term_resume();
	u->repaint = true;
	ui_dirty(u, DIRTY_ALL);
}

/* What stands in the rows and columns that came back is the terminal's secret
 * (tmux shows what was there before), also when the size is the old one again.
 */
static void
on_winch(void *arg)
{
	struct ui *u = arg;

	if (!term_is_on())
		return;
	term_resize();
	u->repaint = true;
	ui_dirty(u, DIRTY_ALL);
}

/* Stop as the shell means it: by the signal's own action, which does nothing
 * where no shell could wake us (an orphaned group). */
static void
stop_process(void)
{
	struct sigaction own, dfl = {.sa_handler = SIG_DFL};

	sigaction(SIGTSTP, &dfl, &own);
	raise(SIGTSTP);
	sigaction(SIGTSTP, &own, NULL);
}

/* A stop may come from our key or from outside; the child that has the
 * terminal (an editor) is stopped by the same signal. */
static void
on_tstp(void *arg)
{
	bool had = term_is_on();

	if (had)
		ui_suspend(arg);
	stop_process();
	if (had)
		ui_resume(arg);
}

static void
on_cont(void *arg)
{
	if (!outside_is_busy())
		ui_resume(arg);
}

static void
on_child(void *arg)
{
	outside_reap(arg);
}

/* start and end */

static void
signals(struct ui *u)
{
	/* Before ncurses starts: it leaves a SIGWINCH that is taken alone. */
	loop_signal(u->loop, SIGWINCH, on_winch, u);
	loop_signal(u->loop, SIGTSTP, on_tstp, u);
	loop_signal(u->loop, SIGCONT, on_cont, u);
	loop_signal(u->loop, SIGCHLD, on_child, u);
	loop_signal(u->loop, SIGTERM, on_quit_signal, u);
	loop_signal(u->loop, SIGHUP, on_quit_signal, u);
	signal(
	    SIGINT, SIG_IGN); /* raw mode sends none; an editor's is its own */
	signal(SIGQUIT, SIG_IGN);
}

static int
open_parts(struct ui *u, struct err *e)
{
	const struct settings *s = u->set;
	struct desk_opts o = {s->url, s->token, s->pin};
	struct sync_hooks h = {on_conv, on_message, on_list, on_link, on_misc,
	    on_act, u, on_event};
	struct hooks_opts ho = {
	    .loop = u->loop, .settings = s, .tell = on_hook, .arg = u};
	char *key = settings_key_path(s);

	if (file_mkdirs(s->config_dir, 0700, e) == -1 ||
	    (u->key = crypto_key_file(key, e)) == NULL) {
		x_free(key);
		return -1;
	}
	x_free(key);
	u->store = store_open(s->state_dir, s->profile, u->key, e);
	if (u->store == NULL)
		return -1;
	u->fetch = fetch_new(u->loop, CONNS);
	if ((u->desk = desk_new(u->fetch, &o, e)) == NULL)
		return -1;
	u->sync = sync_new(u->loop, u->desk, u->store, u->me, &h);
	u->hooks = hooks_new(&ho);
	sync_keep(u->sync, u->set->keep_days, u->set->store_max_b);
	return 0;
}

/* A saved view's list goes stale as time goes by. */
static void
on_tally(void *arg)
{
	struct ui *u = arg;

	if (u->rows.saved != NULL)
		u->rows.stale = true;
	ui_dirty(u, DIRTY_HEADER | DIRTY_TICK);
}

static void
start_view(struct ui *u)
{
	struct arena *a = arena_new();
	const char *name = store_get(u->store, "view", a);
	int v = name == NULL ? -1 : name_find(view_names, name);

	rows_init(&u->rows, u->store, u->me);
	rows_open(&u->rows, v < 0 ? VIEW_WAITING : (enum view)v,
	    name == NULL ? NULL : views_find(&u->set->views, name));
	u->tally =
	    tally_new(u->loop, u->store, &u->set->views, u->me, on_tally, u);
	thread_init(&u->thread, u->store);
	u->conv_a = arena_new();
	read_zone(u);
	read_status(u);
	ui_recount(u);
	arena_free(a);
}

void
ui_read_keys(struct ui *u)
{
	char *path = x_sprintf("%s/keys.conf", u->set->config_dir);
	struct err e = {0};

	keys_free(&u->keys);
	keys_init(&u->keys, u->set->keys == 1);
	if (keys_read(&u->keys, path, &e) == -1)
		ui_say_err(u, &e);
	x_free(path);
}

static void
on_idle(void *arg)
{
	ui_paint(arg);
}

static void
on_tick(void *arg)
{
	ui_dirty(arg, DIRTY_TICK);
}

static int
start(struct ui *u, struct err *e)
{
	u->loop = loop_new();
	signals(u);
	if (open_parts(u, e) == -1)
		return -1;
	u->esc_timer = timer_new(u->loop, on_esc_timer, u);
	u->tick = timer_new(u->loop, on_tick, u);
	ask_start(u);
	line_start(u); /* before ncurses: its termcap must not be the last */
	if (term_start(e) == -1)
		return -1;
	looks_start(u);
	ui_read_keys(u);
	start_view(u);
	u->tty = loop_read(u->loop, STDIN_FILENO, on_tty, u);
	ui_dirty(u, DIRTY_ALL);
	ui_paint(u); /* what is known here, before the network is asked */
	loop_set_idle(u->loop, on_idle, u);
	sync_start(u->sync);
	return 0;
}

static void
stop(struct ui *u)
{
	if (u->loop != NULL)
		loop_set_idle(u->loop, NULL, NULL);
	past_free();
	line_stop(u); /* keeps the draft */
	give_back(u);
	sync_free(u->sync);
	hooks_free(u->hooks);
	if (u->desk != NULL)
		desk_free(u->desk);
	if (u->fetch != NULL)
		fetch_free(u->fetch);
	picture_free();
	seek_stop(u);
	narrow_free(u);
	found_free(u);
	tally_free(u->tally);
	send_free(u);
	undo_end(u);
	bulk_free(u);
	if (u->conv_a != NULL) {
		lines_free(&u->lines);
		thread_free(&u->thread);
		rows_free(&u->rows);
		arena_free(u->conv_a);
	}
	outside_insert_free();
	palette_free();
	pop_free();
	qr_free_shown();
	why_free();
	cards_forget(u);
	x_free(u->push_asks);
	x_free(u->push_holds);
	store_wipe_opened(u->set->state_dir);
	if (u->store != NULL) {
		store_trim(
		    u->store, u->set->keep_days, u->set->store_max_b, NULL);
		store_close(u->store);
	}
	crypto_secret_free(u->key);
	keys_free(&u->keys);
	input_free(&u->input);
	timer_free(u->esc_timer);
	timer_free(u->tick);
	ask_stop(u);
	if (u->loop != NULL)
		loop_free(u->loop);
}

static void
free_words(struct ui *u)
{
	char *all[] = {
	    u->me, u->search, u->seen, u->quote_id, u->quote_text, u->flash};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		x_free(all[i]);
	x_free(u->selected);
	x_free(u);
}

int
ui_main(struct settings *s, struct err *e)
{
	struct ui *u;
	int rc;

	if (s->url == NULL || *s->url == '\0')
		return err_set(e, ERR_AUTH,
		    _("Not signed in yet. Say: mado login "
		      "https://desk.example.jp --user NAME (or: mado login "
		      "unix:PATH)"));
	u = x_new(struct ui);
	u->set = s;
	u->ime_typing = true; /* as it was: the first paint tells */
	u->focused = true;    /* until the terminal says otherwise */
	u->me = x_strdup(s->user == NULL ? "" : s->user);
	u->quota_used = u->quota_limit = -1;
	rc = start(u, e);
	if (rc == 0)
		loop_run(u->loop);
	stop(u);
	free_words(u);
	return rc;
}
