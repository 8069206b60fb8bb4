/*
 * judge_bench.h - one scenario with one run, built up by each test.
 */
#ifndef SNAG_TESTS_JUDGE_BENCH_H
#define SNAG_TESTS_JUDGE_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "judge/verdict.h"

#define RACE "0123456789abcdef0123456789abcdef"
#define OTHER "fedcba9876543210fedcba9876543210"

struct bench {
	struct result result;
	struct subject *subject;
	struct run *run;
};

static inline struct bench bench_of(enum expect expect, const char *engine,
				    uint64_t iterations)
{
	struct bench b = {0};

	b.subject = arena_push(&b.result.arena, &b.result.subjects,
			       &b.result.subject_count, sizeof(*b.subject));
	b.subject->id = "family/name";
	b.subject->type = SUBJECT_SCENARIO;
	b.subject->expect = expect;
	b.run = arena_push(&b.result.arena, &b.subject->runs,
			   &b.subject->run_count, sizeof(*b.run));
	b.run->engine = engine;
	b.run->threads = 2;
	b.run->iterations = iterations;
	return b;
}

static inline void add_side(struct bench *b, struct report *report,
			    const char *innermost, const char *caller)
{
	struct arena *arena = &b->result.arena;
	struct access *side = arena_push(arena, &report->accesses,
					 &report->access_count, sizeof(*side));
	const char *functions[] = {"memcpy", innermost, caller};
	const char *files[] = {"<null>", "src/a.c", "src/a.c"};

	for (unsigned i = 0; innermost && i < 3; i++) {
		struct frame *frame =
			arena_push(arena, &side->stack.frames,
				   &side->stack.count, sizeof(*frame));

		frame->function = functions[i];
		frame->file = files[i];
		frame->line = 10 + i;
	}
}

static inline struct finding *add_finding(struct bench *b,
					  const char *fingerprint,
					  enum kind kind, uint64_t hits)
{
	struct arena *arena = &b->result.arena;
	struct finding *finding =
		arena_push(arena, &b->result.findings, &b->result.finding_count,
			   sizeof(*finding));
	struct run_finding *seen =
		arena_push(arena, &b->run->findings, &b->run->finding_count,
			   sizeof(*seen));
	struct candidate *cause = arena_push(
		arena, &finding->causes, &finding->cause_count, sizeof(*cause));
	struct report *report = arena_alloc(arena, sizeof(*report));

	cause->cause = "lost-update";
	finding->fingerprint = seen->fingerprint = fingerprint;
	finding->report = report;
	report->kind = kind;
	seen->hits = hits;
	b->run->reports += hits;
	return finding;
}

static inline void add_race(struct bench *b, const char *fingerprint,
			    const char *f, const char *g, uint64_t hits)
{
	struct finding *finding =
		add_finding(b, fingerprint, KIND_DATA_RACE, hits);
	struct report *report;

	memcpy(&report, &finding->report, sizeof(report));
	add_side(b, report, f, "body_f");
	add_side(b, report, g, "body_g");
}

static inline void add_outcome(struct bench *b, const char *name,
			       uint64_t count)
{
	struct run_outcome *outcome =
		arena_push(&b->result.arena, &b->run->outcomes,
			   &b->run->outcome_count, sizeof(*outcome));

	outcome->name = name;
	outcome->count = count;
	outcome->grade = GRADE_NONE;
}

static inline struct expected_report *
expect_race(struct bench *b, enum grade grade, const char *f, const char *g)
{
	struct expected_report *line =
		arena_push(&b->result.arena, &b->subject->expected_reports,
			   &b->subject->expected_report_count, sizeof(*line));

	line->kind = KIND_DATA_RACE;
	line->grade = grade;
	line->between[0] = f;
	line->between[1] = g;
	line->why = "both write the sum";
	return line;
}

static inline struct expected_outcome *
expect_outcome(struct bench *b, enum grade grade, const char *when)
{
	struct expected_outcome *line =
		arena_push(&b->result.arena, &b->subject->expected_outcomes,
			   &b->subject->expected_outcome_count, sizeof(*line));

	line->when = when;
	line->grade = grade;
	line->why = "an update was lost";
	return line;
}

static inline void judge(struct bench *b, enum verdict verdict, const char *why)
{
	judge_scenario(&b->result, b->subject);
	if (b->subject->verdict != verdict || !strstr(b->subject->why, why))
		fail_msg("%s: %s", verdict_name(b->subject->verdict),
			 b->subject->why);
}

static inline bool has_note(const struct bench *b, const char *words)
{
	for (size_t i = 0; i < b->subject->note_count; i++)
		if (strstr(b->subject->notes[i], words))
			return true;
	return false;
}

#endif
