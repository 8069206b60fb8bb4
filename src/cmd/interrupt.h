/*
 * interrupt.h - Ctrl-C ends a campaign, and keeps what it has.
 */
#ifndef SNAG_CMD_INTERRUPT_H
#define SNAG_CMD_INTERRUPT_H

#include <signal.h>

/* Set by SIGINT, SIGTERM and SIGHUP once they are caught. */
extern volatile sig_atomic_t interrupt_seen;

/* From now on; the second signal is for who has no patience. */
void interrupt_catch(void);

#endif
