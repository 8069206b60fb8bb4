#include "judge/policy.h"

#include <string.h>

#include "judge/policy_part.h"
#include "judge/verdict.h"

/* A result may be judged more than once. */
static void note_once(struct result *result, struct subject *subject,
		      const char *note)
{
	for (size_t i = 0; i < subject->note_count; i++)
		if (!strcmp(subject->notes[i], note))
			return;
	*(const char **)arena_push(&result->arena, &subject->notes,
				   &subject->note_count, sizeof(note)) = note;
}

/* Why nothing is proved by what ran, were there nothing found; NULL: it is. */
static const char *trouble(const struct result *result,
			   const struct facts *facts)
{
	const struct subject *s = facts->subject;
	bool is_log = s->type == SUBJECT_LOG && !facts->runs;

	if (s->trouble)
		return s->trouble;
	if (s->verdict == VERDICT_ERROR)
		return s->why ? s->why : "no reason given";
	if (facts->is_fatal)
		return "ThreadSanitizer itself failed";
	if (facts->forgiven_count || facts->failing_count ||
	    facts->ending_count)
		return facts->dropped ? "reports could not be kept, and one "
					"of them may be new"
				      : NULL;
	if (is_log)
		return s->verdict == VERDICT_CLEAN
			       ? NULL
			       : "the log holds no report, and nothing says "
				 "that ThreadSanitizer watched";
	if (!facts->runs)
		return result->is_interrupted ? NULL : "no run of it ended";
	if (facts->reports || facts->dropped)
		return "ThreadSanitizer made reports, and none of their text "
		       "was found";
	return NULL;
}

/* Nothing in it fails. */
static struct judged judge_rest(const struct result *result,
				const struct facts *facts)
{
	const struct subject *s = facts->subject;
	const char *problem = trouble(result, facts);

	if (s->verdict == VERDICT_SKIPPED && !facts->forgiven_count)
		return (struct judged){VERDICT_SKIPPED, s->why};
	if (problem)
		return (struct judged){VERDICT_ERROR, problem};
	if (facts->forgiven_count)
		return (struct judged){VERDICT_KNOWN,
				       policy_why_forgiven(facts)};
	if (facts->runs)
		return (struct judged){VERDICT_CLEAN, policy_why_clean(facts)};
	if (s->verdict == VERDICT_CLEAN)
		return (struct judged){VERDICT_CLEAN, s->why};
	return (struct judged){VERDICT_SKIPPED, "interrupted before it ran"};
}

/* What goes before trouble must not hide it for good. */
static void keep_trouble(struct result *result, struct subject *subject)
{
	if (subject->verdict != VERDICT_ERROR || !subject->why)
		return;
	subject->trouble = subject->why;
	note_once(result, subject, subject->why);
}

static void fill_intervals(struct subject *subject)
{
	for (size_t i = 0; i < subject->run_count; i++) {
		const struct run *run = &subject->runs[i];

		for (size_t j = 0; run->iterations && j < run->finding_count;
		     j++) {
			run_finding_bound(&run->findings[j], run->iterations);
		}
	}
}

static void judge_program(struct result *result, struct facts *facts)
{
	struct subject *s = facts->subject;
	struct judged judged;

	fill_intervals(s);
	if (!facts->failing_count && !facts->ending_count) {
		judged = judge_rest(result, facts);
	} else {
		keep_trouble(result, s);
		judged = (struct judged){
			facts->failing_count ? VERDICT_NEW : VERDICT_FAILED,
			facts->failing_count ? policy_why_failing(facts)
					     : policy_why_ending(facts)};
		if (facts->failing_count && facts->ending_count)
			note_once(result, s, policy_why_ending(facts));
	}
	if (judged.verdict == VERDICT_NEW &&
	    facts->policy->fail_on == FAIL_ON_NEVER)
		s->counted_as = facts->ending_count      ? VERDICT_FAILED
				: trouble(result, facts) ? VERDICT_ERROR
							 : VERDICT_KNOWN;
	s->verdict = judged.verdict;
	s->why = judged.why;
}

/* judge_scenario has looked at it; now, what of the forbidden is forgiven? */
static void judge_scenario_again(struct result *result, struct facts *facts)
{
	struct subject *s = facts->subject;
	bool is_forgiven = facts->forgiven_count && !facts->failing_count &&
			   !facts->ending_count;
	struct judged judged, rest;

	if (s->verdict != VERDICT_UNEXPECTED && s->verdict != VERDICT_KNOWN)
		return;
	rest = judge_again(result, s, true);
	if (rest.verdict != VERDICT_MISSED && rest.verdict != VERDICT_ERROR)
		rest.verdict = VERDICT_KNOWN;
	judged = is_forgiven ? rest : judge_again(result, s, false);
	if (judged.verdict == VERDICT_KNOWN)
		judged.why = policy_why_forgiven(facts);
	if (judged.verdict == VERDICT_UNEXPECTED && !facts->ending_count &&
	    facts->policy->fail_on == FAIL_ON_NEVER)
		s->counted_as = rest.verdict;
	s->verdict = judged.verdict;
	s->why = judged.why;
}

void policy_judge(struct result *result, const struct policy *policy)
{
	struct arena scratch = {0};
	struct pass pass;

	policy_stand(result, policy, &result->arena);
	pass = policy_pass(&scratch, result, policy);
	for (size_t i = 0; i < result->subject_count; i++) {
		struct subject *s = &result->subjects[i];
		struct facts facts = policy_facts(&pass, s);

		s->counted_as = VERDICT_NONE;
		if (s->type == SUBJECT_SCENARIO)
			judge_scenario_again(result, &facts);
		else
			judge_program(result, &facts);
	}
	arena_release(&scratch);
}

bool policy_is_failing(struct result *result, struct subject *subject,
		       const struct policy *policy)
{
	struct arena scratch = {0};
	struct pass pass = policy_pass(&scratch, result, policy);
	struct facts facts;

	policy_stand(result, policy, &scratch);
	facts = policy_facts(&pass, subject);
	for (size_t i = 0; i < result->finding_count; i++)
		result->findings[i].standing_why = NULL; /* scratch */
	arena_release(&scratch);
	return facts.failing_count || facts.ending_count;
}
