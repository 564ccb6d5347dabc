/*
 * One line per event on stderr: time, level, text. Never message text,
 * tokens, or whole phone numbers; control characters become "?".
 */
#ifndef MADO_LOG_H
#define MADO_LOG_H

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/* The name that starts every line ("madod"), and the least level shown. */
void log_init(const char *name, enum log_level least);
/* Safe from any thread; a line is one write(2). */
void log_line(enum log_level level, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
#define log_debug(...) log_line(LOG_DEBUG, __VA_ARGS__)
#define log_info(...)  log_line(LOG_INFO, __VA_ARGS__)
#define log_warn(...)  log_line(LOG_WARN, __VA_ARGS__)
#define log_error(...) log_line(LOG_ERROR, __VA_ARGS__)

#endif
