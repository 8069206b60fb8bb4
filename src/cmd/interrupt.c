#include "cmd/interrupt.h"

#include <stddef.h>

volatile sig_atomic_t interrupt_seen;

static void on_signal(int signal_number)
{
	signal(signal_number, SIG_DFL);
	interrupt_seen = 1;
}

void interrupt_catch(void)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction action = {.sa_handler = on_signal}, before;

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		/* Under nohup, or behind '&' in a script, it is not for us. */
		if (!sigaction(signals[i], NULL, &before) &&
		    before.sa_handler != SIG_IGN)
			sigaction(signals[i], &action, NULL);
	}
}
