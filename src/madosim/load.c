/*
 * Fetching what was sent: see load.h. Source: LINE, "Image message", "Video
 * message", "Audio message".
 */
#include <string.h>

#include <mado/json.h>
#include <mado/mem.h>

#include "load.h"

enum { MB = 1000 * 1000, TIMEOUT_MS = 20 * 1000 };

/* Content that LINE shows, by its first bytes. */
enum content { PICTURE, FILM, SOUND };

static const struct {
	enum content content;
	int at;
	const char *bytes;
	size_t n;
} magics[] = {
    {PICTURE, 0, "\xff\xd8\xff", 3},
    {PICTURE, 0, "\x89PNG", 4},
    {FILM, 4, "ftyp", 4},
    {SOUND, 4, "ftyp", 4},
    {SOUND, 0, "ID3", 3},
    {SOUND, 0, "\xff\xfb", 2},
};

static const struct row {
	const char *type, *property;
	enum content content;
	size_t max_b;
	const char *is, *too_large;
} rows[] = {
    {"image", "originalContentUrl", PICTURE, 10 * MB, "no JPEG or PNG",
	"larger than 10 MB"},
    {"image", "previewImageUrl", PICTURE, 1 * MB, "no JPEG or PNG",
	"larger than 1 MB"},
    {"video", "originalContentUrl", FILM, 200 * MB, "no MP4",
	"larger than 200 MB"},
    {"video", "previewImageUrl", PICTURE, 1 * MB, "no JPEG or PNG",
	"larger than 1 MB"},
    {"audio", "originalContentUrl", SOUND, 200 * MB, "no MP3 or M4A",
	"larger than 200 MB"},
};

struct load {
	const struct row *row;
	cJSON *entry; /* in s->loads */
};

static bool
is_content(enum content content, const char *p, size_t n)
{
	for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++)
		if (magics[i].content == content &&
		    n >= (size_t)magics[i].at + magics[i].n &&
		    memcmp(p + magics[i].at, magics[i].bytes, magics[i].n) == 0)
			return true;
	return false;
}

static const char *
fault_of(const struct load *l, const struct fetch_res *res)
{
	if (res->too_large)
		return l->row->too_large;
	if (res->outcome != FETCH_ANSWERED)
		return res->error;
	if (res->status != 200)
		return "not 200";
	return is_content(l->row->content, res->body, res->n) ? NULL
							      : l->row->is;
}

static void
on_loaded(const struct fetch_res *res, void *arg)
{
	struct load *l = arg;
	const char *fault = fault_of(l, res);

	cJSON_AddNumberToObject(l->entry, "status", res->status);
	cJSON_AddStringToObject(l->entry, "type", res->type);
	cJSON_AddNumberToObject(l->entry, "size", (double)res->n);
	cJSON_AddBoolToObject(l->entry, "ok", fault == NULL);
	if (fault != NULL)
		cJSON_AddStringToObject(l->entry, "error", fault);
	x_free(l);
}

static void
load(struct sim *s, const char *id, const struct row *r, const char *url)
{
	struct load *l = x_new(struct load);
	struct fetch_opts o = {.url = url,
	    .timeout_ms = TIMEOUT_MS,
	    .max_b = r->max_b,
	    .done = on_loaded,
	    .arg = l};

	if (s->loads == NULL)
		s->loads = cJSON_CreateArray();
	l->row = r;
	l->entry = cJSON_CreateObject();
	cJSON_AddStringToObject(l->entry, "message", id);
	cJSON_AddStringToObject(l->entry, "property", r->property);
	cJSON_AddStringToObject(l->entry, "url", url);
	cJSON_AddItemToArray(s->loads, l->entry);
	fetch_start(s->fetch, &o);
}

void
load_message(struct sim *s, const char *id, const cJSON *message)
{
	const char *type = json_str(message, "type", ""), *url;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		url = json_str(message, rows[i].property, NULL);
		if (strcmp(rows[i].type, type) == 0 && url != NULL)
			load(s, id, &rows[i], url);
	}
}

cJSON *
load_json(const struct sim *s)
{
	return s->loads != NULL ? cJSON_Duplicate(s->loads, true)
				: cJSON_CreateArray();
}

void
load_free(struct sim *s)
{
	cJSON_Delete(s->loads);
}
