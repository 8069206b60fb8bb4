/*
 * The scenarios that were linked in, and what makes one ill-formed.
 */
#include <stdio.h>
#include <string.h>

#include "internal.h"

/* Weak: a host without any scenario is a message, not a link error. */
extern const struct snag_entry *const __start_snag_entries[]
	__attribute__((weak));
extern const struct snag_entry *const __stop_snag_entries[]
	__attribute__((weak));

static const struct snag_entry *whole_program;

void registry_set_program(const struct snag_entry *entry)
{
	whole_program = entry;
}

size_t registry_count(void)
{
	if (whole_program)
		return 1;
	if (!__start_snag_entries)
		return 0;
	return (size_t)(__stop_snag_entries - __start_snag_entries);
}

const struct snag_entry *registry_entry(size_t index)
{
	return whole_program ? whole_program : __start_snag_entries[index];
}

static const char *const harness_outcomes[] = {
	"@deadlock",    "@hang",         "@crash",         "@abort",
	"@exit",        "@thread-leak",  "@livelock",      "@use-after-free",
	"@double-free", "@invalid-free", "@out-of-bounds",
};

static bool is_known_outcome(const char *when)
{
	if (when[0] != '@')
		return true;
	for (size_t i = 0;
	     i < sizeof(harness_outcomes) / sizeof(harness_outcomes[0]); i++)
		if (!strcmp(when, harness_outcomes[i]))
			return true;
	return false;
}

static bool id_exists(const char *id)
{
	for (size_t i = 0; i < registry_count(); i++) {
		const struct snag_entry *e = registry_entry(i);
		size_t len = strlen(e->family);

		if (!strncmp(id, e->family, len) && id[len] == '/' &&
		    !strcmp(id + len + 1, e->name))
			return true;
	}
	return false;
}

static const char *problem_of_identity(const struct snag_scenario *s)
{
	if (!s->summary || !s->summary[0])
		return "has no .summary";
	if (strchr(s->summary, '\n'))
		return "has a .summary of more than one line";
	if (!s->lesson || !s->lesson[0])
		return "has no .lesson";
	if (s->practice < SNAG_IMMUTABLE || s->practice > SNAG_LIFETIME)
		return "has no .practice";
	if (s->expect < SNAG_CLEAN || s->expect > SNAG_BLIND)
		return "has no .expect: SNAG_CLEAN, SNAG_BROKEN or SNAG_BLIND";
	if (s->repairs && !id_exists(s->repairs))
		return "has a .repairs that names no scenario of this host";
	return NULL;
}

/* What follows the last row counts for nothing, so it must be nothing. */
static bool is_blank(const void *rows, size_t bytes)
{
	const unsigned char *at = rows;

	for (size_t i = 0; i < bytes; i++)
		if (at[i])
			return false;
	return true;
}

static const char *problem_of_rows(const struct snag_scenario *s)
{
	size_t roles = 0, reports = 0, outcomes = 0;

	while (roles < SNAG_MAX_ROLES && s->roles[roles].body)
		roles++;
	while (reports < SNAG_MAX_REPORTS && s->reports[reports].kind)
		reports++;
	while (outcomes < SNAG_MAX_OUTCOMES && s->outcomes[outcomes].when)
		outcomes++;
	if (!is_blank(s->roles + roles,
		      (SNAG_MAX_ROLES - roles) * sizeof(s->roles[0])))
		return "has a role without .body before its last one";
	if (!is_blank(s->reports + reports,
		      (SNAG_MAX_REPORTS - reports) * sizeof(s->reports[0])))
		return "has a report without .kind before its last one";
	if (!is_blank(s->outcomes + outcomes,
		      (SNAG_MAX_OUTCOMES - outcomes) * sizeof(s->outcomes[0])))
		return "has an outcome without .when before its last one";
	return NULL;
}

static const char *problem_of_roles(const struct snag_scenario *s)
{
	unsigned fixed = 0;

	if (!s->roles[0].body)
		return "has no .roles, or the first has no body";
	for (int i = 0; i < SNAG_MAX_ROLES && s->roles[i].body; i++) {
		if (!s->roles[i].name || !s->roles[i].name[0])
			return "has a role without a name";
		if (s->roles[i].threads > SNAG_MAX_THREADS)
			return "has a role of more than 1,024 threads";
		fixed += s->roles[i].threads;
	}
	if (fixed > SNAG_MAX_THREADS)
		return "has roles of more than 1,024 threads together";
	if (s->min_threads > SNAG_MAX_THREADS)
		return "has .min_threads over 1,024";
	if (s->state_size > 16 * 1024 * 1024)
		return "has a .state_size over 16 MiB";
	return NULL;
}

#define ENGINES ((unsigned)(SNAG_STRESS | SNAG_EXPLORE))

static bool is_grade(enum snag_grade grade)
{
	return grade == SNAG_FORBIDDEN || grade == SNAG_ALLOWED ||
	       grade == SNAG_REQUIRED;
}

static const char *problem_of_reports(const struct snag_scenario *s,
				      unsigned *required)
{
	for (int i = 0; i < SNAG_MAX_REPORTS && s->reports[i].kind; i++) {
		const struct snag_report *r = &s->reports[i];

		if (r->kind < SNAG_DATA_RACE ||
		    r->kind > SNAG_MUTEX_WRONG_CONTEXT)
			return "has a report of an unknown .kind";
		if (!is_grade(r->grade))
			return "has a report of an unknown .grade";
		if (r->engines & ~ENGINES)
			return "has a report for an unknown engine";
		if (!r->why || !r->why[0])
			return "has a report without .why";
		*required += r->grade == SNAG_REQUIRED;
	}
	return NULL;
}

static const char *problem_of_outcomes(const struct snag_scenario *s,
				       unsigned *required)
{
	for (int i = 0; i < SNAG_MAX_OUTCOMES && s->outcomes[i].when; i++) {
		const struct snag_outcome *o = &s->outcomes[i];

		if (!is_grade(o->grade))
			return "has an outcome of an unknown .grade";
		if (o->engines & ~ENGINES)
			return "has an outcome for an unknown engine";
		if (!o->why || !o->why[0])
			return "has an outcome without .why";
		if (strlen(o->when) > SNAG_MAX_OUTCOME_BYTES)
			return "has an outcome of more than 63 bytes";
		if (!is_known_outcome(o->when))
			return "has an outcome that begins with '@' and is "
			       "none of the harness's";
		*required += o->grade == SNAG_REQUIRED;
	}
	return NULL;
}

static const char *problem_of_expectation(const struct snag_scenario *s)
{
	unsigned reports = 0, outcomes = 0;
	const char *problem = problem_of_reports(s, &reports);

	if (!problem)
		problem = problem_of_outcomes(s, &outcomes);
	if (problem)
		return problem;
	if (s->expect == SNAG_CLEAN && reports)
		return "is SNAG_CLEAN and yet requires a report";
	if (s->expect == SNAG_BROKEN && !reports && !outcomes)
		return "is SNAG_BROKEN and yet requires nothing to be seen";
	if (s->expect == SNAG_BLIND && !outcomes)
		return "is SNAG_BLIND and yet requires no outcome";
	if (s->expect == SNAG_BLIND && reports)
		return "is SNAG_BLIND and yet requires a report";
	return NULL;
}

const char *registry_problem(const struct snag_entry *entry)
{
	static char text[512];
	const struct snag_scenario *s = entry->scenario;
	const char *problem = problem_of_identity(s);

	if (!problem)
		problem = problem_of_rows(s);
	if (!problem)
		problem = problem_of_roles(s);
	if (!problem)
		problem = problem_of_expectation(s);
	if (!problem)
		return NULL;
	snprintf(text, sizeof(text), "%s:%d: scenario %s/%s %s", entry->file,
		 entry->line, entry->family, entry->name, problem);
	return text;
}
