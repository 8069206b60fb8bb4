#include "judge/meaning.h"

#include <string.h>

#include "judge/classify.h"
#include "judge/own_frame.h"
#include "model/cause.h"
#include "model/finding_index.h"

enum { LINES_AROUND = 2 };

static void see_outcomes(const struct subject *s, struct witness *w)
{
	for (size_t i = 0; i < s->run_count; i++) {
		for (size_t j = 0; j < s->runs[i].outcome_count; j++) {
			const struct run_outcome *o = &s->runs[i].outcomes[j];

			w->saw_deadlock |= !strcmp(o->name, "@deadlock");
			w->saw_hang |= !strcmp(o->name, "@hang");
			w->saw_crash |= !strcmp(o->name, "@crash");
			w->saw_abort |= !strcmp(o->name, "@abort");
			if (o->name[0] != '@' && o->grade == GRADE_FORBIDDEN)
				w->bad_outcomes += o->count;
		}
	}
}

/* Adds what was seen besides in the subject to each finding that occurred
 * there; seen_in: the subject, 1 + index, that a witness has seen last. */
static void see_subject(const struct result *r, size_t at,
			const struct finding_index *index, size_t *seen_in,
			struct witness *witnesses)
{
	const struct subject *s = &r->subjects[at];
	struct witness here = {.is_any_report = subject_has_report(r, s)};

	see_outcomes(s, &here);
	for (size_t i = 0; i < s->run_count; i++) {
		const struct run *run = &s->runs[i];

		for (size_t j = 0; j < run->finding_count; j++) {
			const struct run_finding *seen = &run->findings[j];
			const struct finding *f =
				finding_index_find(index, seen->fingerprint);
			struct witness *w =
				f ? &witnesses[f - r->findings] : NULL;

			if (!w)
				continue;
			w->hits += seen->hits;
			w->iterations += run->iterations;
			if (seen_in[f - r->findings] == at + 1)
				continue;
			seen_in[f - r->findings] = at + 1;
			w->saw_deadlock |= here.saw_deadlock;
			w->saw_hang |= here.saw_hang;
			w->saw_crash |= here.saw_crash;
			w->saw_abort |= here.saw_abort;
			w->is_any_report |= here.is_any_report;
			w->bad_outcomes += here.bad_outcomes;
		}
	}
}

static struct witness *see(struct arena *arena, const struct result *r)
{
	size_t n = r->finding_count;
	struct witness *witnesses = arena_alloc(arena, n * sizeof(*witnesses));
	size_t *seen_in = arena_alloc(arena, n * sizeof(*seen_in));
	struct finding_index index = finding_index_of(arena, r);

	for (size_t i = 0; i < n; i++)
		witnesses[i].outcome = r->findings[i].outcome;
	for (size_t i = 0; i < r->subject_count; i++)
		see_subject(r, i, &index, seen_in, witnesses);
	return witnesses;
}

static bool expects_cause(const struct subject *s, const char *cause)
{
	for (size_t i = 0; i < s->expected_report_count; i++)
		if (s->expected_reports[i].cause &&
		    s->expected_reports[i].grade == GRADE_REQUIRED &&
		    !strcmp(s->expected_reports[i].cause, cause))
			return true;
	for (size_t i = 0; i < s->expected_outcome_count; i++)
		if (s->expected_outcomes[i].cause &&
		    !strcmp(s->expected_outcomes[i].cause, cause))
			return true;
	return false;
}

static bool repairs_cause(const struct result *catalogue,
			  const struct subject *s, const char *cause)
{
	for (size_t i = 0; s->repairs && i < catalogue->subject_count; i++)
		if (!strcmp(catalogue->subjects[i].id, s->repairs))
			return expects_cause(&catalogue->subjects[i], cause);
	return false;
}

/* Its own repair, else the repair of a scenario with the same cause, else any
 * right scenario of the same practice; of equals, the one of the practice. */
static int rank_as_example(const struct result *catalogue,
			   const struct subject *s, const struct finding *f)
{
	int same =
		f->practice && s->practice && !strcmp(s->practice, f->practice);

	if (s->expect != EXPECT_CLEAN)
		return 0;
	if (s->repairs && !strcmp(s->repairs, f->subject))
		return 4 + same;
	if (repairs_cause(catalogue, s, f->causes[0].cause))
		return 2 + same;
	return same;
}

/* What repairs it, and where that can be seen: the two must agree. */
static void set_example(const struct result *catalogue, struct finding *f)
{
	const struct subject *best = NULL;
	int best_rank = 0;

	for (size_t i = 0; i < catalogue->subject_count; i++) {
		const struct subject *s = &catalogue->subjects[i];
		int rank = rank_as_example(catalogue, s, f);

		if (rank > best_rank) {
			best = s;
			best_rank = rank;
		}
	}
	if (!best)
		return;
	f->shown_by = best->id;
	if (best_rank > 1 && best->practice)
		f->practice = best->practice;
}

static void cut_excerpts(struct arena *arena, struct source_tree *sources,
			 struct finding *f)
{
	size_t n = f->report->access_count;

	f->excerpts = arena_alloc(arena, (n ? n : 1) * sizeof(*f->excerpts));
	for (size_t i = 0; i < n; i++) {
		const struct stack *stack = &f->report->accesses[i].stack;
		const struct frame *frame =
			own_frame_exists(stack) ? own_frame_first(stack) : NULL;

		if (sources && frame && frame->file && frame->line)
			source_excerpt(sources, arena, frame->file, frame->line,
				       LINES_AROUND, &f->excerpts[i]);
	}
}

void meaning_of_findings(struct result *result, struct source_tree *sources,
			 const struct result *catalogue)
{
	struct arena arena = {0};
	const struct witness *witnesses = see(&arena, result);

	for (size_t i = 0; i < result->finding_count; i++) {
		struct finding *f = &result->findings[i];
		const struct cause *cause;

		classify(f->report, sources, &witnesses[i], &result->arena,
			 &f->causes, &f->cause_count);
		cause = cause_by_name(f->causes[0].cause);
		if (cause && cause->practice != PRACTICE_NONE)
			f->practice = practice_name(cause->practice);
		if (catalogue)
			set_example(catalogue, f);
		cut_excerpts(&result->arena, sources, f);
	}
	arena_release(&arena);
}
