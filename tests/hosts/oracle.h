/*
 * Heap memory used wrongly, each scenario in one way, and rightly: what the
 * memory oracle of explored schedules must find, and what it must not.
 */
#ifndef SNAG_TESTS_ORACLE_H
#define SNAG_TESTS_ORACLE_H

#include <malloc.h>
#include <pthread.h>
#include <snag/scenario.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Two roles of one thread each; two bodies say all. */
#define PAIR(first, second)                              \
	.practice = SNAG_LIFETIME,                       \
	.lesson = "One owner frees, when all are done.", \
	.state_size = sizeof(struct shared),             \
	.roles = {{"first", first, 1}, {"second", second, 1}}

/* What each must come to; ThreadSanitizer may see it too. */
#define WHY .why = "It is done wrong."
#define FAULTY(end, first, second)                                      \
	PAIR(first, second), .expect = SNAG_BROKEN,                     \
		.reports = {{.kind = SNAG_DATA_RACE,                    \
			     .grade = SNAG_ALLOWED,                     \
			     WHY},                                      \
			    {.kind = SNAG_USE_AFTER_FREE,               \
			     .grade = SNAG_ALLOWED,                     \
			     WHY}},                                     \
		.outcomes = {{.when = "*", .grade = SNAG_ALLOWED, WHY}, \
			     {.when = end, .grade = SNAG_REQUIRED, WHY}}
#define SOUND(first, second) PAIR(first, second), .expect = SNAG_CLEAN

struct node {
	struct node *next;
	long value;
	char text[16];
};

struct shared {
	pthread_mutex_t lock;
	_Atomic(struct node *) node;
	_Atomic int turn;
	_Atomic(struct node *) pool;
	volatile long seen;
	unsigned char *bytes;
	char local_copy[16];
};

/* The compiler may not know what is done to it. */
static inline void *hide(void *p)
{
	__asm__ volatile("" : "+r"(p));
	return p;
}

static inline void nothing(struct snag_self *self, void *state)
{
	(void)self;
	(void)state;
}

static inline bool make_node(struct snag_run *run, void *state)
{
	struct shared *s = state;

	(void)run;
	pthread_mutex_init(&s->lock, NULL);
	s->node = calloc(1, sizeof(struct node));
	return s->node;
}

static inline void read_value(struct snag_self *self, void *state)
{
	struct shared *s = state;
	struct node *n = atomic_load(&s->node);

	(void)self;
	if (n)
		s->seen = n->value;
}

static inline void free_node(struct snag_self *self, void *state)
{
	struct shared *s = state;

	(void)self;
	free(atomic_exchange(&s->node, NULL));
}

static inline void drop_node(void *state)
{
	struct shared *s = state;

	free(s->node);
}

static inline void free_bytes(struct snag_self *self, void *state)
{
	struct shared *s = state;

	(void)self;
	free(s->bytes);
}

static inline bool make_bytes(struct snag_run *run, void *state)
{
	struct shared *s = state;

	(void)run;
	s->bytes = calloc(1, sizeof(struct node));
	return s->bytes;
}

static inline void drop_bytes(void *state)
{
	struct shared *s = state;

	free(s->bytes);
}

#endif
