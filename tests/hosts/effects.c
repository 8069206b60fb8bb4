/* Races that do this and that, or nothing: what explore is to say of them. */
#include <snag/scenario.h>

#include <stddef.h>

struct numbers {
	int value, other;
	int *pointer;
};

static void store_one(struct snag_self *self, void *state)
{
	struct numbers *n = state;

	(void)self;
	n->value = 1;
}

static void store_index(struct snag_self *self, void *state)
{
	struct numbers *n = state;

	n->value = (int)snag_index(self) + 1;
}

static void count(struct snag_self *self, void *state)
{
	struct numbers *n = state;

	(void)self;
	n->value++;
}

/* One value always, without order: its race does nothing. */
__attribute__((noinline)) static void note(struct numbers *n)
{
	n->other = 7;
}

static void note_and_count(struct snag_self *self, void *state)
{
	(void)self;
	note(state);
	count(self, state);
}

static void check_count(struct snag_run *run, void *state)
{
	const struct numbers *n = state;
	bool is_exact = n->value == (int)snag_role_threads(run, 0);

	snag_outcome(run, is_exact ? "exact" : "lost");
}

static int seven = 7;

static void set_pointer(struct snag_self *self, void *state)
{
	struct numbers *n = state;

	(void)self;
	n->pointer = &seven;
}

static void use_pointer(struct snag_self *self, void *state)
{
	struct numbers *n = state;

	(void)self;
	n->value = *n->pointer;
}

#define RACE                                                            \
	{                                                               \
		{                                                       \
			.kind = SNAG_DATA_RACE, .grade = SNAG_REQUIRED, \
			.why = "nothing orders",                        \
		}                                                       \
	}

SNAG_SCENARIO(effects, same_value) = {
	.summary = "Two threads write the same number",
	.practice = SNAG_ATOMICS,
	.lesson = "A race in C, whatever it does.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct numbers),
	.roles = {{"writer", store_one, 2}},
	.reports = RACE,
};

SNAG_SCENARIO(effects, other_value) = {
	.summary = "Two threads write two numbers",
	.practice = SNAG_ATOMICS,
	.lesson = "The last one stays.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct numbers),
	.roles = {{"writer", store_index, 2}},
	.reports = RACE,
};

SNAG_SCENARIO(effects, statistics) = {
	.summary = "Two threads count, and nobody looks at the number",
	.practice = SNAG_ATOMICS,
	.lesson = "One may be lost.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct numbers),
	.roles = {{"counter", count, 2}},
	.reports = RACE,
};

SNAG_SCENARIO(effects, beside_a_bug) = {
	.summary = "A race that does nothing stands before one that loses",
	.practice = SNAG_ATOMICS,
	.lesson = "The second is to blame.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct numbers),
	.roles = {{"counter", note_and_count, 2}},
	.check = check_count,
	.reports = RACE,
	.outcomes = {{.when = "exact",
		      .grade = SNAG_ALLOWED,
		      .why = "one after the other"},
		     {.when = "lost",
		      .grade = SNAG_ALLOWED,
		      .cause = "lost-update",
		      .why = "both loaded the same"}},
};

SNAG_SCENARIO(effects, unset_pointer) = {
	.summary = "A pointer is used while another thread sets it",
	.practice = SNAG_ATOMICS,
	.lesson = "Nothing says that it was set before.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct numbers),
	.roles = {{"setter", set_pointer, 1}, {"user", use_pointer, 1}},
	.reports = RACE,
	.outcomes = {{.when = "@crash",
		      .grade = SNAG_ALLOWED,
		      .why = "it was not set yet"}},
};
