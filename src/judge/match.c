#include "judge/match.h"

#include <string.h>

#include "judge/own_frame.h"

enum { INNERMOST = 2, FURTHER_OUT = 1, KIND_ONLY = 1 };

unsigned match_engine(const char *name)
{
	if (name && !strcmp(name, "stress"))
		return ENGINE_STRESS;
	if (name && !strcmp(name, "explore"))
		return ENGINE_EXPLORE;
	return ENGINE_STRESS | ENGINE_EXPLORE;
}

/* f is f, f(int) and f.part.0. */
static bool is_function(const char *function, const char *name)
{
	size_t len = strlen(name);

	return function && !strncmp(function, name, len) &&
	       (!function[len] || function[len] == '(' || function[len] == '.');
}

/* 0: the side does not pass through the function. */
static unsigned rank_side(const struct finding *finding, size_t side,
			  const char *name)
{
	const struct access *access = &finding->report->accesses[side];
	const struct frame *own = own_frame_first(&access->stack);

	if (own && is_function(own->function, name))
		return INNERMOST;
	if (!access->stack.count)
		return FURTHER_OUT; /* not restored: it may well */
	for (size_t i = 0; i < access->stack.count; i++)
		if (is_function(access->stack.frames[i].function, name))
			return FURTHER_OUT;
	return 0;
}

/* A leaked thread has no side: where it was created counts. */
static unsigned rank_threads(const struct report *report, const char *name)
{
	for (size_t i = 0; i < report->thread_count; i++)
		for (size_t j = 0; j < report->threads[i].created.count; j++)
			if (is_function(report->threads[i]
						.created.frames[j]
						.function,
					name))
				return INNERMOST;
	return 0;
}

static unsigned rank_one(const struct finding *finding, const char *name)
{
	unsigned best = 0;

	if (!finding->report->access_count)
		return rank_threads(finding->report, name);
	for (size_t i = 0; i < finding->report->access_count; i++) {
		unsigned rank = rank_side(finding, i, name);

		best = rank > best ? rank : best;
	}
	return best;
}

/* Each of the two names at a side of its own. */
static unsigned rank_two(const struct finding *finding,
			 const char *const names[2])
{
	size_t count = finding->report->access_count;
	unsigned best = 0;

	if (count == 1 && finding->report->is_incomplete) {
		unsigned a = rank_side(finding, 0, names[0]);
		unsigned b = rank_side(finding, 0, names[1]);

		return a > b ? a : b; /* the other side was cut off */
	}
	for (size_t i = 0; i < count; i++) {
		unsigned first = rank_side(finding, i, names[0]);

		for (size_t j = 0; first && j < count; j++) {
			unsigned second =
				i == j ? 0 : rank_side(finding, j, names[1]);

			if (second && first + second > best)
				best = first + second;
		}
	}
	return best;
}

unsigned match_rank(const struct expected_report *line,
		    const struct finding *finding)
{
	const char *a = line->between[0], *b = line->between[1];
	unsigned rank;

	if (!finding->report || !finding_has_kind(finding, line->kind))
		return 0;
	if (!a && !b)
		return KIND_ONLY;
	rank = a && b ? rank_two(finding, line->between)
		      : rank_one(finding, a ? a : b);
	return rank ? rank + KIND_ONLY : 0;
}

const char *match_outcome_name(const struct finding *finding)
{
	enum kind kind = finding->report ? finding->report->kind : KIND_UNKNOWN;

	if (finding->outcome)
		return finding->outcome;
	if (kind == KIND_DEADLY_SIGNAL)
		return kind_table[KIND_CRASH].outcome;
	return kind_table[kind < KIND_COUNT ? kind : KIND_UNKNOWN].outcome;
}

/* GRADE_NONE: the line does not hold here. */
static enum grade grade_here(enum grade grade, unsigned engines,
			     unsigned engine)
{
	if (!engines || (engines & engine))
		return grade;
	return grade == GRADE_REQUIRED ? GRADE_ALLOWED : GRADE_NONE;
}

static bool names_cause(const struct expected_report *line,
			const struct finding *finding)
{
	return line->cause && finding->cause_count &&
	       finding->causes[0].cause &&
	       !strcmp(line->cause, finding->causes[0].cause);
}

struct match match_report(const struct subject *subject,
			  const struct finding *finding, unsigned engine)
{
	struct match best = {.grade = GRADE_FORBIDDEN};
	unsigned best_rank = 0;

	for (size_t i = 0; i < subject->expected_report_count; i++) {
		const struct expected_report *line =
			&subject->expected_reports[i];
		enum grade grade =
			grade_here(line->grade, line->engines, engine);
		unsigned rank = match_rank(line, finding) * 2;

		if (rank && names_cause(line, finding))
			rank++;
		if (grade == GRADE_NONE || rank <= best_rank)
			continue;
		best_rank = rank;
		best = (struct match){grade, line->why, line, NULL};
	}
	return best;
}

static bool has_check_lines(const struct subject *subject)
{
	for (size_t i = 0; i < subject->expected_outcome_count; i++)
		if (subject->expected_outcomes[i].when[0] != '@')
			return true;
	return false;
}

struct match match_outcome(const struct subject *subject, const char *name,
			   unsigned engine)
{
	struct match found = {.grade = GRADE_FORBIDDEN};
	bool is_named = false;

	if (name[0] != '@' && (!subject->expected_outcome_count ||
			       (!name[0] && !has_check_lines(subject))))
		return (struct match){.grade = GRADE_NONE};
	for (size_t i = 0; i < subject->expected_outcome_count; i++) {
		const struct expected_outcome *line =
			&subject->expected_outcomes[i];
		enum grade grade =
			grade_here(line->grade, line->engines, engine);
		bool is_name = !strcmp(line->when, name);
		bool is_star = name[0] != '@' && !strcmp(line->when, "*");

		if (grade == GRADE_NONE || (!is_name && !is_star) || is_named)
			continue;
		is_named = is_name;
		if (is_name || !found.outcome)
			found = (struct match){grade, line->why, NULL, line};
	}
	return found;
}
