/*
 * The words of the script as webhook events: one table row a word, with the
 * builder of its message. Decides nothing: actor.c and control.c do.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mado/buf.h>
#include <mado/json.h>
#include <mado/mem.h>
#include <mado/when.h>

#include "act.h"

enum {
	WIDTH = 640, /* of a picture when not said */
	HEIGHT = 480,
	SIDE_MAX = 4000,
	FILE_DEFAULT_B = 2048,
	FILE_MAX_B = 50 << 20,
	IMAGES_MAX = 20,
	VIDEO_B_S = 50 * 1000, /* bytes a second */
	AUDIO_B_S = 4 * 1000,
	MEDIA_MAX_B = 8 << 20,
	LONG_S = 60 /* from here on content is prepared first (202) */
};

/* Everything a builder needs, and what it makes. */
struct making {
	struct sim *s;
	const struct place *p;
	const char *args;
	struct media_item *media;
	struct event_ids *ids;
	struct err *e;
};

struct act {
	enum step_op op;
	const char *word;                    /* under /sim/say */
	cJSON *(*message)(struct making *m); /* NULL: see do_ */
	int (*do_)(struct making *m);
};

static cJSON *
message_new(const char *type)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddStringToObject(o, "type", type);
	return o;
}

static void
add_provider(cJSON *o)
{
	cJSON *provider = cJSON_AddObjectToObject(o, "contentProvider");

	cJSON_AddStringToObject(provider, "type", "line");
}

static struct media_item *
media_new(enum media_kind kind)
{
	struct media_item *i = x_new(struct media_item);

	i->kind = kind;
	return i;
}

static cJSON *
make_text(struct making *m)
{
	cJSON *o = message_new("text");

	cJSON_AddStringToObject(o, "text", m->args);
	return o;
}

/* "A, B, C" as an array. */
static cJSON *
keywords(const char *s)
{
	cJSON *a = cJSON_CreateArray();
	size_t n;
	char *word;

	while (*s != '\0') {
		s += strspn(s, " ,");
		n = strcspn(s, ",");
		if (n == 0)
			break;
		word = x_strndup(s, n);
		cJSON_AddItemToArray(a, cJSON_CreateString(word));
		x_free(word);
		s += n;
	}
	return a;
}

static cJSON *
make_sticker(struct making *m)
{
	char package[16], sticker[16];
	int used = 0;
	cJSON *o;

	if (sscanf(m->args, "%15s %15s %n", package, sticker, &used) < 2) {
		err_set(m->e, ERR_INVALID,
		    "a sticker is PACKAGE STICKER [KEYWORD, ..]");
		return NULL;
	}
	o = message_new("sticker");
	cJSON_AddStringToObject(o, "packageId", package);
	cJSON_AddStringToObject(o, "stickerId", sticker);
	cJSON_AddStringToObject(o, "stickerResourceType", "STATIC");
	if (m->args[used] != '\0')
		cJSON_AddItemToObject(o, "keywords", keywords(m->args + used));
	return o;
}

/*
 * A file beside the script and below. Nothing else of this machine: whoever
 * reaches the port could ask for it.
 */
static char *
beside_script(struct making *m)
{
	const char *script = m->s->opts.script, *slash;

	if (script == NULL || m->args[0] == '/' ||
	    strstr(m->args, "..") != NULL) {
		err_set(m->e, ERR_INVALID,
		    "a picture is WIDTHxHEIGHT or a file beside the script");
		return NULL;
	}
	if ((slash = strrchr(script, '/')) == NULL)
		return x_strdup(m->args);
	return x_sprintf("%.*s/%s", (int)(slash - script), script, m->args);
}

static int
side(int v, int fallback)
{
	return v >= 1 && v <= SIDE_MAX ? v : fallback;
}

static cJSON *
make_image(struct making *m)
{
	int width = 0, height = 0;
	char *file = NULL;
	cJSON *o;

	if (sscanf(m->args, "%dx%d", &width, &height) != 2 &&
	    m->args[0] != '\0' && (file = beside_script(m)) == NULL)
		return NULL;
	m->media = media_new(MEDIA_IMAGE);
	m->media->width = side(width, WIDTH);
	m->media->height = side(height, HEIGHT);
	m->media->file = file;
	o = message_new("image");
	add_provider(o);
	return o;
}

static cJSON *
make_timed(
    struct making *m, const char *type, enum media_kind kind, int64_t bytes_s)
{
	struct media_item *i = media_new(kind);
	cJSON *o = message_new(type);
	int64_t seconds = atoll(m->args);

	if (seconds < 1)
		seconds = 1;
	i->size_b = seconds * bytes_s;
	if (i->size_b > MEDIA_MAX_B)
		i->size_b = MEDIA_MAX_B;
	if (seconds >= LONG_S)
		i->ready_ms = when_now_ms() + m->s->opts.prepare_ms;
	cJSON_AddNumberToObject(o, "duration", (double)(seconds * 1000));
	add_provider(o);
	m->media = i;
	return o;
}

static cJSON *
make_video(struct making *m)
{
	return make_timed(m, "video", MEDIA_VIDEO, VIDEO_B_S);
}

static cJSON *
make_audio(struct making *m)
{
	return make_timed(m, "audio", MEDIA_AUDIO, AUDIO_B_S);
}

/* NAME [BYTES]; the name may hold spaces when no number follows it. */
static cJSON *
make_file(struct making *m)
{
	struct media_item *i;
	const char *space = strrchr(m->args, ' ');
	size_t n = strlen(m->args);
	char *name;
	cJSON *o;

	if (n == 0) {
		err_set(m->e, ERR_INVALID, "a file is NAME [BYTES]");
		return NULL;
	}
	i = media_new(MEDIA_FILE);
	i->size_b = FILE_DEFAULT_B;
	if (space != NULL && isdigit((unsigned char)space[1])) {
		i->size_b = atoll(space + 1);
		n = (size_t)(space - m->args);
	}
	if (i->size_b > FILE_MAX_B)
		i->size_b = FILE_MAX_B;
	name = x_strndup(m->args, n);
	o = message_new("file");
	cJSON_AddStringToObject(o, "fileName", name);
	cJSON_AddNumberToObject(o, "fileSize", (double)i->size_b);
	x_free(name);
	m->media = i;
	return o;
}

/* LATITUDE LONGITUDE [TITLE | ADDRESS] */
static cJSON *
make_location(struct making *m)
{
	double latitude, longitude;
	const char *bar;
	char *title;
	int used = 0;
	cJSON *o;

	if (sscanf(m->args, "%lf %lf %n", &latitude, &longitude, &used) < 2) {
		err_set(m->e, ERR_INVALID,
		    "a location is LATITUDE LONGITUDE [TITLE | ADDRESS]");
		return NULL;
	}
	o = message_new("location");
	bar = strchr(m->args + used, '|');
	if (bar != NULL) {
		title = x_strndup(
		    m->args + used, (size_t)(bar - m->args) - (size_t)used);
		cJSON_AddStringToObject(o, "title", title);
		cJSON_AddStringToObject(
		    o, "address", bar + 1 + strspn(bar + 1, " "));
		x_free(title);
	} else if (m->args[used] != '\0') {
		cJSON_AddStringToObject(o, "title", m->args + used);
	}
	cJSON_AddNumberToObject(o, "latitude", latitude);
	cJSON_AddNumberToObject(o, "longitude", longitude);
	return o;
}

/* A message object as it is, from /sim/say. */
static cJSON *
make_raw(struct making *m)
{
	return json_parse(m->args, strlen(m->args), m->e);
}

/* A set of pictures: as many webhooks. */
static int
do_images(struct making *m)
{
	char set[MESSAGE_ID_B];
	int total = atoi(m->args), i;
	cJSON *o, *image_set;
	struct making one = *m;

	if (total < 1 || total > IMAGES_MAX)
		return err_set(
		    m->e, ERR_INVALID, "images: 1 to %d", IMAGES_MAX);
	sim_message_id(m->s, set);
	one.args = "";
	for (i = 1; i <= total; i++) {
		o = make_image(&one);
		image_set = cJSON_AddObjectToObject(o, "imageSet");
		cJSON_AddStringToObject(image_set, "id", set);
		cJSON_AddNumberToObject(image_set, "index", i);
		cJSON_AddNumberToObject(image_set, "total", total);
		events_message(m->s, m->p, o, one.media, m->ids);
	}
	return 0;
}

static int
do_postback(struct making *m)
{
	events_postback(m->s, m->p, m->args, NULL, m->ids);
	return 0;
}

static int
do_event(struct making *m)
{
	cJSON *o = json_parse(m->args, strlen(m->args), m->e);

	if (o == NULL)
		return -1;
	if (!cJSON_IsObject(o)) {
		cJSON_Delete(o);
		return err_set(m->e, ERR_INVALID, "an event is an object");
	}
	events_send(m->s, m->p, o, m->ids);
	return 0;
}

static const struct act acts[] = {
    {STEP_SAY, "text", make_text, NULL},
    {STEP_STICKER, "sticker", make_sticker, NULL},
    {STEP_IMAGE, "image", make_image, NULL},
    {STEP_IMAGES, "images", NULL, do_images},
    {STEP_VIDEO, "video", make_video, NULL},
    {STEP_AUDIO, "audio", make_audio, NULL},
    {STEP_FILE, "file", make_file, NULL},
    {STEP_LOCATION, "location", make_location, NULL},
    {STEP_POSTBACK, "postback", NULL, do_postback},
    {STEP_EVENT, "event", NULL, do_event},
    {STEP_AGAIN, "message", make_raw, NULL}, /* no step makes it */
};

const struct act *
act_of_step(enum step_op op)
{
	size_t i;

	for (i = 0; i < sizeof(acts) / sizeof(acts[0]) - 1; i++)
		if (acts[i].op == op)
			return &acts[i];
	return NULL;
}

const struct act *
act_of_word(const char *word)
{
	size_t i;

	for (i = 0; i < sizeof(acts) / sizeof(acts[0]); i++)
		if (strcmp(acts[i].word, word) == 0)
			return &acts[i];
	return NULL;
}

int
act_do(struct sim *s, const struct place *p, const struct act *act,
    const char *args, struct event_ids *ids, struct err *e)
{
	struct making m = {.s = s, .p = p, .args = args, .ids = ids, .e = e};
	cJSON *message;

	*ids = (struct event_ids){0};
	if (p->where == NULL && p->who->blocked)
		return err_set(e, ERR_CONFLICT,
		    "%s has blocked the account and cannot write",
		    p->who->name);
	if (act->do_ != NULL)
		return act->do_(&m);
	if ((message = act->message(&m)) == NULL)
		return -1;
	events_message(s, p, message, m.media, ids);
	return 0;
}
