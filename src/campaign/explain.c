#include "campaign/explain.h"

#include <string.h>

#include "campaign/finding.h"
#include "judge/meaning.h"
#include "judge/tally.h"
#include "judge/unite.h"

/* What the harness saw is a finding of the run already, but where it had
 * nothing to tell of it than the name. */
static bool has_finding(const struct result *result, const struct run *run,
			const char *outcome)
{
	for (size_t i = 0; i < run->finding_count; i++) {
		const struct finding *f =
			result_finding(result, run->findings[i].fingerprint);

		if (f && f->outcome && !strcmp(f->outcome, outcome))
			return true;
	}
	return false;
}

static bool is_wrong(const struct result *result, const struct subject *s,
		     const struct run *run, const struct run_outcome *o)
{
	if (o->name[0] == '@')
		return o->first && !has_finding(result, run, o->name);
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

		if (!is_wrong(c->result, s, run, &o))
			continue;
		finding = finding_add(c, &report, o.name, s);
		finding_count(c, finding, o.count);
		finding_hit(c, cell, finding, o.first - 1);
		if (finding < c->result->finding_count)
			run->findings[run->finding_count - 1].hits = o.count;
	}
}

void explain_findings(struct campaign *c, const struct result *catalogue)
{
	unite_settle(c->unite);
	for (size_t i = 0; i < c->result->subject_count; i++)
		tally_of(c->result, &c->result->subjects[i]);
	for (size_t i = 0; i < c->cell_count; i++)
		if (!subject_has_report(c->result,
					cell_subject(c, &c->cells[i])))
			add_wrong_outcomes(c, &c->cells[i]);
	meaning_of_findings(c->result, c->sources, catalogue);
}

void explain_program(struct campaign *c)
{
	unite_settle(c->unite);
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
