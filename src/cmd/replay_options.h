/*
 * replay_options.h - which schedule replay and minimise are about, and how it
 * is shown.
 */
#ifndef SNAG_CMD_REPLAY_OPTIONS_H
#define SNAG_CMD_REPLAY_OPTIONS_H

#include <argp.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "campaign/rerun.h"
#include "model/schedule.h"

enum { REPLAY_HOST = 1100, REPLAY_COLOR };

struct replay_options {
	const char *host; /* of --host, else the file's */
	const char *color;
	const char *output; /* -o */
};

#define REPLAY_OPTIONS                                                       \
	{"host",                                                             \
	 REPLAY_HOST,                                                        \
	 "PROGRAM",                                                          \
	 0,                                                                  \
	 "Scenario host (default: the file's; of a scenario, the catalogue " \
	 "that came with snag)",                                             \
	 0},                                                                 \
		{"output",                                                   \
		 'o',                                                        \
		 "FILE",                                                     \
		 0,                                                          \
		 "Write the schedule that ran to FILE",                      \
		 0},                                                         \
		{"color",                                                    \
		 REPLAY_COLOR,                                               \
		 "WHEN",                                                     \
		 0,                                                          \
		 "auto, always or never (default: auto, which honours "      \
		 "NO_COLOR)",                                                \
		 0}

bool replay_options_take(int key, char *value, struct replay_options *options,
			 bool *is_good, struct err *err);
/* The file, its host replaced by --host if that is given. */
bool replay_load(const char *path, const struct replay_options *options,
		 struct arena *arena, struct schedule *schedule,
		 struct err *err);
/* Warns on stderr where the program is another build than the schedule's. */
bool replay_is_same_build(struct arena *arena, const struct schedule *s);
/* The schedule that was seen, with places from the trace, for -o; where there
 * is nothing to look for, what it showed becomes that. */
struct schedule replay_schedule(struct arena *arena, const struct schedule *s,
				const struct rerun_seen *seen,
				const struct trace *trace);
/* The outcome, unless it was told, and findings: one line each. */
void replay_print_seen(const struct rerun *rerun, const struct rerun_seen *seen,
		       bool is_outcome_known);
/* An object: the schedule, and what was seen. */
void replay_print_json(const struct rerun *rerun, const struct schedule *ran,
		       const struct rerun_seen *seen, bool is_shown);
void replay_print_trace(const struct trace *trace, const char *subject,
			const struct rerun_seen *seen, const char *color);
/* One line of what a program may have written. */
const char *replay_line(struct arena *arena, const char *text);
/* The text of the turns, cut at about 4,000 bytes. */
const char *replay_text(struct arena *arena, const struct schedule_turn *turns,
			size_t count);

#endif
