/*
 * A SCENARIO record: all that the tool knows about a scenario.  Read by
 * src/campaign/describe.c, field for field; a change needs another
 * SNAG_WIRE_VERSION.
 */
#include <stdio.h>

#include "internal.h"

static void describe_roles(struct snag_payload *out,
			   const struct snag_scenario *s)
{
	uint32_t count = 0, fixed = 0, shared = 0;

	while (count < SNAG_MAX_ROLES && s->roles[count].body) {
		fixed += s->roles[count].threads;
		shared += !s->roles[count].threads;
		count++;
	}
	snag_put_u32(out, count);
	for (uint32_t i = 0; i < count; i++)
		snag_put_str(out, s->roles[i].name);
	snag_put_u32(out, fixed);
	snag_put_u32(out, shared);
	snag_put_u32(out, s->min_threads);
}

static void describe_expectation(struct snag_payload *out,
				 const struct snag_scenario *s)
{
	uint32_t count = 0;

	while (count < SNAG_MAX_REPORTS && s->reports[count].kind)
		count++;
	snag_put_u32(out, count);
	for (uint32_t i = 0; i < count; i++) {
		const struct snag_report *r = &s->reports[i];

		snag_put_u32(out, (uint32_t)r->kind);
		snag_put_u32(out, (uint32_t)r->grade);
		snag_put_u32(out, r->engines);
		snag_put_str(out, r->cause);
		snag_put_str(out, r->between[0]);
		snag_put_str(out, r->between[1]);
		snag_put_str(out, r->why);
	}
	for (count = 0; count < SNAG_MAX_OUTCOMES && s->outcomes[count].when;)
		count++;
	snag_put_u32(out, count);
	for (uint32_t i = 0; i < count; i++) {
		const struct snag_outcome *o = &s->outcomes[i];

		snag_put_str(out, o->when);
		snag_put_u32(out, (uint32_t)o->grade);
		snag_put_u32(out, o->engines);
		snag_put_str(out, o->why);
		snag_put_str(out, o->cause);
	}
}

void describe_scenario(struct snag_payload *out, const struct snag_entry *entry)
{
	const struct snag_scenario *s = entry->scenario;
	char id[256];

	snprintf(id, sizeof(id), "%s/%s", entry->family, entry->name);
	snag_put_str(out, id);
	snag_put_str(out, entry->file);
	snag_put_u32(out, (uint32_t)entry->line);
	snag_put_u32(out, (uint32_t)entry->is_instrumented);
	snag_put_str(out, registry_problem(entry));
	snag_put_str(out, s->skip ? s->skip() : NULL);
	snag_put_str(out, s->summary);
	snag_put_str(out, s->lesson);
	snag_put_str(out, s->in_python);
	snag_put_str(out, s->repairs);
	snag_put_str(out, s->tags);
	for (int i = 0; i < SNAG_MAX_REFS; i++)
		snag_put_str(out, s->refs[i]);
	snag_put_u32(out, (uint32_t)s->practice);
	snag_put_u32(out, (uint32_t)s->expect);
	snag_put_u32(out, s->timeout_ms);
	describe_roles(out, s);
	describe_expectation(out, s);
}
