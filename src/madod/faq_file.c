/*
 * A model as a file: a head with magic, version, size and checksum, then the
 * parts, each from a multiple of 8 bytes on, as this kind of machine holds
 * them. A file that is not exactly what was written is refused. It is read,
 * not mapped: who copies over it must not be able to end madod. Called by
 * faq_compile.c and faq.c.
 */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "faq_model.h"

enum { FILE_VERSION = 2, ALIGN = 8 };
#define FILE_MAX_B (UINT64_C(4) << 30)

enum {
#define X(name, type) PART_##name,
	FAQ_PARTS(X)
#undef X
	    N_PARTS
};

struct file_head {
	char magic[8];
	uint32_t version, order; /* ORDER as this machine writes it */
	uint64_t size, sum;      /* of the whole; of what follows the head */
	struct faq_head head;
	uint64_t n[N_PARTS];
};

static const char MAGIC[8] = {'M', 'A', 'D', 'O', 'F', 'A', 'Q', '\n'};
#define ORDER 0x01020304u

static uint64_t
checksum(const char *p, size_t n)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325), w;

	for (; n >= sizeof(w); p += sizeof(w), n -= sizeof(w)) {
		memcpy(&w, p, sizeof(w));
		h = (h ^ w) * UINT64_C(0x9e3779b97f4a7c15);
		h ^= h >> 29;
	}
	return h;
}

static size_t
padded(size_t n)
{
	return (n + ALIGN - 1) / ALIGN * ALIGN;
}

static void
add_part(struct buf *b, const void *p, size_t n)
{
	static const char zero[ALIGN];

	if (n > 0)
		buf_add(b, p, n);
	buf_add(b, zero, padded(b->n) - b->n);
}

int
faq_model_write(const struct faq_model *m, const char *path, struct err *e)
{
	struct file_head h = {
	    .version = FILE_VERSION, .order = ORDER, .head = m->head};
	struct buf b = {0};
	size_t total = padded(sizeof(h)) + N_PARTS * ALIGN;
	int rv;

	memcpy(h.magic, MAGIC, sizeof(MAGIC));
#define X(name, type) total += m->n_##name * sizeof(type);
	FAQ_PARTS(X)
#undef X
	if (total > FILE_MAX_B)
		return err_set(e, ERR_TOOBIG,
		    "%s: the model would have %zu MiB", path, total >> 20);
	buf_room(&b, total);
	add_part(&b, &h, sizeof(h));
#define X(name, type)                   \
	h.n[PART_##name] = m->n_##name; \
	add_part(&b, m->name, m->n_##name * sizeof(type));
	FAQ_PARTS(X)
#undef X
	h.size = b.n;
	/* the head's own sum is over everything but size and sum */
	memcpy(b.p, &h, sizeof(h));
	h.sum = checksum(b.p, b.n);
	memcpy(b.p, &h, sizeof(h));
	rv = file_write(path, b.p, b.n, 0600, e);
	buf_free(&b);
	return rv;
}

/* --- reading: what the sum cannot promise is checked too, so that no file
 * makes us read outside of it */

static bool
offsets_ok(const uint32_t *off, size_t n, size_t most)
{
	if (n == 0 || off[0] != 0 || off[n - 1] != most)
		return false;
	for (size_t i = 1; i < n; i++)
		if (off[i] < off[i - 1])
			return false;
	return true;
}

/* Each below most, or FAQ_NONE where that may be. */
static bool
below(const uint32_t *v, size_t n, size_t most, bool none)
{
	for (size_t i = 0; i < n; i++)
		if (v[i] >= most && !(none && v[i] == FAQ_NONE))
			return false;
	return true;
}

static bool
texts_ok(const struct faq_model *m)
{
	if (m->n_row != m->head.n_faq || m->n_by_id != m->n_row ||
	    m->n_text == 0 || m->text[m->n_text - 1] != '\0' ||
	    !below(m->by_id, m->n_by_id, m->n_row, false))
		return false;
	for (size_t i = 0; i < m->n_row; i++)
		if (m->row[i].id >= m->n_text ||
		    m->row[i].question >= m->n_text ||
		    m->row[i].answer >= m->n_text ||
		    m->row[i].beside >= m->n_text)
			return false;
	for (size_t i = 0; i < m->n_unit; i++)
		if (m->unit[i].faq != FAQ_NONE && m->unit[i].faq >= m->n_row)
			return false;
	return m->n_unit == m->head.n_unit;
}

static bool
grams_ok(const struct faq_model *m)
{
	if (m->n_idf != m->n_gram || m->n_near_off != m->n_gram + 1 ||
	    !offsets_ok(m->near_off, m->n_near_off, m->n_near))
		return false;
	for (size_t i = 0; i < m->n_near; i++)
		if (m->near[i] >> FAQ_WEIGHT_BITS >= m->n_unit)
			return false;
	return true;
}

static bool
classes_ok(const struct faq_model *m)
{
	size_t rows = m->n_class_scale, stride = m->head.stride;

	if (m->n_class_faq != m->head.n_class || m->n_faq_class != m->n_row ||
	    !below(m->class_faq, m->n_class_faq, m->n_row, false) ||
	    !below(m->faq_class, m->n_faq_class, m->head.n_class, true))
		return false;
	if (m->n_class_w == 0)
		return true;
	return stride % FAQ_LANES == 0 && stride >= m->head.n_class &&
	    m->n_class_w == rows * stride && m->n_class_row == m->n_gram &&
	    below(m->class_row, m->n_class_row, rows, true);
}

static bool
tokens_ok(const struct faq_model *m)
{
	if (m->n_token_idf != m->n_word || m->n_token_off != m->n_word + 1 ||
	    !offsets_ok(m->token_off, m->n_token_off, m->n_token))
		return false;
	for (size_t i = 0; i < m->n_token; i++)
		if (m->token[i].unit >= m->n_unit ||
		    m->unit[m->token[i].unit].faq == FAQ_NONE)
			return false;
	return true;
}

static bool
head_ok(const struct file_head *h, size_t n)
{
	return memcmp(h->magic, MAGIC, sizeof(MAGIC)) == 0 &&
	    h->order == ORDER && h->version == FILE_VERSION && h->size == n &&
	    h->head.n_unit < 1u << 20 && h->head.stride < 1u << 20;
}

/* The parts' places in the blob; false when they are not all in it. */
static bool
place(struct faq_model *m, const struct file_head *h, size_t n)
{
	size_t at = padded(sizeof(*h));

#define X(field, type)                                                 \
	if (h->n[PART_##field] > (n - at) / sizeof(type))              \
		return false;                                          \
	m->field = (const type *)(const void *)((char *)m->blob + at); \
	m->n_##field = (size_t)h->n[PART_##field];                     \
	at += padded(m->n_##field * sizeof(type));                     \
	if (at > n)                                                    \
		return false;
	FAQ_PARTS(X)
#undef X
	return at == n;
}

int
faq_model_parse(struct faq_model *m, const char *name, const void *p, size_t n,
    struct err *e)
{
	struct file_head h, bare;

	*m = (struct faq_model){0};
	if (n < padded(sizeof(h)) || n % ALIGN != 0)
		return err_set(
		    e, ERR_FAILED, "%s: no FAQ model, or a part of one", name);
	memcpy(&h, p, sizeof(h));
	if (!head_ok(&h, n))
		return err_set(e, ERR_FAILED,
		    "%s: no FAQ model of this version, or a part of one: "
		    "import anew",
		    name);
	m->blob = x_memdup(p, n);
	m->head = h.head;
	bare = h;
	bare.sum = 0;
	memcpy(m->blob, &bare, sizeof(bare));
	if (checksum(m->blob, n) != h.sum || !place(m, &h, n) || !texts_ok(m) ||
	    !grams_ok(m) || !classes_ok(m) || !tokens_ok(m)) {
		faq_model_free(m);
		return err_set(
		    e, ERR_FAILED, "%s: damaged: import the FAQs anew", name);
	}
	return 0;
}

int
faq_model_read(struct faq_model *m, const char *path, struct err *e)
{
	struct buf b = {0};
	int rv = buf_read_file(&b, path, FILE_MAX_B, e);

	if (rv == 0)
		rv = faq_model_parse(m, path, b.p, b.n, e);
	buf_free(&b);
	return rv;
}

void
faq_model_free(struct faq_model *m)
{
#define X(name, type)        \
	if (m->blob == NULL) \
		x_free((void *)m->name);
	FAQ_PARTS(X)
#undef X
	x_free(m->blob);
	*m = (struct faq_model){0};
}
