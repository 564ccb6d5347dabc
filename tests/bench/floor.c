/*
 * floor: the least that a durable webhook costs with the parts that madod is
 * made of: libevent's evhttp, HMAC, cJSON, two rows an event and a group
 * commit with synchronous=FULL, nothing else. What madod does is measured as a
 * share of this.
 *
 *	floor DATABASE SECRET	listens on a free port and says which
 */
#include <arpa/inet.h>
#include <cjson/cJSON.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <pthread.h>
#include <signal.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { BACKLOG = 4096 };

struct job {
	struct evhttp_request *req;
	cJSON *json;
	char *raw;
	int n;
	struct job *next;
};

static const char *secret;
static struct event_base *base;
static int done_fd;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t some = PTHREAD_COND_INITIALIZER;
static struct job *queue, **queue_last = &queue, *done, **done_last = &done;
static sqlite3 *db;
static sqlite3_stmt *put_event, *put_message;

static _Noreturn void
die(const char *why)
{
	fprintf(stderr, "floor: %s\n", why);
	exit(1);
}

/* the writer */

static void
exec(const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		die(sqlite3_errmsg(db));
}

static sqlite3_stmt *
prepare(const char *sql)
{
	sqlite3_stmt *s;

	if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK)
		die(sqlite3_errmsg(db));
	return s;
}

static void
open_store(const char *path)
{
	if (sqlite3_open_v2(path, &db,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
		    SQLITE_OPEN_NOMUTEX,
		NULL) != SQLITE_OK)
		die(path);
	exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
	     "PRAGMA wal_autocheckpoint=4000;"
	     "CREATE TABLE event(seq INTEGER PRIMARY KEY, id TEXT NOT NULL"
	     " UNIQUE, at INT, raw TEXT);"
	     "CREATE TABLE message(seq INTEGER PRIMARY KEY, user TEXT, at INT,"
	     " token TEXT, text TEXT);"
	     "CREATE INDEX message_user ON message(user, seq)");
	put_event = prepare("INSERT INTO event(id,at,raw) VALUES(?1,?2,?3)");
	put_message = prepare(
	    "INSERT INTO message(user,at,token,text) VALUES(?1,?2,?3,?4)");
}

static const char *
member(const cJSON *o, const char *name)
{
	return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(o, name));
}

static void
bind_text(sqlite3_stmt *s, int i, const char *text)
{
	sqlite3_bind_text(s, i, text, -1, SQLITE_STATIC);
}

static void
step(sqlite3_stmt *s)
{
	if (sqlite3_step(s) != SQLITE_DONE)
		die(sqlite3_errmsg(db));
	sqlite3_reset(s);
}

static void
store(const struct job *j)
{
	const cJSON *ev = cJSON_GetArrayItem(
	    cJSON_GetObjectItemCaseSensitive(j->json, "events"), 0);
	const cJSON *msg = cJSON_GetObjectItemCaseSensitive(ev, "message");
	double at = cJSON_GetNumberValue(
	    cJSON_GetObjectItemCaseSensitive(ev, "timestamp"));

	bind_text(put_event, 1, member(ev, "webhookEventId"));
	sqlite3_bind_int64(put_event, 2, (sqlite3_int64)at);
	sqlite3_bind_text(put_event, 3, j->raw, j->n, SQLITE_STATIC);
	step(put_event);
	bind_text(put_message, 1,
	    member(cJSON_GetObjectItemCaseSensitive(ev, "source"), "userId"));
	sqlite3_bind_int64(put_message, 2, (sqlite3_int64)at);
	bind_text(put_message, 3, member(ev, "replyToken"));
	bind_text(put_message, 4, member(msg, "text"));
	step(put_message);
}

static void *
writer(void *arg)
{
	const uint64_t one = 1;
	struct job *batch, **last, *j;

	(void)arg;
	for (;;) {
		pthread_mutex_lock(&lock);
		while (queue == NULL)
			pthread_cond_wait(&some, &lock);
		batch = queue;
		last = queue_last;
		queue = NULL;
		queue_last = &queue;
		pthread_mutex_unlock(&lock);
		exec("BEGIN IMMEDIATE");
		for (j = batch; j != NULL; j = j->next)
			store(j);
		exec("COMMIT");
		pthread_mutex_lock(&lock);
		*done_last = batch;
		done_last = last;
		pthread_mutex_unlock(&lock);
		(void)!write(done_fd, &one, sizeof(one));
	}
	return NULL;
}

/* the loop */

static void
on_done(evutil_socket_t fd, short what, void *arg)
{
	struct job *j, *next;
	uint64_t n;

	(void)what;
	(void)arg;
	(void)!read(fd, &n, sizeof(n));
	pthread_mutex_lock(&lock);
	j = done;
	done = NULL;
	done_last = &done;
	pthread_mutex_unlock(&lock);
	for (; j != NULL; j = next) {
		next = j->next;
		evhttp_send_reply(j->req, 200, "OK", NULL);
		cJSON_Delete(j->json);
		free(j->raw);
		free(j);
	}
}

static int
is_signed(const char *body, size_t n, const char *signature)
{
	unsigned char mac[crypto_auth_hmacsha256_BYTES];
	char text[64];
	crypto_auth_hmacsha256_state st;

	crypto_auth_hmacsha256_init(
	    &st, (const unsigned char *)secret, strlen(secret));
	crypto_auth_hmacsha256_update(&st, (const unsigned char *)body, n);
	crypto_auth_hmacsha256_final(&st, mac);
	sodium_bin2base64(text, sizeof(text), mac, sizeof(mac),
	    sodium_base64_VARIANT_ORIGINAL);
	return signature != NULL && strcmp(text, signature) == 0;
}

static void
on_request(struct evhttp_request *req, void *arg)
{
	struct evbuffer *in = evhttp_request_get_input_buffer(req);
	size_t n = evbuffer_get_length(in);
	struct job *j;

	(void)arg;
	j = calloc(1, sizeof(*j));
	j->req = req;
	j->n = (int)n;
	j->raw = malloc(n + 1);
	evbuffer_remove(in, j->raw, n);
	if (is_signed(j->raw, n,
		evhttp_find_header(
		    evhttp_request_get_input_headers(req), "x-line-signature")))
		j->json = cJSON_ParseWithLength(j->raw, n);
	if (j->json == NULL) {
		evhttp_send_error(req, 400, NULL);
		free(j->raw);
		free(j);
		return;
	}
	pthread_mutex_lock(&lock);
	*queue_last = j;
	queue_last = &j->next;
	pthread_cond_signal(&some);
	pthread_mutex_unlock(&lock);
}

/* evhttp's own socket has a backlog of 128. */
static int
listener(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET,
	    .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
	socklen_t n = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	if (bind(fd, (struct sockaddr *)&at, n) == -1 ||
	    listen(fd, BACKLOG) == -1 ||
	    getsockname(fd, (struct sockaddr *)&at, &n) == -1)
		die("cannot listen");
	fprintf(
	    stderr, "floor: ready http://127.0.0.1:%d\n", ntohs(at.sin_port));
	return fd;
}

int
main(int argc, char **argv)
{
	struct evhttp *http;
	pthread_t t;

	if (argc != 3)
		die("usage: floor DATABASE SECRET");
	signal(SIGPIPE, SIG_IGN);
	secret = argv[2];
	if (sodium_init() == -1)
		die("libsodium does not start");
	open_store(argv[1]);
	base = event_base_new();
	done_fd = eventfd(0, EFD_NONBLOCK);
	event_add(event_new(base, done_fd, EV_READ | EV_PERSIST, on_done, NULL),
	    NULL);
	http = evhttp_new(base);
	evhttp_set_gencb(http, on_request, NULL);
	evhttp_accept_socket(http, listener());
	if (pthread_create(&t, NULL, writer, NULL) != 0)
		die("no thread");
	event_base_dispatch(base);
	return 0;
}
