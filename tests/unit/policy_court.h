/*
 * policy_court.h - one subject with one run, built up by each test, and a
 * policy to judge it by.
 */
#ifndef SNAG_TESTS_POLICY_COURT_H
#define SNAG_TESTS_POLICY_COURT_H

#include "baseline_bench.h"
#include "judge/policy.h"
#include "judge/verdict.h"

struct court {
	struct result result;
	struct baseline baseline;
	struct policy policy;
	struct subject *subject;
	struct run *run;
};

static inline struct court *court_of(enum subject_type type, uint64_t runs)
{
	static struct court c;
	struct arena *arena = &c.result.arena;

	c = (struct court){.policy = {.today = TODAY}};
	c.subject = arena_push(arena, &c.result.subjects,
			       &c.result.subject_count, sizeof(*c.subject));
	c.subject->id = "test_one";
	c.subject->type = type;
	c.run = arena_push(arena, &c.subject->runs, &c.subject->run_count,
			   sizeof(*c.run));
	c.run->engine = "stress";
	c.run->iterations = runs;
	return &c;
}

static inline void release(struct court *c)
{
	result_release(&c->result);
	baseline_release(&c->baseline);
}

static inline struct finding *see(struct court *c, const char *f, const char *g,
				  uint64_t hits)
{
	struct arena *arena = &c->result.arena;
	struct finding *finding = add_race_of(&c->result, f, g, "total", 10);
	struct run_finding *seen =
		arena_push(arena, &c->run->findings, &c->run->finding_count,
			   sizeof(*seen));
	struct candidate *cause = arena_push(
		arena, &finding->causes, &finding->cause_count, sizeof(*cause));

	cause->cause = "lost-update";
	seen->fingerprint = finding->fingerprint;
	seen->hits = hits;
	c->run->reports += hits;
	return finding;
}

/* A finding that is a bad end, or a failure of ThreadSanitizer. */
static inline struct finding *see_end(struct court *c, enum kind kind,
				      uint64_t hits)
{
	struct arena *arena = &c->result.arena;
	struct unite *unite = unite_new(&c->result);
	struct report report = {.kind = kind};
	struct run_finding *seen;
	size_t at =
		unite_add(unite, &report, kind_table[kind].outcome, "test_one");

	unite_free(unite);
	seen = arena_push(arena, &c->run->findings, &c->run->finding_count,
			  sizeof(*seen));
	seen->fingerprint = c->result.findings[at].fingerprint;
	seen->hits = hits;
	return &c->result.findings[at];
}

static inline void end(struct court *c, const char *name, uint64_t count)
{
	struct run_outcome *o = arena_push(&c->result.arena, &c->run->outcomes,
					   &c->run->outcome_count, sizeof(*o));

	*o = (struct run_outcome){
		.name = name, .count = count, .grade = GRADE_FORBIDDEN};
}

static inline void accept(struct court *c, const struct finding *finding,
			  const char *expires)
{
	c->policy.baseline = &c->baseline;
	know(&c->baseline, finding, expires);
}

static inline void judged(struct court *c, enum verdict verdict,
			  enum exit_code exit, const char *why)
{
	policy_judge(&c->result, &c->policy);
	judge_result(&c->result);
	if (c->subject->verdict != verdict || !c->subject->why ||
	    !strstr(c->subject->why, why))
		fail_msg("%s: %s", verdict_name(c->subject->verdict),
			 c->subject->why ? c->subject->why : "(none)");
	assert_int_equal(c->result.exit, exit);
}

static inline bool is_noted(const struct court *c, const char *words,
			    size_t times)
{
	size_t n = 0;

	for (size_t i = 0; i < c->subject->note_count; i++)
		n += strstr(c->subject->notes[i], words) != NULL;
	return n == times;
}

#endif
