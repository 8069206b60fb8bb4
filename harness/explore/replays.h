/*
 * replays.h - several schedules of one iteration, in one batch.
 *
 * Each is as the iteration that the order begins with; what came of it stands
 * in the shared memory by its place in the batch.
 */
#ifndef SNAG_EXPLORE_REPLAYS_H
#define SNAG_EXPLORE_REPLAYS_H

#include <stdbool.h>
#include <stdint.h>

/* Of that order, are there several? */
bool replays_are_many(bool is_replay);
/* The one at that place is what is replayed now. */
void replays_begin(uint64_t in_batch);
void replays_end(const char *outcome);

#endif
