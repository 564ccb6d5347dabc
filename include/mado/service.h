/*
 * What a service manager such as systemd gives, listening sockets that outlive
 * the process, and what it wants to know: that the service is ready, reloads,
 * stops, lives. The plain protocols of sd_listen_fds(3) and sd_notify(3).
 * Without a manager nothing is given and nobody is told.
 */
#ifndef MADO_SERVICE_H
#define MADO_SERVICE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * A given socket that listens at host:port, [v6]:port or unix:PATH; -1 when
 * none does. Each is given once. Ownership goes to the caller.
 */
int service_socket(const char *where);
/* Close the given sockets that nobody asked for; how many there were. */
int service_sockets_close(void);
/* Tell the manager, in lines of VARIABLE=VALUE. */
void service_notify(const char *state);
/* How often it wants to hear WATCHDOG=1; 0: never. */
int64_t service_watchdog_ms(void);
/* Something long begins, during which it will hear nothing; or has ended. */
void service_long(bool begins);

#endif
