/* Any bytes as a webhook's body: each event gets a key and a clean line. */
#include <stdlib.h>

#include <mado/crypto.h>
#include <mado/text.h>

#include "../../src/madod/line_decode.c"
#include "../../src/madod/line_message.c"
#include "../../src/madod/line_scan.c"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	cJSON *body = json_parse((const char *)p, n, NULL);
	struct arena *a = arena_new();
	struct line_webhook w;

	line_decode(body, a, &w);
	cJSON_Delete(body);
	for (size_t i = 0; i < w.n; i++) {
		const struct line_event *o = &w.events[i];

		if (o->key[0] == '\0' || o->text[0] == '\0' ||
		    !text_is_utf8(o->text, strlen(o->text)))
			abort();
	}
	arena_free(a);
	return 0;
}
