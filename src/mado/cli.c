/*
 * One run of the command line: opens the store, the desk, the loop when a
 * verb asks for them, and closes them. Knows no verb.
 */
#include <locale.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <mado/crypto.h>
#include <mado/text.h>

#include "cli.h"
#include "cli_out.h"
#include "completions.h"
#include "i18n.h"

enum { TOKEN_MAX_B = 4096 };

static void
set_policy(const struct settings *s)
{
	struct text_policy p = {.ambiguous_wide = s->ambiguous == 1};

	if (s->emoji >= 0)
		p.emoji = s->emoji;
	p.ascii = strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
	text_set_policy(&p);
}

static void
cli_close(struct cli *c)
{
	store_close(c->store);
	desk_free(c->desk);
	if (c->fetch != NULL)
		fetch_free(c->fetch);
	if (c->loop != NULL)
		loop_free(c->loop);
	arena_free(c->arena);
}

void
cli_print_cmd(const struct cmd *cmd)
{
	struct buf b = {0};

	buf_puts(&b, "  ");
	out_cell(&b, cmd->name, 10);
	buf_puts(&b, _(cmd->help));
	out_line(&b, NULL);
	buf_free(&b);
}

int
cli_help(const struct cmd *cmd, struct err *e)
{
	struct buf b = {0};
	int rc;

	buf_printf(
	    &b, _("usage: mado %s %s\n%s"), cmd->name, cmd->args, _(cmd->help));
	rc = out_line(&b, e);
	buf_free(&b);
	return rc;
}

int
cli_run(struct settings *s, const struct cmd *cmd, int argc, char **argv,
    struct err *e)
{
	struct cli c = {.settings = s, .cmd = cmd};
	int rc;

	if (argc > 1 && strcmp(argv[1], "--help") == 0)
		return cli_help(cmd, e);
	set_policy(s);
	c.arena = arena_new();
	c.loop = loop_new();
	rc = cmd->cli(&c, argc, argv, e);
	if (rc == 0)
		rc = out_flush(e);
	else
		out_flush(NULL);
	cli_close(&c);
	return rc;
}

int
cli_complete(struct settings *s, int argc, char **argv)
{
	struct cli c = {.settings = s, .arena = arena_new()};
	int rc = completions_print(&c, argc, argv);

	cli_close(&c);
	return rc;
}

char *
cli_key_path(struct cli *c)
{
	char *path = settings_key_path(c->settings);
	char *lent = arena_strdup(c->arena, path);

	x_free(path);
	return lent;
}

/* Times are the desk's, wherever the reader is; "snooze 9:00" too. */
static void
set_zone(struct cli *c)
{
	char *me = store_get(c->store, "me", c->arena);
	cJSON *o = me == NULL ? NULL : cJSON_Parse(me);
	const char *zone = json_str(o, "timezone", NULL);

	if (zone != NULL && !c->settings->local_time) {
		setenv("TZ", zone, 1);
		tzset();
	}
	cJSON_Delete(o);
}

int
cli_store(struct cli *c, struct err *e)
{
	uint8_t *key;

	if (c->store != NULL)
		return 0;
	if (file_mkdirs(c->settings->config_dir, 0700, e) == -1)
		return -1;
	key = crypto_key_file(cli_key_path(c), e);
	if (key == NULL)
		return -1;
	c->store =
	    store_open(c->settings->state_dir, c->settings->profile, key, e);
	crypto_secret_free(key);
	if (c->store == NULL)
		return -1;
	set_zone(c);
	return 0;
}

/* The first line that token_cmd prints. */
static const char *
token_of_cmd(struct cli *c, struct err *e)
{
	char line[TOKEN_MAX_B] = "";
	/* madorc's own command, as its owner wrote it. NOLINTNEXTLINE */
	FILE *f = popen(c->settings->token_cmd, "r");
	const char *token;

	if (f == NULL || fgets(line, sizeof(line), f) == NULL)
		*line = '\0';
	if (f != NULL)
		pclose(f);
	line[strcspn(line, "\r\n")] = '\0';
	token = arena_strdup(c->arena, line);
	explicit_bzero(line, sizeof(line));
	if (*token != '\0')
		return token;
	err_set(e, ERR_AUTH, _("token_cmd printed no token: %s"),
	    c->settings->token_cmd);
	return NULL;
}

const char *
cli_token(struct cli *c, struct err *e)
{
	if (c->settings->token_cmd != NULL && *c->settings->token_cmd != '\0')
		return token_of_cmd(c, e);
	return c->settings->token;
}

int
cli_desk_only(struct cli *c, struct err *e)
{
	struct settings *s = c->settings;
	struct desk_opts o = {.url = s->url, .pin = s->pin};
	struct err why = {0};

	if (c->desk != NULL)
		return 0;
	if (s->url == NULL)
		return err_set(e, ERR_AUTH,
		    _("nobody is signed in here; type: mado login "
		      "https://HOST:PORT --user NAME"));
	o.token = cli_token(c, &why);
	if (why.code != ERR_NONE)
		return err_set(e, why.code, "%s", why.msg);
	if (c->fetch == NULL)
		c->fetch = fetch_new(c->loop, 4);
	c->desk = desk_new(c->fetch, &o, e);
	return c->desk == NULL ? -1 : 0;
}

int
cli_desk(struct cli *c, struct err *e)
{
	struct err why = {0};

	if (c->desk != NULL)
		return 0;
	if (cli_desk_only(c, e) == -1 || cli_store(c, e) == -1)
		return -1;
	if (cli_send(c, 0, NULL, &why) == 0 ||
	    (why.code != ERR_NET && why.code != ERR_DISABLED))
		return 0;
	return err_set(e, why.code, "%s", why.msg);
}

void
cli_erase_disabled(struct cli *c, const struct err *why)
{
	if (why->code == ERR_DISABLED && c->store != NULL)
		store_erase(c->store, NULL);
}

int
cli_ask(struct cli *c, const struct desk_call *call,
    void (*use)(const struct desk_answer *a, void *arg), void *arg,
    struct err *e)
{
	struct err why = {0};

	if (cli_desk(c, e) == -1)
		return -1;
	if (desk_ask(c->desk, c->loop, call, use, arg, &why) == 0)
		return 0;
	cli_erase_disabled(c, &why);
	return err_set(e, why.code, "%s", why.msg);
}
