/*
 * What is used before it is there.
 *
 * Broken: a double-checked initialisation that says "done" first; and a thread
 * that is created before what it needs.  Right: the other way round.
 */
#include "kernels.h"

#include <pthread.h>
#include <stdlib.h>

enum { VALUE = 42 };

struct lazy {
	pthread_mutex_t lock;
	atomic_int is_ready, value;
	atomic_int is_unbuilt; /* somebody saw it so */
};

static bool setup(struct snag_run *run, void *state)
{
	struct lazy *lazy = state;

	(void)run;
	pthread_mutex_init(&lazy->lock, NULL);
	return true;
}

static void teardown(void *state)
{
	struct lazy *lazy = state;

	pthread_mutex_destroy(&lazy->lock);
}

static void build_ready_first(struct lazy *lazy)
{
	atomic_store(&lazy->is_ready, 1);
	kernel_store(&lazy->value, VALUE);
}

static void build_ready_last(struct lazy *lazy)
{
	kernel_store(&lazy->value, VALUE);
	atomic_store(&lazy->is_ready, 1);
}

static void get(struct lazy *lazy, void (*build)(struct lazy *))
{
	if (!atomic_load(&lazy->is_ready)) {
		pthread_mutex_lock(&lazy->lock);
		if (!atomic_load(&lazy->is_ready))
			build(lazy);
		pthread_mutex_unlock(&lazy->lock);
	}
	if (kernel_load(&lazy->value) != VALUE)
		kernel_store(&lazy->is_unbuilt, 1);
}

static void get_ready_first(struct snag_self *self, void *state)
{
	(void)self;
	get(state, build_ready_first);
}

static void get_ready_last(struct snag_self *self, void *state)
{
	(void)self;
	get(state, build_ready_last);
}

static void check_lazy(struct snag_run *run, void *state)
{
	const struct lazy *lazy = state;

	snag_outcome(run, lazy->is_unbuilt ? "unbuilt" : "built");
}

SNAG_SCENARIO(kernels, double_checked) = {
	.summary = "a double-checked initialisation says \"ready\" first",
	.refs = {"CWE-609: Double-Checked Locking"},
	.tags = "kernel init lock",
	.practice = SNAG_IMMUTABLE,
	.lesson = "build_ready_first runs under the lock, but the first check "
		  "does not take it: once is_ready is set, others go past the "
		  "lock to a value that is not there yet. Say so last, with "
		  "release; or use pthread_once.",
	.expect = SNAG_BLIND,
	.state_size = sizeof(struct lazy),
	.setup = setup,
	.roles = {{"getter", get_ready_first, 3}},
	.check = check_lazy,
	.teardown = teardown,
	.outcomes = {KERNEL_BUG("unbuilt", "order-violation",
				"a getter came between flag and value"),
		     KERNEL_FINE("built", "no getter was that early")},
};

SNAG_SCENARIO(kernels, double_checked_last) = {
	.summary = "a double-checked initialisation says \"ready\" last",
	.repairs = "kernels/double_checked",
	.tags = "kernel init lock",
	.practice = SNAG_IMMUTABLE,
	.lesson = "Whoever sees is_ready sees the value, which was stored "
		  "before it.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct lazy),
	.setup = setup,
	.roles = {{"getter", get_ready_last, 3}},
	.check = check_lazy,
	.teardown = teardown,
	.outcomes = {KERNEL_ALWAYS("built", "the flag comes last")},
};

/* ---- a thread that is there too early ---- */

struct service {
	atomic_int config;
	int seen; /* by the thread */
};

static void *serve(void *argument)
{
	struct service *service = argument;

	service->seen = kernel_load(&service->config);
	return NULL;
}

static pthread_t start(struct service *service)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, serve, service))
		abort();
	return thread;
}

static void create_first(struct snag_self *self, void *state)
{
	struct service *service = state;
	pthread_t thread = start(service);

	(void)self;
	kernel_store(&service->config, VALUE);
	pthread_join(thread, NULL);
}

static void create_last(struct snag_self *self, void *state)
{
	struct service *service = state;
	pthread_t thread;

	(void)self;
	kernel_store(&service->config, VALUE);
	thread = start(service);
	pthread_join(thread, NULL);
}

static void check_service(struct snag_run *run, void *state)
{
	const struct service *service = state;

	snag_outcome(run, service->seen == VALUE ? "configured" : "unset");
}

SNAG_SCENARIO(kernels, created_early) = {
	.summary = "a thread is created before its configuration is set",
	.refs = {"Lu et al., Learning from Mistakes, ASPLOS 2008"},
	.tags = "kernel init thread exhaustible",
	.practice = SNAG_IMMUTABLE,
	.lesson = "create_first relies on a new thread taking its time. It "
		  "may run at once, and finds nothing set. pthread_create "
		  "orders all that came before it: set first, create last.",
	.expect = SNAG_BLIND,
	.state_size = sizeof(struct service),
	.roles = {{"starter", create_first, 1}},
	.check = check_service,
	.outcomes = {KERNEL_BUG("unset", "order-violation",
				"the thread ran before its creator went on"),
		     KERNEL_FINE("configured", "the thread took its time")},
};

SNAG_SCENARIO(kernels, created_last) = {
	.summary = "a thread is created when its configuration is set",
	.repairs = "kernels/created_early",
	.tags = "kernel init thread exhaustible",
	.practice = SNAG_IMMUTABLE,
	.lesson = "All that stands before pthread_create happens before the "
		  "thread.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct service),
	.roles = {{"starter", create_last, 1}},
	.check = check_service,
	.outcomes = {KERNEL_ALWAYS("configured", "creation orders them")},
};
