/*
 * The inbox: one struct for the whole screen, and what its files offer each
 * other, in the order in which a key travels: input -> ui_key -> command row ->
 * state (rows, thread, line) -> dirty bits -> one paint at the end of the
 * loop's turn. Nothing here waits for the network: verbs go to sync, screens
 * read the store.
 */
#ifndef MADO_UI_H
#define MADO_UI_H

#include "cmd.h"
#include "desk.h"
#include "input.h"
#include "keys.h"
#include "layout.h"
#include "lines.h"
#include "rows.h"
#include "settings.h"
#include "store.h"
#include "sync.h"
#include "tally.h"
#include "thread.h"

/*
 * Run the inbox until the agent leaves it. Returns 0, or -1: ERR_AUTH when no
 * sign-in is kept, ERR_FAILED when there is no terminal or no store.
 */
int ui_main(struct settings *s, struct err *e);

enum dirty {
	DIRTY_LAYOUT = 1 << 0, /* sizes changed: everything */
	DIRTY_HEADER = 1 << 1,
	DIRTY_LIST = 1 << 2,
	DIRTY_CURSOR = 1 << 3, /* the list's cursor moved, nothing else */
	DIRTY_HISTORY = 1 << 4,
	DIRTY_CONTACT = 1 << 5,
	DIRTY_TO = 1 << 6, /* recipient, countdown, counter */
	DIRTY_LINE = 1 << 7,
	DIRTY_HINT = 1 << 8,
	DIRTY_OVER = 1 << 9, /* the overlay */
	DIRTY_CARET = 1 << 10,
	DIRTY_TICK = 1 << 11, /* only look at the time */
	DIRTY_ALL = (1 << 12) - 1
};

enum over {
	OVER_NONE,
	OVER_HELP,
	OVER_PALETTE,
	OVER_SHEET,
	OVER_FOUND,
	OVER_BULK,
	OVER_QR,
	OVER_PICTURE,
	OVER_WHY
};

enum line_kind {
	LINE_CLOSED,
	LINE_REPLY,
	LINE_NOTE,
	LINE_COMMAND, /* after ":" */
	LINE_SEARCH,  /* after "/" */
	LINE_PALETTE  /* the palette's filter */
};

/* A send that can still be taken back. */
struct pending {
	int64_t row; /* of the outbox */
	int64_t number;
	int64_t until_ms; /* monotonic */
	char *text;       /* to put back; NULL for what was not typed */
	bool note;
};

/* How to take the last acts back, newest last. */
struct undo {
	char *command; /* what reverses it: lines with the numbers */
	char *what;    /* "resolved #42", to say so */
};

/* A question that one key answers (ask.c). */
struct ask {
	char *text; /* NULL: none */
	void (*yes)(struct ui *u, void *arg);
	void *arg; /* x_free'd after */
};

enum { UNDO_MAX = 20, PENDING_MAX = 16, KEY_GUARD_MS = 300, ALONE_MS = 5000 };

struct ui {
	struct settings *set;
	struct loop *loop;
	struct fetch *fetch;
	struct desk *desk;
	struct store *store;
	struct sync *sync;
	struct hooks *hooks;
	uint8_t *key;
	char *me;
	bool quit;

	/* input */
	struct keys keys;
	struct input input;
	struct io *tty; /* NULL: somebody else has the terminal */
	struct timer *esc_timer;
	int32_t seq[KEYS_SEQ_MAX]; /* keys of an unfinished sequence */
	int seq_n;
	bool verb_once;           /* Ctrl-O: the next key is a verb's */
	int64_t key_ms;           /* monotonic: the last key */
	unsigned keys_n, claim_n; /* keys so far; until the claim */

	/* screen */
	unsigned dirty;
	struct layout lay;
	enum pane focus;
	bool contact_open; /* the overlay of two panes */
	enum over over;
	struct timer *tick;
	int64_t clock_min; /* the minute that the header shows */
	bool repaint;      /* from nothing: the terminal may show anything */
	bool focused;      /* the terminal's window has the keys */
	bool quiet;        /* no notifications */
	bool ime_typing;   /* the input method is as it was in lines */
	int64_t late_asked_ms; /* when waiting customers were last looked at */
	int64_t told_ms; /* monotonic: since when notifications are told */
	int told_n;      /* and how many have been */
	int64_t list_drawn_ms; /* monotonic */
	bool list_counts;      /* a countdown stood in the list */
	bool free_shown;       /* one stood on the recipient's line */
	int line_rows;         /* that the line's text asked for */
	bool read_asked; /* the open conversation is being marked as read */

	/* list */
	struct rows rows;
	size_t drawn_cur, drawn_top;
	int64_t *selected;
	size_t selected_n;
	char *search;        /* last words searched */
	struct tally *tally; /* how many are in each saved view */
	struct timer *more;  /* goes on reading a narrowed list */
	char *narrow_was;    /* what it was narrowed to before "/" */
	char *narrow_text;   /* as last looked at */
	char *narrow_bad;    /* why it cannot be read */

	/* history */
	struct thread thread;
	struct lines lines;
	struct arena *conv_a;
	struct conv *conv; /* the open conversation; NULL: none */
	bool thread_stale; /* read it anew before painting */
	bool lines_stale;
	size_t hist_top;  /* first line shown */
	bool hist_follow; /* stay at the end */
	char *seen;       /* id of the newest message that was painted */
	int64_t seen_ms;  /* monotonic: since when */
	bool shown;       /* it has been on the screen since it was opened */
	int64_t older_of; /* contact whose older page was asked for */

	struct seek *seek;   /* a search under way */
	size_t here_typing;  /* colleagues who type at the open one */
	int64_t here_asked;  /* the conversation that was agreed to share */
	struct bulk *bulk;   /* a verb on several */
	struct found *found; /* what the search over everything found */

	/* overlay scroll */
	size_t over_top;
	int sheet_page;

	/* line */
	enum line_kind line;
	enum line_kind line_back; /* what to open again after : or / */
	bool draft_dirty;
	struct timer *draft_timer;
	size_t line_u16; /* counter, as painted */
	struct pending pending[PENDING_MAX];
	int pending_n;
	char *quote_id, *quote_text; /* what the reply quotes */
	int64_t at_ms, at_number;    /* the reply to that one leaves then */
	bool mention_ok; /* asked once about "@agent" in this text */

	/* the rest */
	struct undo undo[UNDO_MAX];
	int undo_n;
	struct ask ask;
	struct timer *ask_timer;
	char *flash;
	bool flash_bad;
	int64_t flash_until_ms; /* monotonic; 0: until a key */
	int strip_rows;         /* of news that are too long for the last row */
	int64_t counts[VIEW_N];
	bool counts_stale;
	size_t refused, queued;
	int64_t problem_at;              /* the last one that g! went to */
	int64_t quota_used, quota_limit; /* -1: unknown */
	cJSON *cards; /* of the open conversation, as the desk gave them */
	char *push_asks, *push_holds; /* channels, "\nmain\n"; or NULL */
	char *channel_problem;
};

/* ui.c: what everything stands on */
void ui_dirty(struct ui *u, unsigned bits);
/* Say something on the bottom line; bad: until a key is pressed. */
void ui_say(struct ui *u, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void ui_bad(struct ui *u, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void ui_say_err(struct ui *u, const struct err *e);
void ui_focus(struct ui *u, enum pane p);
/* Rows of the list on the screen. */
size_t ui_list_page(const struct ui *u);
void ui_over(struct ui *u, enum over o);
/* The name of the conversation's contact, never NULL or "". */
const char *ui_name_of(const struct conv *c);
/* Give the terminal away (a child, a stop) and take it back. */
void ui_suspend(struct ui *u);
void ui_resume(struct ui *u);
/* Count queued and refused acts, and the views, anew. */
void ui_recount(struct ui *u);
/* The default keys and those of keys.conf over them. */
void ui_read_keys(struct ui *u);

/* ask.c: questions on the bottom line */
void ask_start(struct ui *u);
void ask_stop(struct ui *u);
/* Until it is answered, or somebody types on. Takes ownership of text and
 * arg. */
void ui_ask(
    struct ui *u, char *text, void (*yes)(struct ui *u, void *arg), void *arg);
/* False: there is no question, or the key means something else and goes on. */
bool ask_key(struct ui *u, const struct input_event *ev);
/* What it was about is another thing now. */
void ask_withdraw(struct ui *u);

/* ui_paint.c */
/* Draw what is dirty, once, ending with the cursor at its place. */
void ui_paint(struct ui *u);
/* Do what was waiting for the list to be left alone, and set the timer for
 * the next thing that time changes on the screen. */
void ui_tick(struct ui *u);

/* ui_key.c: keys to commands */
void ui_key_event(struct ui *u, const struct input_event *ev);
/* Run a command string; says what went wrong. */
int ui_run(struct ui *u, const char *command);

/* looks.c: theme, widths, settings that change while it runs */
void looks_start(struct ui *u);
/* The terminal has answered a question of ours. */
void looks_answer(struct ui *u, const char *bytes);
/* A ":" line as it stands: the theme that it names is shown; "" ends that. */
void looks_try(struct ui *u, const char *line);

/* ui_conv.c: which conversation */
void ui_open(struct ui *u, int64_t number);
void ui_close(struct ui *u);
/* Read the open conversation's row anew. */
void ui_refresh_conv(struct ui *u);
/* The one that a verb means: the open one, or the one under the list's
 * cursor. 0 with ERR_NOTFOUND, or ERR_CONFLICT when the row under the cursor
 * became another one just now. */
int64_t ui_current(struct ui *u, struct err *e);
/* All that a verb means: the selected ones, else the current one. Caller
 * frees with x_free(). */
size_t ui_targets(struct ui *u, int64_t **numbers, struct err *e);
bool ui_is_selected(const struct ui *u, int64_t number);
void ui_select(struct ui *u, int64_t number);
void ui_select_none(struct ui *u);
/* Open the conversation `delta` rows further in the list. */
bool ui_step(struct ui *u, int delta);

/* ui_act.c: verbs, undo */
/* Do a verb on one conversation through the outbox. */
int ui_act(struct ui *u, const char *verb, int64_t number, const cJSON *args,
    int64_t delay_ms, int64_t *row, struct err *e);
/* The same on several, by its JSON args; says what was done. */
int ui_verb(struct ui *u, const char *verb, const int64_t *numbers, size_t n,
    const cJSON *args, struct err *e);
/* A verb that is being done, to one or to many. */
struct ui_doing {
	const char *verb;
	const cJSON *args;
	struct buf *inverse; /* what takes it back grows here */
};
int ui_act_one(struct ui *u, const struct ui_doing *d, int64_t number,
    int64_t *row, struct err *e);
/* All of it is on its way: say so, and let one U take it back. */
void ui_act_done(
    struct ui *u, const struct ui_doing *d, const int64_t *numbers, size_t n);
/* A text that has not left comes back: to its line if that is open, else to
 * the draft, before what stands there. ERR_* when the disk does not take it. */
int ui_text_back(
    struct ui *u, int64_t number, bool note, const char *text, struct err *e);
/* Bring what was refused in the open conversation back to its line. */
void ui_act_collect(struct ui *u);
void ui_act_answered(
    struct ui *u, const struct store_act *act, const struct err *e);

/* undo.c */
/* Take the last act back, or a send that still waits. */
void ui_undo(struct ui *u);
/* Append the commands, a line each, that undo the verb on the row as it is
 * now; nothing when it would change nothing. */
void undo_say(
    struct buf *b, const char *verb, const struct conv *c, const cJSON *args);
/* Remember how to take back; takes ownership of both strings. */
void undo_push(struct ui *u, char *command, char *what);
void undo_end(struct ui *u);

/* bulk.c: a verb on several: looked at first, then item by item */
void bulk_open(struct ui *u, const char *verb, const cJSON *args,
    const int64_t *numbers, size_t n);
void bulk_draw(struct ui *u);
void bulk_caret(const struct ui *u, int *y, int *x);
/* True when the key was its own. */
bool bulk_key(struct ui *u, int32_t key);
/* Acts may have been answered, to us or to another process. */
void bulk_look(struct ui *u);
/* Is the act of that row one of these? */
bool bulk_holds(const struct ui *u, int64_t row);
void bulk_free(struct ui *u);

/* send.c: what goes to the customer */
/* Send the line (reply or note); on failure the text stays. */
void send_line(struct ui *u);
/* Take the newest pending send of the open conversation back. */
bool send_take_back(struct ui *u);
/* Let the open conversation's go at once; false: none waits. */
bool send_hurry(struct ui *u);
/* Ask before the reply leaves: for "@agent" in it, or for a colleague who is
 * there. A yes sends it, if it is still the same. */
void send_ask(struct ui *u, char *question, bool mention);
/* How long until an answer costs something, ms; 0: it does. */
int64_t send_free_ms(const struct conv *c, int64_t now_ms);
/* When the reply that is being written leaves; 0: at once. */
int64_t send_later_ms(const struct ui *u);
struct pending *send_pending(struct ui *u, int64_t number);
void send_add_pending(struct ui *u, int64_t row, int64_t number, int64_t ms,
    const char *text, bool note);
void send_expire(struct ui *u);
/* It has been answered: nothing is left to take back. */
void send_left(struct ui *u, int64_t row);
void send_free(struct ui *u);

/* bar.c: header, recipient; hint.c: the last row */
void bar_draw_header(struct ui *u);
void bar_draw_to(struct ui *u);
void hint_draw(struct ui *u);
/* Do other keys, or a sequence, belong there after this one? */
bool hint_is_stale(const struct ui *u);
/* News too long for the last row, over the panes; the rows it took, or 0. */
int hint_draw_strip(struct ui *u);

/* pane_*.c */
enum move_to {
	MOVE_DOWN,
	MOVE_UP,
	MOVE_PAGE_DOWN,
	MOVE_PAGE_UP,
	MOVE_HALF_DOWN,
	MOVE_HALF_UP,
	MOVE_TOP,
	MOVE_BOTTOM
};

struct pane_ops {
	const char *name;
	/* Draw all of it into its body. */
	void (*draw)(struct ui *u, const struct rect *r);
	/* Its title, into b. */
	void (*title)(struct ui *u, struct buf *b);
	void (*move)(struct ui *u, enum move_to to);
	/* Where the real cursor stands while it has the keys. */
	void (*caret)(struct ui *u, const struct rect *r, int *y, int *x);
	/* Find the words, forward or back; false when there are none. */
	bool (*search)(struct ui *u, const char *words, bool forward);
};

extern const struct pane_ops pane_list, pane_history, pane_contact;
const struct pane_ops *pane_get(enum pane p);
/* Draw only the rows between which the list's cursor moved. */
void pane_list_draw_cursor(struct ui *u, const struct rect *r);
/* Bring the cursor's message into view after the window changed. */
void pane_history_show(struct ui *u, size_t msg);
void pane_history_update(struct ui *u);
/* Put the cursor on a message, wherever it is. */
void pane_history_go(struct ui *u, const char *id);

/* narrow.c: the list narrowed by what is typed after "/" */
void narrow_begin(struct ui *u);
void narrow_typed(struct ui *u);
/* Enter: true when it can be read; else the caret shows where it cannot. */
bool narrow_accept(struct ui *u);
void narrow_cancel(struct ui *u);
/* Show only what matches; ERR_INVALID points at the character. */
int narrow_to(struct ui *u, const char *text, struct err *e);
/* The next match, or the one before it, narrowing the list to them unless it
 * is; false when there is none. */
bool narrow_step(struct ui *u, const char *text, bool forward, struct err *e);
/* Read on while the page is short. */
void narrow_go_on(struct ui *u);
void narrow_free(struct ui *u);

/* here.c: who else is at the open conversation */
/* Tell the desk where we are; typed: a key has just come into the line. */
void here_update(struct ui *u, bool typed);
void here_changed(struct ui *u);
/* "kato is typing  suzuki is looking"; nothing when nobody is. */
void here_say(struct ui *u, struct buf *b);
/* The same into the lower border of the history. */
void here_draw(struct ui *u, const struct rect *frame);
/* A colleague has it, or is writing: ask once before a reply leaves. False:
 * nobody, or it was agreed to. */
bool here_ask(struct ui *u);
/* The same, said to whoever begins a reply. */
void here_warn(struct ui *u);

/* found.c: what a search over everything has found */
void found_open(struct ui *u, const char *words);
/* The last words; "" before the first. */
const char *found_words(const struct ui *u);
void found_draw(struct ui *u);
void found_caret(const struct ui *u, int *y, int *x);
/* True when the key was its own; any other closes it. */
bool found_key(struct ui *u, int32_t key);
/* A conversation has come: was it on the way there? */
void found_arrived(struct ui *u, int64_t number);
/* Back from the message that Enter went to: to the hits; false: not from one.
 * found_leave(): one has gone elsewhere since. */
bool found_back(struct ui *u);
void found_leave(struct ui *u);
void found_free(struct ui *u);

/* seek.c: searching a long history in slices */
/* Look for the words from a message on, back or forward in time. */
void seek_start(struct ui *u, const char *words, const char *id, bool forward);
/* Go to a message of the open thread, paging in as far back as it lies. */
void seek_message(struct ui *u, const char *id);
void seek_stop(struct ui *u);
/* Older messages have come. */
void seek_more(struct ui *u);

/* pane_help.c, palette.c, sheet.c, why.c: overlays */
void help_draw(struct ui *u);
void help_move(struct ui *u, enum move_to to);
void palette_open(struct ui *u, const char *only);
void palette_close(struct ui *u);
void palette_free(void);
void palette_draw(struct ui *u);
void palette_filter(struct ui *u);
/* Run the item under its cursor. */
void palette_choose(struct ui *u);
/* Where its filter is typed. */
struct rect palette_line(const struct ui *u);
/* True when the key was its own (Up, Down, Enter ..). */
bool palette_key(struct ui *u, int32_t key);
void sheet_draw(struct ui *u);
bool sheet_key(struct ui *u, int32_t key);
/* Ask why a message is there, and show it when the desk has told. */
void why_open(struct ui *u, const struct msg *m);
void why_draw(struct ui *u);
/* How many of its hints mean something: 3, from "1 2 3" on; 1: only closing. */
int why_keys(void);
bool why_key(struct ui *u, int32_t key);
void why_free(void);

/* ui_cards.c: what the shop knows */
void cards_ask(struct ui *u);
void cards_forget(struct ui *u);

/* over_qr.c: an address as a QR code */
void qr_draw(struct ui *u);
bool qr_key(struct ui *u, int32_t key);
void qr_free_shown(void);

/* ui_attach.c: files into the draft */
/* Somebody has chosen a file on a page. */
void ui_uploaded(struct ui *u, const struct event *ev);

/* line.c: readline; line_kind.c: what is typed into it */
/* A reply or a note. */
bool line_is_text(enum line_kind k);
/* Before term_start(): readline's termcap must not replace ncurses'. */
void line_start(struct ui *u);
void line_stop(struct ui *u);
void line_open(struct ui *u, enum line_kind kind, const char *text);
/* Close; a draft is kept. After : or / the reply comes back. */
void line_close(struct ui *u);
void line_event(struct ui *u, const struct input_event *ev);
/* Insert what came from outside, without anything that a terminal would obey.
 * A line feed is text in replies and notes, a blank elsewhere. */
void line_paste(struct ui *u, const char *p, size_t n);
/* A key that readline does not get, while it records a macro. */
void line_record(const struct input_event *ev);
const char *line_text(void);
size_t line_caret(void);
/* Put a text in place of what is there; can be undone. */
void line_set(struct ui *u, const char *text, size_t caret);
/* Begin a fresh line of the same kind, after a send. */
void line_clear(struct ui *u);
/* line_draw.c: rows that the text asks for. */
int line_rows(struct ui *u, int cols);
/* The byte that stands `by` rows below the caret; SIZE_MAX: no such row. */
size_t line_row_at(struct ui *u, int by);
void line_draw(struct ui *u);
void line_draw_row(struct ui *u);
void line_place_caret(struct ui *u, int *y, int *x);
void line_save_draft(struct ui *u);
/* What readline shows in place of our prompt (a search); NULL: nothing. */
const char *line_message(void);

/* line_suggest.c: what the bot would answer */
/* For the open conversation, while nothing is typed or kept; else NULL. */
const struct suggestion *line_suggestion(const struct ui *u);
/* Take it into the empty reply; false when there is none. */
bool line_suggest(struct ui *u);

/* line_done.c: completion, line_pop.c: several candidates above the line */
void line_complete(struct ui *u);
/* Find what may complete the word before the caret; c->a is set. */
struct completion;
void line_candidates(struct ui *u, struct completion *c);
/* Put candidate i of c in the word's place. */
void line_take(struct ui *u, const struct completion *c, size_t i);
/* Show the candidates of the word before the caret. */
void pop_open(struct ui *u);
bool pop_is_open(void);
/* One of them is marked: keys move the mark. */
bool pop_is_marked(void);
/* There is but one. */
bool pop_is_alone(void);
/* Enter takes the marked one. */
bool pop_wants_enter(void);
/* Esc: close; what a step has put into the ":" line is taken out. False when
 * there was nothing to do. */
bool pop_cancel(struct ui *u);
void pop_close(struct ui *u);
/* The text has changed: what still fits; closes when nothing does. */
void pop_update(struct ui *u);
void pop_step(struct ui *u, int by);
void pop_take(struct ui *u);
void pop_draw(struct ui *u);
void pop_free(void);

/* cmd_ui_canned.c: put the canned reply of that name in place of len bytes at
 * `at` of the line. */
int ui_canned_insert(
    struct ui *u, const char *name, size_t at, size_t len, struct err *e);

/* outside.c: programs beside us, the clipboard */
int outside_open(struct ui *u, struct err *e);
int outside_copy(struct ui *u, struct err *e);
/* Edit the line's text in the editor; the loop goes on meanwhile. */
void outside_edit(struct ui *u);
/* SIGCHLD: children that have ended. */
void outside_reap(struct ui *u);
/* Has the editor the terminal? */
bool outside_is_busy(void);
/* Run the command for it, when there is one. */
void outside_notify(struct ui *u, const char *text);

/* notify.c */
void notify_event(struct ui *u, const struct event *ev);
/* A minute has begun. */
void notify_clock(struct ui *u, int64_t now_ms);
/* outside_insert.c: put what a shell command writes into the reply to the open
 * conversation. ERR_CONFLICT while another one runs. */
int outside_insert(struct ui *u, const char *command, struct err *e);
/* A child has ended; it may be the one. */
void outside_insert_reaped(pid_t pid, int status);
void outside_insert_free(void);

#endif
