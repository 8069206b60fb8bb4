/*
 * Treiber's lock-free stack over a pool of nodes that are used again.
 *
 * Broken: compare-and-swap compares the top's index only, and the same index
 * may be back on top with another node below it (A, B, then A again).  Right:
 * a tag beside the index, which changes with every successful exchange.
 */
#include <sched.h>
#include <snag/scenario.h>
#include <stdatomic.h>

enum { NODES = 4, ROUNDS = 2, SHARED_ROUNDS = 128 };

struct node {
	atomic_uint next; /* index of the node below; 0: none */
	atomic_bool is_out;
};

struct stack {
	atomic_uint top;              /* index; 0: empty */
	_Atomic(uint64_t) tagged_top; /* tag in the high half, index below */
	struct node node[NODES + 1];  /* the first is not used */
	atomic_uint twice;
};

/* Stands for the preemption that real code meets here, sooner or later. */
static void dawdle(struct snag_self *self)
{
	snag_point(self);
	if (snag_random(self, 8) == 0)
		sched_yield();
}

static uint64_t retag(uint64_t old, unsigned index)
{
	return ((old >> 32) + 1) << 32 | index;
}

static void push_untagged(struct stack *stack, unsigned index)
{
	unsigned top = atomic_load(&stack->top);
	do
		atomic_store(&stack->node[index].next, top);
	while (!atomic_compare_exchange_weak(&stack->top, &top, index));
}

static unsigned pop_untagged(struct snag_self *self, struct stack *stack)
{
	unsigned top = atomic_load(&stack->top), next;
	do {
		if (top == 0)
			return 0;
		next = atomic_load(&stack->node[top].next);
		dawdle(self);
	} while (!atomic_compare_exchange_weak(&stack->top, &top, next));
	return top;
}

static void push_tagged(struct stack *stack, unsigned index)
{
	uint64_t top = atomic_load(&stack->tagged_top);
	do
		atomic_store(&stack->node[index].next, (unsigned)top);
	while (!atomic_compare_exchange_weak(&stack->tagged_top, &top,
					     retag(top, index)));
}

static unsigned pop_tagged(struct snag_self *self, struct stack *stack)
{
	uint64_t top = atomic_load(&stack->tagged_top);
	unsigned next;
	do {
		if ((unsigned)top == 0)
			return 0;
		next = atomic_load(&stack->node[(unsigned)top].next);
		dawdle(self);
	} while (!atomic_compare_exchange_weak(&stack->tagged_top, &top,
					       retag(top, next)));
	return (unsigned)top;
}

/* A node belongs to whoever popped it; being popped by two is the failure. */
static void take(struct stack *stack, unsigned index)
{
	if (index && atomic_exchange(&stack->node[index].is_out, true))
		atomic_fetch_add(&stack->twice, 1);
}

static void use(struct snag_self *self, struct stack *stack,
		unsigned (*pop)(struct snag_self *, struct stack *),
		void (*push)(struct stack *, unsigned))
{
	unsigned nodes[2];
	for (int n = 0; n < 2; n++) {
		nodes[n] = pop(self, stack);
		take(stack, nodes[n]);
	}
	for (int n = 0; n < 2; n++) {
		if (!nodes[n])
			continue;
		atomic_store(&stack->node[nodes[n]].is_out, false);
		push(stack, nodes[n]);
	}
}

static unsigned rounds(struct snag_self *self)
{
	return ROUNDS + SHARED_ROUNDS / snag_threads(self);
}

static void use_untagged(struct snag_self *self, void *state)
{
	struct stack *stack = state;
	for (unsigned n = rounds(self); n && !atomic_load(&stack->twice); n--)
		use(self, stack, pop_untagged, push_untagged);
}

static void use_tagged(struct snag_self *self, void *state)
{
	struct stack *stack = state;
	for (unsigned n = rounds(self); n && !atomic_load(&stack->twice); n--)
		use(self, stack, pop_tagged, push_tagged);
}

static bool fill(struct snag_run *run, void *state)
{
	struct stack *stack = state;
	(void)run;
	for (unsigned i = 1; i <= NODES; i++)
		atomic_init(&stack->node[i].next, i - 1);
	atomic_init(&stack->top, NODES);
	atomic_init(&stack->tagged_top, NODES);
	return true;
}

static void judge(struct snag_run *run, struct stack *stack, unsigned top)
{
	unsigned count = 0;
	for (unsigned i = top; i && count <= NODES; i = stack->node[i].next)
		count++;
	bool is_intact = count == NODES && !stack->twice;
	snag_outcome(run, is_intact ? "intact" : "corrupt");
}

static void check_untagged(struct snag_run *run, void *state)
{
	struct stack *stack = state;
	judge(run, stack, stack->top);
}

static void check_tagged(struct snag_run *run, void *state)
{
	struct stack *stack = state;
	judge(run, stack, (unsigned)stack->tagged_top);
}

SNAG_SCENARIO(lockfree, treiber_aba) = {
	.summary =
		"lock-free stack: the top is the same again, its next is not",
	.refs = {"R. K. Treiber, Systems Programming: Coping with "
		 "Parallelism, IBM RJ 5118, 1986"},
	.tags = "lockfree stack aba",
	.practice = SNAG_ATOMICS,
	.lesson = "pop_untagged reads the top, A, and the node below it, B, "
		  "and then sets the top from A to B if it still is A. "
		  "Meanwhile another thread may pop A, pop B and push A again. "
		  "The top is A as before, so the exchange succeeds, and puts "
		  "B on top although the other thread has it: B belongs to two "
		  "threads, and what was below is lost. Every access is "
		  "atomic, so there is no data race and ThreadSanitizer is "
		  "silent. Compare-and-swap tells that a value is equal, not "
		  "that nothing happened. The repair exchanges the index "
		  "together with a tag that grows with every exchange, so that "
		  "A now is not equal to A then. Hazard pointers and epochs "
		  "solve it too, by not letting A be used again while somebody "
		  "still looks at it.",
	.in_python =
		"id(x) of a dead object may be that of a new one: the same "
		"fallacy. deque.append and deque.pop lock for you.",
	.expect = SNAG_BLIND,
	.state_size = sizeof(struct stack),
	.setup = fill,
	.roles = {{"worker", use_untagged, 0}},
	.min_threads = 2,
	.check = check_untagged,
	.outcomes = {{.when = "corrupt",
		      .grade = SNAG_REQUIRED,
		      .why = "the top was A again, with another node below it",
		      .cause = "atomicity-violation"},
		     {.when = "intact",
		      .grade = SNAG_ALLOWED,
		      .why = "nobody came in between"}},
};

SNAG_SCENARIO(lockfree, treiber_tagged) = {
	.summary = "lock-free stack whose top carries a tag",
	.repairs = "lockfree/treiber_aba",
	.refs = {"R. K. Treiber, Systems Programming: Coping with "
		 "Parallelism, IBM RJ 5118, 1986"},
	.tags = "lockfree stack tag",
	.practice = SNAG_ATOMICS,
	.lesson = "The top is one 64-bit word: the index of the node below, a "
		  "tag above. Each successful exchange increments the tag, so "
		  "a thread that looked at A before it was popped and pushed "
		  "again fails its exchange and tries anew. The tag may wrap "
		  "round, but only after four thousand million exchanges "
		  "within one thread's attempt. Indices into a pool leave room "
		  "for the tag; with pointers one needs a double-width "
		  "compare-and-swap.",
	.in_python = "queue.LifoQueue, or a deque used from one end.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct stack),
	.setup = fill,
	.roles = {{"worker", use_tagged, 0}},
	.min_threads = 2,
	.check = check_tagged,
	.outcomes = {{.when = "intact",
		      .grade = SNAG_REQUIRED,
		      .why = "an exchange fails if anything happened"}},
};
