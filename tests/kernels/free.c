/*
 * A connection that is freed while somebody uses it, or freed twice.  It is
 * only ever closed in the course of a handshake, of which the closer must meet
 * two of three steps: so the order of events that shows it is a precise one.
 *
 * Broken: state and pointer are looked at in separate steps.  Right: the
 * pointer is taken out by an exchange, and belongs to whoever got it.
 */
#include "kernels.h"

#include <stdlib.h>

struct connection {
	int id;
};

struct server {
	_Atomic(struct connection *) connection; /* NULL: taken out */
	struct connection *kept;                 /* the same, for teardown */
	atomic_int handshake, is_closing;
	atomic_int frees, uses;
};

static bool connect_one(struct snag_run *run, void *state)
{
	struct server *server = state;
	struct connection *connection = malloc(sizeof(*connection));

	(void)run;
	if (!connection)
		abort();
	connection->id = 7;
	atomic_init(&server->connection, connection);
	server->kept = connection;
	return true;
}

static void disconnect(void *state)
{
	struct server *server = state;

	if (!server->frees)
		free(server->kept);
}

static void shake_hands(struct snag_self *self, void *state)
{
	struct server *server = state;

	(void)self;
	for (int step = 1; step <= 3; step++)
		kernel_store(&server->handshake, step);
	kernel_store(&server->handshake, 0);
}

static bool may_close(struct server *server)
{
	return kernel_load(&server->handshake) == 1 &&
	       kernel_load(&server->handshake) == 3;
}

static void release(struct server *server, struct connection *connection)
{
	atomic_fetch_add(&server->frees, 1);
	free(connection);
}

/* Frees it after saying so. */
static void close_in_window(struct snag_self *self, void *state)
{
	struct server *server = state;
	struct connection *connection = atomic_load(&server->connection);

	(void)self;
	if (!may_close(server))
		return;
	kernel_store(&server->is_closing, 1);
	release(server, connection);
}

static void use_unless_closing(struct snag_self *self, void *state)
{
	struct server *server = state;
	struct connection *connection = atomic_load(&server->connection);

	(void)self;
	if (!kernel_load(&server->is_closing))
		atomic_fetch_add(&server->uses, connection->id);
}

/* Two of these free it twice if both look before one takes it out. */
static void close_if_there(struct snag_self *self, void *state)
{
	struct server *server = state;
	struct connection *connection = atomic_load(&server->connection);

	(void)self;
	if (!connection || !may_close(server))
		return;
	atomic_store(&server->connection, NULL);
	release(server, connection);
}

/* Repaired: the user puts it back, so that a closer may miss it. */

static void close_taken(struct snag_self *self, void *state)
{
	struct server *server = state;
	struct connection *connection;

	(void)self;
	if (!may_close(server))
		return;
	connection = atomic_exchange(&server->connection, NULL);
	if (connection)
		release(server, connection);
}

static void use_taken(struct snag_self *self, void *state)
{
	struct server *server = state;
	struct connection *connection =
		atomic_exchange(&server->connection, NULL);

	(void)self;
	if (!connection)
		return;
	atomic_fetch_add(&server->uses, connection->id);
	atomic_store(&server->connection, connection);
}

static void check(struct snag_run *run, void *state)
{
	const struct server *server = state;

	snag_outcome(run, server->frees > 1 ? "freed-twice" : "sane");
}

SNAG_SCENARIO(kernels, use_after_free) = {
	.summary = "a connection is used after a closer freed it",
	.refs = {"CWE-416: Use After Free"},
	.tags = "kernel lifetime free",
	.practice = SNAG_LIFETIME,
	.lesson = "use_unless_closing looks whether the connection is being "
		  "closed, and then uses it. close_in_window says that it is "
		  "closing, and then frees it. Each looks or says in good "
		  "time, but the look and the use are two steps: the closer "
		  "can do both of its own in between. Take the pointer out by "
		  "an exchange, and put it "
		  "back after use; or count who uses it.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct server),
	.setup = connect_one,
	.roles = {{"user", use_unless_closing, 1},
		  {"closer", close_in_window, 1},
		  {"peer", shake_hands, 1}},
	.check = check,
	.teardown = disconnect,
	.reports = {{.kind = SNAG_USE_AFTER_FREE,
		     .grade = SNAG_ALLOWED,
		     .between = {"use_unless_closing", "close_in_window"},
		     .why = "the use comes after the free"},
		    {.kind = SNAG_DATA_RACE,
		     .grade = SNAG_ALLOWED,
		     .between = {"use_unless_closing", "close_in_window"},
		     .why = "nothing orders the free after the use"}},
	.outcomes = {KERNEL_BUG("@use-after-free", "use-after-free",
				"closing and free fell between look and use"),
		     KERNEL_FINE("sane", "it was used in time, or not at all")},
};

SNAG_SCENARIO(kernels, double_free) = {
	.summary = "two closers free one connection",
	.refs = {"CWE-415: Double Free"},
	.tags = "kernel lifetime free",
	.practice = SNAG_LIFETIME,
	.lesson =
		"close_if_there loads the pointer, looks at the handshake, and "
		"stores NULL so that nobody else finds the pointer. Two "
		"closers that both load before one stores both free it. "
		"Load and store must be one step: an exchange, which gives "
		"the pointer to one of them and NULL to the other.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct server),
	.setup = connect_one,
	.roles = {{"closer", close_if_there, 2}, {"peer", shake_hands, 1}},
	.check = check,
	.teardown = disconnect,
	.reports = {{.kind = SNAG_USE_AFTER_FREE,
		     .grade = SNAG_ALLOWED,
		     .why = "the second free finds the first"},
		    {.kind = SNAG_DATA_RACE,
		     .grade = SNAG_ALLOWED,
		     .why = "nothing orders one free after the other"}},
	.outcomes = {KERNEL_BUG("@double-free", "use-after-free",
				"both closers loaded before one stored"),
		     KERNEL_FINE("freed-twice", "the same, where frees are "
						"counted but not watched"),
		     {.when = "@crash",
		      .grade = SNAG_ALLOWED,
		      .why = "the allocator does not survive a second free",
		      .engines = SNAG_STRESS},
		     KERNEL_FINE("sane", "one closer came after the other")},
};

SNAG_SCENARIO(kernels, free_taken) = {
	.summary = "a connection belongs to whoever took it out",
	.repairs = "kernels/use_after_free",
	.tags = "kernel lifetime free",
	.practice = SNAG_LIFETIME,
	.lesson = "Users and closers take the pointer out by an exchange, so "
		  "one thread at a time has it.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct server),
	.setup = connect_one,
	.roles = {{"user", use_taken, 1},
		  {"closer", close_taken, 2},
		  {"peer", shake_hands, 1}},
	.check = check,
	.teardown = disconnect,
	.outcomes = {KERNEL_ALWAYS("sane", "an exchange gives it to one")},
};
