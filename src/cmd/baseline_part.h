/*
 * baseline_part.h - what the files of cmd/baseline*.c share; not for others.
 */
#ifndef SNAG_CMD_BASELINE_PART_H
#define SNAG_CMD_BASELINE_PART_H

#include <argp.h>

#include "base/day.h"
#include "cmd/command.h"
#include "model/baseline.h"
#include "model/result.h"
#include "reports/sheet.h"

enum {
	BASELINE_OPT_FILE = 256,
	BASELINE_OPT_REASON,
	BASELINE_OPT_OWNER,
	BASELINE_OPT_LINK,
	BASELINE_OPT_EXPIRES,
	BASELINE_OPT_RESULT,
	BASELINE_SHORT = 12, /* digits of a fingerprint, for people */
};

#define BASELINE_OPTION_FILE                          \
	{"baseline",                                  \
	 BASELINE_OPT_FILE,                           \
	 "FILE",                                      \
	 0,                                           \
	 "The baseline (default: " BASELINE_FILE ")", \
	 0}

#define BASELINE_OPTIONS_OF_ENTRY                                        \
	{"owner", BASELINE_OPT_OWNER, "WHO", 0, "Who deals with it", 0}, \
		{"link",                                                 \
		 BASELINE_OPT_LINK,                                      \
		 "URL",                                                  \
		 0,                                                      \
		 "Where it is dealt with, such as an issue",             \
		 0},                                                     \
		{"expires",                                              \
		 BASELINE_OPT_EXPIRES,                                   \
		 "DAY",                                                  \
		 0,                                                      \
		 "Last day on which it is known (2026-11-23); after "    \
		 "it, it fails",                                         \
		 0}

/* The baseline at hand, and what all subcommands take. */
struct baseline_command {
	const char *path;
	struct baseline baseline;
	char today[DAY_BYTES];
	/* Of new entries. */
	const char *reason, *owner, *link, *expires;
	const char **results;
	size_t result_count;
	struct sheet sheet; /* stdout */
	struct arena arena;
	struct err err; /* of the first thing that went wrong */
	size_t added, renewed, there;
};

int baseline_add(int argc, char **argv);
int baseline_check(int argc, char **argv);
int baseline_prune(int argc, char **argv);
int baseline_import(int argc, char **argv);

struct baseline_command baseline_command_begin(void);
/* Ends it; gives the code: that of the error if there was one. */
int baseline_command_end(struct baseline_command *c, int code);
/* True when the key was one of BASELINE_OPT_*; a bad value ends the program. */
bool baseline_take(struct baseline_command *c, int key, const char *value);
void baseline_add_result(struct baseline_command *c, const char *path);
/* is_new_good: a file that is not there is an empty baseline. */
bool baseline_load(struct baseline_command *c, bool is_new_good);
/* Reads a result (a file or its folder) into a zeroed one, and has its
 * findings compared with the baseline. */
bool baseline_read_result(struct baseline_command *c, const char *path,
			  struct result *result);
/*
 * Adds or renews what has to be for the finding to be known, prints a line for
 * it, and counts it.  `by` is said in the line; NULL: nothing.
 */
void baseline_take_in(struct baseline_command *c, const struct result *result,
		      struct finding *finding, const char *reason,
		      const char *by);
/* Writes the file, if anything was taken in, and says so in a line. */
bool baseline_store(struct baseline_command *c);
/* "word  0123456789ab  data race of f (a.c) and g (b.c): tail" */
void baseline_print_entry(struct baseline_command *c, enum style style,
			  const char *word, const struct baseline_entry *entry,
			  const char *tail);

#endif
