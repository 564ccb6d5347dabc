/*
 * Any bytes as keys.conf: what is bound can be found again by its keys. The
 * same bytes from a terminal, in pieces: events that end, paste that holds no
 * more than was sent.
 */
#include <string.h>

#include "../../src/mado/input.c"
#include "../../src/mado/keys.c"
#include "../../src/mado/words.c"
#include "file.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void
check_names(const struct keys *k)
{
	int32_t seq[KEYS_SEQ_MAX];
	struct buf name = {0};

	for (size_t i = 0; i < k->n; i++) {
		buf_reset(&name);
		keys_name(&name, k->v[i].seq, k->v[i].n);
		if (keys_parse(buf_str(&name), seq, NULL) != k->v[i].n)
			abort();
	}
	buf_free(&name);
}

static void
read_conf(const uint8_t *p, size_t n)
{
	struct keys k = {0};
	struct err e = {0};
	char path[32];
	int fd = fuzz_file(p, n, path);

	keys_init(&k, n % 2 == 1);
	if (keys_read(&k, path, &e) == -1 && e.msg[0] == '\0')
		abort();
	check_names(&k);
	keys_free(&k);
	close(fd);
}

static void
read_events(struct input *in, bool flush, size_t n)
{
	struct input_event ev;

	for (size_t i = 0; input_next(in, flush, &ev); i++) {
		if (i > n || ev.n > n)
			abort();
		if (ev.kind == INPUT_KEY)
			keys_fold(ev.key);
	}
}

static void
read_terminal(const uint8_t *p, size_t n)
{
	struct input in = {0};
	size_t piece = n > 0 ? 1 + p[0] % 7 : 1, len;

	for (size_t i = 0; i < n; i += len) {
		len = n - i < piece ? n - i : piece;
		input_feed(&in, p + i, len);
		read_events(&in, i % 3 == 0, n);
	}
	read_events(&in, true, n);
	input_free(&in);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	read_conf(p, n);
	read_terminal(p, n);
	return 0;
}
