/*
 * json_stream.h - JSON in parts, for documents too large to hold.
 *
 * Each part is laid out as in all our documents, an indent of one a level, at
 * the depth where it stands.  A stream may have a limit of bytes as gzip packs
 * them, and then takes no part that could break it.
 */
#ifndef SNAG_REPORTS_JSON_STREAM_H
#define SNAG_REPORTS_JSON_STREAM_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <zlib.h>

struct json_stream {
	FILE *file;
	size_t most_packed; /* of all that is written; 0: without limit.  May
			       be set to 0 again for what must be written */
	z_stream packer;    /* used when there was a limit at first */
	bool is_packing;
};

/* Before the first json_put of a report. */
void json_stream_begin(struct json_stream *stream, FILE *file,
		       size_t most_packed);
void json_stream_end(struct json_stream *stream);
/* As it is. */
void json_stream_text(struct json_stream *stream, const char *text);
/* ["name": ]value, at that depth on a line of its own, after a comma unless it
 * is the first.  Takes the value.  False, and nothing is written, when it would
 * be too much. */
bool json_stream_put(struct json_stream *stream, unsigned depth, bool is_first,
		     const char *name, json_t *value);

#endif
