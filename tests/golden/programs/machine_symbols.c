/* The same frames with names. */
#include "turns.h"

static int total;

const char *__tsan_default_options(void);
const char *__tsan_default_options(void)
{
	return "stack_trace_format='    #%n|%p|%m|%o|%q|%s|%l|%c|%f'";
}

static inline void add_one(int *n)
{
	*n += 1;
}

static void *add(void *arg)
{
	turn_wait(1);
	add_one(&total);
	return arg;
}

int main(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, add, NULL);
	add_one(&total);
	turn_done();
	pthread_join(thread, NULL);
}
