/*
 * list_json.h - what `snag list --format json` prints.
 *
 * Format "snag-list" version 1: docs/formats.md, docs/list.schema.json.
 */
#ifndef SNAG_MODEL_LIST_JSON_H
#define SNAG_MODEL_LIST_JSON_H

#include <stdio.h>

#include "model/result.h"

enum { LIST_VERSION = 1 };

/* Of each subject, what a scenario is; nothing that came of it. */
void list_to_json(const struct subject *subjects, size_t count, FILE *file);

#endif
