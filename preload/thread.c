/*
 * New threads and processes, which need a key each.
 *
 * ThreadSanitizer starts every thread of the program at a function of its own,
 * and holds up the maker until that has registered the thread.  Noise before
 * that would hold up both.  So it is the program's function that we change for
 * ours, in the argument that ThreadSanitizer passes from one to the other: the
 * first two words are the function and its argument.  That this holds for the
 * runtime at hand is tried out when the first thread is made: ThreadSanitizer's
 * pthread_create() is called with a function and an argument known to us; it
 * then calls us, shows what it passes, and is told that there is no thread.
 */
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <sys/types.h>
#include <unistd.h>

#include "noise.h"

#define VISIBLE __attribute__((visibility("default")))

typedef void *start_fn(void *argument);
typedef int create_fn(pthread_t *thread, const pthread_attr_t *attributes,
		      start_fn *start, void *argument);
typedef pid_t fork_fn(void);

struct passed { /* by ThreadSanitizer, to the function it starts threads at */
	start_fn *start;
	void *argument;
};

struct slot { /* what a new thread is told, until it has read it */
	bool is_taken;
	uint64_t key;
	start_fn *start;
	void *argument;
};

enum { SLOTS = 256 };

enum { UNKNOWN = 0, AS_EXPECTED, OTHERWISE };

static struct slot slots[SLOTS];
static int layout; /* of what is passed; read and written atomically */
static start_fn *tsan_start;
static __thread bool is_probing;

static create_fn *real_create(void)
{
	static create_fn *real; /* not jumped to: see resolve() in points.c */

	if (!__atomic_load_n(&real, __ATOMIC_RELAXED))
		__atomic_store_n(
			&real, (create_fn *)dlsym(RTLD_NEXT, "pthread_create"),
			__ATOMIC_RELAXED);
	return __atomic_load_n(&real, __ATOMIC_RELAXED);
}

static fork_fn *real_fork(void)
{
	static fork_fn *real;

	if (!__atomic_load_n(&real, __ATOMIC_RELAXED))
		__atomic_store_n(&real, (fork_fn *)dlsym(RTLD_NEXT, "fork"),
				 __ATOMIC_RELAXED);
	return __atomic_load_n(&real, __ATOMIC_RELAXED);
}

static struct slot *take_slot(void)
{
	for (size_t i = 0; i < SLOTS; i++)
		if (!__atomic_exchange_n(&slots[i].is_taken, true,
					 __ATOMIC_ACQUIRE))
			return &slots[i];
	return NULL;
}

static void free_slot(struct slot *slot)
{
	__atomic_store_n(&slot->is_taken, false, __ATOMIC_RELEASE);
}

/* Jumps to the program's function, which so has the caller that it would have
 * without us, in stacks too. */
static void *begin(void *argument)
{
	struct slot *slot = argument;
	start_fn *start = slot->start;

	argument = slot->argument;
	noise_enter(slot->key);
	free_slot(slot);
	noise_point(SORT_START, "start");
	__attribute__((musttail)) return start(argument);
}

/* Never runs. */
static void *probe(void *argument)
{
	return argument;
}

/* As pthread_create(), for the thread that try_layout() asks for. */
static int show_layout(start_fn *start, void *argument)
{
	const struct passed *passed = argument;
	/* If nobody stands above us, the argument is our own. */
	bool is_expected = start != probe && passed && passed->start == probe &&
			   passed->argument == &layout;

	if (is_expected)
		__atomic_store_n(&tsan_start, start, __ATOMIC_RELAXED);
	__atomic_store_n(&layout, is_expected ? AS_EXPECTED : OTHERWISE,
			 __ATOMIC_RELEASE);
	return EAGAIN;
}

static void try_layout(void)
{
	/* That of ThreadSanitizer, since the program comes before us. */
	create_fn *create = (create_fn *)dlsym(RTLD_DEFAULT, "pthread_create");
	pthread_t unused;

	is_probing = true;
	create(&unused, NULL, probe, &layout);
	is_probing = false;
}

/* Gives the new thread's key to it by way of begin(). */
static int create_with(struct slot *slot, create_fn *create, pthread_t *thread,
		       const pthread_attr_t *attributes, start_fn *start,
		       void *argument)
{
	struct passed *passed = argument;
	int result;

	if (start == __atomic_load_n(&tsan_start, __ATOMIC_RELAXED)) {
		slot->start = passed->start;
		slot->argument = passed->argument;
		passed->start = begin;
		passed->argument = slot;
		result = create(thread, attributes, start, argument);
	} else {
		slot->start = start;
		slot->argument = argument;
		result = create(thread, attributes, begin, slot);
	}
	if (result != 0)
		free_slot(slot);
	return result;
}

/* Has ThreadSanitizer a thread of its own made here? */
static bool is_foreign(start_fn *start)
{
	return __atomic_load_n(&layout, __ATOMIC_ACQUIRE) == AS_EXPECTED &&
	       start != __atomic_load_n(&tsan_start, __ATOMIC_RELAXED);
}

VISIBLE int pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
			   start_fn *start, void *argument)
{
	create_fn *create = real_create();
	struct slot *slot;
	uint64_t key;

	if (!noise_is_on)
		return create(thread, attributes, start, argument);
	if (is_probing)
		return show_layout(start, argument);
	if (__atomic_load_n(&layout, __ATOMIC_ACQUIRE) == UNKNOWN)
		try_layout();
	if (is_foreign(start) || !noise_child_key(&key))
		return create(thread, attributes, start, argument);
	__atomic_store_n(&noise_has_threads, true, __ATOMIC_RELAXED);
	noise_point(SORT_CREATE, "pthread_create");
	slot = take_slot();
	if (!slot)
		return create(thread, attributes, start, argument);
	slot->key = key;
	return create_with(slot, create, thread, attributes, start, argument);
}

/* The child goes another way than its parent.  Slots of threads that it has
 * not got are free again. */
VISIBLE pid_t fork(void)
{
	fork_fn *function = real_fork();
	uint64_t key;
	pid_t pid;
	bool is_known;

	if (!noise_is_on)
		return function();
	is_known = noise_child_key(&key);
	pid = function();
	if (pid != 0)
		return pid;
	for (size_t i = 0; i < SLOTS; i++)
		free_slot(&slots[i]);
	if (is_known)
		noise_enter(key);
	return pid;
}
