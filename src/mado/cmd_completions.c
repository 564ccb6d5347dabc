/*
 * completions: what a shell needs so that TAB knows mado. The scripts only ask
 * mado --complete, which reads the command table and the local store, so they
 * never fall behind the program; the desk is not asked.
 */
#include <stdio.h>
#include <string.h>

#include "cli_out.h"
#include "completions.h"
#include "i18n.h"
#include "suggest.h"

/* bash breaks words at : = @ too, and replaces only what is after them: words
 * are put together again, and of an answer that part is given. */
static const char bash_script[] =
    "# bash completion of mado; made by: mado completions bash\n"
    "_mado() {\n"
    "	local rest=$COMP_LINE words=() word part i head\n"
    "	for ((i = 0; i <= COMP_CWORD; i++)); do\n"
    "		part=${COMP_WORDS[i]}\n"
    "		if ((i > 0)) && [[ -n $part && $rest == \"$part\"* ]]; then\n"
    "			words[${#words[@]}-1]+=$part\n"
    "		else\n"
    "			words+=(\"$part\")\n"
    "		fi\n"
    "		rest=${rest#*\"$part\"}\n"
    "	done\n"
    "	word=${words[${#words[@]}-1]} part=${COMP_WORDS[COMP_CWORD]}\n"
    "	[[ $part == [:=@] ]] && part=\n"
    "	head=${word%\"$part\"} head=${head%@}\n"
    "	COMPREPLY=()\n"
    "	while IFS=$'\\t' read -r word rest; do\n"
    "		COMPREPLY+=(\"$(printf %q \"${word#\"$head\"}\")\")\n"
    "	done < <(\"${words[0]}\" --complete \"${words[@]:1}\" 2>/dev/null)\n"
    "}\n"
    "complete -F _mado mado\n";

static const char zsh_script[] =
    "#compdef mado\n"
    "# zsh completion of mado; made by: mado completions zsh\n"
    "_mado() {\n"
    "	local -a found said\n"
    "	local line\n"
    "	for line in \"${(@f)$(\"${words[1]}\" --complete \\\n"
    "	    \"${(@)words[2,CURRENT]}\" 2>/dev/null)}\"; do\n"
    "		[[ -n $line ]] || continue\n"
    "		found+=(\"${line%%$'\\t'*}\")\n"
    "		said+=(\"${line/$'\\t'/  }\")\n"
    "	done\n"
    "	compadd -l -d said -a found\n"
    "}\n"
    "if [[ $funcstack[1] = _mado ]]; then\n"
    "	_mado \"$@\"\n"
    "else\n"
    "	compdef _mado mado\n"
    "fi\n";

static const char fish_script[] =
    "# fish completion of mado; made by: mado completions fish\n"
    "function __mado_complete\n"
    "	set -l words (commandline -opc)\n"
    "	$words[1] --complete $words[2..] (commandline -ct) 2>/dev/null\n"
    "end\n"
    "complete -c mado -f -a '(__mado_complete)'\n";

static const struct {
	const char *name, *script;
} shells[] = {
    {"bash", bash_script}, {"zsh", zsh_script}, {"fish", fish_script}};

int
cmd_completions(struct cli *c, int argc, char **argv, struct err *e)
{
	if (cli_options(c, NULL, &argc, argv, e) == -1 ||
	    cli_want(c, argc, 1, 1, e) == -1)
		return -1;
	for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++) {
		if (strcmp(shells[i].name, argv[1]) != 0)
			continue;
		fputs(shells[i].script, stdout);
		return out_flush(e);
	}
	return err_set(e, ERR_INVALID,
	    _("no completions for %s; there are bash, zsh and fish"), argv[1]);
}

static void
offer_globals(const char *begun)
{
	static const char *const all[] = {
	    "--profile", "--plain", "--help", "--version", NULL};

	for (int i = 0; *begun == '-' && all[i] != NULL; i++)
		if (strncmp(all[i], begun, strlen(begun)) == 0)
			puts(all[i]);
}

/* A candidate, and what it is, in one line of the terminal's width. */
static void
print_word(const struct suggest_word *w)
{
	struct buf b = {0};

	out_text(&b, w->word);
	if (*w->help != '\0') {
		buf_putc(&b, '\t');
		out_text(&b, w->help);
	}
	out_line(&b, NULL);
	buf_free(&b);
}

int
completions_print(struct cli *c, int argc, char **argv)
{
	struct suggest s = {.arena = c->arena, .flags = CMD_CLI};

	if (argc == 0)
		return 0;
	/* The key of somebody who has not signed in is not made for this. */
	if (c->settings->url != NULL && cli_store(c, NULL) == 0)
		s.store = c->store;
	if (argc == 1)
		offer_globals(argv[0]);
	suggest_find(&s, argc - 1, argv, argv[argc - 1]);
	for (size_t i = 0; i < s.n; i++)
		print_word(&s.v[i]);
	return out_flush(NULL);
}
