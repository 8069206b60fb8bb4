#include <string.h>

#include "base/text.h"
#include "campaign/collect_part.h"
#include "judge/own_frame.h"
#include "judge/paths.h"
#include "read/tsan_text.h"

enum { MAX_EVIDENCE_BYTES = 300 };

static struct snag_shared_signature *signature_of(struct worker *w,
						  uint64_t key, uint32_t *index)
{
	for (uint32_t i = 0; i < SNAG_SHARED_SIGNATURES; i++) {
		if (w->table->signatures[i].is_used &&
		    w->table->signatures[i].key == key) {
			*index = i;
			return &w->table->signatures[i];
		}
	}
	return NULL;
}

static void show_calls(struct report *report)
{
	for (size_t i = 0; i < report->access_count; i++) {
		collect_show_call(&report->accesses[i].stack);
		collect_show_call(&report->accesses[i].held_stack);
	}
	for (size_t i = 0; i < report->location_count; i++)
		collect_show_call(&report->locations[i].stack);
	for (size_t i = 0; i < report->thread_count; i++)
		collect_show_call(&report->threads[i].created);
	for (size_t i = 0; i < report->mutex_count; i++)
		collect_show_call(&report->mutexes[i].created);
	collect_show_call(&report->sleep);
}

/* What called the body is of no interest to its author. */
static void strip_stack(struct stack *stack)
{
	if (!own_frame_exists(stack))
		return;
	while (own_frame_role(&stack->frames[stack->count - 1]) != FRAME_OWN)
		stack->count--;
}

/* A block that the harness made for the iteration is the scenario's state; a
 * thread that it started is a thread of a role. */
static void name_what_is_ours(struct report *report)
{
	for (size_t i = 0; i < report->location_count; i++) {
		struct location *l = &report->locations[i];

		if (l->type != LOCATION_HEAP || own_frame_exists(&l->stack) ||
		    !l->stack.count)
			continue;
		l->name = "state";
		l->stack.count = 0;
	}
	for (size_t i = 0; i < report->thread_count; i++) {
		if (!own_frame_exists(&report->threads[i].created)) {
			report->threads[i].created.count = 0;
			report->threads[i].parent = NULL;
		}
	}
}

void collect_strip(struct report *report)
{
	show_calls(report);
	for (size_t i = 0; i < report->access_count; i++) {
		strip_stack(&report->accesses[i].stack);
		strip_stack(&report->accesses[i].held_stack);
	}
	name_what_is_ours(report);
}

uint64_t collect_rank(const struct collector *r, uint64_t iteration)
{
	return r->cell->explore
		       ? ((uint64_t)r->worker->cell << 40) + iteration + 1
		       : 0;
}

static uint64_t rank_of(struct collector *r, const struct report *report)
{
	const struct snag_shared *t = r->worker->table;
	uint32_t signature;

	if (!r->cell->explore || !report->has_signature ||
	    !signature_of(r->worker, report->signature, &signature))
		return 0;
	for (uint32_t i = 0; i < t->event_count && i < SNAG_SHARED_EVENTS; i++)
		if (t->events[i].signature == signature)
			return collect_rank(r, t->events[i].iteration);
	return 0;
}

static void take_report(void *context, const struct tsan_found *found)
{
	struct collector *r = context;
	struct report *report = found->report;
	struct campaign *c = r->campaign;
	uint32_t index;
	size_t finding;

	symbols_report(c->symbols, found->arena, report);
	paths_shorten(c->result, report);
	collect_strip(report);
	report_mark_frees(report);
	if (report->kind == KIND_TSAN_FATAL) {
		if (!r->fatal)
			r->fatal =
				text_clean(&c->result->arena, found->text,
					   found->text_len < MAX_EVIDENCE_BYTES
						   ? found->text_len
						   : MAX_EVIDENCE_BYTES,
					   false);
		return;
	}
	if (report->kind == KIND_DEADLY_SIGNAL) {
		r->deadly_outcome = report_deadly_outcome(report);
		report->kind = kind_by_outcome(r->deadly_outcome);
		report->rank = collect_rank(r, r->worker->table->current);
		r->deadly = 1 + finding_add(c, report, r->deadly_outcome,
					    cell_subject(c, r->cell));
		return;
	}
	if (report->is_incomplete && !report->access_count)
		return; /* cut off by the end of its process */
	report->rank = rank_of(r, report);
	finding = finding_add(c, report, NULL, cell_subject(c, r->cell));
	if (report->has_signature &&
	    signature_of(r->worker, report->signature, &index))
		r->worker->finding_of[index] = (int32_t)finding;
	else
		r->has_news |= finding_hit(c, r->cell, finding,
					   r->worker->table->current);
}

static void read_text(struct collector *r)
{
	struct tsan_parser *parser = tsan_parser_new(take_report, r);
	size_t len;
	const char *text = worker_text(r->worker, &len);

	if (text)
		tsan_parser_feed(parser, text, len);
	tsan_parser_end(parser);
	worker_text_done(r->worker, text, len);
	tsan_parser_free(parser);
}

/* Reports counted by the hook belong to findings through their signature. */
static void count_reports(struct collector *r)
{
	struct worker *w = r->worker;

	for (uint32_t i = 0; i < SNAG_SHARED_SIGNATURES; i++) {
		struct snag_shared_signature *s = &w->table->signatures[i];
		int32_t at = w->finding_of[i];

		if (!s->is_used || !s->reports)
			continue;
		if (at >= 0 && (size_t)at < r->campaign->result->finding_count)
			r->campaign->result->findings[at].count += s->reports;
		s->reports = 0;
	}
}

void collect_text(struct collector *r)
{
	read_text(r);
	count_reports(r);
}
