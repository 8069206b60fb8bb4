/*
 * A crash.  ThreadSanitizer's handler reports it, and on its way calls what the
 * program calls too (the unwinder takes a lock): nobody else may run any more.
 */
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "explore/engine.h"
#include "explore/world_part.h"

/* As the kernel has it. */
struct kernel_action {
	void (*handler)(int, siginfo_t *, void *);
	unsigned long flags;
	void (*restorer)(void);
	uint64_t mask;
};

static const int deadly[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP};

enum { DEADLY = sizeof(deadly) / sizeof(deadly[0]) };

static struct kernel_action theirs[DEADLY];

static void stand_still(int number, siginfo_t *info, void *context)
{
	int i = 0;

	explore_arm(false);
	world.is_active = false;
	/* The runtime ends the process with status 0. */
	explore_shared->deadly_signal = (uint32_t)number;
	while (i < DEADLY - 1 && deadly[i] != number)
		i++;
	theirs[i].handler(number, info, context);
}

void explore_watch_crashes(void)
{
	for (int i = 0; i < DEADLY; i++) {
		struct kernel_action action;

		if (syscall(SYS_rt_sigaction, deadly[i], NULL, &action,
			    sizeof(action.mask)) ||
		    (uintptr_t)action.handler <= 1 || /* default, ignored */
		    action.handler == stand_still)
			continue;
		theirs[i] = action;
		action.handler = stand_still;
		syscall(SYS_rt_sigaction, deadly[i], &action, NULL,
			sizeof(action.mask));
	}
}
