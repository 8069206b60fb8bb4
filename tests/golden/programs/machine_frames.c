/* Frames as our hosts ask for them, with names found later; and the marker
 * that they print before a report. */
#include <stdio.h>

#include "turns.h"

static int total;

const char *__tsan_default_options(void);
const char *__tsan_default_options(void)
{
	return "symbolize=0:"
	       "stack_trace_format='    #%n|%p|%m|%o|%q|%s|%l|%c|%f'";
}

static void *add(void *arg)
{
	turn_wait(1);
	total++;
	return arg;
}

int main(void)
{
	pthread_t thread;

	fputs("@snag signature=0123456789abcdef\n", stderr);
	pthread_create(&thread, NULL, add, NULL);
	total++;
	turn_done();
	pthread_join(thread, NULL);
}
