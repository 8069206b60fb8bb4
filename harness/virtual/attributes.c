/*
 * Names, scheduling and attributes of virtual threads.  Scheduling is ours:
 * what is asked is checked for its form, and then has no effect.
 */
#include <errno.h>
#include <sched.h>
#include <string.h>
#include <time.h>

#include "explore/stack.h"
#include "virtual/call.h"
#include "virtual/thread.h"

int virtual_pthread_setname_np(pthread_t thread, const char *name);
int virtual_pthread_getname_np(pthread_t thread, char *name, size_t room);
int virtual_pthread_getattr_np(pthread_t thread, pthread_attr_t *attr);
int virtual_pthread_setschedparam(pthread_t thread, int policy,
				  const struct sched_param *param);
int virtual_pthread_getschedparam(pthread_t thread, int *policy,
				  struct sched_param *param);
int virtual_pthread_setschedprio(pthread_t thread, int priority);
int virtual_pthread_setaffinity_np(pthread_t thread, size_t bytes,
				   const cpu_set_t *set);
int virtual_pthread_getaffinity_np(pthread_t thread, size_t bytes,
				   cpu_set_t *set);
int virtual_pthread_getcpuclockid(pthread_t thread, clockid_t *clock);
void __tsan_set_fiber_name(void *fiber, const char *name);

extern pthread_t (*snag_real_pthread_self)(void);
extern int (*snag_real_pthread_getattr_np)(pthread_t, pthread_attr_t *);

static const struct vthread *living(pthread_t thread)
{
	const struct vthread *t = virtual_by_handle(thread);

	return t && !t->is_joined ? t : NULL;
}

int virtual_pthread_setname_np(pthread_t thread, const char *name)
{
	struct vthread *t = virtual_by_handle(thread);
	size_t n = strnlen(name, SNAG_THREAD_NAME);

	if (!t)
		return ESRCH;
	if (n >= SNAG_THREAD_NAME)
		return ERANGE;
	memset(t->name, 0, sizeof(t->name));
	memcpy(t->name, name, n);
	if (t->fiber && t->number)
		__tsan_set_fiber_name(t->fiber, t->name);
	return 0;
}

int virtual_pthread_getname_np(pthread_t thread, char *name, size_t room)
{
	const struct vthread *t = living(thread);

	if (!t)
		return ESRCH;
	if (room < SNAG_THREAD_NAME)
		return ERANGE;
	memcpy(name, t->name, SNAG_THREAD_NAME);
	return 0;
}

int virtual_pthread_getattr_np(pthread_t thread, pthread_attr_t *attr)
{
	const struct vthread *t = living(thread);
	int problem;

	if (!t)
		return ESRCH;
	if (!t->stack)
		return snag_real_pthread_getattr_np(snag_real_pthread_self(),
						    attr);
	problem = pthread_attr_init(attr);
	if (problem)
		return problem;
	pthread_attr_setdetachstate(attr, t->is_detached
						  ? PTHREAD_CREATE_DETACHED
						  : PTHREAD_CREATE_JOINABLE);
	return pthread_attr_setstack(attr, t->stack->low,
				     (size_t)(t->stack->high - t->stack->low));
}

int virtual_pthread_setschedparam(pthread_t thread, int policy,
				  const struct sched_param *param)
{
	if (!living(thread))
		return ESRCH;
	if (policy < 0 || param->sched_priority < 0)
		return EINVAL;
	return policy == SCHED_OTHER ? 0 : EPERM;
}

int virtual_pthread_getschedparam(pthread_t thread, int *policy,
				  struct sched_param *param)
{
	if (!living(thread))
		return ESRCH;
	*policy = SCHED_OTHER;
	param->sched_priority = 0;
	return 0;
}

int virtual_pthread_setschedprio(pthread_t thread, int priority)
{
	if (!living(thread))
		return ESRCH;
	return priority ? EINVAL : 0;
}

int virtual_pthread_setaffinity_np(pthread_t thread, size_t bytes,
				   const cpu_set_t *set)
{
	if (!living(thread))
		return ESRCH;
	return CPU_COUNT_S(bytes, set) ? 0 : EINVAL;
}

int virtual_pthread_getaffinity_np(pthread_t thread, size_t bytes,
				   cpu_set_t *set)
{
	if (!living(thread))
		return ESRCH;
	return sched_getaffinity(0, bytes, set) ? errno : 0;
}

/* All of them run on one. */
int virtual_pthread_getcpuclockid(pthread_t thread, clockid_t *clock)
{
	if (!living(thread))
		return ESRCH;
	*clock = CLOCK_THREAD_CPUTIME_ID;
	return 0;
}
