/* What another engine saw of a program: explore is steered into it. */
#include "campaign/campaign_part.h"
#include "campaign/muster.h"

/* One cell, whose run is the program's first. */
static void make_cell(struct campaign *c, const struct scenario_facts *facts)
{
	struct arena *arena = &c->result->arena;

	c->targets = arena_alloc(arena, sizeof(*c->targets));
	c->targets[0].facts = facts[0];
	c->targets[0].cell_count = 1;
	c->cells = arena_alloc(arena, sizeof(*c->cells));
	c->cells[0].threads_asked = 1;
	c->cell_count = 1;
}

void campaign_confirm_program(const struct campaign_options *options,
			      struct result *result)
{
	struct result catalogue = {0};
	struct scenario_facts *facts = NULL;
	struct err err = {0};
	uint64_t before_ms = result->duration_ms;
	struct campaign c;

	if (!result->finding_count || !result->subject_count ||
	    !result->subjects[0].run_count)
		return;
	campaign_set_up(&c, options, result);
	/* All that came before counts, as in a campaign. */
	c.started_ms -= before_ms < c.started_ms ? before_ms : 0;
	if (muster_host(&c.workers[0], options->host_path, &catalogue, &facts,
			&err)) {
		make_cell(&c, facts);
		campaign_confirm(&c, &catalogue);
		keeping_settle(&c, options->out_dir);
	}
	campaign_finish(&c);
	arena_adopt(&result->arena, &catalogue.arena);
}
