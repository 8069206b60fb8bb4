#include "model/schedule.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum { MAX_QUOTED = 20, MAX_DIGITS = 7 };

/* What is read, and where. */
struct scan {
	const char *text;
	size_t len, at;
};

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void skip_space(struct scan *s)
{
	while (s->at < s->len && is_space(s->text[s->at]))
		s->at++;
}

/* False: no digit, or a number that nobody means. */
static bool take_number(struct scan *s, uint32_t *number)
{
	size_t from = s->at;

	*number = 0;
	while (s->at < s->len && s->text[s->at] >= '0' &&
	       s->text[s->at] <= '9') {
		if (s->at - from == MAX_DIGITS)
			return false;
		*number = *number * 10 + (uint32_t)(s->text[s->at++] - '0');
	}
	return s->at > from;
}

static bool refuse(const struct scan *s, size_t from, const char *what,
		   struct err *err)
{
	struct arena arena = {0};
	size_t end = from;

	while (end < s->len && end - from < MAX_QUOTED &&
	       !is_space(s->text[end]))
		end++;
	err_set(err, EXIT_USAGE,
		"schedule, character %zu ('%s'): %s; it reads T0*3 T1 T0*2: "
		"threads by number, and how many events of each",
		from + 1, text_clean(&arena, s->text + from, end - from, false),
		what);
	arena_release(&arena);
	return false;
}

bool schedule_add(struct arena *arena, struct schedule_turn **turns,
		  size_t *count, uint32_t thread, uint32_t steps)
{
	while (steps) {
		struct schedule_turn *last =
			*count ? &(*turns)[*count - 1] : NULL;
		uint32_t room = SCHEDULE_MAX_STEPS;

		if (last && last->thread == thread &&
		    last->steps < SCHEDULE_MAX_STEPS) {
			room -= last->steps;
		} else {
			if (*count >= SCHEDULE_MAX_TURNS)
				return false;
			last = arena_push(arena, turns, count, sizeof(*last));
			last->thread = thread;
		}
		room = steps < room ? steps : room;
		last->steps += room;
		steps -= room;
	}
	return true;
}

static bool take_turn(struct scan *s, uint32_t *thread, uint32_t *steps,
		      struct err *err)
{
	size_t from = s->at;

	if (s->text[s->at] != 'T' && s->text[s->at] != 't')
		return refuse(s, from, "a turn begins with T", err);
	s->at++;
	if (!take_number(s, thread) || *thread > SCHEDULE_MAX_THREAD)
		return refuse(s, from,
			      "after T stands a number from 0 to 64999", err);
	*steps = 1;
	if (s->at < s->len && s->text[s->at] == '*') {
		s->at++;
		if (!take_number(s, steps) || !*steps)
			return refuse(s, from,
				      "after * stands a number from 1 to "
				      "9999999",
				      err);
	}
	if (s->at < s->len && !is_space(s->text[s->at]))
		return refuse(s, from, "between turns stands a space", err);
	return true;
}

bool schedule_parse(struct arena *arena, const char *text, size_t len,
		    struct schedule_turn **turns, size_t *count,
		    struct err *err)
{
	struct scan s = {.text = text, .len = len};
	uint32_t thread = 0, steps = 0;

	*turns = NULL;
	*count = 0;
	for (skip_space(&s); s.at < s.len; skip_space(&s)) {
		if (!take_turn(&s, &thread, &steps, err))
			return false;
		if (!schedule_add(arena, turns, count, thread, steps))
			return err_set(err, EXIT_USAGE,
				       "schedule, character %zu: it has more "
				       "than %d turns, the most there may be",
				       s.at, SCHEDULE_MAX_TURNS);
	}
	if (*count)
		return true;
	return err_set(err, EXIT_USAGE,
		       "the schedule has no turn; it reads T0*3 T1 T0*2");
}

void schedule_print(const struct schedule_turn *turns, size_t count,
		    struct buf *out)
{
	for (size_t i = 0; i < count && !out->is_cut; i++) {
		buf_printf(out, "%sT%u", i ? " " : "", turns[i].thread);
		if (turns[i].steps != 1)
			buf_printf(out, "*%u", turns[i].steps);
	}
}

size_t schedule_switches(const struct schedule_turn *turns, size_t count)
{
	size_t n = 0;

	for (size_t i = 1; i < count; i++)
		n += turns[i].thread != turns[i - 1].thread;
	return n;
}
