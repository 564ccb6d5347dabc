/*
 * The command line's words: options out of argv, conversation numbers,
 * standard input, passwords without echo, a yes or no. Knows no verb.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <mado/buf.h>
#include <mado/mem.h>

#include "cli.h"
#include "cli_out.h"
#include "i18n.h"

enum { STDIN_MAX_B = 1 << 20, LINE_MAX_B = 4096 };

/* options */

static const struct cli_opt *
opt_find(const struct cli_opt *opts, const char *word, const char **value)
{
	size_t n =
	    strncmp(word, "--", 2) == 0 ? strcspn(word, "=") : strlen(word);

	for (; opts != NULL && opts->name != NULL; opts++)
		if (strlen(opts->name) == n &&
		    strncmp(opts->name, word, n) == 0) {
			*value = word[n] == '=' ? word + n + 1 : NULL;
			return opts;
		}
	return NULL;
}

static int
opt_int(const struct cli_opt *o, const char *value, struct err *e)
{
	char *end;
	long long n;

	errno = 0;
	n = strtoll(value, &end, 10);
	if (end == value || *end != '\0' || errno != 0 || n < 0)
		return err_set(e, ERR_INVALID,
		    _("%s takes a whole number, not %s"), o->name, value);
	*(int64_t *)o->dst = n;
	return 0;
}

static int
opt_more(const struct cli_opt *o, const char *value, struct err *e)
{
	struct cli_strs *s = o->dst;

	if (s->n == CLI_STRS_MAX)
		return err_set(e, ERR_INVALID, _("%s: at most %d times"),
		    o->name, CLI_STRS_MAX);
	s->v[s->n++] = value;
	return 0;
}

static int
opt_take(const struct cli_opt *o, const char *value, struct err *e)
{
	if (o->type == OPT_FLAG) {
		if (value != NULL)
			return err_set(
			    e, ERR_INVALID, _("%s takes no value"), o->name);
		*(bool *)o->dst = true;
		return 0;
	}
	if (value == NULL)
		return err_set(e, ERR_INVALID, _("%s needs a value"), o->name);
	if (o->type == OPT_INT)
		return opt_int(o, value, e);
	if (o->type == OPT_STRS)
		return opt_more(o, value, e);
	*(const char **)o->dst = value;
	return 0;
}

static bool
looks_like_option(const char *word)
{
	return word[0] == '-' && word[1] != '\0';
}

int
cli_options(struct cli *c, const struct cli_opt *opts, int *argc, char **argv,
    struct err *e)
{
	const struct cli_opt json[] = {
	    {"--json", OPT_FLAG, &c->json}, {NULL, OPT_FLAG, NULL}};
	const struct cli_opt *o;
	const char *value;
	int n = 1, i;

	for (i = 1; i < *argc; i++) {
		if (n == 1 && strcmp(argv[i], "--") == 0) {
			i++;
			break;
		}
		o = opt_find(opts, argv[i], &value);
		if (o == NULL)
			o = opt_find(json, argv[i], &value);
		if (o == NULL && n == 1 && looks_like_option(argv[i]))
			return err_set(e, ERR_INVALID,
			    _("unknown option %s; mado %s --help lists what "
			      "there is"),
			    argv[i], argv[0]);
		if (o == NULL) {
			argv[n++] = argv[i];
			continue;
		}
		if (o->type != OPT_FLAG && value == NULL && i + 1 < *argc)
			value = argv[++i];
		if (opt_take(o, value, e) == -1)
			return -1;
	}
	for (; i < *argc; i++) /* after a first "--" nothing is an option */
		argv[n++] = argv[i];
	argv[n] = NULL;
	*argc = n;
	return 0;
}

int
cli_usage(struct cli *c, struct err *e)
{
	return err_set(
	    e, ERR_INVALID, _("usage: mado %s %s"), c->cmd->name, c->cmd->args);
}

int
cli_want(struct cli *c, int argc, int min, int max, struct err *e)
{
	return argc - 1 >= min && argc - 1 <= max ? 0 : cli_usage(c, e);
}

/* numbers */

int
cli_number(const char *s, int64_t *n, struct err *e)
{
	const char *digits = *s == '#' ? s + 1 : s;
	size_t len = strspn(digits, "0123456789");

	if (len == 0 || len > 15 || digits[len] != '\0')
		return err_set(
		    e, ERR_INVALID, _("not a conversation's number: %s"), s);
	*n = strtoll(digits, NULL, 10);
	return 0;
}

static void
numbers_add(struct cli *c, struct cli_numbers *out, int64_t n)
{
	int64_t *v;

	if ((out->n & (out->n - 1)) == 0) { /* full: at 0, 1, 2, 4, 8 .. */
		v = arena_calloc(
		    c->arena, out->n == 0 ? 1 : out->n * 2, sizeof(*v));
		if (out->n > 0)
			memcpy(v, out->v, out->n * sizeof(*v));
		out->v = v;
	}
	out->v[out->n++] = n;
}

static int
numbers_stdin(
    struct cli *c, char **argv, struct cli_numbers *out, struct err *e)
{
	size_t n = 0;
	char **words = cli_words(c, 2, argv, &n, e);
	int64_t v;

	for (size_t i = 0; words != NULL && i < n; i++) {
		if (cli_number(words[i], &v, e) == -1)
			return -1;
		numbers_add(c, out, v);
	}
	return words == NULL ? -1 : 0;
}

int
cli_numbers(struct cli *c, int *argc, char **argv, int spare,
    struct cli_numbers *out, struct err *e)
{
	bool from_stdin = *argc > 1 && strcmp(argv[1], "-") == 0;
	int used = 0;
	int64_t n;

	memset(out, 0, sizeof(*out));
	if (from_stdin) {
		used = 1;
		if (numbers_stdin(c, argv, out, e) == -1)
			return -1;
	}
	while (!from_stdin && used + 1 < *argc - spare) {
		if (cli_number(argv[used + 1], &n, NULL) == -1)
			break;
		numbers_add(c, out, n);
		used++;
	}
	if (used == 0 && *argc > 1 && cli_number(argv[1], &n, e) == -1)
		return -1;
	if (used == 0)
		return cli_usage(c, e);
	*argc -= used;
	memmove(&argv[1], &argv[used + 1], (size_t)*argc * sizeof(*argv));
	return 0;
}

/* several */

void
cli_many_add(
    struct cli_many *m, const char *what, int rc, const struct err *why)
{
	if (rc == 0)
		return;
	m->rc = -1;
	m->over = why->code == ERR_NONE || why->code == ERR_NET;
	if (m->first.code == ERR_NONE)
		m->first = *why;
	else if (m->over)
		m->first.code = why->code;
	if (m->n > 1 && why->code != ERR_NONE) {
		out_warn("%s: %s", what, why->msg);
		m->first.msg[0] = '\0';
	}
}

int
cli_many_end(const struct cli_many *m, struct err *e)
{
	if (m->first.code != ERR_NONE)
		err_set(e, m->first.code, "%s", m->first.msg);
	return m->rc;
}

char **
cli_words(struct cli *c, int argc, char **argv, size_t *n, struct err *e)
{
	char *text, *word, *rest, **words;

	*n = (size_t)argc - 1;
	if (argc != 2 || strcmp(argv[1], "-") != 0)
		return argv + 1;
	text = cli_stdin(e);
	if (text == NULL)
		return NULL;
	words = arena_calloc(c->arena, strlen(text) / 2 + 2, sizeof(*words));
	*n = 0;
	rest = text;
	while ((word = strtok_r(rest, " \t\r\n", &rest)) != NULL)
		words[(*n)++] = arena_strdup(c->arena, word);
	x_free(text);
	return words;
}

/* standard input */

static bool stdin_taken;

void
cli_stdin_taken(void)
{
	stdin_taken = true;
}

char *
cli_stdin(struct err *e)
{
	struct buf b = {0};

	if (stdin_taken) {
		err_set(e, ERR_INVALID,
		    _("- is no standard input here: it has the script"));
		return NULL;
	}
	if (buf_read_fd(&b, STDIN_FILENO, STDIN_MAX_B, e) == -1) {
		err_prefix(e, _("standard input"));
		buf_free(&b);
		return NULL;
	}
	if (b.n > 0 && b.p[b.n - 1] == '\n')
		b.p[--b.n] = '\0';
	if (b.n > 0 && strlen(b.p) != b.n) {
		err_set(e, ERR_INVALID, _("standard input holds a NUL byte"));
		buf_free(&b);
		return NULL;
	}
	return buf_take(&b);
}

/* Its newline, also as Windows writes it. */
static void
line_chomp(char *line)
{
	size_t n = strcspn(line, "\n");

	if (line[n] == '\n' && n > 0 && line[n - 1] == '\r')
		n--;
	line[n] = '\0';
}

static char *
line_read(struct err *e)
{
	char line[LINE_MAX_B];
	char *s = NULL;

	if (fgets(line, sizeof(line), stdin) == NULL)
		err_set(e, ERR_INVALID, _("standard input has no line"));
	else {
		line_chomp(line);
		s = x_strdup(line);
	}
	explicit_bzero(line, sizeof(line));
	return s;
}

/* Whoever ends us while a secret is typed finds the terminal with its echo. */
static const int ends[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

enum { ENDS = sizeof(ends) / sizeof(ends[0]) };

static struct termios before;

static void
on_end(int signo)
{
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
	signal(signo, SIG_DFL);
	raise(signo);
}

char *
cli_secret(const char *prompt, bool from_stdin, struct err *e)
{
	struct sigaction own[ENDS], on = {.sa_handler = on_end};
	struct termios quiet;
	char *s;

	if (from_stdin || tcgetattr(STDIN_FILENO, &before) == -1)
		return line_read(e);
	quiet = before;
	quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
	fprintf(stderr, "%s: ", prompt);
	for (int i = 0; i < ENDS; i++)
		sigaction(ends[i], &on, &own[i]);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
	s = line_read(e);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
	for (int i = 0; i < ENDS; i++)
		sigaction(ends[i], &own[i], NULL);
	fputc('\n', stderr);
	return s;
}

void
cli_secret_free(char *s)
{
	if (s != NULL)
		explicit_bzero(s, strlen(s));
	x_free(s);
}

char *
cli_new_password(bool from_stdin, struct err *e)
{
	char *s = cli_secret(_("New password"), from_stdin, e), *again;
	bool same;

	if (s == NULL || from_stdin || !isatty(STDIN_FILENO))
		return s;
	again = cli_secret(_("New password, again"), false, e);
	same = again != NULL && strcmp(s, again) == 0;
	cli_secret_free(again);
	if (same)
		return s;
	cli_secret_free(s);
	err_set(
	    e, ERR_INVALID, _("the two are not the same; nothing was changed"));
	return NULL;
}

bool
cli_confirm(const char *question)
{
	char line[LINE_MAX_B];

	if (!isatty(STDIN_FILENO))
		return false;
	fprintf(stderr, "%s [y/N] ", question);
	if (fgets(line, sizeof(line), stdin) == NULL)
		return false;
	return line[0] == 'y' || line[0] == 'Y' ||
	    strncmp(line, "ｙ", 3) == 0 || strncmp(line, "はい", 6) == 0;
}
