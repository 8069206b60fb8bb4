/*
 * junit_parts.h - the parts of the JUnit report; for junit*.c alone.
 */
#ifndef SNAG_REPORTS_JUNIT_PARTS_H
#define SNAG_REPORTS_JUNIT_PARTS_H

#include "reports/ledger.h"
#include "reports/phrase.h"
#include "reports/renderer.h"

struct _xmlTextWriter;

enum verdict_class {
	CLASS_PASSED = 0,
	CLASS_FAILURE,
	CLASS_ERROR,
	CLASS_SKIPPED,
	CLASS_COUNT,
};

struct junit {
	const struct result *result;
	const struct render_options *options;
	struct sights sights;
	struct arena arena;
	struct _xmlTextWriter *writer; /* of libxml2 */
};

enum verdict_class junit_class(const struct result *result,
			       enum verdict verdict);
void junit_case(struct junit *junit, const struct subject *subject);

/* Elements and text, escaped and without what XML forbids.  An element that
 * holds text is on one line with it, others are indented. */
void junit_begin(struct junit *junit, FILE *file);
void junit_end(struct junit *junit);
void junit_open(struct junit *junit, const char *name);
void junit_close(struct junit *junit);
/* One line, cut where it is too long to be one. */
void junit_attribute(struct junit *junit, const char *name, const char *fmt,
		     ...) __attribute__((format(printf, 3, 4)));
/* time="1.234", seconds. */
void junit_time(struct junit *junit, uint64_t ms);
/* A line of text, cut where it is too long to be one. */
void junit_line(struct junit *junit, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
