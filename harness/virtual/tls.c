/*
 * Variables of `__thread` and thread_local.  The kernel's thread has one of
 * each, and all virtual threads would share it: so the code under test is
 * compiled with -femulated-tls, whose one call is defined here.
 *
 * A real thread's variables still lie in its own thread-local storage, where
 * ThreadSanitizer looks for them when it describes a place; a virtual thread's
 * begin anew in each iteration.
 */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "internal.h"
#include "virtual/call.h"
#include "virtual/thread.h"

/* As compilers make it for each variable; `place` is the runtime's. */
struct variable {
	size_t size, align;
	uint64_t place; /* its number from 1, and its offset; 0: none yet */
	const void *initial; /* NULL: zeros */
};

enum { OFFSET_SHIFT = 16, NO_ROOM = 0xffff };

struct big_variable {
	struct big_variable *next;
	uint64_t number;
	void *memory;
};

__attribute__((visibility("default"))) void *
__emutls_get_address(struct variable *v);
void *__interceptor_malloc(size_t bytes);
int __interceptor_posix_memalign(void **at, size_t align, size_t bytes);
void __interceptor_free(void *memory);

/* libstdc++'s, which has them in storage of the thread's. */
static void *no_callable;
extern struct variable
	once_callable __asm__("__emutls_v._ZSt15__once_callable");
extern struct variable once_call __asm__("__emutls_v._ZSt11__once_call");
struct variable once_callable = {sizeof(void *), sizeof(void *), 0, NULL};
struct variable once_call = {sizeof(void *), sizeof(void *), 0, NULL};

static __thread struct thread_variables own;
static uint32_t lock;
static uint64_t count, bytes_used;

static void take_lock(void)
{
	while (__atomic_exchange_n(&lock, 1, __ATOMIC_ACQUIRE))
		noise_yield();
}

static uint64_t place_of(struct variable *v)
{
	uint64_t place, at;

	take_lock();
	place = v->place;
	if (!place) {
		at = (bytes_used + v->align - 1) & ~(uint64_t)(v->align - 1);
		if (++count > VIRTUAL_TLS_VARIABLES)
			abort();
		if (v->align <= 64 && v->size < VIRTUAL_TLS_BYTES &&
		    at + v->size <= VIRTUAL_TLS_BYTES)
			bytes_used = at + v->size;
		else
			at = NO_ROOM;
		place = count | at << OFFSET_SHIFT;
		__atomic_store_n(&v->place, place, __ATOMIC_RELEASE);
	}
	__atomic_store_n(&lock, 0, __ATOMIC_RELEASE);
	return place;
}

static void initialise(void *at, const struct variable *v)
{
	if (v->initial)
		memcpy(at, v->initial, v->size);
	else
		memset(at, 0, v->size);
}

static void free_big(void *list)
{
	for (struct big_variable *b = list, *next; b; b = next) {
		next = b->next;
		__interceptor_free(b->memory);
		__interceptor_free(b);
	}
}

/* A real thread's go with it. */
static void free_at_exit(struct thread_variables *mine)
{
	static pthread_key_t key;
	static uint32_t is_made;

	if (mine != &own)
		return;
	take_lock();
	if (!is_made)
		snag_real_pthread_key_create(&key, free_big);
	is_made = 1;
	__atomic_store_n(&lock, 0, __ATOMIC_RELEASE);
	snag_real_pthread_setspecific(key, mine->big);
}

static void *big_address(struct thread_variables *mine,
			 const struct variable *v, uint64_t number)
{
	struct big_variable *b = mine->big;

	while (b && b->number != number)
		b = b->next;
	if (b)
		return b->memory;
	b = __interceptor_malloc(sizeof(*b));
	if (!b || __interceptor_posix_memalign(
			  &b->memory,
			  v->align < sizeof(void *) ? sizeof(void *) : v->align,
			  v->size))
		abort();
	b->number = number;
	b->next = mine->big;
	mine->big = b;
	initialise(b->memory, v);
	free_at_exit(mine);
	return b->memory;
}

void variables_over(struct thread_variables *mine)
{
	if (mine->big)
		free_big(mine->big);
	mine->big = NULL;
}

static bool is_virtual(void)
{
	return snag_thread_is_virtual && world.is_active;
}

static void *standard_library(const char *name)
{
	void *at = dlsym(RTLD_DEFAULT, name);

	return at ? at : &no_callable;
}

void once_arguments_back(void)
{
	const struct virtual_thread *m = world_self()->more;

	if (!m || !m->once_call)
		return;
	*(void **)standard_library("_ZSt15__once_callable") = m->once_callable;
	*(void (**)(void))standard_library("_ZSt11__once_call") = m->once_call;
}

static void *once_address(const struct variable *v)
{
	if (v == &once_callable)
		return is_virtual() ? (void *)&virtual_self()->once_callable
				    : standard_library("_ZSt15__once_callable");
	return is_virtual() ? (void *)&virtual_self()->once_call
			    : standard_library("_ZSt11__once_call");
}

/* Main's are the process's. */
static struct thread_variables *variables_now(void)
{
	return is_virtual() && world_self()->number ? &virtual_self()->variables
						    : &own;
}

void *__emutls_get_address(struct variable *v)
{
	uint64_t place = __atomic_load_n(&v->place, __ATOMIC_ACQUIRE), number;
	struct thread_variables *mine;
	char *at;

	if (v == &once_callable || v == &once_call)
		return once_address(v);
	if (!place)
		place = place_of(v);
	mine = variables_now();
	number = (place & ((1U << OFFSET_SHIFT) - 1)) - 1;
	if (place >> OFFSET_SHIFT == NO_ROOM)
		return big_address(mine, v, number);
	at = mine->bytes + (place >> OFFSET_SHIFT);
	if (!(mine->is_made[number / 64] & UINT64_C(1) << number % 64)) {
		mine->is_made[number / 64] |= UINT64_C(1) << number % 64;
		initialise(at, v);
	}
	return at;
}
