/*
 * Mutable configuration: host and port are rewritten in place while other
 * threads read them, and somebody connects to the new host on the old port.
 * Right when the configuration is built once and never changes after it is
 * published, or when each change builds a new one and swaps the pointer.
 */
#include <snag/scenario.h>

#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { READS = 4, CHANGES = 4 };

struct config {
	const char *host;
	unsigned port;
};

static const struct config primary = {"primary.example", 5432};
static const struct config standby = {"standby.example", 6432};

struct shared_config {
	struct config config;
	atomic_bool torn; /* did anyone get a pair that never was? */
};

struct published_config {
	_Atomic(const struct config *) current;
	struct config *built[CHANGES]; /* freed when nobody reads any more */
	atomic_bool torn;
};

static bool is_pair(const struct config *seen, const struct config *whole)
{
	return seen->host == whole->host && seen->port == whole->port;
}

static void connect_to(struct config seen, atomic_bool *torn)
{
	if (!is_pair(&seen, &primary) && !is_pair(&seen, &standby))
		atomic_store_explicit(torn, true, memory_order_relaxed);
}

/* Broken: rewritten in place. */

static bool setup_shared(struct snag_run *run, void *state)
{
	struct shared_config *shared = state;

	(void)run;
	shared->config = primary;
	return true;
}

__attribute__((noinline)) static void set_config(struct config *config,
						 const struct config *to)
{
	config->host = to->host;
	config->port = to->port;
}

__attribute__((noinline)) static struct config
get_config(const struct config *config)
{
	struct config seen;

	seen.host = config->host;
	seen.port = config->port;
	return seen;
}

static void change_in_place(struct snag_self *self, void *state)
{
	struct shared_config *shared = state;

	for (int i = 0; i < CHANGES; i++) {
		set_config(&shared->config, i % 2 ? &primary : &standby);
		snag_point(self);
	}
}

static void read_in_place(struct snag_self *self, void *state)
{
	struct shared_config *shared = state;

	for (int i = 0; i < READS; i++) {
		connect_to(get_config(&shared->config), &shared->torn);
		snag_point(self);
	}
}

static void check_shared(struct snag_run *run, void *state)
{
	struct shared_config *shared = state;

	snag_outcome(run, atomic_load(&shared->torn) ? "torn" : "whole");
}

/* Repaired: built, frozen, then published. */

static struct config *build_config(const struct config *from)
{
	struct config *config = malloc(sizeof(*config));

	if (!config)
		abort();
	*config = *from;
	return config;
}

static void publish(struct published_config *published,
		    const struct config *config)
{
	atomic_store_explicit(&published->current, config,
			      memory_order_release);
}

static void build_and_publish(struct snag_self *self, void *state)
{
	struct published_config *published = state;

	(void)self;
	published->built[0] = build_config(&primary);
	publish(published, published->built[0]);
}

static void read_published(struct snag_self *self, void *state)
{
	struct published_config *published = state;
	const struct config *config;

	(void)self;
	while (!(config = atomic_load_explicit(&published->current,
					       memory_order_acquire)))
		sched_yield();
	for (int i = 0; i < READS; i++)
		connect_to(*config, &published->torn);
}

static void check_published(struct snag_run *run, void *state)
{
	struct published_config *published = state;

	snag_outcome(run, atomic_load(&published->torn) ? "torn" : "whole");
}

static void teardown_published(void *state)
{
	struct published_config *published = state;

	for (int i = 0; i < CHANGES; i++)
		free(published->built[i]);
}

/* Repaired: every change is a new snapshot. */

static bool setup_snapshot(struct snag_run *run, void *state)
{
	struct published_config *published = state;

	(void)run;
	publish(published, &primary);
	return true;
}

static void swap_snapshots(struct snag_self *self, void *state)
{
	struct published_config *published = state;

	for (int i = 0; i < CHANGES; i++) {
		published->built[i] = build_config(i % 2 ? &primary : &standby);
		publish(published, published->built[i]);
		snag_point(self);
	}
}

static void read_snapshots(struct snag_self *self, void *state)
{
	struct published_config *published = state;

	for (int i = 0; i < READS; i++) {
		const struct config *snapshot = atomic_load_explicit(
			&published->current, memory_order_acquire);

		connect_to(*snapshot, &published->torn);
		snag_point(self);
	}
}

SNAG_SCENARIO(config, mutable_config) = {
	.summary = "host and port are rewritten while others read them",
	.refs = {"CWE-362", "C11 5.1.2.4p25"},
	.tags = "config torn pair",
	.practice = SNAG_IMMUTABLE,
	.lesson =
		"set_config stores the host and then the port; get_config "
		"loads the host and then the port. Each line is one step, the "
		"pair is not, and a reader that comes in between connects to "
		"the new host on the old port. Making each field atomic would "
		"silence the detector and keep the bug, since what must agree "
		"is the pair. A lock around both functions would do, at the "
		"price of a lock for every read of data that hardly ever "
		"changes. Better is not to change it: config/frozen_config "
		"builds it once and publishes it finished; "
		"config/snapshot_swap builds a new one for every change and "
		"replaces the pointer, so a reader has the old pair or the "
		"new one.",
	.in_python =
		"cfg.host, cfg.port = \"standby\", 6432 is two stores, and a "
		"reader can come between them. Make Config a frozen dataclass "
		"and rebind one name: config = Config(\"standby\", 6432).",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct shared_config),
	.setup = setup_shared,
	.roles = {{"writer", change_in_place, 1}, {"reader", read_in_place, 0}},
	.check = check_shared,
	.reports = {{.kind = SNAG_DATA_RACE,
		     .cause = "mutable-config",
		     .grade = SNAG_REQUIRED,
		     .between = {"set_config", "get_config"},
		     .why = "the configuration is written while it is read"}},
	.outcomes = {{.when = "whole",
		      .grade = SNAG_ALLOWED,
		      .why = "nobody read between the two stores"},
		     {.when = "torn",
		      .grade = SNAG_ALLOWED,
		      .why = "a reader got one host with the other's port"}},
};

SNAG_SCENARIO(config, frozen_config) = {
	.summary = "the configuration is built once, then published",
	.repairs = "config/mutable_config",
	.refs = {"C11 7.17.3"},
	.tags = "config immutable publish release-acquire",
	.practice = SNAG_IMMUTABLE,
	.lesson =
		"build_and_publish fills a configuration that nobody else can "
		"reach yet, and only then stores the pointer to it, with "
		"release order. A reader that loads the pointer with acquire "
		"order sees everything that was written before the store. "
		"From then on nobody writes, so any number of threads may "
		"read without a lock, for ever. Readers get a pointer to "
		"const: the compiler refuses a write by mistake.",
	.in_python =
		"@dataclass(frozen=True) class Config: ..., built whole before "
		"the threads start or stored once in one name.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct published_config),
	.roles = {{"builder", build_and_publish, 1},
		  {"reader", read_published, 0}},
	.check = check_published,
	.teardown = teardown_published,
	.outcomes = {{.when = "whole",
		      .grade = SNAG_REQUIRED,
		      .why = "nothing is written after it is published"},
		     {.when = "torn",
		      .grade = SNAG_FORBIDDEN,
		      .why = "a reader would have seen it half built"}},
};

SNAG_SCENARIO(config, snapshot_swap) = {
	.summary = "each change builds a new snapshot and swaps the pointer",
	.repairs = "config/mutable_config",
	.refs = {"C11 7.17.3"},
	.tags = "config immutable snapshot release-acquire",
	.practice = SNAG_IMMUTABLE,
	.lesson =
		"A configuration that must change is not changed: "
		"swap_snapshots builds a new one and replaces the pointer "
		"with one release store. A reader loads the pointer once, "
		"with acquire order, and uses that snapshot for all that "
		"belongs together; loading it again for the port would bring "
		"the torn pair back. The old snapshot may still be in use, so "
		"it must not be freed at the swap: here all are kept until "
		"the threads have ended, elsewhere a reference count or RCU "
		"decides.",
	.in_python =
		"cfg = self.config; connect(cfg.host, cfg.port), where the "
		"writer does self.config = Config(...). The old one is freed "
		"when its last reader lets go.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct published_config),
	.setup = setup_snapshot,
	.roles = {{"writer", swap_snapshots, 1}, {"reader", read_snapshots, 0}},
	.check = check_published,
	.teardown = teardown_published,
	.outcomes = {{.when = "whole",
		      .grade = SNAG_REQUIRED,
		      .why = "a snapshot never changes"},
		     {.when = "torn",
		      .grade = SNAG_FORBIDDEN,
		      .why = "a snapshot would have been changed in place"}},
};
