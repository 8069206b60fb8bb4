/*
 * describe.h - a SCENARIO record into a subject (see harness/describe.c).
 */
#ifndef SNAG_CAMPAIGN_DESCRIBE_H
#define SNAG_CAMPAIGN_DESCRIBE_H

#include <snag/wire.h>

#include "base/arena.h"
#include "model/result.h"

/* What the campaign must know of a scenario besides its subject. */
struct scenario_facts {
	uint32_t index; /* in its host */
	uint32_t role_count;
	const char *role_names[SNAG_SHARED_ROLES];
	uint32_t fixed_threads, shared_roles, least_threads;
	uint32_t timeout_ms;
	bool is_instrumented;
	const char *problem;     /* ill-formed: a sentence with file and line */
	const char *skip_reason; /* cannot run here */
};

/* False when the record is malformed.  Everything is owned by the arena. */
bool describe_read(struct snag_payload *record, struct arena *arena,
		   struct subject *subject, struct scenario_facts *facts);

#endif
