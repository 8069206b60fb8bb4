/*
 * What a scenario may call: snag/scenario.h.
 */
#include <stdarg.h>
#include <stdio.h>

#include "explore/engine.h"
#include "internal.h"

unsigned snag_index(const struct snag_self *self)
{
	return self->index;
}

unsigned snag_threads(const struct snag_self *self)
{
	return self->threads;
}

uint32_t snag_random(struct snag_self *self, uint32_t below)
{
	uint64_t r = random_next(&self->random);

	explore_drew();
	return below ? (uint32_t)((r >> 32) * below >> 32) : 0;
}

void snag_point(struct snag_self *self)
{
	(void)self;
	noise_yield();
	noise_strike();
}

unsigned snag_role_threads(const struct snag_run *run, unsigned role)
{
	return role < run->role_count ? run->role_threads[role] : 0;
}

void snag_outcome(struct snag_run *run, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(run->outcome, sizeof(run->outcome), fmt, args);
	va_end(args);
	/* '@' is the harness's own. */
	if (run->outcome[0] == '@')
		run->outcome[0] = '?';
}

void snag_skip(struct snag_run *run, const char *reason)
{
	run->is_skipped = true;
	snprintf(run->skip_reason, sizeof(run->skip_reason), "%s", reason);
}
