#include "campaign/finding.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "judge/fingerprint.h"
#include "model/report_text.h"

enum { MAX_EXACT = 16 };

enum { TEXT_BYTES = 1024 * 1024 };

/* The report in ThreadSanitizer's own words, with symbols: the host prints
 * bare addresses. */
static bool write_text(const char *path, const struct report *report)
{
	FILE *file = fopen(path, "we");
	struct buf text;
	bool is_written;

	if (!file)
		return false;
	buf_init(&text, TEXT_BYTES);
	report_print(report, &text);
	is_written = fwrite(text.data, 1, text.len, file) == text.len;
	buf_release(&text);
	return !fclose(file) && is_written;
}

void finding_write_texts(struct campaign *c)
{
	struct result *r = c->result;

	for (size_t i = 0; i < r->finding_count; i++) {
		struct finding *f = &r->findings[i];
		char *name = arena_printf(&r->arena, "reports/%s.txt",
					  f->fingerprint);
		char *path = arena_printf(&r->arena, "%s/%s",
					  c->options->out_dir, name);

		if (!f->report->access_count && !f->report->thread_count)
			continue;
		if (write_text(path, f->report))
			f->report_path = name;
		else if (!c->trouble.code)
			err_errno(&c->trouble, EXIT_TROUBLE,
				  "cannot write '%s'", path);
	}
}

static size_t frames_of(const struct report *report)
{
	size_t n = report->location_count;

	for (size_t i = 0; i < report->access_count; i++)
		n += report->accesses[i].stack.count;
	return n;
}

static bool is_better(const struct report *a, const struct report *b)
{
	if (a->is_incomplete != b->is_incomplete)
		return !a->is_incomplete;
	/* The later in kind_table's races, the more it says. */
	if (a->kind != b->kind)
		return a->kind > b->kind;
	return frames_of(a) > frames_of(b);
}

static void add_exact(struct campaign *c, struct finding *finding,
		      const char *exact)
{
	const char **slot;

	for (size_t i = 0; i < finding->exact_count; i++)
		if (!strcmp(finding->exact[i], exact))
			return;
	if (finding->exact_count >= MAX_EXACT)
		return;
	slot = arena_push(&c->result->arena, &finding->exact,
			  &finding->exact_count, sizeof(*slot));
	/* Sorted, so that equal findings are stored equal. */
	for (; slot > finding->exact && strcmp(slot[-1], exact) > 0; slot--)
		slot[0] = slot[-1];
	*slot = arena_dup(&c->result->arena, exact);
}

static void print_of(const struct report *report, const char *outcome,
		     const struct subject *subject, struct fingerprint *print)
{
	if (!report->access_count && outcome)
		fingerprint_of_outcome(report->kind, outcome, subject->id,
				       print);
	else
		fingerprint_of(report, print);
}

/* By fingerprint; a report with a lost side joins a finding it fits. */
static size_t find(const struct campaign *c, const struct fingerprint *print,
		   const struct report *report)
{
	const struct result *r = c->result;

	for (size_t i = 0; i < r->finding_count; i++)
		if (!strcmp(r->findings[i].fingerprint, print->race))
			return i;
	for (size_t i = 0; print->is_partial && i < r->finding_count; i++) {
		struct fingerprint other;

		if (r->findings[i].report->kind != report->kind)
			continue;
		fingerprint_of(r->findings[i].report, &other);
		if (fingerprint_matches(print, &other))
			return i;
	}
	return r->finding_count;
}

size_t finding_add(struct campaign *c, struct report *report,
		   const char *outcome, const struct subject *subject)
{
	struct result *r = c->result;
	struct fingerprint print;
	struct finding *f;
	size_t at;

	print_of(report, outcome, subject, &print);
	at = find(c, &print, report);
	if (at == r->finding_count) {
		f = arena_push(&r->arena, &r->findings, &r->finding_count,
			       sizeof(*f));
		f->fingerprint = arena_dup(&r->arena, print.race);
		f->family = arena_dup(&r->arena, print.family);
		f->subject = subject->id;
		f->outcome = outcome ? arena_dup(&r->arena, outcome) : NULL;
	}
	f = &r->findings[at];
	f->kinds |= UINT64_C(1) << report->kind;
	if (!f->report || is_better(report, f->report))
		f->report = report_copy(&r->arena, report);
	add_exact(c, f, print.exact);
	return at;
}

static size_t index_in_run(struct campaign *c, struct cell *cell,
			   const char *fingerprint, bool *is_new)
{
	struct run *run = cell_run(c, cell);
	struct run_finding *rf;
	size_t n = run->finding_count;

	for (size_t i = 0; i < n; i++)
		if (!strcmp(run->findings[i].fingerprint, fingerprint))
			return i;
	rf = arena_push(&c->result->arena, &run->findings, &run->finding_count,
			sizeof(*rf));
	rf->fingerprint = fingerprint;
	cell->last_hit =
		must_realloc(cell->last_hit, (n + 1) * sizeof(*cell->last_hit));
	cell->last_hit[n] = 0;
	*is_new = true;
	return n;
}

bool finding_hit(struct campaign *c, struct cell *cell, size_t finding,
		 uint64_t iteration)
{
	struct run *run = cell_run(c, cell);
	bool is_new = false;
	size_t i = index_in_run(
		c, cell, c->result->findings[finding].fingerprint, &is_new);

	if (cell->last_hit[i] == iteration + 1)
		return false;
	cell->last_hit[i] = iteration + 1;
	if (!run->findings[i].hits++ || iteration + 1 < run->findings[i].first)
		run->findings[i].first = iteration + 1;
	return is_new;
}
