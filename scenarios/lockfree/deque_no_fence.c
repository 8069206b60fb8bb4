/*
 * A work-stealing deque (Chase and Lev): its owner pushes and takes at the
 * bottom, thieves steal at the top.
 *
 * Broken: the orders and fences that the algorithm needs are left out.  Right:
 * a push releases; take and steal use sequentially consistent accesses.
 */
#include <sched.h>
#include <snag/scenario.h>
#include <stdatomic.h>
#include <stddef.h>

enum { TASKS = 32, SPINS = 64 };

struct task {
	int input;
	atomic_uint runs;
};

struct deque {
	_Alignas(64) atomic_long top;
	_Alignas(64) atomic_long bottom; /* written by the owner only */
	_Atomic(struct task *) slot[TASKS];
	struct task task[TASKS];
	atomic_bool is_thief_up, is_done;
	atomic_int sum;
};

static void run_task(struct deque *deque, struct task *task)
{
	atomic_fetch_add_explicit(&task->runs, 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&deque->sum, task->input,
				  memory_order_relaxed);
}

/* Claims the task at top, which others may want as well. */
static bool claim_top(struct deque *deque, long top)
{
	return atomic_compare_exchange_strong(&deque->top, &top, top + 1);
}

/* ---- without the orders ---- */

static void push_relaxed(struct deque *deque, struct task *task)
{
	long bottom =
		atomic_load_explicit(&deque->bottom, memory_order_relaxed);
	atomic_store_explicit(&deque->slot[bottom], task, memory_order_relaxed);
	atomic_store_explicit(&deque->bottom, bottom + 1, memory_order_relaxed);
}

static struct task *take_relaxed(struct deque *deque)
{
	long bottom =
		atomic_load_explicit(&deque->bottom, memory_order_relaxed) - 1;
	atomic_store_explicit(&deque->bottom, bottom, memory_order_relaxed);
	long top = atomic_load_explicit(&deque->top, memory_order_relaxed);
	struct task *task = NULL;
	if (top <= bottom)
		task = atomic_load_explicit(&deque->slot[bottom],
					    memory_order_relaxed);
	if (top == bottom && !claim_top(deque, top))
		task = NULL;
	if (top >= bottom)
		atomic_store_explicit(&deque->bottom, bottom + 1,
				      memory_order_relaxed);
	return task;
}

static struct task *steal_relaxed(struct deque *deque)
{
	long top = atomic_load_explicit(&deque->top, memory_order_relaxed);
	long bottom =
		atomic_load_explicit(&deque->bottom, memory_order_relaxed);
	if (top >= bottom)
		return NULL;
	struct task *task =
		atomic_load_explicit(&deque->slot[top], memory_order_relaxed);
	return claim_top(deque, top) ? task : NULL;
}

/* ---- with them ---- */

static void push_release(struct deque *deque, struct task *task)
{
	long bottom =
		atomic_load_explicit(&deque->bottom, memory_order_relaxed);
	atomic_store_explicit(&deque->slot[bottom], task, memory_order_relaxed);
	atomic_store_explicit(&deque->bottom, bottom + 1, memory_order_release);
}

static struct task *take_seq_cst(struct deque *deque)
{
	long bottom =
		atomic_load_explicit(&deque->bottom, memory_order_relaxed) - 1;
	atomic_store(&deque->bottom, bottom);
	long top = atomic_load(&deque->top);
	struct task *task = NULL;
	if (top <= bottom)
		task = atomic_load_explicit(&deque->slot[bottom],
					    memory_order_relaxed);
	if (top == bottom && !claim_top(deque, top))
		task = NULL;
	if (top >= bottom)
		atomic_store_explicit(&deque->bottom, bottom + 1,
				      memory_order_release);
	return task;
}

static struct task *steal_seq_cst(struct deque *deque)
{
	long top = atomic_load(&deque->top);
	long bottom = atomic_load(&deque->bottom);
	if (top >= bottom)
		return NULL;
	struct task *task =
		atomic_load_explicit(&deque->slot[top], memory_order_relaxed);
	return claim_top(deque, top) ? task : NULL;
}

/* ---- the threads ---- */

static void spawn(struct deque *deque, int number,
		  void (*push)(struct deque *, struct task *))
{
	struct task *task = &deque->task[number];
	task->input = number;
	push(deque, task);
}

static void own(struct snag_self *self, struct deque *deque,
		void (*push)(struct deque *, struct task *),
		struct task *(*take)(struct deque *))
{
	struct task *task;
	while (!atomic_load_explicit(&deque->is_thief_up, memory_order_relaxed))
		sched_yield();
	for (int i = 0; i < TASKS; i++) {
		spawn(deque, i, push);
		if (i % 4 == 3 && (task = take(deque)))
			run_task(deque, task);
		snag_point(self);
		if (i % 8 == 7)
			sched_yield(); /* let the thieves have some */
	}
	while ((task = take(deque)))
		run_task(deque, task);
	atomic_store_explicit(&deque->is_done, true, memory_order_relaxed);
}

static void rob(struct snag_self *self, struct deque *deque,
		struct task *(*steal)(struct deque *))
{
	atomic_store_explicit(&deque->is_thief_up, true, memory_order_relaxed);
	for (unsigned misses = 0;
	     !atomic_load_explicit(&deque->is_done, memory_order_relaxed);) {
		struct task *task = steal(deque);
		snag_point(self);
		if (task)
			run_task(deque, task);
		else if (++misses % SPINS == 0)
			sched_yield();
	}
}

static void own_relaxed(struct snag_self *self, void *state)
{
	own(self, state, push_relaxed, take_relaxed);
}

static void rob_relaxed(struct snag_self *self, void *state)
{
	rob(self, state, steal_relaxed);
}

static void own_seq_cst(struct snag_self *self, void *state)
{
	own(self, state, push_release, take_seq_cst);
}

static void rob_seq_cst(struct snag_self *self, void *state)
{
	rob(self, state, steal_seq_cst);
}

static void check(struct snag_run *run, void *state)
{
	struct deque *deque = state;
	bool is_twice = false, is_missed = false;
	for (int i = 0; i < TASKS; i++) {
		is_twice |= deque->task[i].runs > 1;
		is_missed |= deque->task[i].runs == 0;
	}
	bool is_sum = deque->sum == TASKS * (TASKS - 1) / 2;
	if (is_twice)
		snag_outcome(run, "twice");
	else if (is_missed)
		snag_outcome(run, "missed");
	else
		snag_outcome(run, is_sum ? "once" : "stale");
}

SNAG_SCENARIO(lockfree, deque_no_fence) = {
	.summary = "work-stealing deque without its fences",
	.refs = {"D. Chase and Y. Lev, Dynamic Circular Work-Stealing Deque, "
		 "SPAA 2005",
		 "N. M. Le et al., Correct and Efficient Work-Stealing for "
		 "Weak Memory Models, PPoPP 2013"},
	.tags = "lockfree deque work-stealing fence",
	.practice = SNAG_ATOMICS,
	.lesson = "Two orders are missing. push_relaxed stores the new bottom "
		  "without release, so a thief that sees it need not see the "
		  "task's input yet: a data race, which ThreadSanitizer "
		  "reports. And take_relaxed stores the smaller bottom and "
		  "then loads top with nothing in between. A processor, x86 "
		  "included, may do the load before the store is visible; the "
		  "owner then misses that thieves have come near, the thieves "
		  "miss that the owner has claimed the last task, and it runs "
		  "twice. All these accesses are atomic, so of that "
		  "ThreadSanitizer says nothing. The repair is a release store "
		  "in push, and sequentially consistent accesses in take and "
		  "steal; the paper of 2013 uses relaxed accesses and fences, "
		  "but ThreadSanitizer does not model fences.",
	.in_python = "collections.deque locks for you: append and pop at one "
		     "end, popleft at the other.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct deque),
	.roles = {{"owner", own_relaxed, 1}, {"thief", rob_relaxed, 0}},
	.check = check,
	.reports = {{.kind = SNAG_DATA_RACE,
		     .cause = "unsafe-publication",
		     .grade = SNAG_REQUIRED,
		     .between = {"spawn", "run_task"},
		     .why = "a relaxed bottom does not publish the task"}},
	.outcomes = {{.when = "once",
		      .grade = SNAG_ALLOWED,
		      .why = "every task ran once"},
		     {.when = "twice",
		      .grade = SNAG_ALLOWED,
		      .why = "owner and thief both got the last task"},
		     {.when = "stale",
		      .grade = SNAG_ALLOWED,
		      .why = "a thief saw the task before its input"}},
};

SNAG_SCENARIO(lockfree, deque_seq_cst) = {
	.summary = "work-stealing deque with the orders that it needs",
	.repairs = "lockfree/deque_no_fence",
	.refs = {"D. Chase and Y. Lev, Dynamic Circular Work-Stealing Deque, "
		 "SPAA 2005"},
	.tags = "lockfree deque work-stealing",
	.practice = SNAG_ATOMICS,
	.lesson = "push_release publishes a task: a thief that loads the new "
		  "bottom sees the task as it was filled in. take_seq_cst "
		  "stores bottom and loads top, steal_seq_cst loads top and "
		  "then bottom, all in one total order that every thread "
		  "agrees on. So either the owner sees how far the thieves "
		  "are, or the thieves see that the owner has claimed the "
		  "task; when both want the last one, the compare-and-swap on "
		  "top gives it to one of them.",
	.in_python = "collections.deque locks for you.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct deque),
	.roles = {{"owner", own_seq_cst, 1}, {"thief", rob_seq_cst, 0}},
	.check = check,
	.outcomes = {{.when = "once",
		      .grade = SNAG_REQUIRED,
		      .why = "every task ran once"}},
};
