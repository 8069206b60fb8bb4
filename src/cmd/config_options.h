/*
 * config_options.h - snag.yaml for the commands, and the options beside it.
 *
 * What is said on the command line wins over the file, and the file over the
 * defaults.  A command leaves what was not given at zero, loads the file after
 * its options are parsed, fills what is zero from it, and then from defaults.
 */
#ifndef SNAG_CMD_CONFIG_OPTIONS_H
#define SNAG_CMD_CONFIG_OPTIONS_H

#include <argp.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "cmd/show.h"
#include "model/config.h"

enum { CONFIG_FILE = 640, CONFIG_NONE, CONFIG_OWN, CONFIG_PLUMBING };

struct config_options {
	const char *path; /* of --config */
	bool is_off;      /* --no-config */
	struct config_list own, plumbing;
	struct arena arena;
};

/* For a command that judges reports: the file, and which frames are own. */
#define CONFIG_OPTIONS                                                      \
	CONFIG_FILE_OPTIONS,                                                \
		{"own",                                                     \
		 CONFIG_OWN,                                                \
		 "GLOB",                                                    \
		 0,                                                         \
		 "Functions, files or modules that are the project's own, " \
		 "before our own judgement of libraries (repeatable)",      \
		 0},                                                        \
		{"plumbing",                                                \
		 CONFIG_PLUMBING,                                           \
		 "GLOB",                                                    \
		 0,                                                         \
		 "Those that are passed over where the project's own code " \
		 "is looked for (repeatable)",                              \
		 0}

/* For any other. */
#define CONFIG_FILE_OPTIONS                                                    \
	{"config",                                                             \
	 CONFIG_FILE,                                                          \
	 "FILE",                                                               \
	 0,                                                                    \
	 "Settings (default: snag.yaml of this folder, or of the nearest one " \
	 "above it in the repository)",                                        \
	 0},                                                                   \
		{"no-config", CONFIG_NONE, 0, 0, "Read no snag.yaml", 0}

/* True when the key was one of ours; *is_good: its value would do. */
bool config_options_take(int key, const char *value,
			 struct config_options *options, bool *is_good,
			 struct err *err);
/*
 * Finds and reads the file; a zeroed config when there is none.  From then on
 * the globs of the options and of the file hold (own_frame_configure), and both
 * structs have to live as long as anything is judged.
 */
bool config_options_load(struct config_options *options, struct config *config,
			 struct err *err);
/* Formats that no option gave: those of the file, or text.  false: the file
 * names one that is unknown. */
bool config_options_formats(struct config *config, struct show_options *show,
			    struct err *err);
/* Of a wrong host or filter, say: that the file was read, too.  Always false.
 */
bool config_options_blame(const struct config *config, struct err *err);
/* A result whose command does not say all, says so. */
void config_options_note(const struct config *config, struct result *result);
void config_options_release(struct config_options *options);

#endif
