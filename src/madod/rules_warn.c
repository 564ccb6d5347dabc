/*
 * What a rules.conf says that is in order and yet in vain: menus and
 * questionnaires that nothing shows, words that a rule above takes, a list of
 * holidays that ends. Pure; called by `madod rules check`.
 */
#include <stdarg.h>
#include <string.h>

#include "rules_form.h"

enum { HOLIDAYS_LEFT_DAYS = 60 };

struct warning {
	const struct rules *r;
	void (*each)(void *arg, const char *text);
	void *arg;
};

static void warn(const struct warning *w, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static void
warn(const struct warning *w, const char *fmt, ...)
{
	char *text;
	va_list ap;

	va_start(ap, fmt);
	text = x_vsprintf(fmt, ap);
	va_end(ap);
	w->each(w->arg, text);
	x_free(text);
}

/* Call for whatever the file can do. */
static bool
any_does(const struct rules *r,
    bool (*is)(const struct rules_do *does, const void *what), const void *what)
{
	for (size_t i = 0; i < r->n; i++)
		if (is(&r->v[i]->does, what))
			return true;
	for (size_t i = 0; i < r->n_forms; i++)
		if (is(&r->forms[i]->does, what))
			return true;
	for (size_t i = 0; i < r->n_menus; i++)
		for (size_t j = 0; j < r->menus[i]->n; j++)
			if (r->menus[i]->items[j].does != NULL &&
			    r->menus[i] != what &&
			    is(r->menus[i]->items[j].does, what))
				return true;
	return false;
}

static bool
shows(const struct rules_do *does, const void *menu)
{
	return does->menu == menu;
}

static bool
begins(const struct rules_do *does, const void *form)
{
	return does->form == form;
}

/* Whatever says one of its words is this rule's, always. */
static bool
is_plain(const struct rule *u)
{
	return u->on <= ON_MESSAGE && u->when == WHEN_ANY && u->from == 0 &&
	    u->until == 0 && u->once == ONCE_NEVER && u->channel.n == 0 &&
	    !u->goes_on;
}

static bool
takes(const struct rule *u, const char *word)
{
	for (size_t i = 0; i < u->exact.n; i++)
		if (strcmp(u->exact.v[i], word) == 0)
			return true;
	for (size_t i = 0; i < u->contains.n; i++)
		if (strstr(word, u->contains.v[i]) != NULL)
			return true;
	return u->on == ON_MESSAGE && u->exact.n + u->contains.n == 0;
}

static void
warn_taken(const struct warning *w, size_t at, const char *word)
{
	const struct rules *r = w->r;

	for (size_t i = 0; i < at; i++)
		if (is_plain(r->v[i]) && takes(r->v[i], word)) {
			warn(w, "[rule %s]: \"%s\" is taken by [rule %s] above",
			    r->v[at]->name, word, r->v[i]->name);
			return;
		}
}

static void
warn_holidays(const struct warning *w, int64_t now_ms)
{
	const struct rules_hours *h = &w->r->hours;
	struct rules_clock now;

	rules_clock_at(now_ms, &now);
	if (h->holiday.set &&
	    (h->n_holidays == 0 ||
		h->holidays[h->n_holidays - 1].day <
		    now.day + HOLIDAYS_LEFT_DAYS))
		warn(w, "[hours]: no public holidays are known from now on");
}

void
rules_warn(const struct rules *r, int64_t now_ms,
    void (*each)(void *arg, const char *text), void *arg)
{
	struct warning w = {r, each, arg};

	for (size_t i = 0; i < r->n; i++) {
		const struct rule *u = r->v[i];

		if (u->on == ON_FOLLOW)
			continue;
		for (size_t j = 0; j < u->exact.n; j++)
			warn_taken(&w, i, u->exact.v[j]);
		for (size_t j = 0; j < u->contains.n; j++)
			warn_taken(&w, i, u->contains.v[j]);
	}
	for (size_t i = 0; i < r->n_menus; i++)
		if (!any_does(r, shows, r->menus[i]))
			warn(&w, "[menu %s]: nothing shows it",
			    r->menus[i]->name);
	for (size_t i = 0; i < r->n_forms; i++)
		if (!any_does(r, begins, r->forms[i]))
			warn(&w, "[form %s]: nothing begins it",
			    r->forms[i]->name);
	warn_holidays(&w, now_ms);
}
