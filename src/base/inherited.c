#include "base/inherited.h"

#include <signal.h>
#include <stddef.h>

static struct sigaction pipe_before, child_before;

void inherited_take(void)
{
	struct sigaction ours = {.sa_handler = SIG_DFL};

	sigaction(SIGCHLD, &ours, &child_before);
	/* A reader that goes away (head, a pager) is an error, not a death. */
	ours.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &ours, &pipe_before);
}

void inherited_give_back(void)
{
	sigaction(SIGCHLD, &child_before, NULL);
	sigaction(SIGPIPE, &pipe_before, NULL);
}
