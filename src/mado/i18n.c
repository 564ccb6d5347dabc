/*
 * Which language, and from where. A bare system has no locale but C and
 * C.UTF-8: then C.UTF-8 carries the characters and LANGUAGE the language.
 * glibc's gettext obeys LANGUAGE in any locale but the one named "C", and
 * C.UTF-8 is not that one (tried with 2.36). Called by main.
 */
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "i18n.h"

#define DOMAIN "madoguchi"

static char asked[64]; /* the locale that was, before C.UTF-8 carried it */

static bool
is_utf8(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

/* What the environment says of a category. */
static const char *
env_locale(const char *category)
{
	const char *const names[] = {"LC_ALL", category, "LANG"};
	const char *v;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		v = getenv(names[i]);
		if (v != NULL && *v != '\0')
			return v;
	}
	return "";
}

/* LANG=ja_JP.UTF-8 in LANGUAGE's form, ja_JP; "" when no language is asked. */
static void
env_language(char *out, size_t n)
{
	snprintf(out, n, "%s", env_locale("LC_MESSAGES"));
	out[strcspn(out, ".@")] = '\0';
	if (strcmp(out, "C") == 0 || strcmp(out, "POSIX") == 0)
		*out = '\0';
}

static void
choose_language(const char *language)
{
	const char *v = getenv("LANGUAGE");
	char name[64];

	if (language != NULL && *language != '\0') {
		setenv("LANGUAGE", language, 1);
	} else if (v == NULL || *v == '\0') {
		env_language(name, sizeof(name));
		if (*name != '\0')
			setenv("LANGUAGE", name, 1);
	}
}

/* build/locale beside build/mado, so that a build tree needs no install. */
static bool
tree_locale(char *out, size_t n)
{
	char self[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	if (len <= 0)
		return false;
	self[len] = '\0';
	slash = strrchr(self, '/');
	if (slash == NULL)
		return false;
	*slash = '\0';
	return (size_t)snprintf(out, n, "%s/locale", self) < n &&
	    access(out, R_OK) == 0;
}

/* In the environment too: readline takes it from there anew, and an editor
 * that we start is to read what we write. */
static void
carry(void)
{
	if (setlocale(LC_ALL, "C.UTF-8") != NULL)
		setenv("LC_ALL", "C.UTF-8", 1);
}

const char *
i18n_asked(void)
{
	return asked;
}

void
i18n_init(const char *language)
{
	char dir[PATH_MAX];

	if (*asked == '\0')
		snprintf(asked, sizeof(asked), "%s", env_locale("LC_CTYPE"));
	choose_language(language);
	if (setlocale(LC_ALL, "") == NULL || !is_utf8())
		carry();
	setlocale(LC_NUMERIC, "C"); /* numbers in JSON and SQL have points */
	if (!tree_locale(dir, sizeof(dir)))
		snprintf(dir, sizeof(dir), "%s", MADO_PREFIX "/share/locale");
	bindtextdomain(DOMAIN, dir);
	bind_textdomain_codeset(DOMAIN, "UTF-8");
	textdomain(DOMAIN);
}
