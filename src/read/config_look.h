/*
 * config_look.h - is a file what the schema of snag.yaml says?
 *
 * Goes over the file's events once, before libcyaml fills the structs, and
 * refuses in one sentence, with the line, whatever libcyaml would refuse, place
 * wrongly, or let pass: unknown keys (with a near one), keys given twice,
 * values of another shape, several documents, anchors and aliases, tags, bytes
 * that are no YAML.  What passes has no more depth and entries than the schema.
 */
#ifndef SNAG_READ_CONFIG_LOOK_H
#define SNAG_READ_CONFIG_LOOK_H

#include <stdbool.h>
#include <stddef.h>

#include <cyaml/cyaml.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/config.h"

struct config_look {
	struct arena *arena;
	const char *name; /* of the file, for sentences */
	struct config_place *places;
	size_t place_count;
	/* Of the mapping that the schema ignores: "KEY=value". */
	struct config_list pairs;
};

/* text has len bytes and need not end in NUL. */
bool config_look(struct config_look *look, const char *text, size_t len,
		 const cyaml_schema_value_t *schema, struct err *err);
/* The line of a value, by its path ("run.threads", "run.threads.0"); 0 when it
 * is not there. */
unsigned config_look_line(const struct config_look *look, const char *path);

#endif
