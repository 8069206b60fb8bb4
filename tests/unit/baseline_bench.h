/*
 * baseline_bench.h - races of two functions on a global, united in a result,
 * and a baseline to hold them against.
 */
#ifndef SNAG_TESTS_BASELINE_BENCH_H
#define SNAG_TESTS_BASELINE_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "judge/baseline_match.h"
#include "judge/unite.h"

#define TODAY "2026-11-23"

/* The race of f and g on that global.  Names of NULL: the side was lost, the
 * report does not say on what. */
static inline struct finding *add_race_of(struct result *result, const char *f,
					  const char *g, const char *data,
					  unsigned line)
{
	struct unite *unite = unite_new(result);
	struct frame frames[2] = {
		{.function = f, .file = "src/a.c", .line = line},
		{.function = g, .file = "src/b.c", .line = line + 7}};
	struct access sides[2] = {
		{.op = OP_WRITE, .stack = {&frames[0], f != NULL, !f}},
		{.op = OP_READ, .stack = {&frames[1], g != NULL, !g}}};
	struct location location = {.type = LOCATION_GLOBAL, .name = data};
	const struct report report = {.kind = KIND_DATA_RACE,
				      .accesses = sides,
				      .access_count = 2,
				      .locations = &location,
				      .location_count = data ? 1 : 0};
	size_t at = unite_add(unite, &report, NULL, "test_one");

	unite_free(unite);
	result->findings[at].count++;
	return &result->findings[at];
}

/* In a result of its own, which lives in the arena of the baseline. */
static inline struct finding *race_of(struct baseline *baseline, const char *f,
				      const char *g, const char *data)
{
	struct result result = {0};
	struct finding *finding = add_race_of(&result, f, g, data, 10);

	arena_adopt(&baseline->arena, &result.arena);
	return finding;
}

static inline struct baseline_entry *know(struct baseline *baseline,
					  const struct finding *finding,
					  const char *expires)
{
	struct baseline_entry *entry =
		baseline_entry_add(baseline, finding, "test_one");

	assert_non_null(entry);
	entry->reason = "it is known";
	entry->expires = expires;
	return entry;
}

static inline void stands(const struct baseline *baseline,
			  const struct finding *finding, const char *today,
			  enum standing standing, const char *why)
{
	struct arena arena = {0};
	struct baseline_match match =
		baseline_match(baseline, finding, today, &arena);

	if (match.standing != standing || !strstr(match.why, why))
		fail_msg("%s: %s", standing_name(match.standing), match.why);
	arena_release(&arena);
}

#endif
