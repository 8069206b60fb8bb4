#include "judge/wrong.h"

#include <string.h>

#include "judge/match.h"

static const struct expected_outcome *line_of(const struct subject *s,
					      const char *name)
{
	for (size_t i = 0; i < s->expected_outcome_count; i++)
		if (!strcmp(s->expected_outcomes[i].when, name))
			return &s->expected_outcomes[i];
	return NULL;
}

/* Some repairs do other work, whose outcomes have other names. */
static bool have_names_in_common(const struct subject *a,
				 const struct subject *b)
{
	for (size_t i = 0; i < a->expected_outcome_count; i++)
		if (a->expected_outcomes[i].when[0] != '@' &&
		    line_of(b, a->expected_outcomes[i].when))
			return true;
	return false;
}

static bool forbids_by_name(const struct subject *s)
{
	for (size_t i = 0; i < s->expected_outcome_count; i++)
		if (s->expected_outcomes[i].when[0] != '@' &&
		    s->expected_outcomes[i].grade == GRADE_FORBIDDEN)
			return true;
	return false;
}

static bool repair_forbids(const struct subject *repair,
			   const struct subject *s, const char *name)
{
	const struct expected_outcome *line = line_of(repair, name);

	if (line)
		return line->grade == GRADE_FORBIDDEN;
	return !forbids_by_name(repair) && have_names_in_common(repair, s) &&
	       match_outcome(repair, name, ENGINE_EXPLORE).grade ==
		       GRADE_FORBIDDEN;
}

bool wrong_outcome(const struct result *scenarios, const struct subject *s,
		   const char *name)
{
	struct match here;

	if (s->type == SUBJECT_PROGRAM)
		return name[0] != '\0';
	here = match_outcome(s, name, ENGINE_EXPLORE);
	if (here.grade == GRADE_FORBIDDEN)
		return true;
	if (s->expect == EXPECT_CLEAN)
		return false;
	if (here.outcome && here.outcome->cause)
		return true;
	for (size_t i = 0; i < scenarios->subject_count; i++) {
		const struct subject *repair = &scenarios->subjects[i];

		if (repair->repairs && !strcmp(repair->repairs, s->id) &&
		    repair_forbids(repair, s, name))
			return true;
	}
	return false;
}
