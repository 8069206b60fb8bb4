#include <string.h>

#include "read/suppressions.h"

bool suppression_pattern_matches(const char *pattern, const char *name)
{
	bool is_held = *pattern == '^', is_after_star = false;

	if (!name || !*name)
		return false;
	pattern += is_held;
	while (*pattern) {
		size_t len = strcspn(pattern, "*$");
		const char *at;

		if (*pattern == '*') {
			pattern++;
			is_held = false;
			is_after_star = true;
			continue;
		}
		if (*pattern == '$')
			return !*name || is_after_star;
		if (!*name)
			return false;
		at = memmem(name, strlen(name), pattern, len);
		if (!at || (is_held && at != name))
			return false;
		name = at + len;
		pattern += len;
		is_held = is_after_star = false;
	}
	return true;
}

/* What is compared, and with which lines. */
struct search {
	const struct suppressions *suppressions;
	enum suppression_type type;
	size_t *index;
};

static bool find(const struct search *search, enum suppression_type type,
		 const char *name)
{
	for (size_t i = 0; i < search->suppressions->count; i++) {
		const struct suppression *s = &search->suppressions->list[i];

		if (s->type == type &&
		    suppression_pattern_matches(s->pattern, name)) {
			*search->index = i;
			return true;
		}
	}
	return false;
}

static bool find_frame(const struct search *search, enum suppression_type type,
		       const struct frame *frame)
{
	return find(search, type, frame->function) ||
	       find(search, type, frame->file) ||
	       find(search, type, frame->module);
}

static bool find_stack(const struct search *search, const struct stack *stack)
{
	for (size_t i = 0; i < stack->count; i++)
		if (find_frame(search, search->type, &stack->frames[i]))
			return true;
	return search->type == SUPPRESS_RACE && stack->count &&
	       find_frame(search, SUPPRESS_RACE_TOP, &stack->frames[0]);
}

static bool type_of(enum kind kind, enum suppression_type *type)
{
	const char *name =
		kind_table[kind < KIND_COUNT ? kind : KIND_UNKNOWN].suppression;

	for (int i = 0; name && i < SUPPRESS_TYPES; i++)
		if (!strcmp(suppression_type_name((enum suppression_type)i),
			    name)) {
			*type = (enum suppression_type)i;
			return true;
		}
	return false;
}

bool suppressions_match(const struct suppressions *suppressions,
			const struct report *report, size_t *index)
{
	struct search search = {.suppressions = suppressions, .index = index};

	if (!type_of(report->kind, &search.type))
		return false;
	for (size_t i = 0; i < report->access_count; i++)
		if (find_stack(&search, &report->accesses[i].stack) ||
		    find_stack(&search, &report->accesses[i].held_stack))
			return true;
	/* That a racing thread was made somewhere does not suppress the race.
	 */
	for (size_t i = 0;
	     search.type == SUPPRESS_THREAD && i < report->thread_count; i++)
		if (find_stack(&search, &report->threads[i].created))
			return true;
	for (size_t i = 0; i < report->location_count; i++) {
		const struct location *at = &report->locations[i];

		if (at->type == LOCATION_GLOBAL &&
		    (find(&search, search.type, at->name) ||
		     find(&search, search.type, at->module)))
			return true;
	}
	return false;
}
