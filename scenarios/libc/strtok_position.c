/*
 * strtok() remembers where it is in a string - in one static pointer for the
 * whole process.
 *
 * Broken: threads split their own lines with strtok, and get pieces of each
 * other's.  Right: strtok_r, with a position for each caller.
 */
#include <sched.h>
#include <snag/scenario.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS = 16, LINE = 2 * WORDS };

struct text {
	char (*lines)[LINE]; /* one for each thread: its letter as each word */
	atomic_uint foreign;
};

static char letter_of(unsigned index)
{
	return (char)('a' + index % 26);
}

static bool write_lines(struct snag_run *run, void *state)
{
	struct text *text = state;
	unsigned count = snag_role_threads(run, 0);
	text->lines = calloc(count, sizeof(*text->lines));
	if (!text->lines)
		abort();
	for (unsigned i = 0; i < count; i++) {
		memset(text->lines[i], ' ', LINE - 1);
		for (unsigned n = 0; n < LINE; n += 2)
			text->lines[i][n] = letter_of(i);
	}
	return true;
}

/* Stands for the work that is done with a word. */
static void use_word(struct snag_self *self)
{
	snag_point(self);
	sched_yield();
}

static unsigned count_strtok(struct snag_self *self, char *line, char letter)
{
	unsigned count = 0;
	for (char *word = strtok(line, " "); word; word = strtok(NULL, " ")) {
		count += *word == letter;
		use_word(self);
	}
	return count;
}

static unsigned count_strtok_r(struct snag_self *self, char *line, char letter)
{
	unsigned count = 0;
	char *position;
	for (char *word = strtok_r(line, " ", &position); word;
	     word = strtok_r(NULL, " ", &position)) {
		count += *word == letter;
		use_word(self);
	}
	return count;
}

static void split(struct snag_self *self, struct text *text,
		  unsigned (*count)(struct snag_self *, char *, char))
{
	char *line = text->lines[snag_index(self)];
	if (count(self, line, letter_of(snag_index(self))) != WORDS)
		atomic_fetch_add_explicit(&text->foreign, 1,
					  memory_order_relaxed);
}

static void split_strtok(struct snag_self *self, void *state)
{
	split(self, state, count_strtok);
}

static void split_strtok_r(struct snag_self *self, void *state)
{
	split(self, state, count_strtok_r);
}

static void check(struct snag_run *run, void *state)
{
	struct text *text = state;
	snag_outcome(run, text->foreign ? "mixed up" : "own words");
}

static void free_lines(void *state)
{
	struct text *text = state;
	free(text->lines);
}

SNAG_SCENARIO(libc, strtok_position) = {
	.summary = "strtok's one static position shared by all threads",
	.refs = {"POSIX.1-2017 strtok",
		 "SEI CERT C CON33-C: Avoid race conditions when using library "
		 "functions",
		 "CWE-663: Use of a Non-reentrant Function in a Concurrent "
		 "Context"},
	.tags = "libc strtok reentrant",
	.practice = SNAG_PARTITION,
	.lesson = "Each thread splits a line of its own, so nothing seems to "
		  "be shared. But strtok(NULL, ...) goes on where the last "
		  "call stopped, and that place is one static pointer for the "
		  "whole process: if another thread has called strtok since, "
		  "this one goes on in the other's line, counts its words, "
		  "and the other one misses them. The pointer lives in the C "
		  "library, which is not built with ThreadSanitizer, so "
		  "nothing need be reported. The repair, strtok_r, takes the "
		  "address of a pointer in which the caller keeps the "
		  "position.",
	.in_python = "str.split() returns a list. One iterator shared by "
		     "threads is like strtok: items may be missed or come "
		     "twice.",
	.expect = SNAG_BLIND,
	.state_size = sizeof(struct text),
	.setup = write_lines,
	.roles = {{"splitter", split_strtok, 0}},
	.min_threads = 2,
	.check = check,
	.teardown = free_lines,
	.outcomes = {{.when = "mixed up",
		      .grade = SNAG_REQUIRED,
		      .why = "a call went on in another thread's line"},
		     {.when = "own words",
		      .grade = SNAG_ALLOWED,
		      .why = "the threads ran one after the other"}},
};

SNAG_SCENARIO(libc, strtok_r) = {
	.summary = "strtok_r keeps the position in the caller's variable",
	.repairs = "libc/strtok_position",
	.refs = {"POSIX.1-2017 strtok_r"},
	.tags = "libc strtok reentrant",
	.practice = SNAG_PARTITION,
	.lesson = "strtok_r stores where it stopped in a variable that the "
		  "caller passes, here a local one. Line and position then "
		  "both belong to one thread. It also allows one loop inside "
		  "another, which strtok does not even in a single thread.",
	.in_python = "for word in line.split(): every thread has its own list.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct text),
	.setup = write_lines,
	.roles = {{"splitter", split_strtok_r, 0}},
	.min_threads = 2,
	.check = check,
	.teardown = free_lines,
	.outcomes = {{.when = "own words",
		      .grade = SNAG_REQUIRED,
		      .why = "every thread keeps its own position"}},
};
