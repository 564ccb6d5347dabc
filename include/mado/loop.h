/*
 * The event loop: a thin hand on libevent. One per program, on the main
 * thread; other threads only call loop_post().
 */
#ifndef MADO_LOOP_H
#define MADO_LOOP_H

#include <event2/event.h>
#include <stdint.h>

struct loop;

/* Aborts when the system has no more. SIGPIPE is ignored from here on.
 * Caller frees with loop_free(), after its timers. */
struct loop *loop_new(void);
void loop_free(struct loop *l);
struct event_base *loop_base(struct loop *l);
/* Runs until loop_stop(). */
void loop_run(struct loop *l);
/* Handle what is ready, waiting at most wait_ms (0: do not wait), then the
 * idle function. */
void loop_turn(struct loop *l, int64_t wait_ms);
void loop_stop(struct loop *l);
/* Called at the end of every turn that handled something: the one place that
 * paints. NULL to take it away. */
void loop_set_idle(struct loop *l, void (*fn)(void *), void *arg);

typedef void loop_fn(void *arg);

struct timer;
/* A timer, not yet armed. Caller frees with timer_free(). */
struct timer *timer_new(struct loop *l, loop_fn *fn, void *arg);
/* Fire once in ms (replaces an earlier one). */
void timer_set(struct timer *t, int64_t ms);
void timer_clear(struct timer *t);
void timer_free(struct timer *t);

/* fn(arg) on a signal; handlers run in the loop, not in the signal. Freed
 * with the loop. */
void loop_signal(struct loop *l, int signo, loop_fn *fn, void *arg);
struct io;
/* fn(arg) when fd can be read. Freed with the loop, or by io_free(), which
 * fn itself may call; fd stays the caller's. */
struct io *loop_read(struct loop *l, int fd, loop_fn *fn, void *arg);
void io_free(struct io *io);

/* Run fn(arg) on the loop's thread, soon, in order. Safe from any thread. */
void loop_post(struct loop *l, loop_fn *fn, void *arg);

#endif
