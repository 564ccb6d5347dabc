/*
 * What a file is, by its bytes and not by its name, and how LINE takes it.
 */
#ifndef MADOD_SNIFF_H
#define MADOD_SNIFF_H

#include <stdint.h>

#include <mado/err.h>
#include <mado/model.h>

enum {
	LINE_IMAGE_MAX_B = 10 * 1000 * 1000,
	LINE_PREVIEW_MAX_B = 1000 * 1000,
	LINE_FILM_MAX_B = 200 * 1000 * 1000 /* and sounds */
};

struct sniff {
	int kind;         /* MSG_IMAGE, MSG_VIDEO, MSG_AUDIO; MSG_FILE: LINE
			   * takes it as a link only */
	const char *type; /* to serve it with; static */
	int width_px, height_px; /* of a picture, 0: unknown */
	int64_t duration_ms;     /* of a film or sound, 0: unknown */
	const char *note;        /* what its sender should know, static; NULL */
};

/*
 * Look at the n bytes from `at` of an open file. ERR_INVALID in one sentence
 * when its name says that it is a picture, film or sound and its bytes are
 * none, or when it is a program. Source: LINE, "Image message", "Video
 * message", "Audio message".
 */
int sniff_file(int fd, int64_t at, int64_t n, const char *name, struct sniff *s,
    struct err *e);

#endif
