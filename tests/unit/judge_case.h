/*
 * judge_case.h - a report and its source made of one snippet, for the tests of
 * the classifier.
 *
 * In the code, @a and @b stand before the token of the newer and the older
 * access, @A and @B before the call in the next frame outwards; the marks are
 * taken out.
 */
#ifndef TESTS_JUDGE_CASE_H
#define TESTS_JUDGE_CASE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "judge/classify.h"

struct side_case {
	const char *function;
	enum op op;
	const char *callee; /* libc's function in which the access was made */
	const char *caller; /* the function at @A or @B */
	const char *lock;   /* "M0", or NULL */
	bool is_read_lock, is_atomic, is_free;
	unsigned size, offset; /* size 0: 4 */
	const char *thread;    /* NULL: T1, T2 */
};

struct judge_case {
	const char *cause;
	const char *code;
	struct side_case a, b;
	enum kind kind; /* 0: data race */
	enum location_type where;
	const char *owner; /* thread of the location */
	const char *maker; /* function in which the block was made, at @M */
	const char *parent_of_b; /* thread that made b's, at @T */
	const char *sleeper;     /* function that slept, at @S */
	unsigned location_size;
	bool is_blind; /* the source cannot be read */
	bool is_flat;  /* debug information without columns */
};

struct judge {
	struct arena arena;
	struct source_tree *tree;
	struct candidate *candidates;
	size_t count;
	char path[64];
};

struct mark {
	unsigned line, column;
};

/* Writes the code without marks; marks by letter. */
static void judge_write(struct judge *judge, const char *code,
			struct mark marks[128])
{
	unsigned line = 1, column = 1;
	FILE *file;
	int fd;

	strcpy(judge->path, "/tmp/judge-XXXXXX.c");
	fd = mkstemps(judge->path, 2);
	file = fd < 0 ? NULL : fdopen(fd, "w");
	if (!file)
		abort();
	for (const char *c = code; *c; c++) {
		if (*c == '@') {
			c++;
			marks[*c & 127] = (struct mark){line, column};
			continue;
		}
		putc(*c, file);
		column++;
		if (*c == '\n') {
			line++;
			column = 1;
		}
	}
	fclose(file);
}

static struct frame judge_frame(const struct judge *judge, const char *function,
				struct mark mark)
{
	return (struct frame){.function = function,
			      .file = mark.line ? judge->path : NULL,
			      .line = mark.line,
			      .column = mark.column,
			      .module = mark.line ? "prog" : "libc.so.6"};
}

static struct stack judge_stack(struct judge *judge, const char *callee,
				const char *function, struct mark at,
				const char *caller, struct mark call)
{
	struct stack stack = {0};
	const char *names[] = {callee, function, caller};
	const struct mark marks[] = {{0, 0}, at, call};

	for (size_t i = 0; i < 3; i++)
		if (names[i]) {
			struct frame *frame =
				arena_push(&judge->arena, &stack.frames,
					   &stack.count, sizeof(*frame));
			*frame = judge_frame(judge, names[i], marks[i]);
		}
	return stack;
}

static struct access judge_access(struct judge *judge,
				  const struct side_case *side,
				  const char *thread, struct mark at,
				  struct mark call)
{
	struct access access = {
		.op = side->op,
		.is_atomic = side->is_atomic,
		.is_free = side->is_free,
		.size_bytes = side->size ? side->size : 4,
		.address = 0x1000 + side->offset,
		.thread = side->thread ? side->thread : thread,
		.stack = judge_stack(judge, side->callee, side->function, at,
				     side->caller, call),
	};

	if (side->lock) {
		access.mutexes =
			arena_alloc(&judge->arena, sizeof(*access.mutexes));
		access.mutexes[0].id = side->lock;
		access.mutexes[0].is_read = side->is_read_lock;
		access.mutex_count = 1;
	}
	return access;
}

static inline void judge_classify(struct judge *judge,
				  const struct judge_case *c,
				  const struct witness *witness)
{
	struct mark marks[128] = {0};
	struct report report = {.kind = c->kind ? c->kind : KIND_DATA_RACE};
	struct access sides[2];
	struct thread_info thread = {.id = "T2", .parent = c->parent_of_b};
	struct location location = {.type = c->where,
				    .name = "thing",
				    .size_bytes = c->location_size,
				    .thread = c->owner};

	judge_write(judge, c->code, marks);
	for (size_t i = 0; i < 128 && c->is_flat; i++)
		marks[i].column = 0;
	judge->tree = source_tree_new(NULL, 0);
	sides[0] = judge_access(judge, &c->a, "T1", marks['a'], marks['A']);
	sides[1] = judge_access(judge, &c->b, "T2", marks['b'], marks['B']);
	report.accesses = sides;
	report.access_count = c->b.function ? 2 : c->a.function ? 1 : 0;
	location.stack = judge_stack(judge, "malloc", c->maker, marks['M'],
				     NULL, marks['M']);
	if (c->where) {
		report.locations = &location;
		report.location_count = 1;
	}
	if (c->parent_of_b) {
		thread.created =
			judge_stack(judge, "pthread_create", c->a.function,
				    marks['T'], NULL, marks['T']);
		report.threads = &thread;
		report.thread_count = 1;
	}
	if (c->sleeper)
		report.sleep = judge_stack(judge, "usleep", c->sleeper,
					   marks['S'], NULL, marks['S']);
	classify(&report, c->is_blind ? NULL : judge->tree, witness,
		 &judge->arena, &judge->candidates, &judge->count);
}

static inline void judge_release(struct judge *judge)
{
	unlink(judge->path);
	source_tree_free(judge->tree);
	arena_release(&judge->arena);
}

/* The first candidate is the one wanted, and says why. */
static inline void judge_all(const struct judge_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct judge judge = {0};

		judge_classify(&judge, &cases[i], NULL);
		if (strcmp(judge.candidates[0].cause, cases[i].cause) != 0)
			print_error("case %zu, %s:\n%s\n", i, cases[i].cause,
				    cases[i].code);
		assert_string_equal(judge.candidates[0].cause, cases[i].cause);
		assert_true(judge.candidates[0].evidence_count > 0);
		for (size_t j = 1; j < judge.count; j++)
			assert_true(judge.candidates[j - 1].confidence >=
				    judge.candidates[j].confidence);
		judge_release(&judge);
	}
}

#endif
