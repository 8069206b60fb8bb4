/*
 * value.h - values that people write, in options and in files.
 *
 * Each is wholly understood, or refused (EXIT_USAGE) with a sentence that names
 * what it is the value of ("--time", "time"), the value and what would do.
 */
#ifndef SNAG_BASE_VALUE_H
#define SNAG_BASE_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum { VALUE_MAX_THREADS = 1024 };

/* Of --threads: "2,4,8", at most max numbers. */
bool value_threads(const char *text, unsigned *out, size_t *count, size_t max,
		   struct err *err);
/* "77,3": exit statuses from 0 to 255. */
bool value_statuses(const char *option, const char *text, int *out,
		    size_t *count, size_t max, struct err *err);
bool value_duration_ms(const char *name, const char *text, uint64_t *ms,
		       struct err *err);
bool value_count(const char *name, const char *text, uint64_t least,
		 uint64_t most, uint64_t *out, struct err *err);
bool value_rate(const char *name, const char *text, double *out,
		struct err *err);
bool value_bytes(const char *name, const char *text, uint64_t *bytes,
		 struct err *err);
/* One of the names, NULL after the last. */
bool value_choice(const char *name, const char *text, const char *const *names,
		  struct err *err);

#endif
