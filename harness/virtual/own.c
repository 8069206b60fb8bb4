/*
 * What is of a thread: its values of keys (pthread_key_create) and its C++
 * destructors (thread_local), kept until the iteration is over.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "virtual/call.h"
#include "virtual/thread.h"

int virtual_pthread_key_create(pthread_key_t *key, void (*destructor)(void *));
int virtual_pthread_key_delete(pthread_key_t key);
int virtual_pthread_setspecific(pthread_key_t key, const void *value);
void *virtual_pthread_getspecific(pthread_key_t key);
int virtual___cxa_thread_atexit(void (*call)(void *), void *object, void *dso);
void *virtual___cxa_get_globals(void);
void *virtual___cxa_get_globals_fast(void);

static struct virtual_thread *free_ones;
static struct thread_destructor *free_destructors;
/* Keys outlive iterations, as they do without us; NULL: no destructor. */
static void (*key_destructors[VIRTUAL_KEYS])(void *);

enum { A_CHUNK = 128 };

static struct thread_destructor *new_destructor(void)
{
	struct thread_destructor *d = free_destructors;

	if (!d) {
		long at = syscall(SYS_mmap, NULL, A_CHUNK * sizeof(*d),
				  PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (at == -1)
			return NULL;
		d = (struct thread_destructor *)at;
		for (int i = 0; i < A_CHUNK - 1; i++)
			d[i].next = &d[i + 1];
	}
	free_destructors = d->next;
	return d;
}

static struct thread_destructor take_destructor(struct virtual_thread *m)
{
	struct thread_destructor *d = m->destructors;
	struct thread_destructor copy = *d;

	m->destructors = d->next;
	d->next = free_destructors;
	free_destructors = d;
	return copy;
}

/* Its variables are as they were left until they are made again. */
static void renew(struct virtual_thread *m)
{
	enum { FROM = offsetof(struct virtual_thread, variables.is_made) };

	memset((char *)m + FROM, 0,
	       offsetof(struct virtual_thread, values) - FROM);
}

struct virtual_thread *virtual_of(struct vthread *thread)
{
	struct virtual_thread *m = thread->more;

	if (m)
		return m;
	m = free_ones;
	if (m) {
		free_ones = m->next_free;
		renew(m);
	} else {
		long at = syscall(SYS_mmap, NULL, sizeof(*m),
				  PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (at == -1)
			abort();
		m = (struct virtual_thread *)at;
	}
	thread->more = m;
	return m;
}

void virtual_thread_over(struct vthread *thread)
{
	struct virtual_thread *m = thread->more;

	if (!m)
		return;
	memset(m->values, 0, m->keys_used * sizeof(m->values[0]));
	while (m->destructors)
		take_destructor(m);
	variables_over(&m->variables);
	m->next_free = free_ones;
	free_ones = m;
	thread->more = NULL;
}

/* Main's values are the process's, so that what is set before and after
 * explored iterations is there in them. */
static bool is_main(void)
{
	return !world_self()->number;
}

int virtual_pthread_key_create(pthread_key_t *key, void (*destructor)(void *))
{
	int problem = snag_real_pthread_key_create(key, destructor);

	if (!problem && *key < VIRTUAL_KEYS)
		key_destructors[*key] = destructor;
	return problem;
}

int virtual_pthread_key_delete(pthread_key_t key)
{
	int problem = snag_real_pthread_key_delete(key);

	if (problem || key >= VIRTUAL_KEYS)
		return problem;
	key_destructors[key] = NULL;
	for (unsigned i = 1; i < world.thread_count; i++) {
		struct vthread *t = world_thread(i);

		if (t->more)
			t->more->values[key] = NULL;
	}
	return 0;
}

int virtual_pthread_setspecific(pthread_key_t key, const void *value)
{
	struct virtual_thread *m;

	if (is_main())
		return snag_real_pthread_setspecific(key, value);
	if (key >= VIRTUAL_KEYS)
		return EINVAL;
	m = virtual_self();
	m->values[key] = (void *)(uintptr_t)value;
	if (key >= m->keys_used)
		m->keys_used = key + 1;
	return 0;
}

void *virtual_pthread_getspecific(pthread_key_t key)
{
	if (is_main())
		return snag_real_pthread_getspecific(key);
	return key < VIRTUAL_KEYS ? virtual_self()->values[key] : NULL;
}

/* The DSO is not unloaded while the batch runs. */
int virtual___cxa_thread_atexit(void (*call)(void *), void *object, void *dso)
{
	struct virtual_thread *m = virtual_self();
	struct thread_destructor *d;

	if (is_main())
		return snag_real___cxa_thread_atexit(call, object, dso);
	d = new_destructor();
	if (!d)
		return -1;
	*d = (struct thread_destructor){m->destructors, call, object};
	m->destructors = d;
	return 0;
}

/* C++'s caught exceptions, of each thread. */
void *virtual___cxa_get_globals(void)
{
	return is_main() ? snag_real___cxa_get_globals()
			 : virtual_self()->exceptions;
}

void *virtual___cxa_get_globals_fast(void)
{
	return virtual___cxa_get_globals();
}

static void run_keys(struct virtual_thread *m)
{
	for (int round = 0; round < PTHREAD_DESTRUCTOR_ITERATIONS; round++) {
		bool is_any = false;

		for (unsigned key = 0; key < m->keys_used; key++) {
			void *value = m->values[key];

			m->values[key] = NULL;
			if (!value || !key_destructors[key])
				continue;
			is_any = true;
			key_destructors[key](value);
		}
		if (!is_any)
			return;
	}
}

void virtual_run_destructors(void)
{
	struct virtual_thread *m = world_self()->more;

	if (!m)
		return;
	while (m->destructors) {
		struct thread_destructor d = take_destructor(m);

		d.call(d.object);
	}
	run_keys(m);
}
