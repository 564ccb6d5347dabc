/* Rereading the config of a desk at work: serve_reload.c. */
#ifndef MADOD_SERVE_RELOAD_H
#define MADOD_SERVE_RELOAD_H

/* A signal's handler; arg is the struct madod. A bad file leaves the old one in
 * force, and is logged. */
void serve_reload(void *arg);

#endif
