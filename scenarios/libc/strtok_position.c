/*
 * strtok() remembers where it is in a string - in one static pointer for the
 * whole process.
 *
 * Broken: threads split their own lines with strtok, and get pieces of each
 * other's.  Right: strtok_r, with a position for each caller.
 */
#include <snag/scenario.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS = 8, LINE = 2 * WORDS };

struct text {
	char (*lines)[LINE]; /* "a a a a a a a a", "b b b ...", ... */
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

static unsigned count_strtok(struct snag_self *self, char *line, char letter)
{
	unsigned count = 0;
	for (char *word = strtok(line, " "); word; word = strtok(NULL, " ")) {
		count += *word == letter;
		snag_point(self);
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
		snag_point(self);
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
