#include "explore/strategy.h"
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
struct rnd {
	uint64_t r;
};
static void b(void *s, uint64_t seed)
{
	((struct rnd *)s)->r = seed;
}
static unsigned n(void *s, const struct strategy_view *v)
{
	return strategy_below(&((struct rnd *)s)->r, v->runnable_count);
}
static const struct strategy rnd = {.name = "random",
				    .state_bytes = sizeof(struct rnd),
				    .begin = b,
				    .next = n};
const struct strategy *const strategies[] = {&rnd, NULL};
static uint64_t space[64];
const struct strategy *strategy_new(const char *t, void **state)
{
	(void)t;
	*state = space;
	return &rnd;
}
