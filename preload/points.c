/*
 * The points, and on which side of the real function noise strikes.
 *
 * ThreadSanitizer notes a release before it calls the real function, and an
 * acquire after that has returned.  Noise in between would let the acquire take
 * in what was released meanwhile, by others and later: an edge that is not
 * there, and hides races.  So there is no noise after what acquires from an
 * object that others can release to (semaphores, barriers, descriptors), and
 * none before what releases to it.  A lock is ours in between: both sides.
 *
 * Without noise the real function is jumped to, as if we were not there.
 */
#include <dlfcn.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "noise.h"

enum side { BEFORE = 1, AFTER = 2, BOTH = BEFORE | AFTER };

typedef const struct timespec time_spec;

/* clang-format off */
#define POINTS(X)                                                           \
	X(int, pthread_mutex_lock, LOCK, BOTH,                              \
	  (pthread_mutex_t *m), (m))                                        \
	X(int, pthread_mutex_trylock, LOCK, BOTH,                           \
	  (pthread_mutex_t *m), (m))                                        \
	X(int, pthread_mutex_timedlock, LOCK, BOTH,                         \
	  (pthread_mutex_t *m, time_spec *t), (m, t))                       \
	X(int, pthread_mutex_clocklock, LOCK, BOTH,                         \
	  (pthread_mutex_t *m, clockid_t c, time_spec *t), (m, c, t))       \
	X(int, pthread_mutex_unlock, UNLOCK, BOTH,                          \
	  (pthread_mutex_t *m), (m))                                        \
	X(int, pthread_rwlock_rdlock, LOCK, BOTH,                           \
	  (pthread_rwlock_t *m), (m))                                       \
	X(int, pthread_rwlock_tryrdlock, LOCK, BOTH,                        \
	  (pthread_rwlock_t *m), (m))                                       \
	X(int, pthread_rwlock_timedrdlock, LOCK, BOTH,                      \
	  (pthread_rwlock_t *m, time_spec *t), (m, t))                      \
	X(int, pthread_rwlock_wrlock, LOCK, BOTH,                           \
	  (pthread_rwlock_t *m), (m))                                       \
	X(int, pthread_rwlock_trywrlock, LOCK, BOTH,                        \
	  (pthread_rwlock_t *m), (m))                                       \
	X(int, pthread_rwlock_timedwrlock, LOCK, BOTH,                      \
	  (pthread_rwlock_t *m, time_spec *t), (m, t))                      \
	X(int, pthread_rwlock_unlock, UNLOCK, BOTH,                         \
	  (pthread_rwlock_t *m), (m))                                       \
	X(int, pthread_spin_lock, LOCK, BOTH,                               \
	  (pthread_spinlock_t *m), (m))                                     \
	X(int, pthread_spin_trylock, LOCK, BOTH,                            \
	  (pthread_spinlock_t *m), (m))                                     \
	X(int, pthread_spin_unlock, UNLOCK, BOTH,                           \
	  (pthread_spinlock_t *m), (m))                                     \
	X(int, pthread_cond_wait, WAIT, BOTH,                               \
	  (pthread_cond_t *c, pthread_mutex_t *m), (c, m))                  \
	X(int, pthread_cond_timedwait, WAIT, BOTH,                          \
	  (pthread_cond_t *c, pthread_mutex_t *m, time_spec *t), (c, m, t)) \
	X(int, pthread_cond_clockwait, WAIT, BOTH,                          \
	  (pthread_cond_t *c, pthread_mutex_t *m, clockid_t k,              \
	   time_spec *t), (c, m, k, t))                                     \
	X(int, pthread_cond_signal, SIGNAL, BOTH,                           \
	  (pthread_cond_t *c), (c))                                         \
	X(int, pthread_cond_broadcast, SIGNAL, BOTH,                        \
	  (pthread_cond_t *c), (c))                                         \
	X(int, pthread_barrier_wait, WAIT, BEFORE,                          \
	  (pthread_barrier_t *b), (b))                                      \
	X(int, sem_wait, WAIT, BEFORE, (sem_t *s), (s))                     \
	X(int, sem_trywait, WAIT, BEFORE, (sem_t *s), (s))                  \
	X(int, sem_timedwait, WAIT, BEFORE,                                 \
	  (sem_t *s, time_spec *t), (s, t))                                 \
	X(int, sem_clockwait, WAIT, BEFORE,                                 \
	  (sem_t *s, clockid_t c, time_spec *t), (s, c, t))                 \
	X(int, sem_post, SIGNAL, AFTER, (sem_t *s), (s))                    \
	X(int, pthread_join, WAIT, BOTH,                                    \
	  (pthread_t t, void **end), (t, end))                              \
	/* ThreadSanitizer's own attributes, at the end of its              \
	 * pthread_create(): the new thread runs by then. */                \
	X(int, pthread_attr_destroy, CREATE, AFTER,                         \
	  (pthread_attr_t *a), (a))                                         \
	X(int, sched_yield, SLEEP, AFTER, (void), ())                       \
	X(unsigned, sleep, SLEEP, AFTER, (unsigned n), (n))                 \
	X(int, usleep, SLEEP, AFTER, (useconds_t n), (n))                   \
	X(int, nanosleep, SLEEP, AFTER,                                     \
	  (time_spec *t, struct timespec *left), (t, left))                 \
	X(int, clock_nanosleep, SLEEP, AFTER,                               \
	  (clockid_t c, int flags, time_spec *t, struct timespec *left),    \
	  (c, flags, t, left))                                              \
	X(ssize_t, read, READ, BEFORE,                                      \
	  (int fd, void *data, size_t n), (fd, data, n))                    \
	X(ssize_t, recv, READ, BEFORE,                                      \
	  (int fd, void *data, size_t n, int flags), (fd, data, n, flags))  \
	X(ssize_t, recvmsg, READ, BEFORE,                                   \
	  (int fd, struct msghdr *m, int flags), (fd, m, flags))            \
	X(int, poll, READ, BEFORE,                                          \
	  (struct pollfd *fds, nfds_t n, int ms), (fds, n, ms))             \
	X(int, epoll_wait, READ, BEFORE,                                    \
	  (int fd, struct epoll_event *events, int n, int ms),              \
	  (fd, events, n, ms))                                              \
	X(ssize_t, write, WRITE, AFTER,                                     \
	  (int fd, const void *data, size_t n), (fd, data, n))              \
	X(ssize_t, send, WRITE, AFTER,                                      \
	  (int fd, const void *data, size_t n, int flags),                  \
	  (fd, data, n, flags))                                             \
	X(ssize_t, sendmsg, WRITE, AFTER,                                   \
	  (int fd, const struct msghdr *m, int flags), (fd, m, flags))      \
	X(int, close, WRITE, BOTH, (int fd), (fd))

#define NUMBER(type, name, sort, sides, parameters, arguments) name##_number,
enum { POINTS(NUMBER) POINT_COUNT };

#define NAME(type, name, sort, sides, parameters, arguments) #name,
static const char *const names[] = {POINTS(NAME)};
/* clang-format on */

static void *real[POINT_COUNT];

/* The result is kept before it is returned: by the return address, dlsym()
 * knows whose next one is asked for, so it must not be jumped to. */
static void *resolve(unsigned number)
{
	void *found = dlsym(RTLD_NEXT, names[number]);

	__atomic_store_n(&real[number], found, __ATOMIC_RELAXED);
	return found;
}

void points_resolve(void)
{
	for (unsigned i = 0; i < POINT_COUNT; i++)
		resolve(i);
}

/* ThreadSanitizer calls some of these before any constructor runs. */
static inline void *real_of(unsigned number)
{
	void *known = __atomic_load_n(&real[number], __ATOMIC_RELAXED);

	return known ? known : resolve(number);
}

#define JUMP __attribute__((musttail)) return

#define DEFINE(type, name, sort, sides, parameters, arguments)       \
	__attribute__((visibility("default"))) type name parameters  \
	{                                                            \
		__typeof__(&(name)) function =                       \
			(__typeof__(&(name)))real_of(name##_number); \
		type result;                                         \
                                                                     \
		if (!noise_is_on)                                    \
			JUMP function arguments;                     \
		if ((sides) & BEFORE)                                \
			noise_point(SORT_##sort, #name);             \
		result = function arguments;                         \
		if ((sides) & AFTER)                                 \
			noise_point(SORT_##sort, #name);             \
		return result;                                       \
	}

/* clang-format off */
POINTS(DEFINE)
