#include "campaign/explain.h"

#include <string.h>

#include "campaign/finding.h"
#include "judge/classify.h"
#include "judge/own_frame.h"
#include "judge/tally.h"
#include "model/cause.h"

enum { LINES_AROUND = 2 };

static bool has_report(const struct result *r, const struct subject *s)
{
	for (size_t i = 0; i < s->run_count; i++) {
		for (size_t j = 0; j < s->runs[i].finding_count; j++) {
			const struct finding *f = result_finding(
				r, s->runs[i].findings[j].fingerprint);

			if (f && !f->outcome)
				return true;
		}
	}
	return false;
}

static bool is_wrong(const struct subject *s, const struct run_outcome *o)
{
	if (o->name[0] == '@')
		return !strcmp(o->name, "@thread-leak");
	return o->grade == GRADE_FORBIDDEN ||
	       (o->grade == GRADE_REQUIRED && s->expect != EXPECT_CLEAN);
}

/* An outcome that no report explains is a finding of its own. */
static void add_wrong_outcomes(struct campaign *c, struct cell *cell)
{
	struct subject *s = cell_subject(c, cell);
	struct run *run = cell_run(c, cell);

	for (size_t i = 0; i < run->outcome_count; i++) {
		const struct run_outcome o = run->outcomes[i];
		enum kind kind = kind_by_outcome(o.name);
		struct report report = {.kind = kind ? kind
						     : KIND_WRONG_OUTCOME};
		size_t finding;

		if (!is_wrong(s, &o))
			continue;
		finding = finding_add(c, &report, o.name, s);
		c->result->findings[finding].count += o.count;
		finding_hit(c, cell, finding, o.first - 1);
		run->findings[run->finding_count - 1].hits = o.count;
	}
}

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

/* What the harness saw in the scenarios where this finding occurred. */
static void see(const struct campaign *c, const struct finding *f,
		struct witness *w)
{
	const struct result *r = c->result;

	for (size_t i = 0; i < r->subject_count; i++) {
		const struct subject *s = &r->subjects[i];
		bool is_here = false;

		for (size_t j = 0; j < s->run_count; j++) {
			const struct run *run = &s->runs[j];

			for (size_t k = 0; k < run->finding_count; k++) {
				if (strcmp(run->findings[k].fingerprint,
					   f->fingerprint) != 0)
					continue;
				is_here = true;
				w->hits += run->findings[k].hits;
				w->iterations += run->iterations;
			}
		}
		if (is_here) {
			see_outcomes(s, w);
			w->is_any_report |= has_report(r, s);
		}
	}
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

static void cut_excerpts(struct campaign *c, struct finding *f)
{
	struct arena *arena = &c->result->arena;
	size_t n = f->report->access_count;

	f->excerpts = arena_alloc(arena, (n ? n : 1) * sizeof(*f->excerpts));
	for (size_t i = 0; i < n; i++) {
		const struct stack *stack = &f->report->accesses[i].stack;
		const struct frame *frame =
			own_frame_exists(stack) ? own_frame_first(stack) : NULL;

		if (frame && frame->file && frame->line)
			source_excerpt(c->sources, arena, frame->file,
				       frame->line, LINES_AROUND,
				       &f->excerpts[i]);
	}
}

void explain_findings(struct campaign *c, const struct result *catalogue)
{
	for (size_t i = 0; i < c->result->subject_count; i++)
		tally_of(c->result, &c->result->subjects[i]);
	for (size_t i = 0; i < c->cell_count; i++)
		if (!has_report(c->result, cell_subject(c, &c->cells[i])))
			add_wrong_outcomes(c, &c->cells[i]);
	for (size_t i = 0; i < c->result->finding_count; i++) {
		struct finding *f = &c->result->findings[i];
		struct witness witness = {.outcome = f->outcome};
		const struct cause *cause;

		see(c, f, &witness);
		classify(f->report, c->sources, &witness, &c->result->arena,
			 &f->causes, &f->cause_count);
		cause = cause_by_name(f->causes[0].cause);
		if (cause && cause->practice != PRACTICE_NONE)
			f->practice = practice_name(cause->practice);
		set_example(catalogue, f);
		cut_excerpts(c, f);
	}
}

void explain_idle_roles(struct campaign *c)
{
	for (size_t i = 0; i < c->result->subject_count; i++) {
		const struct target *target = &c->targets[i];

		for (uint32_t r = 0;
		     target->looks && r < target->facts.role_count; r++)
			if (!target->role_points[r])
				subject_note(
					c->result, &c->result->subjects[i],
					"role '%s' made no access and no "
					"pthread call that ThreadSanitizer "
					"could see: was its work optimised "
					"away, or is it in code built without "
					"-fsanitize=thread?",
					target->facts.role_names[r]);
	}
}
