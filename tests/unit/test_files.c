/*
 * What comes from outside as files and addresses: forms, what files are by
 * their bytes, tickets that were tampered with.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../src/madod/image.c"
#include "../../src/madod/multipart.c"
#include "../../src/madod/sniff.c"
#include "../../src/madod/ticket.c"

static int
file_of(const void *p, size_t n)
{
	int fd = memfd_create("test", 0);

	assert_int_equal(write(fd, p, n), (ssize_t)n);
	return fd;
}

/* --- forms */

static struct multipart_file found[MULTIPART_MAX];

static int
form(const char *type, const char *body, struct arena *a, struct err *e)
{
	int fd = file_of(body, strlen(body)), n;

	n = multipart_read(fd, (int64_t)strlen(body), type, found, a, e);
	close(fd);
	return n;
}

#define TYPE "multipart/form-data; boundary=xyz"
#define PART(name, data)                                                        \
	"--xyz\r\nContent-Disposition: form-data; name=\"f\"; filename=\"" name \
	"\"\r\nContent-Type: text/plain\r\n\r\n" data "\r\n"

static void
forms_have_files(void **state)
{
	const char *body = PART("a.txt", "one") PART("b\\c/d.txt",
	    "two\r\n--xy") "--xyz\r\nContent-Disposition: form-data; name=\"t\"\r\n\r\nno "
			   "file\r\n" PART("empty", "") "--xyz--\r\n";
	struct arena *a = arena_new();

	(void)state;
	assert_int_equal(form(TYPE, body, a, NULL), 2);
	assert_string_equal(found[0].name, "a.txt");
	assert_memory_equal(body + found[0].at, "one", 3);
	assert_int_equal(found[0].n, 3);
	assert_string_equal(found[1].name, "d.txt");
	assert_int_equal(found[1].n, 9);
	assert_int_equal(
	    form("multipart/form-data; boundary=\"xyz\"", body, a, NULL), 2);
	arena_free(a);
}

static void
broken_forms_are_refused(void **state)
{
	static const char *const bodies[] = {"x", "--xyz", "--xyz\r\n",
	    "--xyz\r\nContent-Disposition: x\r\n\r\ncut off",
	    PART("a", "no end")};
	struct arena *a = arena_new();
	struct err e = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
		if (form(TYPE, bodies[i], a, &e) > 1)
			fail_msg("taken: %s", bodies[i]);
	assert_int_equal(form(TYPE, "", a, &e), -1);
	assert_int_equal(form("text/plain", PART("a", "b"), a, &e), -1);
	assert_int_equal(form(NULL, PART("a", "b"), a, &e), -1);
	assert_int_equal(e.code, ERR_INVALID);
	arena_free(a);
}

/* Cut anywhere, a form is refused or gives what lies within it. */
static void
cut_forms_stay_within(void **state)
{
	const char *body = PART("a.txt", "one") PART("b.txt", "two") "--xyz--";
	struct arena *a = arena_new();
	char *cut;
	int n;

	(void)state;
	for (size_t len = 0; len <= strlen(body); len++) {
		cut = x_strndup(body, len);
		n = form(TYPE, cut, a, NULL);
		for (int i = 0; i < n; i++)
			assert_true(found[i].at + found[i].n <= (int64_t)len);
		x_free(cut);
	}
	arena_free(a);
}

/* --- what files are */

static int
look(const char *name, const void *p, size_t n, struct sniff *s, struct err *e)
{
	int fd = file_of(p, n), rv;

	rv = sniff_file(fd, 0, (int64_t)n, name, s, e);
	close(fd);
	return rv;
}

static void
files_are_what_they_hold(void **state)
{
	static const struct {
		const char *name, *bytes;
		size_t n;
		int kind; /* -1: refused */
	} t[] = {
	    {"a.gif", "GIF89a\x0a\0\x0a\0", 10, MSG_FILE},
	    {"a.pdf", "%PDF-1.4", 8, MSG_FILE}, {"a.txt", "hello", 5, MSG_FILE},
	    {"a.jpg", "#!/bin/sh", 9, -1}, {"A.JPG", "hello", 5, -1},
	    {"a.png", "%PDF-1.4", 8, -1}, {"a.mp4", "\xff\xd8\xff\xe0", 4, -1},
	    {"a",
		"\x7f"
		"ELF",
		4, -1},
	    {"a.exe", "MZ\x90", 3, -1}, {".jpg", "hello", 5, MSG_FILE},
	    {"a.mp4",
		"\0\0\0\x10"
		"ftypisom",
		12, MSG_VIDEO},
	    {"a.m4a",
		"\0\0\0\x10"
		"ftypM4A ",
		12, MSG_FILE},                      /* how long? */
	    {"a.jpg", "\xff\xd8\xff", 3, MSG_FILE}, /* cut off */
	};
	struct sniff s;
	struct err e;

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		int rv = look(t[i].name, t[i].bytes, t[i].n, &s, &e);

		if (rv != (t[i].kind == -1 ? -1 : 0) ||
		    (rv == 0 && s.kind != t[i].kind))
			fail_msg("%s, row %zu", t[i].name, i);
	}
	assert_int_equal(look("a", "", 0, &s, &e), -1);
}

/* Boxes whose sizes lie lead nowhere. */
static void
lengths_are_not_believed(void **state)
{
	unsigned char b[200] = "\0\0\0\x10"
			       "ftypisom....";
	struct sniff s;

	(void)state;
	memcpy(b + 16, "\0\0\0\x80moov\0\0\0\x6cmvhd", 16);
	b[16 + 16 + 14] = 0x03; /* 1000 ticks a second */
	b[16 + 16 + 15] = 0xe8;
	b[16 + 16 + 18] = 0x13; /* 5000 of them */
	b[16 + 16 + 19] = 0x88;
	assert_int_equal(look("a.mp4", b, sizeof(b), &s, NULL), 0);
	assert_int_equal(s.duration_ms, 5000);
	for (int i = 0; i < 256; i++) {
		b[16] = (unsigned char)i;
		b[19] = (unsigned char)(255 - i);
		assert_int_equal(look("a.mp4", b, sizeof(b), &s, NULL), 0);
		assert_true(s.duration_ms >= 0);
	}
}

/* A size of 1: the size follows, in 64 bits. */
static void
long_boxes_have_long_heads(void **state)
{
	unsigned char b[200] = "\0\0\0\x10"
			       "ftypisom....";
	struct sniff s;

	(void)state;
	memcpy(b + 16, "\0\0\0\1moov\0\0\0\0\0\0\0\x88\0\0\0\x6cmvhd", 24);
	b[24 + 16 + 14] = 0x03;
	b[24 + 16 + 15] = 0xe8;
	b[24 + 16 + 18] = 0x13;
	b[24 + 16 + 19] = 0x88;
	assert_int_equal(look("a.mp4", b, sizeof(b), &s, NULL), 0);
	assert_int_equal(s.duration_ms, 5000);
	/* cut off within the long size */
	assert_int_equal(look("a.mp4", b, 26, &s, NULL), 0);
	assert_int_equal(s.duration_ms, 0);
}

/* --- tickets */

static void
tickets_cannot_be_changed(void **state)
{
	const uint8_t key[CRYPTO_KEY_B] = {1}, other[CRYPTO_KEY_B] = {2};
	const struct ticket t = {TICKET_UPLOAD, 123456789, 4711, 5000};
	struct ticket got;
	struct err e = {0};
	char s[TICKET_B];

	(void)state;
	ticket_make(key, &t, s);
	assert_int_equal(strlen(s), TICKET_B - 1);
	assert_int_equal(ticket_read(key, s, 4999, &got, &e), 0);
	assert_true(got.kind == t.kind && got.subject == t.subject &&
	    got.user == t.user && got.expires_ms == t.expires_ms);
	assert_int_equal(ticket_read(key, s, 5000, &got, &e), -1);
	assert_int_equal(e.code, ERR_GONE);
	assert_int_equal(ticket_read(other, s, 1, &got, &e), -1);
	assert_int_equal(e.code, ERR_NOTFOUND);
	for (size_t i = 0; i < TICKET_B - 1; i++) {
		char was = s[i];

		s[i] = was == 'A' ? 'B' : 'A';
		assert_int_equal(ticket_read(key, s, 1, &got, &e), -1);
		s[i] = was;
	}
	assert_int_equal(ticket_read(key, "", 1, &got, &e), -1);
	assert_int_equal(ticket_read(key, "short", 1, &got, &e), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(forms_have_files),
	    cmocka_unit_test(broken_forms_are_refused),
	    cmocka_unit_test(cut_forms_stay_within),
	    cmocka_unit_test(files_are_what_they_hold),
	    cmocka_unit_test(lengths_are_not_believed),
	    cmocka_unit_test(long_boxes_have_long_heads),
	    cmocka_unit_test(tickets_cannot_be_changed),
	};

	crypto_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
