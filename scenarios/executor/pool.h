/*
 * pool.h - a small executor: clients hand in tasks, workers run them.
 *
 * A task belongs to its client and must live until it has run.  Handing one in
 * happens-before running it, and running it happens-before the return of
 * pool_shutdown(), which waits for every task handed in before.  The threads
 * are the caller's: a thread becomes a worker by calling pool_work().
 */
#ifndef SCENARIOS_EXECUTOR_POOL_H
#define SCENARIOS_EXECUTOR_POOL_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

struct task {
	void (*run)(void *arg);
	void *arg;
	struct task *next;
};

struct pool {
	pthread_mutex_t lock;
	pthread_cond_t has_task; /* or is shut      */
	pthread_cond_t is_idle;  /* unfinished is 0 */
	struct task *first, *last;
	unsigned unfinished; /* waiting or running */
	bool is_shut;
};

static inline void pool_init(struct pool *pool)
{
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->has_task, NULL);
	pthread_cond_init(&pool->is_idle, NULL);
	pool->first = pool->last = NULL;
	pool->unfinished = 0;
	pool->is_shut = false;
}

static inline void pool_destroy(struct pool *pool)
{
	pthread_cond_destroy(&pool->is_idle);
	pthread_cond_destroy(&pool->has_task);
	pthread_mutex_destroy(&pool->lock);
}

/* Hand in a task; not after pool_shutdown(). */
static inline void pool_submit(struct pool *pool, struct task *task)
{
	task->next = NULL;
	pthread_mutex_lock(&pool->lock);
	if (pool->first == NULL)
		pool->first = task;
	else
		pool->last->next = task;
	pool->last = task;
	pool->unfinished++;
	pthread_cond_signal(&pool->has_task);
	pthread_mutex_unlock(&pool->lock);
}

/* The next task; waits for one.  NULL: the pool is shut and empty. */
static inline struct task *pool_take(struct pool *pool)
{
	struct task *task;

	pthread_mutex_lock(&pool->lock);
	while (pool->first == NULL && !pool->is_shut)
		pthread_cond_wait(&pool->has_task, &pool->lock);
	task = pool->first;
	if (task != NULL)
		pool->first = task->next;
	pthread_mutex_unlock(&pool->lock);
	return task;
}

static inline void pool_finish(struct pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	if (--pool->unfinished == 0)
		pthread_cond_broadcast(&pool->is_idle);
	pthread_mutex_unlock(&pool->lock);
}

/* Run tasks until the pool is shut and empty. */
static inline void pool_work(struct pool *pool)
{
	struct task *task;

	while ((task = pool_take(pool)) != NULL) {
		task->run(task->arg);
		pool_finish(pool);
	}
}

/* Take no more tasks, and wait until those handed in have run. */
static inline void pool_shutdown(struct pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	pool->is_shut = true;
	pthread_cond_broadcast(&pool->has_task);
	while (pool->unfinished > 0)
		pthread_cond_wait(&pool->is_idle, &pool->lock);
	pthread_mutex_unlock(&pool->lock);
}

#endif
