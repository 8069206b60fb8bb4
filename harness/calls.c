#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "virtual/call.h"

/* From calls.S, when a name is first called. */
void snag_resolve(const char *name, void **slot);

static _Noreturn void give_up(const char *name)
{
	static const char text[] = "snag: libc has no ";

	(void)!write(STDERR_FILENO, text, sizeof(text) - 1);
	(void)!write(STDERR_FILENO, name, strlen(name));
	(void)!write(STDERR_FILENO, "\n", 1);
	abort();
}

void *snag_libc(const char *name)
{
	void *at = dlsym(RTLD_NEXT, name);

	/* In libc by that name, and in C++'s library by the other. */
	if (!at && !strcmp(name, "__cxa_thread_atexit"))
		at = dlsym(RTLD_NEXT, "__cxa_thread_atexit_impl");
	if (!at && !strcmp(name, "pthread_yield"))
		at = dlsym(RTLD_NEXT, "sched_yield");
	if (!at)
		give_up(name);
	return at;
}

void snag_resolve(const char *name, void **slot)
{
	*slot = snag_libc(name);
}
