/* A whole program under explore: one subject, judged by the caller. */
#include "campaign/campaign_part.h"
#include "campaign/explain.h"
#include "campaign/muster.h"
#include "campaign/plan.h"
#include "campaign/settle.h"

/* Its end tells: any other than a return of 0 is a bad one. */
static void grade_ends(struct subject *s)
{
	for (size_t r = 0; r < s->run_count; r++)
		for (size_t i = 0; i < s->runs[r].outcome_count; i++)
			s->runs[r].outcomes[i].grade =
				s->runs[r].outcomes[i].name[0] ? GRADE_FORBIDDEN
							       : GRADE_NONE;
}

static void conclude_program(struct campaign *c)
{
	struct result *r = c->result;
	struct subject *s = &r->subjects[0];

	explain_program(c);
	settle_result(c);
	grade_ends(s);
	if (c->options->out_dir)
		keeping_settle(c, c->options->out_dir);
	campaign_keep_symbol_notes(c);
	r->is_interrupted = *c->options->is_interrupted != 0;
	if (c->trouble.code) {
		s->verdict = VERDICT_ERROR;
		s->why = arena_dup(&r->arena, c->trouble.text);
	} else if (!s->run_count || !s->runs[0].iterations) {
		s->verdict = VERDICT_ERROR;
		s->why = "no schedule of it ran";
	}
}

bool campaign_program(const struct campaign_options *options,
		      struct result *result, struct err *err)
{
	struct result catalogue = {0};
	struct scenario_facts *facts = NULL;
	struct campaign c;
	bool is_run;

	campaign_set_up(&c, options, result);
	is_run = muster_host(&c.workers[0], options->host_path, &catalogue,
			     &facts, err) &&
		 campaign_can_do(&c, err);
	if (is_run) {
		muster_program(&c, facts);
		plan_cells(&c);
		/* As many as the program makes. */
		for (size_t i = 0; i < result->subjects[0].run_count; i++)
			result->subjects[0].runs[i].threads = 0;
		campaign_run_cells(&c);
		campaign_confirm(&c, &catalogue);
		conclude_program(&c);
	}
	campaign_finish(&c);
	arena_adopt(&result->arena, &catalogue.arena);
	return is_run;
}
