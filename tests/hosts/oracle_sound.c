/* What is right, and must not be: see oracle.h. */
#include "oracle.h"

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
	if (n->value)
		abort();
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
