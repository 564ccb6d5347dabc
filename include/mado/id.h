/* Identifiers. */
#ifndef MADO_ID_H
#define MADO_ID_H

#include <stdbool.h>

enum { ID_UUID_B = 37, ID_ULID_B = 27, ID_TOKEN_B = 44 };

/* Random UUID version 4, lower case, with its NUL. */
void id_uuid(char out[ID_UUID_B]);
/* ULID: 48 bits of time, 80 random; sorts by time of making. */
void id_ulid(char out[ID_ULID_B]);
/* 256 random bits as unpadded base64url. */
void id_token(char out[ID_TOKEN_B]);
/* 8-4-4-4-12 hex digits, either case. */
bool id_is_uuid(const char *s);

#endif
