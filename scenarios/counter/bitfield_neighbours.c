/*
 * Neighbouring bit-fields: two threads count in different fields of one word.
 * No two of them use the same field, and yet they race, since a bit-field is
 * written by loading the whole word, changing some bits and storing it back.
 * Right with two ordinary members, which are separate memory locations.
 */
#include <snag/scenario.h>

#include <stdlib.h>

enum { PACKETS = 8 };

struct packed_link {
	unsigned sent : 15;
	unsigned received : 17;
};

struct split_link {
	uint16_t sent;
	uint16_t received;
};

/* A sender and a receiver share a link; so there is one for each pair. */
struct packed_links {
	struct packed_link *link;
};

struct split_links {
	struct split_link *link;
};

/* Broken: two bit-fields in one word. */

static bool setup_packed(struct snag_run *run, void *state)
{
	struct packed_links *links = state;

	links->link = calloc(snag_role_threads(run, 0), sizeof(*links->link));
	if (!links->link)
		abort();
	return true;
}

__attribute__((noinline)) static void count_sent(struct packed_link *link)
{
	link->sent++;
}

__attribute__((noinline)) static void count_received(struct packed_link *link)
{
	link->received++;
}

static void send_packed(struct snag_self *self, void *state)
{
	struct packed_links *links = state;

	for (int i = 0; i < PACKETS; i++)
		count_sent(&links->link[snag_index(self)]);
}

static void receive_packed(struct snag_self *self, void *state)
{
	struct packed_links *links = state;

	for (int i = 0; i < PACKETS; i++)
		count_received(&links->link[snag_index(self)]);
}

static void check_packed(struct snag_run *run, void *state)
{
	struct packed_links *links = state;
	bool exact = true;

	for (unsigned i = 0; i < snag_role_threads(run, 0); i++)
		exact = exact && links->link[i].sent == PACKETS &&
			links->link[i].received == PACKETS;
	snag_outcome(run, exact ? "exact" : "lost");
}

static void teardown_packed(void *state)
{
	struct packed_links *links = state;

	free(links->link);
}

/* Repaired: two members. */

static bool setup_split(struct snag_run *run, void *state)
{
	struct split_links *links = state;

	links->link = calloc(snag_role_threads(run, 0), sizeof(*links->link));
	if (!links->link)
		abort();
	return true;
}

static void send_split(struct snag_self *self, void *state)
{
	struct split_links *links = state;

	for (int i = 0; i < PACKETS; i++)
		links->link[snag_index(self)].sent++;
}

static void receive_split(struct snag_self *self, void *state)
{
	struct split_links *links = state;

	for (int i = 0; i < PACKETS; i++)
		links->link[snag_index(self)].received++;
}

static void check_split(struct snag_run *run, void *state)
{
	struct split_links *links = state;
	bool exact = true;

	for (unsigned i = 0; i < snag_role_threads(run, 0); i++)
		exact = exact && links->link[i].sent == PACKETS &&
			links->link[i].received == PACKETS;
	snag_outcome(run, exact ? "exact" : "lost");
}

static void teardown_split(void *state)
{
	struct split_links *links = state;

	free(links->link);
}

SNAG_SCENARIO(counter, bitfield_neighbours) = {
	.summary = "two threads write neighbouring bit-fields of one word",
	.refs = {"C11 3.14", "CERT C CON32-C", "CWE-366"},
	.tags = "counter bit-field torn",
	.practice = SNAG_PARTITION,
	.lesson =
		"One thread counts link->sent, the other link->received, and "
		"neither touches the other's field by name. But a machine "
		"stores bytes, not bits: link->sent++ loads the whole word, "
		"changes fifteen bits and stores the word, received included. "
		"What the other thread counted in between is overwritten with "
		"the old value. C says so: adjacent bit-fields are one "
		"memory location, and two threads may not write one location "
		"unordered. counter/own_members gives each count a member of "
		"its own; the standard keeps those apart even when they "
		"share a word.",
	.in_python =
		"link.flags |= SENT in one thread and link.flags |= RECEIVED "
		"in another are one integer: each can undo the other. Use two "
		"attributes, or a lock.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct packed_links),
	.setup = setup_packed,
	.roles = {{"sender", send_packed, 0}, {"receiver", receive_packed, 0}},
	.check = check_packed,
	.teardown = teardown_packed,
	.reports = {{.kind = SNAG_DATA_RACE,
		     .cause = "torn-access",
		     .grade = SNAG_REQUIRED,
		     .between = {"count_sent", "count_received"},
		     .why = "storing one bit-field stores its neighbour too"}},
	.outcomes = {{.when = "exact",
		      .grade = SNAG_ALLOWED,
		      .why = "no two updates of one word overlapped"},
		     {.when = "lost",
		      .grade = SNAG_ALLOWED,
		      .why = "one field was stored back with its old value"}},
};

SNAG_SCENARIO(counter, own_members) = {
	.summary = "two threads write neighbouring members of one struct",
	.repairs = "counter/bitfield_neighbours",
	.refs = {"C11 3.14"},
	.tags = "counter members",
	.practice = SNAG_PARTITION,
	.lesson = "sent and received are now two members of 16 bits each. They "
		  "lie in the same word as before, but ordinary members are "
		  "separate memory locations, and a C11 compiler must write "
		  "one without touching the other. Each location has one "
		  "writer, so nothing needs a lock. What is left is speed: "
		  "the two share a cache line, and very hot counters should "
		  "be further apart.",
	.in_python = "Two attributes of one object, each written by one thread "
		     "only, do not disturb each other.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct split_links),
	.setup = setup_split,
	.roles = {{"sender", send_split, 0}, {"receiver", receive_split, 0}},
	.check = check_split,
	.teardown = teardown_split,
	.outcomes = {{.when = "exact",
		      .grade = SNAG_REQUIRED,
		      .why = "each member has one writer"},
		     {.when = "lost",
		      .grade = SNAG_FORBIDDEN,
		      .why = "one member would have been stored with another"}},
};
