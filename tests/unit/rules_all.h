/*
 * All that rules.conf is made of, for tests that look into it: no store, no
 * loop.
 */
#include "../../src/madod/bubble.c"
#include "../../src/madod/faq_tsv.c"
#include "../../src/madod/rules.c"
#include "../../src/madod/rules_ask.c"
#include "../../src/madod/rules_case.c"
#include "../../src/madod/rules_holidays.c"
#include "../../src/madod/rules_hours.c"
#include "../../src/madod/rules_jp.c"
#include "../../src/madod/rules_keys.c"
#include "../../src/madod/rules_menu.c"
#include "../../src/madod/rules_point.c"
#include "../../src/madod/rules_read.c"
#include "../../src/madod/rules_state.c"
#include "../../src/madod/rules_value.c"
#include "../../src/madod/rules_vars.c"
#include "../../src/madod/rules_warn.c"
