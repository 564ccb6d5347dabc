/*
 * Any bytes as a table, as a question, and as a model whose sum is right:
 * an error or a decision, and nothing read outside.
 */
#include <stdlib.h>
#include <unistd.h>

#include "../unit/faq_all.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static const char shop[] = "hours\t営業時間を教えて\t10時から19時です。\n"
			   "fee\tHow much is shipping?\t5 dollars.\n"
			   "back\tขอคืนสินค้าได้ไหม\tได้ภายใน 7 วัน\n"
			   "pay\t如何付款\t微信支付\n";
static struct buf model; /* of the shop */
static struct faq *faq;

static void
set_up(void)
{
	struct faq_sources in = {.faq = {"faq.tsv", shop, sizeof(shop) - 1}};
	char path[] = "/tmp/mado-fuzz-XXXXXX";
	struct faq_report r;
	struct err e;
	int fd = mkstemp(path);

	if (fd == -1 || faq_compile(&in, path, &r, &e) != 0 ||
	    buf_read_file(&model, path, 1 << 20, &e) != 0 ||
	    (faq = faq_open(path, &e)) == NULL)
		abort();
	close(fd);
	unlink(path);
}

static void
try_table(const char *p, size_t n)
{
	struct faq_source src = {n % 2 == 0 ? "a.csv" : "a.tsv", p, n};
	struct faq_shape shape = {1 + (int)(n % 3), 3};
	struct arena *a = arena_new();
	struct faq_table t = {0};
	struct err e = {0};

	if (faq_table_read(&t, a, &src, shape, &e) == 0)
		for (size_t i = 0; i < t.n; i++)
			if (t.rows[i].line == 0)
				abort();
	faq_table_free(&t);
	arena_free(a);
}

static void
try_ask(struct faq *f, const char *text)
{
	struct faq_verdict v;

	faq_ask(f, text, &v);
	if (!(v.confidence >= 0 && v.confidence <= 1) || v.why == NULL ||
	    v.n > FAQ_PICKS || (v.outcome != FAQ_HANDOFF && v.n == 0))
		abort();
	for (size_t i = 0; i < v.n; i++)
		if (faq_answer(f, v.ids[i]) == NULL)
			abort();
}

/* Pairs of place and value, written over the model. */
static void
try_model(const uint8_t *p, size_t n)
{
	struct file_head h;
	struct faq *f = x_new(struct faq);
	char *copy = x_memdup(model.p, model.n);
	struct faq_verdict v;
	struct err e;

	for (; n >= 3; p += 3, n -= 3) {
		size_t at = (size_t)(p[0] << 8 | p[1]) * 7 % model.n;

		if (at >= 24)
			copy[at] = (char)p[2];
	}
	memcpy(&h, copy, sizeof(h));
	h.size = model.n;
	h.sum = 0;
	memcpy(copy, &h, sizeof(h));
	h.sum = checksum(copy, model.n);
	memcpy(copy, &h, sizeof(h));
	if (faq_model_parse(&f->m, "fuzz", copy, model.n, &e) == 0) {
		faq_scratch_init(&f->s, &f->m);
		faq_ask(f, "営業時間 shipping คืน 付款", &v);
	}
	faq_free(f);
	x_free(copy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct buf text = {0};
	char *s;

	if (faq == NULL)
		set_up();
	if (n == 0)
		return 0;
	try_table((const char *)p, n);
	text_to_utf8(&text, (const char *)p, n);
	s = x_strndup(buf_str(&text), text.n);
	try_ask(faq, s);
	try_model(p, n);
	x_free(s);
	buf_free(&text);
	return 0;
}
