/*
 * yaml_walk.h - the events of one YAML document, one after another.
 *
 * Refuses, with file and line, what is no YAML, a second document, and what a
 * file of settings needs least: anchors, aliases and tags.  So nothing is ever
 * expanded, and the events are no more than the bytes.
 */
#ifndef SNAG_READ_YAML_WALK_H
#define SNAG_READ_YAML_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <yaml.h>

#include "base/err.h"

struct yaml_walk {
	const char *name; /* of the file, for sentences */
	const char *text;
	size_t len;
	yaml_parser_t parser;
	yaml_event_t event; /* the newest */
	struct err *err;
};

/* Up to the first event of the document; false: there is none, or it is
 * refused.  Borrows all of them; yaml_walk_end() in any case. */
bool yaml_walk_begin(struct yaml_walk *walk, const char *name, const char *text,
		     size_t len, struct err *err);
bool yaml_walk_next(struct yaml_walk *walk);
/* After the last event of the value: does the file end here? */
bool yaml_walk_finish(struct yaml_walk *walk);
void yaml_walk_end(struct yaml_walk *walk);

/* Of the newest event, from 1. */
unsigned yaml_walk_line(const struct yaml_walk *walk);
/* Of a scalar; ends in NUL, and may hold others. */
const char *yaml_walk_text(const struct yaml_walk *walk);
/* Is it what YAML calls null? */
bool yaml_walk_is_nothing(const struct yaml_walk *walk);
/* "a list", "one value", for sentences. */
const char *yaml_walk_shape(const struct yaml_walk *walk);
/* A sentence with the line of the newest event.  Always false. */
bool yaml_walk_refuse(struct yaml_walk *walk, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
