/* A scenario that forgot to say what it expects. */
#include <snag/scenario.h>

static void body(struct snag_self *self, void *state)
{
	(void)self;
	(void)state;
}

SNAG_SCENARIO(malformed, no_expect) = {
	.summary = "has no expectation",
	.lesson = "A scenario must say what it expects.",
	.practice = SNAG_LIFETIME,
	.roles = {{"role", body, 0}},
};
