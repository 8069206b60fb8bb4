#include <signal.h>
#include <snag/scenario.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "base/text.h"
#include "campaign/collect_part.h"

/* Milliseconds, and times of what an iteration usually takes. */
enum { CUT_OFF_MS = 1400, CUT_OFF_FACTOR = 10, MAX_WORDS = 300 };

/* The iteration in flight is over too, and this is what it came to. */
static void end_iteration(struct collector *r, const char *outcome)
{
	cell_run(r->campaign, r->cell)->iterations++;
	r->has_news |=
		collect_outcome(r, outcome, 1, r->worker->table->current);
}

static void fail_target(struct collector *r, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void fail_target(struct collector *r, const char *fmt, ...)
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
static void tsan_failed(struct collector *r)
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

/* Its last words: an assertion's, most often. */
static void note_output(struct collector *r)
{
	const struct buf *out = &r->worker->output;
	struct subject *s = cell_subject(r->campaign, r->cell);
	size_t len = out->len < MAX_WORDS ? out->len : MAX_WORDS;

	if (!len || r->campaign->targets[r->cell->target].is_quoted)
		return;
	r->campaign->targets[r->cell->target].is_quoted = true;
	subject_note(r->campaign->result, s, "before it ended it printed: %s",
		     text_clean(&r->campaign->scratch,
				out->data + out->len - len, len, false));
}

/* By a crash that ThreadSanitizer described, or by an outcome's name alone. */
static void add_crash(struct collector *r, const char *outcome)
{
	struct report bare = {.kind = kind_by_outcome(outcome)};
	size_t finding =
		r->deadly ? r->deadly - 1
			  : finding_add(r->campaign, &bare, outcome,
					cell_subject(r->campaign, r->cell));

	note_output(r);
	finding_count(r->campaign, finding, 1);
	finding_hit(r->campaign, r->cell, finding, r->worker->table->current);
	end_iteration(r, outcome);
}

static void ended_early(struct collector *r)
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

/* The time was up.  That an iteration was in flight means nothing, unless it
 * had been so for far longer than its like take: then it may hang. */
static void cut_off(struct collector *r)
{
	const struct run *run = cell_run(r->campaign, r->cell);
	uint64_t age_ms = clock_ms() - r->worker->watch.changed_ms;
	uint64_t usual_ms =
		run->iterations && run->duration_ms > age_ms
			? (run->duration_ms - age_ms) / run->iterations
			: 0;

	if (r->deadly)
		add_crash(r, r->deadly_outcome);
	else if (!*r->campaign->options->is_interrupted &&
		 r->worker->table->phase != SNAG_PHASE_IDLE &&
		 age_ms > CUT_OFF_MS && age_ms > CUT_OFF_FACTOR * usual_ms)
		fail_target(r,
			    "iteration %llu had not ended after %llu s when "
			    "the time was up: it may hang (allow more --time, "
			    "or set a shorter --timeout)",
			    (unsigned long long)r->worker->table->current + 1,
			    (unsigned long long)age_ms / 1000);
}

static void ended_by_us(struct collector *r)
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
		cut_off(r);
		break;
	case ENDED_FOR_SILENCE:
	case ENDED_BY_ITSELF:
		break;
	}
}

static void spoilt(struct collector *r)
{
	if (r->deadly)
		add_crash(r, r->deadly_outcome);
	else
		ended_by_us(r);
	fail_target(r,
		    "it overwrote the memory in which the harness counts (by "
		    "a wild pointer, or by writing to a file that is not "
		    "its own): what was counted in that batch is dropped");
}

static void note_what_was_left(struct collector *r)
{
	struct subject *s = cell_subject(r->campaign, r->cell);
	static const char sentence[] =
		"an iteration left processes behind; they were ended";

	for (size_t i = 0; i < s->note_count; i++)
		if (!strcmp(s->notes[i], sentence))
			return;
	subject_note(r->campaign->result, s, "%s", sentence);
}

static void take_skip(struct collector *r)
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

void collect_end(struct collector *r, bool is_lost)
{
	const struct worker *w = r->worker;

	if (r->is_spoilt)
		spoilt(r);
	else if (w->ended_by != ENDED_BY_ITSELF)
		ended_by_us(r);
	else if (w->table->is_skipped && w->table->done && !w->status)
		take_skip(r);
	else if (!is_lost && (!w->table->done || w->status))
		ended_early(r);
	else if (!is_lost && w->order.engine == SNAG_EXPLORE &&
		 !w->table->completed && w->explore->is_exhausted != 1)
		fail_target(r,
			    "its host knows no strategy '%s': the name is "
			    "right, what stands behind the colon is not",
			    w->order.strategy);
	if (w->left_things)
		note_what_was_left(r);
}
