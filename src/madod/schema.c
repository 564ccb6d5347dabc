/*
 * The tables of the desk and how they came to be. Order is law: a migration
 * that has been released is never edited, a new one is added below it.
 * Called once at start, before the writer owns the database.
 */
#include <sys/stat.h>

#include <mado/log.h>
#include <mado/mem.h>

#include "schema.h"
#include "search.h"

static const char schema_1[] =
    /* what the desk is: epoch, ... */
    "CREATE TABLE meta(name TEXT PRIMARY KEY, value) WITHOUT ROWID;"
    "INSERT INTO meta VALUES('epoch',1),('made_at',"
    " CAST(unixepoch('now','subsec')*1000 AS INT));"

    /* people who work here */
    "CREATE TABLE user(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
    " display TEXT, role INT NOT NULL, password TEXT,"
    " disabled INT NOT NULL DEFAULT 0, made_at INT NOT NULL);"
    "CREATE TABLE session(hash BLOB PRIMARY KEY, user INT NOT NULL"
    " REFERENCES user(id), made_at INT NOT NULL, expires_at INT NOT NULL)"
    " WITHOUT ROWID;"
    "CREATE INDEX session_user ON session(user);"

    /* what LINE said of each Official Account */
    "CREATE TABLE channel(name TEXT PRIMARY KEY, quota_limit INT,"
    " quota_used INT, problem TEXT, push_stopped TEXT) WITHOUT ROWID;"

    /* every event ever taken, for deduplication; raw when no message has it */
    "CREATE TABLE inbound(channel TEXT NOT NULL, key TEXT NOT NULL,"
    " received_at INT NOT NULL, raw TEXT, PRIMARY KEY(key, channel))"
    " WITHOUT ROWID;"
    /* unsend and messageEdited that came before what they name */
    "CREATE TABLE ahead(channel TEXT NOT NULL, line_id TEXT NOT NULL,"
    " at INT NOT NULL, unsent INT NOT NULL, text TEXT,"
    " PRIMARY KEY(line_id, channel)) WITHOUT ROWID;"

    "CREATE TABLE contact(id INTEGER PRIMARY KEY, name TEXT NOT NULL,"
    " kind TEXT NOT NULL, language TEXT, picture_url TEXT,"
    " status_message TEXT, blocked INT NOT NULL DEFAULT 0,"
    " since_at INT NOT NULL, profile_at INT NOT NULL DEFAULT 0);"
    "CREATE INDEX contact_wants ON contact(id) WHERE profile_at=0;"
    "CREATE TABLE identity(id INTEGER PRIMARY KEY, channel TEXT NOT NULL,"
    " external_id TEXT NOT NULL, contact INT NOT NULL REFERENCES contact(id),"
    " UNIQUE(external_id, channel));"
    "CREATE INDEX identity_contact ON identity(contact);"
    "CREATE TABLE contact_tag(contact INT NOT NULL, tag TEXT NOT NULL,"
    " PRIMARY KEY(contact, tag)) WITHOUT ROWID;"

    /* k1, k2, k3: the inbox's order (pinned, longest waiting, latest) */
    "CREATE TABLE conversation(number INTEGER PRIMARY KEY AUTOINCREMENT,"
    " identity INT NOT NULL REFERENCES identity(id),"
    " contact INT NOT NULL REFERENCES contact(id), channel TEXT NOT NULL,"
    " mode INT NOT NULL, status INT NOT NULL, pinned INT NOT NULL DEFAULT 0,"
    " assignee INT REFERENCES user(id), team TEXT, opened_at INT NOT NULL,"
    " resolved_at INT, waiting_since INT, snoozed_until INT,"
    " unread INT NOT NULL DEFAULT 0, last_message INT,"
    " last_at INT NOT NULL DEFAULT 0, problems INT NOT NULL DEFAULT 0,"
    " csat_score INT, csat_comment TEXT, csat_asked INT, csat_answered INT,"
    " rev INT NOT NULL DEFAULT 0,"
    " k1 INT AS (1-pinned), k2 INT AS (ifnull(waiting_since,1<<60)),"
    " k3 INT AS (-last_at));"
    "CREATE UNIQUE INDEX conversation_live ON conversation(identity)"
    " WHERE status<>3;"
    "CREATE INDEX conversation_identity ON conversation(identity, number);"
    "CREATE INDEX conversation_contact ON conversation(contact);"
    "CREATE INDEX conversation_open ON conversation(k1,k2,k3,number)"
    " WHERE status<>3;"
    "CREATE INDEX conversation_waiting ON conversation(k1,k2,k3,number)"
    " WHERE mode=1 AND assignee IS NULL AND status<2;"
    "CREATE INDEX conversation_mine ON conversation(assignee,k1,k2,k3,number)"
    " WHERE status<2 AND assignee IS NOT NULL;"
    "CREATE INDEX conversation_resolved ON conversation(k1,k2,k3,number)"
    " WHERE status=3;"
    "CREATE INDEX conversation_problems ON conversation(k1,k2,k3,number)"
    " WHERE problems>0;"
    "CREATE INDEX conversation_snoozed ON conversation(snoozed_until)"
    " WHERE status=2;"
    "CREATE INDEX conversation_csat ON conversation(identity, csat_asked)"
    " WHERE csat_asked IS NOT NULL;"
    "CREATE TABLE conversation_tag(conversation INT NOT NULL,"
    " tag TEXT NOT NULL, PRIMARY KEY(conversation, tag)) WITHOUT ROWID;"
    "CREATE INDEX conversation_tag_tag ON conversation_tag(tag);"

    /* id is the order of arrival; conversation NULL: waits for one to open */
    "CREATE TABLE message(id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE,"
    " conversation INT REFERENCES conversation(number),"
    " identity INT NOT NULL REFERENCES identity(id), contact INT NOT NULL,"
    " at INT NOT NULL, sender INT NOT NULL, author TEXT, type INT NOT NULL,"
    " text TEXT NOT NULL, state INT NOT NULL, via INT, error TEXT,"
    " line_id TEXT, quote_token TEXT, quoted TEXT,"
    " unsent INT NOT NULL DEFAULT 0, edited_at INT, why TEXT, raw TEXT,"
    " media_type TEXT, media_size INT, media_state TEXT, media_url TEXT,"
    " media_name TEXT, rev INT NOT NULL);"
    "CREATE INDEX message_conversation ON message(conversation, at, id);"
    "CREATE INDEX message_contact ON message(contact, at, id);"
    "CREATE INDEX message_line ON message(line_id) WHERE line_id IS NOT NULL;"
    "CREATE INDEX message_waits ON message(identity)"
    " WHERE conversation IS NULL;"
    "CREATE INDEX message_media ON message(id) WHERE media_state='wanted';"

    /* columns in the key's order: SQLite 3.40's quick_check sees NULLs in
     * others */
    "CREATE TABLE reply_token(identity INT NOT NULL, received_at INT NOT NULL,"
    " token TEXT NOT NULL, PRIMARY KEY(identity, received_at, token))"
    " WITHOUT ROWID;"

    /* What is still to be sent: a row a message. state 0 waits, 1 is in the
     * request, 2 is held, 3 ended badly (failed, unconfirmed). */
    "CREATE TABLE outbox(id INTEGER PRIMARY KEY, message INT NOT NULL UNIQUE"
    " REFERENCES message(id), identity INT NOT NULL, payload TEXT NOT NULL,"
    " state INT NOT NULL DEFAULT 0, push_ok INT NOT NULL DEFAULT 0,"
    " request INT);"
    "CREATE INDEX outbox_waits ON outbox(identity, id) WHERE state=0;"
    "CREATE INDEX outbox_held ON outbox(identity) WHERE state=2;"
    "CREATE INDEX outbox_undecided ON outbox(message) WHERE state>=2;"
    "CREATE INDEX outbox_request ON outbox(request) WHERE request IS NOT NULL;"
    /* One request to LINE, its bytes and its key fixed before the first
     * attempt. state 0 is ready at next_at, 1 is on the wire. */
    "CREATE TABLE request(id INTEGER PRIMARY KEY, identity INT NOT NULL"
    " UNIQUE, channel TEXT NOT NULL, via INT NOT NULL, retry_key TEXT NOT"
    " NULL, body TEXT NOT NULL, token_at INT, state INT NOT NULL,"
    " attempts INT NOT NULL, first_at INT NOT NULL, next_at INT NOT NULL,"
    " unknown INT NOT NULL DEFAULT 0);"
    "CREATE INDEX request_due ON request(state, next_at);"

    /* Everything that happened, for ever: ids and numbers, never text. */
    "CREATE TABLE feed(seq INTEGER PRIMARY KEY, at INT NOT NULL,"
    " kind TEXT NOT NULL, conversation INT, message INT, contact INT,"
    " actor TEXT, why TEXT);"

    "CREATE TABLE canned(name TEXT PRIMARY KEY, text TEXT NOT NULL)"
    " WITHOUT ROWID;";

/* What search looks in (search.h): the folded text of messages 1..search_upto,
 * kept by act_search.c; no column is stored, only which rows have a token. */
static const char schema_2[] =
    "CREATE VIRTUAL TABLE search USING fts5(text, content='',"
    " detail=none, columnsize=0, tokenize='" SEARCH_TOKENIZER "');"
    "INSERT INTO meta VALUES('search_upto',0);";

/* Codes by which colleagues join: one an account. */
static const char schema_3[] =
    "CREATE TABLE invite(hash BLOB PRIMARY KEY, user INT NOT NULL UNIQUE"
    " REFERENCES user(id), expires_at INT NOT NULL) WITHOUT ROWID;";

/* Canned replies of one's own (owner: a user's name, "" the team), and what
 * they are found by; tags one a line. */
static const char schema_4[] =
    "CREATE TABLE canned_new(owner TEXT NOT NULL, name TEXT NOT NULL,"
    " text TEXT NOT NULL, reading TEXT, tags TEXT,"
    " PRIMARY KEY(owner,name)) WITHOUT ROWID;"
    "INSERT INTO canned_new(owner,name,text)"
    " SELECT '',name,text FROM canned;"
    "DROP TABLE canned;"
    "ALTER TABLE canned_new RENAME TO canned;";

/* rules.conf: what an identity is in the middle of (rules_state.h) and when its
 * questionnaire runs out; what contacts answered, and in which message; where
 * people have answered and nobody wrote since. */
static const char schema_5[] =
    "CREATE TABLE bot_state(identity INTEGER PRIMARY KEY REFERENCES"
    " identity(id), due_at INT, state TEXT NOT NULL);"
    "CREATE INDEX bot_state_due ON bot_state(due_at) WHERE due_at IS NOT NULL;"
    "CREATE TABLE contact_field(contact INT NOT NULL REFERENCES contact(id),"
    " name TEXT NOT NULL, value TEXT NOT NULL, message INT, at INT NOT NULL,"
    " PRIMARY KEY(contact, name)) WITHOUT ROWID;"
    "CREATE INDEX conversation_silent ON conversation(last_at)"
    " WHERE mode=1 AND status<2 AND waiting_since IS NULL;";
/* What the bot decided about a customer's message, for `why`, reports and
 * learning: no text of theirs. A row a message; outcome and judged as
 * decision.h has them; data is its JSON. A lesson is what a message would teach
 * (faq NULL: nothing that a FAQ knows); state 0 is not yet reviewed, 1 taken,
 * 2 dropped. */
static const char schema_6[] =
    "CREATE TABLE decision(message INTEGER PRIMARY KEY REFERENCES"
    " message(id), conversation INT NOT NULL, at INT NOT NULL,"
    " outcome INT NOT NULL, rule TEXT, faq TEXT, why TEXT NOT NULL,"
    " data TEXT NOT NULL, judged INT, judged_by TEXT, judged_faq TEXT);"
    "CREATE INDEX decision_conversation ON decision(conversation, message);"
    "CREATE INDEX decision_at ON decision(at);"
    "CREATE TABLE lesson(message INTEGER PRIMARY KEY REFERENCES message(id),"
    " channel TEXT NOT NULL, faq TEXT, source TEXT NOT NULL, actor TEXT,"
    " at INT NOT NULL, state INT NOT NULL DEFAULT 0);"
    "CREATE INDEX lesson_state ON lesson(channel, state);";

/* Files of ours, kept under state_dir/files by id, and reached by customers
 * under their token. message NULL: not sent yet. ticket: of the page that took
 * it. send_at: a reply that leaves later; cost: what it took of the quota. */
static const char schema_7[] =
    "CREATE TABLE file(id TEXT PRIMARY KEY, token TEXT NOT NULL UNIQUE,"
    " base TEXT NOT NULL, name TEXT NOT NULL, kind INT NOT NULL,"
    " type TEXT NOT NULL, size INT NOT NULL, preview INT NOT NULL,"
    " width INT NOT NULL, height INT NOT NULL, duration INT NOT NULL,"
    " note TEXT, made_at INT NOT NULL, made_by TEXT, conversation INT,"
    " ticket TEXT, message INT REFERENCES message(id), gone_at INT)"
    " WITHOUT ROWID;"
    "CREATE INDEX file_message ON file(message) WHERE message IS NOT NULL;"
    "CREATE INDEX file_ticket ON file(ticket) WHERE ticket IS NOT NULL;"
    "CREATE INDEX file_kept ON file(made_at) WHERE gone_at IS NULL;"
    "ALTER TABLE outbox ADD COLUMN send_at INT;"
    "CREATE INDEX outbox_later ON outbox(send_at) WHERE send_at IS NOT NULL;"
    "ALTER TABLE message ADD COLUMN cost INT;";

/* What conversations cost, found without their threads. */
static const char schema_8[] =
    "CREATE INDEX message_cost ON message(conversation, cost)"
    " WHERE cost IS NOT NULL;";

/* New friends whose greeting waits for the name that LINE has of them. */
static const char schema_9[] =
    "CREATE TABLE greeting(identity INTEGER PRIMARY KEY REFERENCES"
    " identity(id), due_at INT NOT NULL);"
    "CREATE INDEX greeting_due ON greeting(due_at);";

/* Surveys that follow by themselves (act_survey.c). */
static const char schema_10[] =
    "CREATE TABLE survey(conversation INTEGER PRIMARY KEY REFERENCES"
    " conversation(number), due_at INT NOT NULL);"
    "CREATE INDEX survey_due ON survey(due_at);";

/* Messages that an adviser is asked about, and what then was to be known of
 * them: the bot's decision waits for it, until due_at. */
static const char schema_11[] =
    "CREATE TABLE asked(message INTEGER PRIMARY KEY REFERENCES message(id),"
    " conversation INT NOT NULL, due_at INT NOT NULL, opened INT NOT NULL);";

static const char *const schema_migrations[] = {schema_1, schema_2, schema_3,
    schema_4, schema_5, schema_6, schema_7, schema_8, schema_9, schema_10,
    schema_11};

enum {
	SCHEMA_NEWEST = sizeof(schema_migrations) / sizeof(char *),
	COPIES_MAX = 100
};

/* Before the first step; what follows it is new. A copy that is there already,
 * of a try that was cut off or of a store that stood here before, stays. */
static int
schema_keep(struct sql *db, const char *path, int64_t version, struct err *e)
{
	char *copy = x_sprintf("%s.before-v%d", path, (int)version + 1);
	struct err why = {0};
	int rv = sql_backup(db, copy, &why);

	for (int i = 2; rv == -1 && why.code == ERR_CONFLICT && i < COPIES_MAX;
	     i++) {
		x_free(copy);
		copy = x_sprintf("%s.before-v%d.%d", path, (int)version + 1, i);
		rv = sql_backup(db, copy, &why);
	}
	if (rv == 0)
		log_info("store: kept a copy at %s before migrating", copy);
	else
		err_set(e, why.code, "%s", why.msg);
	x_free(copy);
	return rv;
}

static int
schema_step(struct sql *db, int64_t version, struct err *e)
{
	char *set;

	sql_script(db, "BEGIN IMMEDIATE");
	sql_script(db, schema_migrations[version]);
	set = x_sprintf("PRAGMA user_version=%d", (int)version + 1);
	sql_script(db, set);
	x_free(set);
	sql_script(db, "COMMIT");
	return sql_err(db, e);
}

/* keep: its copy, before anything is changed; NULL: none. */
static int
schema_steps(const char *path,
    int (*keep)(struct sql *, const char *, int64_t, struct err *),
    struct err *e)
{
	struct sql *db;
	int64_t version;
	int rv = 0;

	if ((db = sql_open(path, 0, e)) == NULL)
		return -1;
	chmod(path, 0600);
	version = sql_get_int(db, -1, "PRAGMA user_version", "");
	if (version > SCHEMA_NEWEST)
		rv = err_set(e, ERR_FAILED,
		    "%s was written by a newer madod (version %d of the store,"
		    " this one knows %d)",
		    path, (int)version, SCHEMA_NEWEST);
	if (rv == 0 && keep != NULL && version > 0 && version < SCHEMA_NEWEST)
		rv = keep(db, path, version, e);
	while (rv == 0 && version < SCHEMA_NEWEST)
		rv = schema_step(db, version++, e);
	sql_close(db);
	return rv;
}

int
schema_migrate(const char *path, struct err *e)
{
	return schema_steps(path, schema_keep, e);
}

int
schema_migrate_copy(const char *path, struct err *e)
{
	return schema_steps(path, NULL, e);
}
