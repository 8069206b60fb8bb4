#include "virtual/outside.h"

#include <poll.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "virtual/thread.h"

enum {
	TURN_MS = 1, /* of a real wait, and then others may look again */
	PATIENCE_TURNS = 5000, /* without anything happening */
	NS_A_MS = 1000 * 1000,
};

static unsigned idle_turns;

/* Nobody can do anything before the world outside does. */
static bool wait_really(outside_ready *is_ready, void *what)
{
	world_uncontrolled(SNAG_BLOCKING_CALL);
	if (is_ready(what, TURN_MS)) {
		idle_turns = 0;
		return true;
	}
	if (++idle_turns > PATIENCE_TURNS)
		world_stop("@deadlock");
	return false;
}

/* True: it is so. */
static bool wait_once(outside_ready *is_ready, void *what, void *pc,
		      uint64_t deadline_ns)
{
	struct vthread *self = world_self();

	if (world_is_idle() && wait_really(is_ready, what))
		return true;
	self->is_interruptible = true;
	world_wait_outside(deadline_ns, pc);
	self->is_interruptible = false;
	return is_ready(what, 0);
}

bool outside_wait(outside_ready *is_ready, void *what, void *pc,
		  uint64_t deadline_ns)
{
	struct vthread *self = world_self();
	struct virtual_thread *m = virtual_self();
	bool is_so;

	m->was_signalled = false;
	virtual_cancellation_point();
	world_point_at(SNAG_EVENT_IO, NULL, pc);
	is_so = is_ready(what, 0);
	self->is_outside = true;
	while (!is_so && !m->was_signalled &&
	       (!deadline_ns || world.now_ns < deadline_ns)) {
		is_so = wait_once(is_ready, what, pc, deadline_ns);
		if (m->is_cancelled && !m->cancel_disabled)
			break;
	}
	self->is_outside = false;
	if (is_so)
		world_note_change();
	else
		virtual_cancellation_point();
	return is_so;
}

static bool is_fd_ready(void *what, int ms)
{
	const struct pollfd *wanted = what;
	struct pollfd p = *wanted;
	struct timespec t = {0, (long)ms * NS_A_MS};

	return syscall(SYS_ppoll, &p, 1, &t, NULL, 0) != 0;
}

bool outside_wait_fd(int fd, short events, void *pc)
{
	struct pollfd p = {.fd = fd, .events = events};

	return outside_wait(is_fd_ready, &p, pc, 0);
}

uint64_t outside_deadline(int64_t ms)
{
	return ms < 0 ? 0 : world.now_ns + (uint64_t)ms * NS_A_MS + 1;
}
