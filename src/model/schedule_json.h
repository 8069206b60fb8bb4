/*
 * schedule_json.h - a schedule as JSON: what its file holds.
 */
#ifndef SNAG_MODEL_SCHEDULE_JSON_H
#define SNAG_MODEL_SCHEDULE_JSON_H

#include <jansson.h>

#include "model/schedule.h"

/* A new object; after json_prepare(). */
json_t *schedule_to_json(struct arena *arena, const struct schedule *schedule);

#endif
