/*
 * madod's tables as rows for the manual: subcommands, keys of both files, the
 * paths of the API and its verbs. Called by main for --tables.
 */
#include <mado/manual.h>

#include "act.h"
#include "admin.h"
#include "admin_line.h"
#include "alert_when.h"
#include "init.h"
#include "api.h"
#include "config.h"
#include "tables.h"

static const char *
route_who(const struct route *t)
{
	if (t->fn == api_metrics)
		return "loopback, else supervisor";
	return t->flags & ROUTE_OPEN ? "anybody" : role_names[t->role];
}

static void
print_routes(void)
{
	static const char *const methods[] = {[HTTP_GET] = "GET",
	    [HTTP_POST] = "POST",
	    [HTTP_PUT] = "PUT",
	    [HTTP_DELETE] = "DELETE"};

	for (const struct route *t = routes; t->path != NULL; t++)
		manual_row("routes", methods[t->methods], t->path, route_who(t),
		    t->help, t->query, t->body, NULL);
}

void
tables_print(void)
{
	admin_rows();
	init_rows();
	admin_richmenu_rows();
	manual_keys("server", config_keys, "server");
	manual_keys("line", config_keys, "line");
	for (int i = 0; config_side_names[i] != NULL; i++)
		manual_keys(config_side_names[i], config_side_keys,
		    config_side_names[i]);
	manual_keys("adviser", config_bot_keys, "bot");
	for (const struct alert_condition *c = alert_conditions;
	     c->name != NULL; c++)
		manual_row("conditions", c->name, c->takes, c->help, NULL);
	rules_rows();
	print_routes();
	for (const struct verb *v = act_verbs; v->name != NULL; v++)
		manual_row("verbs", v->name, role_names[v->role], v->help,
		    v->args, NULL);
	manual_errors("errors");
}
