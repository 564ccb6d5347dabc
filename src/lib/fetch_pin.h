/*
 * The pin of a public key, as curl and RFC 7469 write it. Called by fetch.c.
 */
#ifndef MADO_FETCH_PIN_H
#define MADO_FETCH_PIN_H

#include <stdbool.h>

enum { FETCH_PIN_B = 64 };

/*
 * "sha256//" and the base64 of SHA-256 over the SubjectPublicKeyInfo of a
 * certificate in PEM. False when it is not one.
 */
bool fetch_pin_of(const char *pem, char out[FETCH_PIN_B]);

#endif
