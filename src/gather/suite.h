/*
 * suite.h - the tests that ctest knows, and what it says of its last run.
 *
 * All texts are clean (text.h) and live as long as the suite, whatever ctest
 * or a file of its printed.
 */
#ifndef SNAG_GATHER_SUITE_H
#define SNAG_GATHER_SUITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

struct suite_test {
	const char *name;
	/* What stands after the launcher's --, as a shell would take it; NULL:
	 * it is not launched through `snag exec --collect`. */
	const char *command;
	const char *folder;       /* that it runs in */
	const char **environment; /* "NAME=value" that it is given, sorted */
	size_t environment_count;
	unsigned skip_status; /* SKIP_RETURN_CODE; 0: none */
	bool has_program;     /* ctest found something to run */
	bool is_disabled;
	/* It was among those of ctest's last run; and there was something
	 * that could be started. */
	bool had_turn, was_started;
};

struct suite {
	struct arena arena;
	struct suite_test *tests;
	size_t count;
	bool has_run;    /* ctest has run in this folder */
	uint64_t failed; /* tests of its last run that failed, says ctest */
};

/*
 * Asks ctest in the build folder, which may start programs of it that list
 * their tests; of a configuration, or NULL.  Into a zeroed suite, which the
 * caller releases in any case.  EXIT_USAGE: that folder has no tests;
 * EXIT_TROUBLE: ctest is not there, or what it prints cannot be used.
 */
bool suite_read(struct suite *suite, const char *build_dir,
		const char *configuration, struct err *err);
void suite_release(struct suite *suite);

/* The parts of suite_read. */
bool suite_take_json(struct suite *suite, const char *text, size_t len,
		     struct err *err);
void suite_take_logs(struct suite *suite, const char *build_dir);

#endif
