/*
 * Heap memory used wrongly, each scenario in one way, and rightly: what the
 * memory oracle of explored schedules must find, and what it must not.
 */
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
static void *hide(void *p)
{
	__asm__ volatile("" : "+r"(p));
	return p;
}

static void nothing(struct snag_self *self, void *state)
{
	(void)self;
	(void)state;
}

static bool make_node(struct snag_run *run, void *state)
{
	struct shared *s = state;

	(void)run;
	pthread_mutex_init(&s->lock, NULL);
	s->node = calloc(1, sizeof(struct node));
	return s->node;
}

static void read_value(struct snag_self *self, void *state)
{
	struct shared *s = state;
	struct node *n = atomic_load(&s->node);

	(void)self;
	if (n)
		s->seen = n->value;
}

static void free_node(struct snag_self *self, void *state)
{
	struct shared *s = state;

	(void)self;
	free(atomic_exchange(&s->node, NULL));
}

static void drop_node(void *state)
{
	struct shared *s = state;

	free(s->node);
}

/* Broken: use after free. */

SNAG_SCENARIO(oracle, plain_use) = {
	.summary = "A node is read while its owner frees it",
	.setup = make_node,
	.teardown = drop_node,
	FAULTY("@use-after-free", read_value, free_node),
};

static void set_value_locked(struct snag_self *self, void *state)
{
	struct shared *s = state;
	struct node *n = atomic_load(&s->node);

	(void)self;
	if (!n)
		return;
	pthread_mutex_lock(&s->lock);
	n->value = 1;
	pthread_mutex_unlock(&s->lock);
}

static void free_node_locked(struct snag_self *self, void *state)
{
	struct shared *s = state;

	(void)self;
	pthread_mutex_lock(&s->lock);
	free(atomic_exchange(&s->node, NULL));
	pthread_mutex_unlock(&s->lock);
}

/* No race: the lock orders the two, in the wrong way. */
SNAG_SCENARIO(oracle, ordered_use) = {
	.summary = "A node is looked up before the lock that guards its life",
	.setup = make_node,
	.teardown = drop_node,
	FAULTY("@use-after-free", set_value_locked, free_node_locked),
};

static void add_atomically(struct snag_self *self, void *state)
{
	struct shared *s = state;
	struct node *n = atomic_load(&s->node);

	(void)self;
	if (n)
		__atomic_fetch_add(&n->value, 1, __ATOMIC_RELAXED);
}

SNAG_SCENARIO(oracle, atomic_use) = {
	.summary = "A count in a node is raised while its owner frees it",
	.setup = make_node,
	.teardown = drop_node,
	FAULTY("@use-after-free", add_atomically, free_node),
};

static void copy_text(struct snag_self *self, void *state)
{
	struct shared *s = state;
	struct node *n = atomic_load(&s->node);

	(void)self;
	if (n)
		memcpy(hide(s->local_copy), hide(n->text), sizeof(n->text));
}

SNAG_SCENARIO(oracle, copied_use) = {
	.summary = "A node's text is copied while its owner frees it",
	.setup = make_node,
	.teardown = drop_node,
	FAULTY("@use-after-free", copy_text, free_node),
};

static void grow_node(struct snag_self *self, void *state)
{
	struct shared *s = state;

	(void)self;
	atomic_store(&s->node, realloc(s->node, 4 * sizeof(struct node)));
}

SNAG_SCENARIO(oracle, moved_use) = {
	.summary = "A node is read while its owner makes it larger",
	.setup = make_node,
	.teardown = drop_node,
	FAULTY("@use-after-free", read_value, grow_node),
};

struct guarded {
	pthread_mutex_t lock;
	long value;
};

static bool make_guarded(struct snag_run *run, void *state)
{
	struct shared *s = state;
	struct guarded *g = calloc(1, sizeof(*g));

	(void)run;
	if (!g)
		return false;
	pthread_mutex_init(&g->lock, NULL);
	s->bytes = (unsigned char *)g;
	return true;
}

static void lock_it(struct snag_self *self, void *state)
{
	struct shared *s = state;
	struct guarded *g = hide(s->bytes);

	(void)self;
	if (atomic_load(&s->turn))
		return;
	pthread_mutex_lock(&g->lock);
	pthread_mutex_unlock(&g->lock);
}

static void free_bytes_after(struct snag_self *self, void *state)
{
	struct shared *s = state;

	(void)self;
	atomic_store(&s->turn, 1);
	free(s->bytes);
}

SNAG_SCENARIO(oracle, lock_of_freed) = {
	.summary = "A lock is taken in an object that its owner frees",
	.setup = make_guarded,
	FAULTY("@use-after-free", lock_it, free_bytes_after),
};

static void check_node(struct snag_run *run, void *state)
{
	struct shared *s = state;
	struct node *n = hide(s->bytes);

	(void)run;
	s->seen = n->value;
}

static void free_bytes(struct snag_self *self, void *state)
{
	struct shared *s = state;

	(void)self;
	free(s->bytes);
}

static bool make_bytes(struct snag_run *run, void *state)
{
	struct shared *s = state;

	(void)run;
	s->bytes = calloc(1, sizeof(struct node));
	return s->bytes;
}

/* Also where only main lives. */
SNAG_SCENARIO(oracle, use_in_check) = {
	.summary = "What a body freed is read when all is over",
	.setup = make_bytes,
	.check = check_node,
	FAULTY("@use-after-free", free_bytes, nothing),
};

/* Broken: what is passed to free(). */

static void free_if_there(struct snag_self *self, void *state)
{
	struct shared *s = state;
	struct node *n = atomic_load(&s->node);

	(void)self;
	if (!n)
		return;
	free(n);
	atomic_store(&s->node, NULL);
}

SNAG_SCENARIO(oracle, double_free) = {
	.summary = "Two threads see that a node is there, and free it",
	.setup = make_node,
	.teardown = drop_node,
	FAULTY("@double-free", free_if_there, free_if_there),
};

static void free_middle(struct snag_self *self, void *state)
{
	struct shared *s = state;

	(void)self;
	if (!atomic_exchange(&s->turn, 1))
		return;
	free(hide(s->bytes + 16));
}

static void drop_bytes(void *state)
{
	struct shared *s = state;

	free(s->bytes);
}

SNAG_SCENARIO(oracle, free_in_the_middle) = {
	.summary = "Who comes second frees a pointer into a block",
	.setup = make_bytes,
	.teardown = drop_bytes,
	FAULTY("@invalid-free", free_middle, free_middle),
};

static void free_local(struct snag_self *self, void *state)
{
	struct shared *s = state;
	long local = 0;

	(void)self;
	if (atomic_exchange(&s->turn, 1))
		free(hide(&local));
}

SNAG_SCENARIO(oracle, free_of_stack) = {
	.summary = "Who comes second frees a local variable",
	FAULTY("@invalid-free", free_local, free_local),
};

static long a_global[4];

static void free_global(struct snag_self *self, void *state)
{
	struct shared *s = state;

	(void)self;
	if (atomic_exchange(&s->turn, 1))
		free(hide(a_global));
}

SNAG_SCENARIO(oracle, free_of_global) = {
	.summary = "Who comes second frees a global variable",
	FAULTY("@invalid-free", free_global, free_global),
};

/* Broken: out of bounds.  The index is too large when both have counted. */

static void write_behind(struct snag_self *self, void *state)
{
	struct shared *s = state;
	unsigned char *p = malloc(32);
	int n = atomic_fetch_add(&s->turn, 1);

	(void)self;
	if (p && n)
		((volatile unsigned char *)hide(p))[31 + n] = 1;
	free(p);
}

SNAG_SCENARIO(oracle, write_past_end) = {
	.summary = "Who comes second writes the byte behind a block",
	FAULTY("@out-of-bounds", write_behind, write_behind),
};

static void read_far(struct snag_self *self, void *state)
{
	struct shared *s = state;
	unsigned char *p = calloc(1, 29);
	int n = atomic_fetch_add(&s->turn, 1);

	(void)self;
	if (p && n)
		s->seen = *(volatile unsigned char *)hide(p + 28 + 8 * n);
	free(p);
}

SNAG_SCENARIO(oracle, read_past_end) = {
	.summary = "Who comes second reads the eighth byte behind a block",
	FAULTY("@out-of-bounds", read_far, read_far),
};

static void read_across(struct snag_self *self, void *state)
{
	struct shared *s = state;
	unsigned char *p = calloc(1, 28);
	int n = atomic_fetch_add(&s->turn, 1);

	(void)self;
	if (p && n)
		s->seen = ((volatile long *)hide(p))[3];
	free(p);
}

SNAG_SCENARIO(oracle, read_across_end) = {
	.summary = "Who comes second reads a word that ends behind a block",
	FAULTY("@out-of-bounds", read_across, read_across),
};

static void read_before(struct snag_self *self, void *state)
{
	struct shared *s = state;
	unsigned char *p = calloc(1, 48);
	int n = atomic_fetch_add(&s->turn, 1);

	(void)self;
	if (p && n)
		s->seen = *(volatile unsigned char *)hide(p - n);
	free(p);
}

SNAG_SCENARIO(oracle, read_before_start) = {
	.summary = "Who comes second reads the byte before a block",
	FAULTY("@out-of-bounds", read_before, read_before),
};

static void fill_too_much(struct snag_self *self, void *state)
{
	struct shared *s = state;
	unsigned char *p = malloc(100);
	int n = atomic_fetch_add(&s->turn, 1);

	(void)self;
	if (p)
		memset(hide(p), 0, 100 + (size_t)n);
	free(p);
}

SNAG_SCENARIO(oracle, filled_past_end) = {
	.summary = "Who comes second fills a block and a byte more",
	FAULTY("@out-of-bounds", fill_too_much, fill_too_much),
};

/* Sound. */

static void touch(unsigned char *p, size_t size)
{
	volatile unsigned char *v = hide(p);

	for (size_t i = 0; i < size; i += 7)
		v[i] = (unsigned char)i;
	if (size)
		v[size - 1] = 1;
}

static void grow(struct snag_self *self, void *state)
{
	unsigned char *p = NULL;

	(void)self;
	(void)state;
	for (size_t size = 1; size < 400; size = size * 3 + 1) {
		unsigned char *more = realloc(p, size);

		if (!more)
			break;
		p = more;
		touch(p, size);
	}
	p = realloc(p, 5);
	if (p)
		touch(p, 5);
	free(p);
}

SNAG_SCENARIO(oracle, growth) = {
	.summary = "Blocks grow and shrink",
	SOUND(grow, grow),
};

static void make_and_free(struct snag_self *self, void *state)
{
	(void)self;
	(void)state;
	for (int i = 0; i < 8; i++) {
		unsigned char *p = malloc(48), *q = malloc(17);

		if (p)
			touch(p, 48);
		free(p);
		if (q)
			touch(q, 17);
		free(q);
	}
}

SNAG_SCENARIO(oracle, made_again) = {
	.summary = "Memory is freed and made again",
	SOUND(make_and_free, make_and_free),
};

static void all_kinds(struct snag_self *self, void *state)
{
	void *p = NULL;
	unsigned char *q;

	(void)self;
	(void)state;
	q = calloc(3, 7);
	touch(q, 21);
	if (malloc_usable_size(q) < 21)
		abort();
	free(q);
	q = aligned_alloc(64, 128);
	touch(q, 128);
	free(q);
	q = memalign(32, 40);
	touch(q, 40);
	free(q);
	if (!posix_memalign(&p, 4096, 100))
		touch(p, 100);
	free(p);
	q = reallocarray(NULL, 5, 5);
	touch(q, 25);
	q = reallocarray(q, 50, 5);
	touch(q, 250);
	free(q);
	free(malloc(0));
	free(hide(NULL));
	q = malloc(300 * 1000);
	touch(q, 300 * 1000 / 64);
	q = realloc(q, 400 * 1000);
	touch(q, 1000);
	q = realloc(q, 10);
	touch(q, 10);
	free(q);
}

SNAG_SCENARIO(oracle, all_calls) = {
	.summary = "Every call that makes and frees memory",
	SOUND(all_kinds, all_kinds),
};

static void in_libc(struct snag_self *self, void *state)
{
	char source[] = "one\ntwo two two two two two two two two two two two "
			"two two two two two two two two two two two two two "
			"two two two two two two two two two two two two two\n";
	char *line = NULL, *copy = strdup(source), *text = NULL;
	size_t room = 0;
	FILE *f = fmemopen(source, sizeof(source) - 1, "r");

	(void)self;
	(void)state;
	while (f && getline(&line, &room, f) > 0)
		if (line[0] == 'x')
			abort();
	if (f)
		fclose(f);
	free(line);
	if (copy && copy[0] != 'o')
		abort();
	free(copy);
	if (asprintf(&text, "%d %s", 12, source) > 0 && text[0] != '1')
		abort();
	free(text);
}

SNAG_SCENARIO(oracle, library) = {
	.summary = "The C library makes memory, and the program frees it",
	SOUND(in_libc, in_libc),
};

/* A stack of nodes that are never freed while others may look: its ABA is
 * beyond what this is about, so each takes under the lock. */
static void use_pool(struct snag_self *self, void *state)
{
	struct shared *s = state;

	(void)self;
	for (int i = 0; i < 3; i++) {
		struct node *n;

		pthread_mutex_lock(&s->lock);
		n = s->pool;
		if (n)
			s->pool = n->next;
		pthread_mutex_unlock(&s->lock);
		if (!n)
			n = malloc(sizeof(*n));
		if (!n)
			return;
		n->value = i;
		pthread_mutex_lock(&s->lock);
		n->next = s->pool;
		s->pool = n;
		pthread_mutex_unlock(&s->lock);
	}
}

static void drop_pool(void *state)
{
	struct shared *s = state;

	for (struct node *n = s->pool, *next; n; n = next) {
		next = n->next;
		free(n);
	}
}

SNAG_SCENARIO(oracle, pool) = {
	.summary = "Nodes go back to a pool and are taken again",
	.teardown = drop_pool,
	SOUND(use_pool, use_pool),
};

static void count_down(struct snag_self *self, void *state)
{
	struct shared *s = state;
	struct node *n = s->node;

	(void)self;
	s->local_copy[snag_index(self)] = (char)n->value;
	if (atomic_fetch_add(&s->turn, 1) == 1)
		free(n);
}

SNAG_SCENARIO(oracle, last_one_frees) = {
	.summary = "Who counts down to nothing frees",
	.setup = make_node,
	SOUND(count_down, count_down),
};

static struct node *kept_for_ever;

static void keep_one(struct snag_self *self, void *state)
{
	struct shared *s = state;

	(void)self;
	pthread_mutex_lock(&s->lock);
	free(kept_for_ever);
	kept_for_ever = calloc(1, sizeof(*kept_for_ever));
	if (kept_for_ever)
		kept_for_ever->value = 1;
	pthread_mutex_unlock(&s->lock);
}

SNAG_SCENARIO(oracle, over_iterations) = {
	.summary = "A block is made in one iteration and freed in the next",
	.setup = make_node,
	.teardown = drop_node,
	SOUND(keep_one, keep_one),
};
