/* What is done wrong to the heap, and must be seen: see oracle.h. */
#include "oracle.h"

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
