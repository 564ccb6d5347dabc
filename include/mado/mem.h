/*
 * Memory: two lifetimes. x_* is malloc that aborts when there is none;
 * an arena is freed whole with the request or page it served.
 */
#ifndef MADO_MEM_H
#define MADO_MEM_H

#include <stdarg.h>
#include <stddef.h>

/* Zeroed. Never NULL. Caller frees with x_free(). */
void *x_calloc(size_t n, size_t size);
#define x_new(type) ((type *)x_calloc(1, sizeof(type)))
/* As realloc; n * size is checked for overflow. Never NULL. */
void *x_realloc(void *p, size_t n, size_t size);
/* Copies; NULL in, NULL out. Caller frees with x_free(). */
char *x_strdup(const char *s);
char *x_strndup(const char *s, size_t n);
void *x_memdup(const void *p, size_t n);
/* Caller frees with x_free(). */
char *x_sprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
char *x_vsprintf(const char *fmt, va_list ap)
    __attribute__((format(printf, 1, 0)));
/* NULL is fine. */
void x_free(void *p);

struct arena;
/* Caller frees with arena_free(). */
struct arena *arena_new(void);
void arena_free(struct arena *a);
/* Forget everything in it, keep its first block. */
void arena_reset(struct arena *a);
/* Zeroed, aligned for any type. Valid until the arena is reset. */
void *arena_calloc(struct arena *a, size_t n, size_t size);
#define arena_new_of(a, type) ((type *)arena_calloc((a), 1, sizeof(type)))
/* Copies; NULL in, NULL out. Valid until the arena is reset. */
char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t n);
char *arena_sprintf(struct arena *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
