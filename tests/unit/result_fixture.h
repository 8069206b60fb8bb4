/*
 * result_fixture.h - a result in which every member is used, and a folder of
 * its own for each test.
 */
#ifndef SNAG_TESTS_RESULT_FIXTURE_H
#define SNAG_TESTS_RESULT_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/result_json.h"

#define RACE "0123456789abcdef0123456789abcdef"
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A folder of its own for each test. */
struct place {
	char folder[64], path[96];
};

static inline int make_place(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	strcpy(place->folder, "/tmp/snag-result-test.XXXXXX");
	assert_non_null(mkdtemp(place->folder));
	snprintf(place->path, sizeof(place->path), "%s/result.json",
		 place->folder);
	*state = place;
	return 0;
}

static inline int remove_place(void **state)
{
	struct place *place = *state;

	unlink(place->path);
	assert_int_equal(rmdir(place->folder), 0); /* nothing else is left */
	free(place);
	return 0;
}

static struct frame frames[] = {
	{.function = "bump",
	 .file = "src/a.c",
	 .module = "host",
	 .pc = 0x401000,
	 .offset = 0,
	 .line = 12,
	 .column = 3,
	 .has_offset = true,
	 .is_inlined = true},
	{.function = "body", .file = "src/a.c", .line = 40},
	{.module = "libc.so.6", .offset = UINT64_MAX, .has_offset = true},
};
static struct mutex_ref held[] = {{"M0", false}, {"M1", true}};
static struct access accesses[] = {
	{.op = OP_WRITE,
	 .is_atomic = true,
	 .size_bytes = 8,
	 .address = 0x7b0400001234,
	 .thread = "T1",
	 .mutexes = held,
	 .mutex_count = 2,
	 .stack = {frames, 3, false}},
	{.op = OP_LOCK,
	 .is_previous = true,
	 .is_free = true,
	 .object = "Queue",
	 .thread = "main",
	 .acquired = "M1",
	 .holding = "M0",
	 .stack = {NULL, 0, true},
	 .held_stack = {frames, 1, false}},
	{.op = OP_WAIT,
	 .thread = "T2",
	 .waits_for = "lock 'a', held by T1 'adder'"},
};
static struct location locations[] = {
	{.type = LOCATION_GLOBAL,
	 .name = "total",
	 .module = "host",
	 .file = "src/a.c",
	 .line = 3,
	 .size_bytes = 4,
	 .address = 0x601040},
	{.type = LOCATION_FD,
	 .fd = 7,
	 .fd_is_closed = true,
	 .thread = "T2",
	 .stack = {frames, 2, false}},
};
static struct thread_info threads[] = {
	{.id = "T1",
	 .name = "adder",
	 .os_id = 77,
	 .is_running = true,
	 .parent = "main",
	 .created = {frames, 1, false},
	 .more_leaks = 2},
	{.id = "T2", .is_finished = true, .created = {NULL, 0, true}},
	{.id = "T3"},
};
static struct mutex_info mutexes[] = {
	{.id = "M0", .address = 0x10, .created = {frames, 1, false}},
	{.id = "M1", .is_destroyed = true},
};
static const struct report race = {
	.kind = KIND_DATA_RACE,
	.pid = 4711,
	.accesses = accesses,
	.access_count = 3,
	.locations = locations,
	.location_count = 2,
	.mutexes = mutexes,
	.mutex_count = 2,
	.threads = threads,
	.thread_count = 3,
	.sleep = {frames, 1, false},
	.summary = "src/a.c:12 in bump",
	.signal = 11,
	.is_incomplete = true,
	.missing = "the stack of the previous access",
	.first_line = 9,
};
static const char *lines[] = {"{", "\tcounter->value++;", "}"};
static struct excerpt excerpts[] = {{"src/a.c", 11, 12, lines, 3}, {0}, {0}};
static const char *variables[] = {"TSAN_OPTIONS=history_size=7"};
static const char *texts[] = {"one", "two \"quoted\" \xf0\x9f\x90\x8d"};
static struct candidate causes[] = {{"lost-update", 0.9, texts, 2},
				    {"missing-lock", 1.0 / 3, NULL, 0}};
static const struct kept kept = {
	.file = "schedules/0123.json",
	.strategy = "pct:3",
	.threads = 2,
	.seed = 1,
	.iteration = 17,
	.is_cut = true,
};
static struct finding findings[] = {
	{.fingerprint = RACE,
	 .family = "global total",
	 .exact = texts,
	 .exact_count = 2,
	 .causes = causes,
	 .cause_count = 2,
	 .practice = "partition",
	 .shown_by = "counter/tally_merged",
	 .subject = "counter/lost_update",
	 .count = 12,
	 .report = &race,
	 .excerpts = excerpts,
	 .outcome = NULL,
	 .report_path = "reports/0123.txt",
	 .schedule = "T0*3 T1",
	 .kept = &kept,
	 .trace = "traces/0123.txt"},
};
static struct expected_report expected_reports[] = {
	{KIND_DATA_RACE,
	 "lost-update",
	 GRADE_REQUIRED,
	 {"bump", NULL},
	 "both write",
	 ENGINE_STRESS},
	{KIND_LOCK_INVERSION, NULL, GRADE_FORBIDDEN, {NULL, NULL}, NULL, 0},
};
static struct expected_outcome expected_outcomes[] = {
	{"lost", GRADE_ALLOWED, "one add was lost", "lost-update",
	 ENGINE_STRESS | ENGINE_EXPLORE},
	{"*", GRADE_FORBIDDEN, NULL, NULL, 0},
};
static struct source sources[] = {
	{"snag run 'counter/*'", 1, variables, 1, 1, "machine"},
	{NULL, UINT64_MAX, NULL, 0, 2, NULL},
};
static struct run_outcome outcomes[] = {
	{.name = "lost",
	 .count = 7,
	 .first = 3,
	 .grade = GRADE_ALLOWED,
	 .why = "one add was lost",
	 .schedule = "T1*2 T2",
	 .kept = &kept},
	{.name = "", .count = UINT64_MAX, .grade = GRADE_NONE},
};
static struct run_finding seen[] = {
	{RACE, 7, 3, 0.003394808860123, 1.0 / 3, GRADE_REQUIRED, "both write"},
};
static struct growth growth[] = {{1, 0, 1}, {1000, 1, 2}};
static struct explored_strategy strategies[] = {{"pct:3", 90, 3, 1},
						{"rff", 10, 1, 0}};
static struct explored_uncontrolled uncontrolled[] = {{"raw-futex", 2}};
static struct explored_growth explored_growth[] = {{16, 15, 3}, {100, 90, 4}};
static const struct explored explored = {
	.seed = UINT64_MAX,
	.distinct = 90,
	.pairs = 4,
	.steps = 1200,
	.switches = 300,
	.preemptions = 200,
	.most_steps = 14,
	.most_preemptions = 5,
	.most_threads = 3,
	.is_exhausted = true,
	.divergence = "at event 3 of 14",
	.strategies = strategies,
	.strategy_count = 2,
	.uncontrolled = uncontrolled,
	.uncontrolled_count = 1,
	.growth = explored_growth,
	.growth_count = 2,
};
static struct run runs[] = {
	{"stress", "light", 8, 1000, 250, 12, 1, outcomes, 2, seen, 1, growth,
	 2, 0, NULL},
	{"explore", NULL, 0, 0, 0, 0, 0, NULL, 0, NULL, 0, NULL, 0, 3,
	 &explored},
};
static struct subject subjects[] = {
	{.id = "counter/lost_update",
	 .type = SUBJECT_SCENARIO,
	 .file = "scenarios/counter/lost_update.c",
	 .line = 105,
	 .summary = "several threads increment one counter",
	 .lesson = "Two threads.\n\tA load, an add, a store.",
	 .in_python = "x += 1",
	 .practice = "atomics",
	 .repairs = "counter/nothing",
	 .refs = texts,
	 .ref_count = 2,
	 .tags = texts,
	 .tag_count = 1,
	 .expect = EXPECT_BROKEN,
	 .expected_reports = expected_reports,
	 .expected_report_count = 2,
	 .expected_outcomes = expected_outcomes,
	 .expected_outcome_count = 2,
	 .verdict = VERDICT_AS_EXPECTED,
	 .why = "broken, as expected: ...",
	 .notes = texts,
	 .note_count = 2,
	 .sources = sources,
	 .source_count = 2,
	 .runs = runs,
	 .run_count = 2},
	{.id = "ctest parser",
	 .type = SUBJECT_TEST,
	 .verdict = VERDICT_CLEAN,
	 .runs = runs,
	 .run_count = 1},
	{.id = "ci.log", .type = SUBJECT_LOG},
};

static inline struct result everything(void)
{
	return (struct result){
		.tool_version = "0.1.0",
		.command = "snag run 'counter/*'",
		.started = "2026-11-23T05:17:00Z",
		.duration_ms = 1234,
		.verdict = VERDICT_AS_EXPECTED,
		.exit = EXIT_INTERRUPTED,
		.is_interrupted = true,
		.notes = texts,
		.note_count = 2,
		.subjects = subjects,
		.subject_count = COUNT(subjects),
		.findings = findings,
		.finding_count = COUNT(findings),
	};
}

static inline char *text_of(const struct result *result, size_t *len)
{
	char *text;
	FILE *file = open_memstream(&text, len);

	result_to_json(result, file);
	fclose(file);
	return text;
}

static inline void write_file(const char *path, const char *text, size_t len)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	if (!file)
		return;
	assert_int_equal(fwrite(text, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

#endif
