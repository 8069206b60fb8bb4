/*
 * world.h - for hosts of the calls that explore answers itself: each scenario
 * is clean, and its check says when a call did not do what it promises.
 */
#ifndef SNAG_TESTS_WORLD_H
#define SNAG_TESTS_WORLD_H

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <snag/scenario.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define WORLD                                              \
	.practice = SNAG_LOCKING, .expect = SNAG_CLEAN,    \
	.summary = "Calls of pthread and libc.",           \
	.lesson = "What explore answers is as without.",   \
	.outcomes = {{.when = "right",                     \
		      .grade = SNAG_REQUIRED,              \
		      .why = "all as promised"},           \
		     {.when = "*",                         \
		      .grade = SNAG_FORBIDDEN,             \
		      .why = "a call broke its promise"}}, \
	.state_size = sizeof(struct state)

struct state {
	pthread_mutex_t lock;
	pthread_cond_t cond;
	pthread_rwlock_t rwlock;
	pthread_key_t key;
	pthread_once_t once;
	sem_t sem;
	int fds[2], back[2];
	atomic_int steps, left, word;
	long sum;
	char wrong[48]; /* what went wrong first; guarded by lock */
};

static inline void say(struct state *s, const char *wrong)
{
	pthread_mutex_lock(&s->lock);
	if (!s->wrong[0])
		strncpy(s->wrong, wrong, sizeof(s->wrong) - 1);
	pthread_mutex_unlock(&s->lock);
}

#define WANT(what)                         \
	do {                               \
		if (!(what))               \
			say(state, #what); \
	} while (0)

static inline bool setup(struct snag_run *run, void *state)
{
	struct state *s = state;

	(void)run;
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->cond, NULL);
	pthread_rwlock_init(&s->rwlock, NULL);
	sem_init(&s->sem, 0, 0);
	return true;
}

static inline void check(struct snag_run *run, void *state)
{
	const struct state *s = state;

	snag_outcome(run, "%s", s->wrong[0] ? s->wrong : "right");
}

static inline void teardown(void *state)
{
	struct state *s = state;

	pthread_mutex_destroy(&s->lock);
	pthread_cond_destroy(&s->cond);
	pthread_rwlock_destroy(&s->rwlock);
	sem_destroy(&s->sem);
}

#endif
