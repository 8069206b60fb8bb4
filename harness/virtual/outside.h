/*
 * outside.h - waiting for what is not in our hands: descriptors, children,
 * signals.  The thread asks without waiting; when it is not yet so, others run,
 * and only when nobody else can does the process wait.
 */
#ifndef SNAG_VIRTUAL_OUTSIDE_H
#define SNAG_VIRTUAL_OUTSIDE_H

#include "explore/world.h"

/* Is it so now?  At most ms milliseconds may be waited. */
typedef bool outside_ready(void *what, int ms);

/*
 * Returns when it is so: true; or at the deadline of virtual time (0: none),
 * when the thread is cancelled or a signal handler ran: false.  A schedule
 * point in any case.
 */
bool outside_wait(outside_ready *is_ready, void *what, void *pc,
		  uint64_t deadline_ns);
/* Can the descriptor do one of these (POLLIN, POLLOUT) without waiting? */
bool outside_wait_fd(int fd, short events, void *pc);
/* ms as poll() takes them: -1 for ever. */
uint64_t outside_deadline(int64_t ms);

#endif
