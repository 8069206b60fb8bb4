#include <string.h>

#include "judge/baseline_match.h"
#include "judge/match.h"
#include "judge/policy_part.h"

bool *policy_at_issue(struct arena *arena, const struct result *result,
		      const struct finding_index *index)
{
	size_t n = result->finding_count;
	bool *at_issue = arena_alloc(arena, n + 1);
	bool *is_expected = arena_alloc(arena, n + 1);

	for (size_t i = 0; i < result->subject_count; i++) {
		const struct subject *s = &result->subjects[i];

		for (size_t j = 0; j < s->run_count; j++)
			for (size_t k = 0; k < s->runs[j].finding_count; k++) {
				const struct run_finding *seen =
					&s->runs[j].findings[k];
				const struct finding *f = finding_index_find(
					index, seen->fingerprint);

				if (!f)
					continue;
				if (s->type == SUBJECT_SCENARIO &&
				    seen->grade != GRADE_FORBIDDEN)
					is_expected[f - result->findings] =
						true;
				else
					at_issue[f - result->findings] = true;
			}
	}
	for (size_t i = 0; i < n; i++) {
		const struct report *report = result->findings[i].report;

		at_issue[i] |= !is_expected[i];
		if (report && report->kind == KIND_TSAN_FATAL)
			at_issue[i] = false;
	}
	return at_issue;
}

void policy_stand(struct result *result, const struct policy *policy,
		  struct arena *arena)
{
	struct arena scratch = {0};
	const struct finding_index index = finding_index_of(&scratch, result);
	const bool *at_issue = policy_at_issue(&scratch, result, &index);

	for (size_t i = 0; i < result->finding_count; i++) {
		struct finding *f = &result->findings[i];
		struct baseline_match match = {0};

		if (policy->baseline && at_issue[i])
			match = baseline_match(policy->baseline, f,
					       policy->today, arena);
		f->standing = match.standing;
		f->standing_why = match.why;
	}
	arena_release(&scratch);
}

static bool has_cause(const struct policy *policy,
		      const struct finding *finding)
{
	const char *cause =
		finding->cause_count ? finding->causes[0].cause : NULL;

	for (size_t i = 0; cause && i < policy->fail_cause_count; i++)
		if (!strcmp(cause, policy->fail_causes[i]))
			return true;
	/* Not classified yet. */
	return !cause;
}

bool policy_forgives(const struct policy *policy, const struct finding *finding)
{
	if (policy->fail_cause_count && !match_outcome_name(finding) &&
	    !has_cause(policy, finding))
		return true;
	return policy->fail_on != FAIL_ON_ANY &&
	       finding->standing == STANDING_KNOWN;
}
