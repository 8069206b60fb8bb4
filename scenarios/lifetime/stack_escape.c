/*
 * A function starts a thread with the address of its own local variable and
 * returns.
 *
 * Broken: the caller's next call uses the same stack, and writes over the
 * variable while the thread reads it.  Right: a copy on the heap, which the
 * thread owns and frees.
 */
#include <pthread.h>
#include <snag/scenario.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum { ITEMS = 16, ITEM = 7, COLUMNS = 160 };

struct order {
	unsigned item[ITEMS];
};

struct shop {
	atomic_uint wrong;
};

static struct shop *open_shop;

static bool open_for_business(struct snag_run *run, void *state)
{
	(void)run;
	open_shop = state;
	return true;
}

static void fill(struct order *order)
{
	for (unsigned i = 0; i < ITEMS; i++)
		order->item[i] = ITEM;
}

__attribute__((noinline)) static void ship(const struct order *order)
{
	unsigned right = 0;
	for (unsigned i = 0; i < ITEMS; i++)
		right += order->item[i] == ITEM;
	if (right != ITEMS)
		atomic_fetch_add_explicit(&open_shop->wrong, 1,
					  memory_order_relaxed);
}

static void *ship_borrowed(void *arg)
{
	ship(arg);
	return NULL;
}

static void *ship_owned(void *arg)
{
	ship(arg);
	free(arg);
	return NULL;
}

static pthread_t start(void *(*body)(void *), struct order *order)
{
	pthread_t thread;
	if (pthread_create(&thread, NULL, body, order))
		abort();
	return thread;
}

__attribute__((noinline)) static pthread_t take_order_on_stack(void)
{
	struct order order;
	fill(&order);
	return start(ship_borrowed, &order);
}

__attribute__((noinline)) static pthread_t take_order_on_heap(void)
{
	struct order *order = malloc(sizeof(*order));
	if (!order)
		abort();
	fill(order);
	return start(ship_owned, order);
}

/* Any call will do: it needs some stack of its own. */
__attribute__((noinline)) static int print_receipt(int number)
{
	char line[COLUMNS];
	return snprintf(line, sizeof(line), "receipt%*d", COLUMNS - 8, number);
}

static void sell(struct snag_self *self, pthread_t (*take_order)(void))
{
	pthread_t thread = take_order();
	snag_point(self);
	print_receipt(42);
	pthread_join(thread, NULL);
}

static void sell_on_stack(struct snag_self *self, void *state)
{
	(void)state;
	sell(self, take_order_on_stack);
}

static void sell_on_heap(struct snag_self *self, void *state)
{
	(void)state;
	sell(self, take_order_on_heap);
}

static void check(struct snag_run *run, void *state)
{
	struct shop *shop = state;
	snag_outcome(run, shop->wrong ? "garbage" : "right");
}

SNAG_SCENARIO(lifetime, stack_escape) = {
	.summary = "thread given the address of a local that is gone",
	.refs = {"CWE-562: Return of Stack Variable Address",
		 "SEI CERT C DCL30-C: Declare objects with appropriate "
		 "storage durations"},
	.tags = "lifetime stack thread",
	.practice = SNAG_LIFETIME,
	.lesson = "take_order_on_stack passes the address of its local order "
		  "to a new thread and returns. The variable's life ends with "
		  "that return, before the thread has read it, perhaps before "
		  "it has run at all. The next call, print_receipt, gets the "
		  "same piece of stack and writes its own data there, and the "
		  "thread ships whatever it finds. The join in sell comes too "
		  "late to help: what had to wait is the return. The repair "
		  "gives the order a life of its own: allocated by the caller, "
		  "handed over through pthread_create, freed by the thread.",
	.in_python = "A closure keeps its variables alive but sees their "
		     "later values: pass Thread(target=ship, args=(order,)).",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct shop),
	.setup = open_for_business,
	.roles = {{"seller", sell_on_stack, 0}},
	.check = check,
	.reports = {{.kind = SNAG_DATA_RACE,
		     .cause = "escaped-stack",
		     .grade = SNAG_REQUIRED,
		     .between = {"print_receipt", "ship"},
		     .why = "the thread reads a frame that is in use again"}},
	.outcomes = {{.when = "right",
		      .grade = SNAG_ALLOWED,
		      .why = "the thread was faster than the next call"},
		     {.when = "garbage",
		      .grade = SNAG_ALLOWED,
		      .why = "the thread read another call's variables"}},
};

SNAG_SCENARIO(lifetime, argument_owned) = {
	.summary = "thread given a heap copy that it owns and frees",
	.repairs = "lifetime/stack_escape",
	.refs = {"SEI CERT C DCL30-C: Declare objects with appropriate "
		 "storage durations"},
	.tags = "lifetime thread ownership",
	.practice = SNAG_LIFETIME,
	.lesson = "take_order_on_heap allocates the order and hands it to the "
		  "thread, which owns it from then on and frees it. Its life "
		  "no longer depends on when a function returns. "
		  "pthread_create happens-before all that the new thread does, "
		  "so the thread sees the order as it was filled in. A local "
		  "variable is fine too, if the function that declares it also "
		  "joins the thread.",
	.in_python = "Thread(target=ship, args=(order,)) keeps a reference.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct shop),
	.setup = open_for_business,
	.roles = {{"seller", sell_on_heap, 0}},
	.check = check,
	.outcomes = {{.when = "right",
		      .grade = SNAG_REQUIRED,
		      .why = "the order lives until it is shipped"}},
};
