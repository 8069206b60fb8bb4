/*
 * interrupt.h - Ctrl-C ends a long command early, and keeps what there is.
 */
#ifndef SNAG_CMD_INTERRUPT_H
#define SNAG_CMD_INTERRUPT_H

#include <signal.h>

/* From now on SIGINT, SIGTERM and SIGHUP set what is returned, unless they were
 * ignored; a second one ends the program. */
volatile sig_atomic_t *interrupt_catch(void);

#endif
