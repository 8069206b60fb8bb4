#include "campaign/collect.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "base/text.h"
#include "campaign/finding.h"
#include "campaign/paths.h"
#include "judge/own_frame.h"
#include "read/stacks.h"
#include "read/tsan_text.h"

enum { MAX_EVIDENCE_BYTES = 300 };

/* What the text of one batch came to. */
struct text_reader {
	struct campaign *campaign;
	struct worker *worker;
	struct cell *cell;
	bool has_news;
	const char *fatal; /* ThreadSanitizer's own failure, in its words */
	size_t deadly;     /* finding of a crash, plus one */
	const char *deadly_outcome;
};

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

/* TSan prints a signal by name: an abort is one too. */
static const char *outcome_of_signal(const struct report *report)
{
	if (report->signal == SIGABRT ||
	    (report->kind_text && strstr(report->kind_text, "ABRT")))
		return "@abort";
	return "@crash";
}

/* What called the body is of no interest to its author. */
static void strip_stack(struct stack *stack)
{
	if (!own_frame_exists(stack))
		return;
	while (own_frame_role(&stack->frames[stack->count - 1]) != FRAME_OWN)
		stack->count--;
}

static void strip_harness(struct report *report)
{
	for (size_t i = 0; i < report->access_count; i++) {
		strip_stack(&report->accesses[i].stack);
		strip_stack(&report->accesses[i].held_stack);
	}
}

static void take_report(void *context, const struct tsan_found *found)
{
	struct text_reader *r = context;
	struct report *report = found->report;
	struct campaign *c = r->campaign;
	uint32_t index;
	size_t finding;

	symbols_report(c->symbols, found->arena, report);
	paths_shorten(c->result, report);
	strip_harness(report);
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
		r->deadly_outcome = outcome_of_signal(report);
		report->kind = kind_by_outcome(r->deadly_outcome);
		r->deadly = 1 + finding_add(c, report, r->deadly_outcome,
					    cell_subject(c, r->cell));
		return;
	}
	if (report->is_incomplete && !report->access_count)
		return; /* cut off by the end of its process */
	finding = finding_add(c, report, NULL, cell_subject(c, r->cell));
	if (report->has_signature &&
	    signature_of(r->worker, report->signature, &index))
		r->worker->finding_of[index] = (int32_t)finding;
	else
		r->has_news |= finding_hit(c, r->cell, finding,
					   r->worker->table->current);
}

static void read_text(struct text_reader *r)
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
static void count_reports(struct text_reader *r)
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

static void take_events(struct text_reader *r)
{
	const struct snag_shared *t = r->worker->table;
	const struct snag_batch_order *o = &r->worker->order;
	struct run *run = cell_run(r->campaign, r->cell);
	uint32_t n = t->event_count;

	if (n > SNAG_SHARED_EVENTS)
		n = SNAG_SHARED_EVENTS;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t s = t->events[i].signature;
		uint64_t iteration = t->events[i].iteration;
		int32_t finding = s < SNAG_SHARED_SIGNATURES
					  ? r->worker->finding_of[s]
					  : -1;

		if (finding < 0 || iteration < o->first ||
		    iteration - o->first >= o->count)
			run->dropped++;
		else
			r->has_news |= finding_hit(r->campaign, r->cell,
						   (size_t)finding, iteration);
	}
	run->reports += t->reports;
	run->dropped +=
		t->dropped_signatures + t->dropped_outcomes + t->dropped_events;
}

static bool add_outcome(struct text_reader *r, const char *name, uint64_t count,
			uint64_t iteration)
{
	struct run *run = cell_run(r->campaign, r->cell);
	struct run_outcome *o;

	for (size_t i = 0; i < run->outcome_count; i++) {
		if (!strcmp(run->outcomes[i].name, name)) {
			run->outcomes[i].count += count;
			if (iteration + 1 < run->outcomes[i].first)
				run->outcomes[i].first = iteration + 1;
			return false;
		}
	}
	o = arena_push(&r->campaign->result->arena, &run->outcomes,
		       &run->outcome_count, sizeof(*o));
	o->name = arena_dup(&r->campaign->result->arena, name);
	o->count = count;
	o->first = iteration + 1;
	o->grade = GRADE_NONE;
	return true;
}

/* What check() recorded.  Counts beyond the batch's iterations are nonsense
 * that a wild write left. */
static void take_outcomes(struct text_reader *r)
{
	const struct snag_shared *t = r->worker->table;
	uint32_t n = t->outcome_count;
	uint64_t left = t->completed;

	if (n > SNAG_SHARED_OUTCOMES)
		n = SNAG_SHARED_OUTCOMES;
	for (uint32_t i = 0; i < n; i++) {
		size_t len = strnlen(t->outcomes[i].name, SNAG_OUTCOME_BYTES);
		uint64_t count = t->outcomes[i].count;

		if (count > left)
			count = left;
		left -= count;
		if (count)
			r->has_news |= add_outcome(
				r,
				text_clean(&r->campaign->scratch,
					   t->outcomes[i].name, len, false),
				count, t->outcomes[i].first);
	}
}

/* The iteration in flight is over too, and this is what it came to. */
static void end_iteration(struct text_reader *r, const char *outcome)
{
	cell_run(r->campaign, r->cell)->iterations++;
	r->has_news |= add_outcome(r, outcome, 1, r->worker->table->current);
}

static void fail_target(struct text_reader *r, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void fail_target(struct text_reader *r, const char *fmt, ...)
{
	struct subject *s = cell_subject(r->campaign, r->cell);
	char text[600];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	r->campaign->targets[r->cell->target].is_over = true;
	if (s->verdict == VERDICT_ERROR)
		return;
	s->verdict = VERDICT_ERROR;
	s->why = arena_dup(&r->campaign->result->arena, text);
}

/* ThreadSanitizer's deadlock detector knows 64 locks a thread. */
static void tsan_failed(struct text_reader *r)
{
	struct target *target = &r->campaign->targets[r->cell->target];

	if (strstr(r->fatal, "deadlock_detector") &&
	    r->worker->has_deadlock_detection) {
		if (!target->no_deadlock_detection)
			subject_note(r->campaign->result,
				     cell_subject(r->campaign, r->cell),
				     "a thread held more locks at once than "
				     "ThreadSanitizer's deadlock detector can "
				     "follow (64, or 128 in newer runtimes): "
				     "lock orders were not checked");
		target->no_deadlock_detection = true;
		return;
	}
	fail_target(r, "ThreadSanitizer itself failed: %s", r->fatal);
}

/* By a crash that ThreadSanitizer described, or by an outcome's name alone. */
static void add_crash(struct text_reader *r, const char *outcome)
{
	struct report bare = {.kind = kind_by_outcome(outcome)};
	size_t finding =
		r->deadly ? r->deadly - 1
			  : finding_add(r->campaign, &bare, outcome,
					cell_subject(r->campaign, r->cell));

	r->campaign->result->findings[finding].count++;
	finding_hit(r->campaign, r->cell, finding, r->worker->table->current);
	end_iteration(r, outcome);
}

static void ended_early(struct text_reader *r)
{
	int status = r->worker->status;

	if (r->fatal)
		tsan_failed(r);
	else if (r->worker->table->phase == SNAG_PHASE_IDLE)
		fail_target(r, "the batch ended before its first iteration "
			       "(too many threads for this machine?)");
	else if (r->deadly)
		add_crash(r, r->deadly_outcome);
	else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		fail_target(r,
			    "the batch was killed from outside in "
			    "iteration %llu (out of memory?)",
			    (unsigned long long)r->worker->table->current + 1);
	else if (WIFSIGNALED(status))
		add_crash(r, WTERMSIG(status) == SIGABRT ? "@abort" : "@crash");
	else
		add_crash(r, "@exit");
}

static void ended_by_us(struct text_reader *r)
{
	const struct watch_limits *l = &r->campaign->limits;

	switch (r->worker->ended_by) {
	case ENDED_FOR_DEADLOCK:
		end_iteration(r, "@deadlock");
		break;
	case ENDED_FOR_HANG:
		if (++r->campaign->targets[r->cell->target].hangs == MAX_HANGS)
			subject_note(r->campaign->result,
				     cell_subject(r->campaign, r->cell),
				     "it hung %d times and was not run again",
				     MAX_HANGS);
		end_iteration(r, "@hang");
		break;
	case ENDED_FOR_MEMORY:
		fail_target(r,
			    "ended in iteration %llu: it used more than "
			    "%llu MiB of memory (--max-memory)",
			    (unsigned long long)r->worker->table->current + 1,
			    (unsigned long long)(l->rss_bytes >> 20));
		break;
	case ENDED_FOR_PROCESSES:
		fail_target(r,
			    "ended in iteration %llu: it had more than %u "
			    "processes (--max-processes)",
			    (unsigned long long)r->worker->table->current + 1,
			    l->processes);
		break;
	case ENDED_FOR_TEXT:
		fail_target(r, "ended: it wrote without end to the file that "
			       "collects reports");
		break;
	case ENDED_FOR_FATAL:
		if (r->fatal)
			tsan_failed(r);
		break;
	case ENDED_FOR_TIME:
	case ENDED_BY_ITSELF:
		break;
	}
}

static void note_what_was_left(struct text_reader *r)
{
	struct subject *s = cell_subject(r->campaign, r->cell);
	static const char sentence[] =
		"an iteration left processes behind; they were ended";

	for (size_t i = 0; i < s->note_count; i++)
		if (!strcmp(s->notes[i], sentence))
			return;
	subject_note(r->campaign->result, s, "%s", sentence);
}

static void take_progress(struct text_reader *r)
{
	struct run *run = cell_run(r->campaign, r->cell);
	const struct worker *w = r->worker;
	uint64_t completed = w->table->completed;
	uint64_t took_ms = clock_ms() - w->started_ms;

	if (completed > w->order.count)
		completed = w->order.count;
	run->iterations += completed;
	run->duration_ms += took_ms;
	r->cell->used_ms += took_ms;
	r->cell->in_flight -= w->order.count;
	r->cell->batches_in_flight--;
}

static void sample_growth(struct text_reader *r)
{
	struct run *run = cell_run(r->campaign, r->cell);
	const struct growth *last =
		run->growth_count ? &run->growth[run->growth_count - 1] : NULL;
	struct growth *sample;

	/* At each doubling, and where the curve moves. */
	if (last && last->findings == run->finding_count &&
	    last->outcomes == run->outcome_count &&
	    run->iterations < 2 * last->iterations)
		return;
	if (!run->iterations || run->growth_count >= 256)
		return;
	sample = arena_push(&r->campaign->result->arena, &run->growth,
			    &run->growth_count, sizeof(*sample));
	sample->iterations = run->iterations;
	sample->findings = run->finding_count;
	sample->outcomes = run->outcome_count;
}

static void take_skip(struct text_reader *r)
{
	struct subject *s = cell_subject(r->campaign, r->cell);
	const char *reason = r->worker->table->skip_reason;

	s->verdict = VERDICT_SKIPPED;
	s->why = text_clean(&r->campaign->result->arena, reason,
			    strnlen(reason, SNAG_REASON_BYTES), false);
	if (!*s->why)
		s->why = "its setup said that it cannot run here";
	r->campaign->targets[r->cell->target].is_over = true;
}

bool collect_batch(struct campaign *c, struct worker *w, bool is_lost)
{
	struct cell *cell = &c->cells[w->cell];
	struct text_reader r = {.campaign = c, .worker = w, .cell = cell};
	uint64_t before = cell_run(c, cell)->iterations;

	take_progress(&r);
	read_text(&r);
	count_reports(&r);
	take_events(&r);
	take_outcomes(&r);
	if (w->ended_by != ENDED_BY_ITSELF)
		ended_by_us(&r);
	else if (w->table->is_skipped)
		take_skip(&r);
	else if (!is_lost && (!w->table->done || w->status))
		ended_early(&r);
	if (w->left_things)
		note_what_was_left(&r);
	cell->fruitless = cell_run(c, cell)->iterations > before
				  ? 0
				  : cell->fruitless + 1;
	sample_growth(&r);
	arena_release(&c->scratch);
	return r.has_news;
}

/* Waiting threads as sides of a report, those of the program only. */
static void threads_as_sides(struct arena *arena, struct report *report,
			     const struct thread_stack *threads, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct access *a =
			arena_push(arena, &report->accesses,
				   &report->access_count, sizeof(*a));

		a->op = OP_WAIT;
		a->thread = threads[i].name;
		a->stack = threads[i].stack;
	}
}

void collect_stacks(struct campaign *c, struct worker *w, enum ended_by why)
{
	struct cell *cell = &c->cells[w->cell];
	const char *outcome = why == ENDED_FOR_DEADLOCK ? "@deadlock" : "@hang";
	struct report report = {.kind = kind_by_outcome(outcome)};
	struct thread_stack *threads = NULL;
	size_t count = 0, finding;
	struct err err = {0};

	if (!stacks_dump(w->batch, c->symbols, &c->scratch, &threads, &count,
			 &err)) {
		report.is_incomplete = true;
		report.missing = arena_dup(&c->scratch, err.text);
	}
	threads_as_sides(&c->scratch, &report, threads, count);
	strip_harness(&report);
	paths_shorten(c->result, &report);
	finding = finding_add(c, &report, outcome, cell_subject(c, cell));
	c->result->findings[finding].count++;
	finding_hit(c, cell, finding,
		    __atomic_load_n(&w->table->current, __ATOMIC_ACQUIRE));
}
