/*
 * result_json.h - result.json, written and read.
 *
 * Format version RESULT_VERSION, told in docs/formats.md and held by
 * docs/result.schema.json.  The same result gives the same bytes, and what was
 * read is written as it was.  Numbers are exact: counts stop at 2^53; offsets,
 * addresses and seeds beyond that are hexadecimal texts.
 */
#ifndef SNAG_MODEL_RESULT_JSON_H
#define SNAG_MODEL_RESULT_JSON_H

#include <stdio.h>

#include "model/result.h"

/* Whole or not at all, as replace.h says; EXIT_TROUBLE. */
bool result_write(const struct result *result, const char *path,
		  struct err *err);
/* The same bytes; whether they arrived is for the caller to ask of the file. */
void result_to_json(const struct result *result, FILE *file);
/*
 * Into a zeroed result, which the caller releases in any case.  Whatever the
 * file holds, this ends with one or the other; EXIT_USAGE.  Up to 256 MiB.
 */
bool result_read(const char *path, struct result *result, struct err *err);

#endif
