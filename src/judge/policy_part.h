/*
 * policy_part.h - what the files of policy*.c share; not for others.
 */
#ifndef SNAG_JUDGE_POLICY_PART_H
#define SNAG_JUDGE_POLICY_PART_H

#include "judge/policy.h"
#include "model/finding_index.h"

/* A finding in all runs of a subject. */
struct seen {
	const struct finding *finding;
	uint64_t hits;
};

/* An outcome that is a bad end, and is not forgiven. */
struct ending {
	const char *name;
	uint64_t count;
	const struct finding *finding; /* that it is; NULL: none */
};

/* What judging all subjects of a result needs at hand. */
struct pass {
	struct result *result;
	const struct policy *policy;
	struct arena *scratch;
	struct finding_index index;
	bool *is_orphan; /* of each finding: in no run of any subject */
	size_t *slots;   /* of each finding: 0 between two subjects */
};

/* A subject that is judged: what was found, by what it means. */
struct facts {
	struct subject *subject;
	const struct policy *policy;
	struct arena *arena;   /* the result's, for sentences */
	struct arena *scratch; /* for all else */
	uint64_t runs, reports, dropped;
	struct seen *failing; /* reports that are not forgiven */
	size_t failing_count;
	struct seen *forgiven; /* of any kind */
	size_t forgiven_count;
	struct ending *endings;
	size_t ending_count;
	bool is_fatal; /* ThreadSanitizer itself failed */
};

/* Of each finding of the result: may a baseline speak of it?  Not of what is
 * expected, nor of ThreadSanitizer's own failures. */
bool *policy_at_issue(struct arena *arena, const struct result *result,
		      const struct finding_index *index);
/* The standing of each finding; sentences go to the arena. */
void policy_stand(struct result *result, const struct policy *policy,
		  struct arena *arena);
bool policy_forgives(const struct policy *policy,
		     const struct finding *finding);
struct pass policy_pass(struct arena *scratch, struct result *result,
			const struct policy *policy);
/* Of a scenario: of what is forbidden. */
struct facts policy_facts(struct pass *pass, struct subject *subject);

/* Finished sentences. */
const char *policy_why_failing(const struct facts *facts);
const char *policy_why_ending(const struct facts *facts);
const char *policy_why_forgiven(const struct facts *facts);
const char *policy_why_clean(const struct facts *facts);

#endif
