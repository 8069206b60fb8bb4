/*
 * Nobody asked, while a test ran, what its findings mean: that is done here,
 * once for all of them.
 */
#include "gather/evidence_part.h"
#include "judge/meaning.h"
#include "judge/paths.h"

static void shorten(struct result *r, struct finding *f,
		    const char *const *roots, size_t count)
{
	struct report *report = report_copy(&r->arena, f->report);

	for (size_t i = 0; i < count; i++) {
		r->root = roots[i];
		paths_shorten(r, report);
	}
	f->report = report;
}

static bool shows_source(const struct finding *f)
{
	for (size_t i = 0; f->excerpts && i < f->report->access_count; i++)
		if (f->excerpts[i].count)
			return true;
	return false;
}

static void keep(struct finding *f, const struct finding *stored)
{
	if (!stored->cause_count || !shows_source(stored) || shows_source(f))
		return;
	f->causes = stored->causes;
	f->cause_count = stored->cause_count;
	f->practice = stored->practice;
	f->shown_by = stored->shown_by;
	f->excerpts = stored->excerpts;
}

void evidence_explain(struct evidence *e, struct source_tree *sources,
		      const char *const *roots, size_t root_count,
		      const struct result *catalogue)
{
	struct result *r = e->result;
	struct finding *stored = arena_alloc(
		&r->arena, (r->finding_count + 1) * sizeof(*stored));

	for (size_t i = 0; i < r->finding_count; i++) {
		shorten(r, &r->findings[i], roots, root_count);
		stored[i] = r->findings[i];
		/* Of another folder. */
		r->findings[i].report_path = NULL;
	}
	r->root = root_count ? roots[0] : NULL;
	meaning_of_findings(r, sources, catalogue);
	for (size_t i = 0; i < r->finding_count; i++)
		keep(&r->findings[i], &stored[i]);
}
