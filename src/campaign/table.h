/*
 * table.h - can what stands in a batch's shared table be true?
 *
 * The program under test may have written it, by a wild pointer or to a file
 * that is not its own.  What must hold of any table that only the harness
 * wrote, at whatever moment it was killed, is looked at; wrong numbers that
 * are possible numbers are not found.
 */
#ifndef SNAG_CAMPAIGN_TABLE_H
#define SNAG_CAMPAIGN_TABLE_H

#include <snag/wire.h>
#include <stdbool.h>

bool table_is_sound(const struct snag_shared *table,
		    const struct snag_batch_order *order);

#endif
