/*
 * A lock-free stack over a pool of three nodes, of which none is ever freed.
 *
 * Broken: one thread pops A while another pops A, pops B and pushes A again;
 * the first one's exchange finds A on top as before and puts B there, which the
 * other has.  Right: a tag beside the index, which changes with each exchange.
 */
#include "kernels.h"

enum { NODES = 3, TAG = 16 };

struct stack {
	atomic_int top;             /* index; from TAG on, the tag. 0: empty */
	atomic_int next[NODES + 1]; /* index of the node below */
	int step;                   /* what an exchange adds: TAG, or 0 */
};

static int index_of(int top)
{
	return top % TAG;
}

static bool fill(struct stack *stack, int step)
{
	for (int i = 1; i <= NODES; i++)
		atomic_init(&stack->next[i], i - 1);
	atomic_init(&stack->top, NODES);
	stack->step = step;
	return true;
}

static bool fill_untagged(struct snag_run *run, void *state)
{
	(void)run;
	return fill(state, 0);
}

static bool fill_tagged(struct snag_run *run, void *state)
{
	(void)run;
	return fill(state, TAG);
}

static bool exchange(struct stack *stack, int *top, int index)
{
	int tag = *top - index_of(*top) + stack->step;

	return atomic_compare_exchange_strong(&stack->top, top, tag + index);
}

static int pop(struct stack *stack)
{
	int top = atomic_load(&stack->top), next;

	do {
		if (!index_of(top))
			return 0;
		next = atomic_load(&stack->next[index_of(top)]);
	} while (!exchange(stack, &top, next));
	return index_of(top);
}

static void push(struct stack *stack, int index)
{
	int top = atomic_load(&stack->top);

	do
		atomic_store(&stack->next[index], index_of(top));
	while (!exchange(stack, &top, index));
}

struct pool {
	struct stack stack;
	int one, other; /* the nodes that the two threads keep */
};

static void pop_one(struct snag_self *self, void *state)
{
	struct pool *pool = state;

	(void)self;
	pool->one = pop(&pool->stack);
}

static void pop_two_push_one(struct snag_self *self, void *state)
{
	struct pool *pool = state;
	int first = pop(&pool->stack);

	(void)self;
	pool->other = pop(&pool->stack);
	push(&pool->stack, first);
}

/* Two nodes are out, and the third is the stack. */
static void check(struct snag_run *run, void *state)
{
	struct pool *pool = state;
	int left = index_of(pool->stack.top);
	bool is_sane = left && left != pool->one && left != pool->other &&
		       pool->one != pool->other && !pool->stack.next[left];

	snag_outcome(run, is_sane ? "intact" : "corrupt");
}

SNAG_SCENARIO(kernels, aba) = {
	.summary = "a stack whose top is A again, with another node below it",
	.refs = {"R. K. Treiber, Systems Programming: Coping with "
		 "Parallelism, IBM RJ 5118, 1986"},
	.tags = "kernel lockfree stack",
	.practice = SNAG_ATOMICS,
	.lesson = "pop reads the top, A, and the node below it, B, and then "
		  "sets the top from A to B if it still is A. The other thread "
		  "may have popped A and B and pushed A again: the exchange "
		  "succeeds, and B is on the stack although somebody has it. "
		  "That a value is equal does not say that nothing happened.",
	.expect = SNAG_BLIND,
	.state_size = sizeof(struct pool),
	.setup = fill_untagged,
	.roles = {{"popper", pop_one, 1}, {"recycler", pop_two_push_one, 1}},
	.check = check,
	.outcomes = {KERNEL_BUG("corrupt", "atomicity-violation",
				"a node is on the stack and somebody's own"),
		     KERNEL_FINE("intact", "A did not come back in between")},
};

SNAG_SCENARIO(kernels, aba_tagged) = {
	.summary = "a stack whose top carries a tag",
	.repairs = "kernels/aba",
	.tags = "kernel lockfree stack",
	.practice = SNAG_ATOMICS,
	.lesson = "Each exchange changes the tag, so A that came back is not "
		  "equal to A that was there.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct pool),
	.setup = fill_tagged,
	.roles = {{"popper", pop_one, 1}, {"recycler", pop_two_push_one, 1}},
	.check = check,
	.outcomes = {KERNEL_ALWAYS("intact", "every exchange is noticed")},
};
