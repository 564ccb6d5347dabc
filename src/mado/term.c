/*
 * Set-up and restoring of the terminal. ncurses draws, but never reads: keys
 * come as bytes (input.c). Must not know what is on the screen. Called by
 * ui.c and by the crash handler below.
 */
#include "term.h"

#include <mado/buf.h>
#include <mado/mem.h>
#include <mado/text.h>

#include <curses.h>
#include <errno.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

enum { COPY_MAX_B = 74000 }; /* what terminals take in one OSC 52 */

/* Bracketed paste, focus; and modified Enter told apart where the terminal can.
 */
static const char begin_seq[] = "\033[?2004h\033[?1004h\033[>4;1m";
static const char end_seq[] = "\033[>4;0m\033[?1004l\033[?2004l";

static SCREEN *screen;
static bool is_on;
static struct termios before;
static char restore_seq[256]; /* for a crash: nothing may be computed then */

static const int fatal[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

static void
put_all(const char *p, size_t n)
{
	while (n > 0) {
		ssize_t k = write(STDOUT_FILENO, p, n);

		if (k == -1 && errno == EINTR)
			continue;
		if (k <= 0)
			return;
		p += k;
		n -= (size_t)k;
	}
}

static void
on_fatal(int signo)
{
	if (is_on) {
		put_all(restore_seq, strlen(restore_seq));
		tcsetattr(STDIN_FILENO, TCSANOW, &before);
	}
	signal(signo, SIG_DFL);
	raise(signo);
}

static void
add_capability(struct buf *b, const char *s)
{
	if (s != NULL && s != (char *)-1)
		buf_puts(b, s);
}

static void
prepare_crash(void)
{
	struct buf b = {0};
	struct sigaction sa, old;

	buf_puts(&b, end_seq);
	add_capability(&b, exit_attribute_mode);
	add_capability(&b, cursor_normal);
	add_capability(&b, exit_ca_mode);
	if (b.n < sizeof(restore_seq))
		memcpy(restore_seq, buf_str(&b), b.n + 1);
	buf_free(&b);
	for (size_t i = 0; i < sizeof(fatal) / sizeof(fatal[0]); i++) {
		memset(&sa, 0, sizeof(sa));
		sa.sa_handler = on_fatal;
		/* A sanitizer's own handler stays. */
		if (sigaction(fatal[i], NULL, &old) == 0 &&
		    old.sa_handler == SIG_DFL)
			sigaction(fatal[i], &sa, NULL);
	}
}

int
term_start(struct err *e)
{
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return err_set(e, ERR_FAILED,
		    "The inbox needs a terminal. For scripts and pipes there "
		    "are commands: mado --help");
	tcgetattr(STDIN_FILENO, &before);
	use_tioctl(TRUE); /* an exported LINES must not freeze the size */
	screen = newterm(NULL, stdout, stdin);
	if (screen == NULL)
		return err_set(e, ERR_FAILED,
		    "The terminal's type (TERM) is unknown here, and the inbox "
		    "needs one that can move its cursor: try TERM=xterm");
	raw();
	noecho();
	nonl();
	keypad(stdscr, FALSE);
	idlok(stdscr, FALSE);
	leaveok(stdscr, FALSE);
	scrollok(stdscr, FALSE);
	typeahead(-1); /* frames are whole, and ask for no keys meanwhile */
	is_on = true;
	prepare_crash();
	put_all(begin_seq, sizeof(begin_seq) - 1);
	return 0;
}

bool
term_is_on(void)
{
	return is_on;
}

void
term_stop(void)
{
	if (!is_on)
		return;
	put_all(end_seq, sizeof(end_seq) - 1);
	endwin();
	is_on = false;
	tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
}

void
term_resume(void)
{
	if (is_on || screen == NULL)
		return;
	is_on = true;
	term_resize();
	refresh(); /* leaves the mode that endwin() set */
	clearok(curscr, TRUE);
	put_all(begin_seq, sizeof(begin_seq) - 1);
}

bool
term_resize(void)
{
	struct winsize w;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == -1 || w.ws_row == 0 ||
	    w.ws_col == 0 || (w.ws_row == LINES && w.ws_col == COLS))
		return false;
	/* Not resizeterm(): it queues a KEY_RESIZE that nobody reads. */
	resize_term(w.ws_row, w.ws_col);
	return true;
}

void
term_write(const char *p, size_t n)
{
	if (is_on)
		put_all(p, n);
}

bool
term_copy(const char *text, size_t n)
{
	size_t cap =
	    sodium_base64_ENCODED_LEN(n, sodium_base64_VARIANT_ORIGINAL);
	char *b64;

	if (cap > COPY_MAX_B)
		return false;
	b64 = x_calloc(1, cap);
	sodium_bin2base64(b64, cap, (const unsigned char *)text, n,
	    sodium_base64_VARIANT_ORIGINAL);
	term_write("\033]52;c;", 7);
	term_write(b64, strlen(b64));
	term_write("\a", 1);
	x_free(b64);
	return true;
}

int
term_colours(void)
{
	const char *no = getenv("NO_COLOR");

	return has_colors() && (no == NULL || *no == '\0') ? COLORS : 0;
}

void
term_bell(void)
{
	term_write("\a", 1);
}

void
term_notify(const char *title, const char *text, bool osc777)
{
	bool tmux = getenv("TMUX") != NULL;
	struct buf b = {0};

	/* In tmux's envelope every ESC is doubled, and no ST stands inside. */
	buf_puts(&b, tmux ? "\033Ptmux;\033" : "");
	if (osc777)
		buf_printf(&b, "\033]777;notify;%s;%s\a", title, text);
	else
		buf_printf(&b, "\033]9;%s\a", text);
	buf_puts(&b, tmux ? "\033\\" : "");
	term_write(buf_str(&b), b.n);
	buf_free(&b);
}

void
term_input_method(bool as_before)
{
	/* restore; save, then close */
	const char *seq = as_before ? "\033[<r" : "\033[<s\033[<0t";

	term_write(seq, strlen(seq));
}

static bool frames; /* offered */
static bool in_frame;

void
term_frame_begin(bool worth_it)
{
	in_frame = frames && worth_it;
	if (in_frame)
		term_write("\033[?2026h", 8);
}

void
term_frame_end(void)
{
	if (in_frame)
		term_write("\033[?2026l", 8);
	in_frame = false;
}

int
term_type_colours(const char *type)
{
	int rc = 0, n;

	if (type == NULL || setupterm(type, STDOUT_FILENO, &rc) != OK)
		return -1;
	n = tigetnum("colors");
	return n < 0 ? 0 : n;
}

/* A heart with its selector, a family, a thumb of a colour, a flag; and last a
 * circle of ambiguous width. On the second row: an answer for the first looks
 * like Ctrl-F3. */
static const char *const disputed[] = {"\u2764\xef\xb8\x8f",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f44d\U0001f3fd",
    "\U0001f1ef\U0001f1f5", "\xe2\x97\x8b"};

enum {
	DISPUTED = sizeof(disputed) / sizeof(disputed[0]),
	EMOJI = DISPUTED - 1
};

static struct {
	int due; /* answers about widths that have not come */
	int right;
	bool light, frames;
} asked;

bool
term_can_ask(void)
{
	const char *type = getenv("TERM");

	return type != NULL && getenv("MADO_NO_PROBE") == NULL &&
	    strcmp(type, "linux") != 0 && strcmp(type, "dumb") != 0 &&
	    strncmp(type, "vt", 2) != 0;
}

void
term_ask(void)
{
	struct buf b = {0};

	/* These first: who does not know a question stays silent, or writes
	 * its last letter there. */
	buf_puts(&b, "\033]11;?\033\\\033[2;1H\033[?2026$p");
	for (int i = 0; i < DISPUTED; i++)
		buf_printf(&b, "\033[2;1H%s\033[6n", disputed[i]);
	asked.due = DISPUTED;
	buf_puts(&b, "\033[2;1H\033[K");
	put_all(buf_str(&b), b.n);
	buf_free(&b);
}

/* "rgb:ffff/ffff/dddd", of two to four digits each: is it a light one? */
static bool
is_light(const char *colour)
{
	unsigned v[3];
	int digits;

	if (sscanf(colour, "rgb:%x/%x/%x", &v[0], &v[1], &v[2]) != 3)
		return false;
	digits = (int)strcspn(colour + 4, "/");
	for (int i = 0; i < 3 && digits > 2 && digits <= 4; i++)
		v[i] >>= 4 * (digits - 2);
	return v[0] * 2 + v[1] * 5 + v[2] > 8 * 128;
}

bool
term_answered(const char *answer, struct term_seen *seen)
{
	int row = 0, col = 0;

	if (strncmp(answer, "\033[?2026;", 8) == 0)
		asked.frames = answer[8] == '1' || answer[8] == '2';
	if (strncmp(answer, "\033]11;", 5) == 0)
		asked.light = is_light(answer + 5);
	if (asked.due == 0 || sscanf(answer, "\033[%d;%dR", &row, &col) != 2)
		return false;
	if (asked.due-- > 1) {
		asked.right += row == 2 && col == 3;
		return false;
	}
	seen->native = asked.right == EMOJI;
	seen->wide = row == 2 && col == 3;
	seen->light = asked.light;
	seen->frames = asked.frames;
	frames = seen->frames;
	return true;
}
