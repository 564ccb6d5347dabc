/*
 * What falls due by itself: snoozes, scheduled replies, questionnaires,
 * greetings, surveys, silence.
 */
#ifndef MADOD_SERVE_JOBS_H
#define MADOD_SERVE_JOBS_H

#include "madod.h"

/* What is due now, and when to look again: m->jobs is set. Before anything
 * else, and before anything is sent: what was on the wire when the last madod
 * ended. arg: struct madod */
void serve_jobs(void *arg);
/* What resolving sets off on each channel, as acts are given it: struct
 * survey_in. Valid until mem is reset. */
void *serve_jobs_surveys(struct madod *m, struct arena *mem);

#endif
