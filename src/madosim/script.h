/*
 * The script of customers: who they are and what they do, one word and its
 * rest a line (madosim(1), "SCRIPT"). Pure: text in, tables out.
 */
#ifndef MADOSIM_SCRIPT_H
#define MADOSIM_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <mado/err.h>

/* From min to max, evenly. */
struct span {
	int64_t min_ms, max_ms;
};

/* Several texts of which one is taken by chance. */
struct texts {
	char **v;
	size_t n;
};

enum step_op {
	STEP_SAY,
	STEP_STICKER,  /* PACKAGE STICKER [KEYWORD, ..] */
	STEP_IMAGE,    /* [WIDTHxHEIGHT | FILE] */
	STEP_IMAGES,   /* N: a set of N pictures */
	STEP_VIDEO,    /* SECONDS */
	STEP_AUDIO,    /* SECONDS */
	STEP_FILE,     /* NAME [BYTES] */
	STEP_LOCATION, /* LATITUDE LONGITUDE [TITLE | ADDRESS] */
	STEP_POSTBACK, /* DATA */
	STEP_EVENT,    /* a webhook event's own members as JSON */
	STEP_FOLLOW,
	STEP_UNFOLLOW,
	STEP_UNSEND, /* the last message */
	STEP_TAP,    /* LABEL, or any button of the last message */
	STEP_IN,     /* go to a group's chat; "private": back */
	STEP_WAIT,
	STEP_ANSWER, /* until the account answers, at most `span` */
	STEP_PERSON, /* until something that was not written at once */
	STEP_AGAIN   /* after a pause, from the start or from `begin` */
};

struct nag {
	struct span after;
	char *text;
};

struct step {
	enum step_op op;
	struct texts texts;
	struct span span; /* STEP_WAIT, STEP_AGAIN; limit of STEP_ANSWER and
			   * STEP_PERSON, max 0: none */
	struct nag *nags; /* of STEP_ANSWER and STEP_PERSON */
	size_t nags_n;
	int line;
};

struct customer {
	char *name;
	char *display;
	char *language;
	char *picture;
	char *status;
	bool is_friend;
	int copies;
	struct step *steps;
	size_t n;
	size_t begin;             /* where STEP_AGAIN goes on */
	int stars_min, stars_max; /* of a survey; 0: does not answer it */
	bool types_stars;         /* writes the number rather than tapping */
	struct texts comment;     /* after the stars */
	struct texts otherwise;   /* to an answer that no step waits for */
	int line;
};

struct group {
	char *name;
	char *display;
	char *picture;
	bool room;
};

struct script {
	char *file;
	char *account; /* the account's display name, or NULL */
	struct customer *customers;
	size_t n;
	struct group *groups;
	size_t groups_n;
};

/* NULL with ERR_INVALID "FILE:LINE: .." or ERR_NOTFOUND. Caller frees with
 * script_free(). */
struct script *script_read(const char *path, struct err *e);
struct script *script_parse(
    const char *name, const char *text, size_t n, struct err *e);
void script_free(struct script *s);
/* "5s", "3s..9s", "500ms", "2m", "1h", a bare number is seconds. */
int script_span(const char *text, struct span *out, struct err *e);

#endif
