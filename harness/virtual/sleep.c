/*
 * Sleeps, yields and clocks, on virtual time.
 */
#include <errno.h>
#include <sched.h>
#include <sys/time.h>
#include <unistd.h>

#include "virtual/call.h"
#include "virtual/clock.h"
#include "virtual/thread.h"

int virtual_sched_yield(void);
int virtual_pthread_yield(void);
int virtual_usleep(useconds_t us);
unsigned virtual_sleep(unsigned seconds);
int virtual_nanosleep(const struct timespec *time, struct timespec *left);
int virtual_clock_nanosleep(clockid_t clock, int flags,
			    const struct timespec *time, struct timespec *left);
int virtual_clock_gettime(clockid_t clock, struct timespec *out);
int virtual_gettimeofday(struct timeval *out, void *zone);
time_t virtual_time(time_t *out);

int __interceptor_nanosleep(const struct timespec *time, struct timespec *left);
int __interceptor_clock_gettime(clockid_t clock, struct timespec *out);
void __real___tsan_write_range(void *address, size_t bytes);

enum {
	A_SECOND = 1000 * 1000 * 1000,
	LOOK_NS = 100, /* what it takes to look at the clock */
	/* Looks that change nothing are a wait for the time to pass. */
	PATIENCE = 64,
	WAIT_NS = 1000,
};

/* ThreadSanitizer notes when a thread slept last, to say of a race "as if
 * synchronized via sleep".  With this time its call returns at once. */
static void tell_of_sleep(void)
{
	static const struct timespec none = {0, -1};
	int saved = errno;

	__interceptor_nanosleep(&none, NULL);
	errno = saved;
}

/* False: a signal handler ran. */
static bool pause_for(uint64_t ns, void *pc)
{
	struct vthread *self = world_self();
	bool was_signalled;

	virtual_cancellation_point();
	if (self->more)
		self->more->was_signalled = false;
	self->is_interruptible = true;
	world_sleep(ns, pc);
	self->is_interruptible = false;
	virtual_cancellation_point();
	tell_of_sleep();
	was_signalled = self->more && self->more->was_signalled;
	return !was_signalled;
}

int virtual_sched_yield(void)
{
	world_yield(SNAG_EVENT_YIELD, CALLER);
	return 0;
}

int virtual_pthread_yield(void)
{
	world_yield(SNAG_EVENT_YIELD, CALLER);
	return 0;
}

int virtual_usleep(useconds_t us)
{
	bool is_whole;

	ENTER();
	is_whole = pause_for((uint64_t)us * 1000, CALLER);
	LEAVE();
	if (!is_whole)
		errno = EINTR;
	return is_whole ? 0 : -1;
}

unsigned virtual_sleep(unsigned seconds)
{
	uint64_t until = world.now_ns + (uint64_t)seconds * A_SECOND;
	bool is_whole;

	ENTER();
	is_whole = pause_for((uint64_t)seconds * A_SECOND, CALLER);
	LEAVE();
	if (is_whole || world.now_ns >= until)
		return 0;
	return (unsigned)((until - world.now_ns + A_SECOND - 1) / A_SECOND);
}

static void tell_left(struct timespec *left, uint64_t until)
{
	uint64_t ns = until > world.now_ns ? until - world.now_ns : 0;

	if (left)
		*left = (struct timespec){(time_t)(ns / A_SECOND),
					  (long)(ns % A_SECOND)};
}

/* 0, or the error. */
static int sleep_for(const struct timespec *time, struct timespec *left,
		     void *pc)
{
	uint64_t ns;

	if (time->tv_sec < 0 || time->tv_nsec < 0 || time->tv_nsec >= A_SECOND)
		return EINVAL;
	if (time->tv_sec > INT32_MAX)
		ns = (uint64_t)INT32_MAX * A_SECOND;
	else
		ns = (uint64_t)time->tv_sec * A_SECOND +
		     (uint64_t)time->tv_nsec;
	ns += world.now_ns;
	if (pause_for(ns - world.now_ns, pc))
		return 0;
	tell_left(left, ns);
	return EINTR;
}

int virtual_nanosleep(const struct timespec *time, struct timespec *left)
{
	int problem;

	ENTER();
	problem = sleep_for(time, left, CALLER);
	LEAVE();
	if (problem)
		errno = problem;
	return problem ? -1 : 0;
}

int virtual_clock_nanosleep(clockid_t clock, int flags,
			    const struct timespec *time, struct timespec *left)
{
	uint64_t until;
	int problem;

	ENTER();
	if (flags & TIMER_ABSTIME) {
		until = clock_deadline(clock, time);
		problem = pause_for(until > world.now_ns ? until - world.now_ns
							 : 0,
				    CALLER)
				  ? 0
				  : EINTR;
	} else {
		problem = sleep_for(time, left, CALLER);
	}
	LEAVE();
	return problem;
}

/* Time goes on for who looks at it, the faster the longer it does nothing
 * else: or a loop until some time would be taken for one without end. */
static void look(void *pc)
{
	const struct vthread *self = world_self();

	world_point_at(SNAG_EVENT_POINT, NULL, pc);
	world.now_ns += LOOK_NS;
	if (self->idle_events > PATIENCE)
		world.now_ns += self->idle_events * WAIT_NS;
}

static bool is_of_time(clockid_t clock)
{
	return clock != CLOCK_PROCESS_CPUTIME_ID &&
	       clock != CLOCK_THREAD_CPUTIME_ID && clock >= 0 &&
	       clock <= CLOCK_TAI;
}

int virtual_clock_gettime(clockid_t clock, struct timespec *out)
{
	int result = 0;

	ENTER();
	if (!is_of_time(clock)) {
		world_uncontrolled(SNAG_REAL_CLOCK);
		result = __interceptor_clock_gettime(clock, out);
	} else {
		look(CALLER);
		__real___tsan_write_range(out, sizeof(*out));
		*out = clock_virtual(clock);
	}
	LEAVE();
	return result;
}

int virtual_gettimeofday(struct timeval *out, void *zone)
{
	struct timespec now;

	(void)zone;
	ENTER();
	look(CALLER);
	now = clock_virtual(CLOCK_REALTIME);
	if (out) {
		__real___tsan_write_range(out, sizeof(*out));
		*out = (struct timeval){now.tv_sec, now.tv_nsec / 1000};
	}
	LEAVE();
	return 0;
}

time_t virtual_time(time_t *out)
{
	time_t now;

	ENTER();
	look(CALLER);
	now = clock_virtual(CLOCK_REALTIME).tv_sec;
	if (out) {
		__real___tsan_write_range(out, sizeof(*out));
		*out = now;
	}
	LEAVE();
	return now;
}
