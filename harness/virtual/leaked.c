/*
 * Threads that nobody joins or detaches.  ThreadSanitizer looks for them among
 * real ones when the process ends, and a fiber is none: so each gets a real
 * thread in its place, which does nothing, with the stack that made it.
 */
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "explore/walk.h"
#include "explore/world_part.h"
#include "virtual/thread.h"

enum { MAX_LEAKED = 16, WAITS = 5000, WAIT_NS = 200000 };

void virtual_note_maker(struct vthread *t, const uint64_t *frame)
{
	t->made_at_count = (uint8_t)walk_frames(world_self(), frame, t->made_at,
						WORLD_MADE_FRAMES);
}

/* Only those are reported that have ended. */
static void await_end(const int *tid)
{
	const struct timespec pause = {.tv_nsec = WAIT_NS};
	long self = syscall(SYS_getpid);

	for (int i = 0; i < WAITS; i++) {
		int id = __atomic_load_n(tid, __ATOMIC_ACQUIRE);

		if (id && syscall(SYS_tgkill, self, id, 0))
			return;
		syscall(SYS_nanosleep, &pause, NULL);
	}
}

void *virtual_stand_in(void *tid)
{
	__atomic_store_n((int *)tid, (int)syscall(SYS_gettid),
			 __ATOMIC_RELEASE);
	return NULL;
}

static void stand_in(const struct vthread *t)
{
	static int tid;
	pthread_t thread;

	__atomic_store_n(&tid, 0, __ATOMIC_RELEASE);
	/* The runtime takes one off each, as from where a call returns to. */
	for (unsigned i = t->made_at_count; i--;)
		__tsan_func_entry((void *)(uintptr_t)(t->made_at[i] + 1));
	if (!virtual_pthread_create(&thread, NULL, virtual_stand_in, &tid))
		await_end(&tid);
	for (unsigned i = 0; i < t->made_at_count; i++)
		__tsan_func_exit();
}

static bool is_leaked(const struct vthread *t)
{
	return t->made_at_count && t->state == V_ENDED && !t->is_joined &&
	       !t->is_detached;
}

bool virtual_report_leaked(void)
{
	unsigned leaked = 0;

	for (unsigned i = 1; i < world.thread_count && leaked < MAX_LEAKED;
	     i++) {
		const struct vthread *t = world_thread(i);

		if (!t || !is_leaked(t))
			continue;
		stand_in(t);
		leaked++;
	}
	return leaked;
}
