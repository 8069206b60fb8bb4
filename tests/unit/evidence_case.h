/*
 * evidence_case.h - stored results for tests of what unites them.
 */
#ifndef SNAG_TESTS_EVIDENCE_CASE_H
#define SNAG_TESTS_EVIDENCE_CASE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "judge/unite.h"
#include "model/result_json.h"

/* A race of two functions of one file; NULL: that side was not restored. */
struct race {
	struct frame frames[2];
	struct access accesses[2];
	struct report report;
};

static inline const struct report *race_of(struct race *race, const char *a,
					   const char *b)
{
	const char *names[] = {a, b};

	*race = (struct race){.report = {.kind = KIND_DATA_RACE,
					 .accesses = race->accesses,
					 .access_count = 2}};
	for (int i = 0; i < 2; i++) {
		race->frames[i] = (struct frame){
			.function = names[i], .file = "src/a.c", .line = 7};
		race->accesses[i] =
			(struct access){.op = OP_WRITE,
					.size_bytes = 4,
					.address = 0x1000,
					.stack = {.frames = &race->frames[i],
						  .count = names[i] ? 1 : 0,
						  .is_lost = !names[i]}};
	}
	return &race->report;
}

/* One run of one subject. */
struct record {
	enum subject_type type; /* 0: a test */
	const char *id, *command, *variable, *why, *note;
	enum verdict verdict;
	uint64_t iterations, hits, first, unwatched;
	const char *outcome;
	const char *races[2]; /* functions; both NULL: none was seen */
	unsigned threads;
};

static inline void record_fill(struct result *r, const struct record *record)
{
	struct subject *s = arena_push(&r->arena, &r->subjects,
				       &r->subject_count, sizeof(*s));
	struct run *run =
		arena_push(&r->arena, &s->runs, &s->run_count, sizeof(*run));

	s->id = record->id;
	s->type = record->type ? record->type : SUBJECT_TEST;
	s->expect = s->type == SUBJECT_SCENARIO ? EXPECT_CLEAN : EXPECT_NONE;
	s->verdict = record->verdict;
	s->why = record->why;
	if (record->note)
		subject_note(r, s, "%s", record->note);
	if (record->command) {
		struct source *source =
			arena_push(&r->arena, &s->sources, &s->source_count,
				   sizeof(*source));

		source->command = record->command;
		source->attempt = 1;
		if (record->variable)
			*(const char **)arena_push(
				&r->arena, &source->environment,
				&source->environment_count, sizeof(char *)) =
				record->variable;
	}
	*run = (struct run){.engine = "stress",
			    .strategy = "kernel",
			    .threads = record->threads,
			    .iterations = record->iterations,
			    .unwatched = record->unwatched};
	if (record->outcome) {
		struct run_outcome *o =
			arena_push(&r->arena, &run->outcomes,
				   &run->outcome_count, sizeof(*o));

		*o = (struct run_outcome){.name = record->outcome,
					  .count = record->iterations,
					  .first = 1,
					  .grade = GRADE_NONE};
	}
	if (record->races[0] || record->races[1]) {
		struct race race;
		struct unite *unite = unite_new(r);
		size_t at = unite_add(
			unite,
			race_of(&race, record->races[0], record->races[1]),
			NULL, s->id);
		struct run_finding *seen =
			arena_push(&r->arena, &run->findings,
				   &run->finding_count, sizeof(*seen));

		unite_free(unite);
		r->findings[at].count += record->hits;
		seen->fingerprint = r->findings[at].fingerprint;
		seen->hits = record->hits;
		seen->first = record->first;
		seen->grade = GRADE_NONE;
	}
}

struct folder {
	char path[64];
};

static inline int make_folder(void **state)
{
	struct folder *folder = calloc(1, sizeof(*folder));

	strcpy(folder->path, "/tmp/snag-evidence-test.XXXXXX");
	assert_non_null(mkdtemp(folder->path));
	*state = folder;
	return 0;
}

static inline int remove_one(const char *path, const struct stat *st, int type,
			     struct FTW *where)
{
	(void)st;
	(void)type;
	(void)where;
	return remove(path);
}

static inline int remove_folder(void **state)
{
	struct folder *folder = *state;

	nftw(folder->path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(folder);
	return 0;
}

/* The records as one result, in a file of that name. */
static inline const char *store(struct arena *arena,
				const struct folder *folder, const char *name,
				const struct record *records, size_t count)
{
	const char *path = arena_printf(arena, "%s/%s", folder->path, name);
	struct result r = {.tool_version = "1",
			   .started = "2026-01-01T00:00:00Z"};
	struct err err = {0};

	for (size_t i = 0; i < count; i++)
		record_fill(&r, &records[i]);
	assert_true(result_write(&r, path, &err));
	result_release(&r);
	return path;
}

static inline void write_text(const struct folder *folder, const char *name,
			      const char *text, size_t len)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder->path, name);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, len, file), len);
	fclose(file);
}

#endif
