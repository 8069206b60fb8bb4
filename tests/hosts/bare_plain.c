/* Right in itself, but compiled without -fsanitize=thread. */
#include <snag/scenario.h>

static void body(struct snag_self *self, void *state)
{
	(void)self;
	(void)state;
}

SNAG_SCENARIO(bare, plain) = {
	.summary = "is not instrumented",
	.lesson = "Without instrumentation nothing is seen.",
	.practice = SNAG_LIFETIME,
	.expect = SNAG_CLEAN,
	.roles = {{"role", body, 0}},
};
