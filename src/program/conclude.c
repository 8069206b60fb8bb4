#include "program/conclude.h"

#include "base/clock.h"
#include "base/stats.h"
#include "program/suppressed.h"

/* Nothing can be concluded: why, and what to do. */
static const char *trouble(const struct program *p)
{
	const struct run *run = program_only_run(p);
	struct arena *arena = &p->result->arena;

	if (p->trouble.code)
		return arena_dup(arena, p->trouble.text);
	if (!run->iterations)
		return *p->options->is_interrupted
			       ? "interrupted before a run had ended"
			       : "no run of it ended";
	if (!p->with_tsan && !p->unknown &&
	    p->options->probe->instrumentation != INSTRUMENTATION_NONE)
		return "it is built with -fsanitize=thread, and "
		       "ThreadSanitizer did not start with our options: it "
		       "ended before main, or replaces TSAN_OPTIONS";
	if (!p->with_tsan && !p->unknown)
		return "ThreadSanitizer did not start with our options in any "
		       "process of it, so nothing was tested: it was not "
		       "compiled and linked with -fsanitize=thread, or it "
		       "replaces TSAN_OPTIONS";
	if (!p->with_tsan &&
	    p->options->probe->instrumentation == INSTRUMENTATION_NONE)
		return "whether ThreadSanitizer started in any process of it "
		       "is not known, for want of inotify watches, and it is "
		       "not built with -fsanitize=thread itself: nothing is "
		       "proved";
	if (p->has_fatal)
		return "ThreadSanitizer itself failed: `snag doctor` may say "
		       "why";
	return NULL;
}

static void add_notes(struct program *p)
{
	struct subject *s = program_subject(p);
	struct arena *arena = &p->result->arena;
	uint64_t runs = program_only_run(p)->iterations;
	uint64_t without = program_only_run(p)->unwatched;

	if (p->with_tsan && without)
		subject_note(p->result, s,
			     "ThreadSanitizer did not start in %s of %s",
			     stats_count(arena, without),
			     stats_plural(arena, runs, "run", "runs"));
	if (p->unknown)
		subject_note(p->result, s,
			     "whether ThreadSanitizer started is not known for "
			     "%s: too many inotify watches are open",
			     stats_plural(arena, p->unknown, "run", "runs"));
	if (p->left_things)
		subject_note(
			p->result, s,
			"%s left processes behind; they were ended",
			stats_plural(arena, p->left_things, "run", "runs"));
	suppressed_note(p);
	if (p->options->noise)
		subject_note(p->result, s,
			     "--seed repeats the noise, not the kernel's "
			     "schedule; run N had seed %llu + N - 1",
			     (unsigned long long)p->options->seed);
}

/* How it ended says nothing where nothing was watched. */
static void forget_ends(struct run *run)
{
	for (size_t i = 0; i < run->outcome_count; i++)
		run->outcomes[i].grade = GRADE_NONE;
}

void conclude(struct program *p)
{
	struct subject *s = program_subject(p);
	struct run *run = program_only_run(p);
	const char *why = trouble(p);

	/* Reports with a lost side may have come before the whole ones. */
	unite_settle(p->unite);
	run->duration_ms = clock_ms() - p->started_ms;
	run->unwatched = run->iterations - p->with_tsan - p->unknown;
	for (size_t i = 0; i < run->finding_count; i++)
		run_finding_bound(&run->findings[i], run->iterations);
	if (!p->with_tsan && !p->unknown)
		forget_ends(run);
	add_notes(p);
	p->result->is_interrupted = *p->options->is_interrupted != 0;
	if (!why)
		return;
	s->verdict = VERDICT_ERROR;
	s->why = why;
}
