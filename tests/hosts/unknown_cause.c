/* Names a cause that does not exist. */
#include <snag/scenario.h>

static void body(struct snag_self *self, void *state)
{
	(void)self;
	++*(volatile int *)state;
}

SNAG_SCENARIO(unknown, cause) = {
	.summary = "names a cause with a slip of the pen",
	.lesson = "A cause is one of those that snag explain lists.",
	.practice = SNAG_ATOMICS,
	.expect = SNAG_BROKEN,
	.state_size = sizeof(int),
	.roles = {{"role", body, 0}},
	.reports = {{.kind = SNAG_DATA_RACE,
		     .cause = "lost-updates",
		     .grade = SNAG_REQUIRED,
		     .why = "two threads add to one number"}},
};
