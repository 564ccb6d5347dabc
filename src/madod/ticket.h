/*
 * Tickets: short signed words in the address of a page, so that whoever holds
 * one may see that one thing, for a while, and nothing is kept of it. 40
 * characters, so that the QR code fits a small terminal.
 */
#ifndef MADOD_TICKET_H
#define MADOD_TICKET_H

#include <stdint.h>

#include <mado/crypto.h>

enum { TICKET_B = 41, TICKET_LIFE_MS = 10 * 60 * 1000 };

enum ticket_kind { TICKET_LOOK = 1, TICKET_UPLOAD = 2 };

struct ticket {
	enum ticket_kind kind;
	int64_t subject; /* a message's row, or a conversation's number */
	int64_t user;    /* who asked for it */
	int64_t expires_ms;
};

void ticket_make(const uint8_t key[CRYPTO_KEY_B], const struct ticket *t,
    char out[TICKET_B]);
/* ERR_NOTFOUND for a forged one, ERR_GONE for one whose time is over. */
int ticket_read(const uint8_t key[CRYPTO_KEY_B], const char *s, int64_t now_ms,
    struct ticket *t, struct err *e);

#endif
