#include <assert.h>
#include <string.h>

#include "judge/match.h"
#include "judge/policy_part.h"

/* The findings of one subject, united over its runs. */
struct gathering {
	struct pass *pass;
	struct subject *subject;
	struct seen *seen;
	size_t count;
};

static void mark_orphans(struct pass *pass)
{
	const struct result *r = pass->result;

	memset(pass->is_orphan, true, r->finding_count);
	for (size_t i = 0; i < r->subject_count; i++)
		for (size_t j = 0; j < r->subjects[i].run_count; j++) {
			const struct run *run = &r->subjects[i].runs[j];

			for (size_t k = 0; k < run->finding_count; k++) {
				const struct finding *f = finding_index_find(
					&pass->index,
					run->findings[k].fingerprint);

				if (f)
					pass->is_orphan[f - r->findings] =
						false;
			}
		}
}

struct pass policy_pass(struct arena *scratch, struct result *result,
			const struct policy *policy)
{
	size_t n = result->finding_count + 1;
	struct pass pass = {.result = result,
			    .policy = policy,
			    .scratch = scratch,
			    .index = finding_index_of(scratch, result)};

	pass.is_orphan = arena_alloc(scratch, n);
	pass.slots = arena_alloc(scratch, n * sizeof(*pass.slots));
	mark_orphans(&pass);
	return pass;
}

static void add_seen(struct gathering *g, const struct finding *finding,
		     uint64_t hits)
{
	size_t *slot = &g->pass->slots[finding - g->pass->result->findings];
	struct seen *one;

	if (!*slot) {
		one = arena_push(g->pass->scratch, &g->seen, &g->count,
				 sizeof(*one));
		one->finding = finding;
		*slot = g->count;
	}
	assert(g->seen); /* slots are 0 between two subjects */
	g->seen[*slot - 1].hits += hits;
}

static bool is_first_of_its_id(const struct gathering *g)
{
	const struct subject *s = g->pass->result->subjects;

	while (s != g->subject && strcmp(s->id, g->subject->id) != 0)
		s++;
	return s == g->subject;
}

/* What is known by finding.subject alone, as of a log without any run. */
static void add_orphans(struct gathering *g)
{
	const struct result *r = g->pass->result;

	for (size_t i = 0; i < r->finding_count; i++) {
		const struct finding *f = &r->findings[i];

		if (g->pass->is_orphan[i] && f->subject &&
		    !strcmp(f->subject, g->subject->id) &&
		    is_first_of_its_id(g))
			add_seen(g, f, f->count);
	}
}

static void gather(struct gathering *g)
{
	const struct subject *s = g->subject;
	bool is_scenario = s->type == SUBJECT_SCENARIO;

	for (size_t i = 0; i < s->run_count; i++) {
		const struct run *run = &s->runs[i];

		for (size_t j = 0; j < run->finding_count; j++) {
			const struct run_finding *seen = &run->findings[j];
			const struct finding *f = finding_index_find(
				&g->pass->index, seen->fingerprint);

			if (f &&
			    (!is_scenario || seen->grade == GRADE_FORBIDDEN))
				add_seen(g, f, seen->hits);
		}
	}
	if (!is_scenario)
		add_orphans(g);
	for (size_t i = 0; i < g->count; i++)
		g->pass->slots[g->seen[i].finding - g->pass->result->findings] =
			0;
}

static struct ending *ending_of(struct facts *facts, const char *name)
{
	struct ending *one;

	for (size_t i = 0; i < facts->ending_count; i++)
		if (!strcmp(facts->endings[i].name, name))
			return &facts->endings[i];
	one = arena_push(facts->scratch, &facts->endings, &facts->ending_count,
			 sizeof(*one));
	one->name = name;
	return one;
}

static void add_runs(struct facts *facts)
{
	const struct subject *s = facts->subject;

	for (size_t i = 0; i < s->run_count; i++) {
		const struct run *run = &s->runs[i];

		facts->runs += run->iterations;
		facts->reports += run->reports;
		facts->dropped += run->dropped;
		for (size_t j = 0; j < run->outcome_count; j++)
			if (run->outcomes[j].grade == GRADE_FORBIDDEN &&
			    run->outcomes[j].count)
				ending_of(facts, run->outcomes[j].name)
					->count += run->outcomes[j].count;
	}
}

static void sort_out(struct facts *facts, const struct seen *seen)
{
	const struct finding *f = seen->finding;
	const char *outcome = match_outcome_name(f);
	struct ending *ending;

	if (f->report && f->report->kind == KIND_TSAN_FATAL) {
		facts->is_fatal = true;
	} else if (policy_forgives(facts->policy, f)) {
		*(struct seen *)arena_push(facts->scratch, &facts->forgiven,
					   &facts->forgiven_count,
					   sizeof(*seen)) = *seen;
	} else if (outcome) {
		ending = ending_of(facts, outcome);
		ending->finding = f;
		if (!ending->count)
			ending->count = seen->hits;
	} else {
		*(struct seen *)arena_push(facts->scratch, &facts->failing,
					   &facts->failing_count,
					   sizeof(*seen)) = *seen;
	}
}

/* An outcome is forgiven when all of it is findings that are. */
static bool is_forgiven(const struct facts *facts, const struct ending *ending)
{
	uint64_t forgiven = 0;

	for (size_t i = 0; i < facts->forgiven_count; i++) {
		const char *outcome =
			match_outcome_name(facts->forgiven[i].finding);

		if (outcome && !strcmp(outcome, ending->name))
			forgiven += facts->forgiven[i].hits;
	}
	return !ending->finding && forgiven && forgiven >= ending->count;
}

struct facts policy_facts(struct pass *pass, struct subject *subject)
{
	struct gathering g = {.pass = pass, .subject = subject};
	struct facts facts = {.subject = subject,
			      .policy = pass->policy,
			      .arena = &pass->result->arena,
			      .scratch = pass->scratch};
	size_t kept = 0;

	gather(&g);
	add_runs(&facts);
	for (size_t i = 0; i < g.count; i++)
		sort_out(&facts, &g.seen[i]);
	for (size_t i = 0; i < facts.ending_count; i++)
		if (!is_forgiven(&facts, &facts.endings[i]))
			facts.endings[kept++] = facts.endings[i];
	facts.ending_count = kept;
	return facts;
}
