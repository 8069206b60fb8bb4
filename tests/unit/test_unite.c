/*
 * Reports into findings: what is lost of one is found by the others, and the
 * order in which they come decides nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "../golden/tsan_pieces.h"
#include "judge/unite.h"
#include "model/finding_index.h"

#define LOST                                                    \
	"  Previous read of size 4 at 0x1000 by main thread:\n" \
	"    [failed to restore the stack]\n\n"
#define OTHER                                                   \
	"  Previous read of size 4 at 0x1000 by main thread:\n" \
	"    #0 other /f.c:9 (p+0x9)\n\n"
#define GLOBAL "  Location is global 'g' of size 4 at 0x1000 (p+0x1000)\n\n"
#define END THREAD SUMMARY SEP

static const char whole[] = SEP HEADER NEWER OLDER END;
static const char partial[] = SEP HEADER NEWER LOST END;
static const char other[] = SEP HEADER NEWER OTHER END;
static const char other_on_g[] = SEP HEADER NEWER OTHER GLOBAL END;
static const char partial_on_g[] = SEP HEADER NEWER LOST GLOBAL END;

#define CYCLE_HEADER                                      \
	SEP "WARNING: ThreadSanitizer: lock-order-"       \
	    "inversion (potential deadlock) (pid=7)\n"    \
	    "  Cycle in lock order graph: M0 (0x10) => M" \
	    "1 (0x20) => M0\n\n"
#define EDGE(A, B, FUNCTION)                                          \
	"  Mutex " A " acquired here while holding mutex " B " in m"  \
	"ain thread:\n    #0 pthread_mutex_lock <null> (p+0x1)\n    " \
	"#1 " FUNCTION " /f.c:1 (p+0x2)\n\n"

static const char cycle[] = CYCLE_HEADER EDGE("M1", "M0", "one")
	EDGE("M0", "M1",
	     "two") "SUMMARY: ThreadSanitizer: lock-order-inversion (potential "
		    "deadlock) /f.c:1 in one\n" SEP;
static const char cut_cycle[] = CYCLE_HEADER EDGE("M1", "M0", "one");

/* A result with one subject and one run, and what unites into it. */
struct fixture {
	struct result result;
	struct unite *unite;
	struct run *run;
};

static void set_up(struct fixture *f, bool is_deferred)
{
	struct arena *arena = &f->result.arena;
	struct subject *s = arena_push(arena, &f->result.subjects,
				       &f->result.subject_count, sizeof(*s));

	s->id = "log";
	f->run = arena_push(arena, &s->runs, &s->run_count, sizeof(*f->run));
	f->unite = unite_new(&f->result);
	if (is_deferred)
		unite_defer(f->unite);
}

static void tear_down(struct fixture *f)
{
	unite_free(f->unite);
	result_release(&f->result);
}

static struct run_finding *in_run(struct fixture *f, const char *fingerprint)
{
	struct run_finding *seen;

	for (size_t i = 0; i < f->run->finding_count; i++)
		if (!strcmp(f->run->findings[i].fingerprint, fingerprint))
			return &f->run->findings[i];
	seen = arena_push(&f->result.arena, &f->run->findings,
			  &f->run->finding_count, sizeof(*seen));
	seen->fingerprint = fingerprint;
	return seen;
}

/* Counts it as seen on that line. */
static size_t add(struct fixture *f, const char *text, uint64_t line)
{
	struct parsed parsed = parse(text);
	struct run_finding *seen;
	size_t at;

	assert_int_equal(parsed.count, 1);
	at = unite_add(f->unite, parsed.reports, NULL, "log");
	assert_true(at < f->result.finding_count);
	f->result.findings[at].count++;
	seen = in_run(f, f->result.findings[at].fingerprint);
	seen->hits++;
	if (!seen->first || line < seen->first)
		seen->first = line;
	arena_release(&parsed.arena);
	return at;
}

static void a_lost_side_joins_its_finding_whichever_comes_first(void **state)
{
	(void)state;
	for (int is_first = 0; is_first < 2; is_first++) {
		for (int is_deferred = 0; is_deferred < 2; is_deferred++) {
			struct fixture f = {0};

			set_up(&f, is_deferred);
			add(&f, is_first ? partial : whole, 10);
			add(&f, is_first ? whole : partial, 20);
			add(&f, partial, 5);
			unite_settle(f.unite);
			assert_int_equal(f.result.finding_count, 1);
			assert_int_equal(f.result.findings[0].count, 3);
			assert_false(
				f.result.findings[0].report->is_incomplete);
			assert_int_equal(f.run->finding_count, 1);
			assert_int_equal(f.run->findings[0].hits, 3);
			assert_int_equal(f.run->findings[0].first, 5);
			assert_string_equal(f.run->findings[0].fingerprint,
					    f.result.findings[0].fingerprint);
			tear_down(&f);
		}
	}
}

static const char *home_of_partial(const char *const *texts, size_t count,
				   uint64_t *hits)
{
	struct fixture f = {0};
	static char home[FINGERPRINT_HEX + 1];

	set_up(&f, true);
	for (size_t i = 0; i < count; i++)
		add(&f, texts[i], i + 1);
	unite_settle(f.unite);
	*hits = 0;
	for (size_t i = 0; i < f.result.finding_count; i++) {
		const struct finding *one = &f.result.findings[i];

		assert_false(one->report->is_incomplete);
		assert_int_equal(in_run(&f, one->fingerprint)->hits,
				 one->count);
		if (one->count <= *hits)
			continue;
		*hits = one->count;
		strcpy(home, one->fingerprint);
	}
	tear_down(&f);
	return home;
}

static void of_two_findings_the_one_on_the_same_data_is_the_home(void **state)
{
	const char *first[] = {whole, other_on_g, partial_on_g};
	const char *last[] = {partial_on_g, other_on_g, whole};
	const char *only[] = {other_on_g, other_on_g};
	char want[FINGERPRINT_HEX + 1];
	uint64_t hits;

	(void)state;
	strcpy(want, home_of_partial(only, 2, &hits));
	assert_string_equal(home_of_partial(first, 3, &hits), want);
	assert_int_equal(hits, 2);
	assert_string_equal(home_of_partial(last, 3, &hits), want);
	assert_int_equal(hits, 2);
}

static void else_the_one_with_more_reports(void **state)
{
	const char *texts[] = {partial, whole, other, other, partial};
	const char *only[] = {other, other};
	char want[FINGERPRINT_HEX + 1];
	uint64_t hits;

	(void)state;
	strcpy(want, home_of_partial(only, 2, &hits));
	assert_string_equal(home_of_partial(texts, 5, &hits), want);
	assert_int_equal(hits, 4);
}

static void a_lost_side_without_a_home_stays(void **state)
{
	struct fixture f = {0};

	(void)state;
	set_up(&f, true);
	add(&f, partial, 1);
	add(&f, cycle, 2);
	unite_settle(f.unite);
	unite_settle(f.unite);
	assert_int_equal(f.result.finding_count, 2);
	assert_int_equal(f.result.findings[0].count, 1);
	tear_down(&f);
}

static void what_comes_after_settling_is_settled_too(void **state)
{
	struct fixture f = {0};

	(void)state;
	set_up(&f, true);
	add(&f, partial, 1);
	add(&f, whole, 2);
	unite_settle(f.unite);
	assert_int_equal(add(&f, partial, 3), 0);
	assert_int_equal(add(&f, whole, 4), 0);
	assert_int_equal(add(&f, other, 5), 1);
	unite_settle(f.unite);
	assert_int_equal(f.result.finding_count, 2);
	assert_int_equal(f.result.findings[0].count, 4);
	tear_down(&f);
}

static void a_cycle_that_was_cut_off_joins_the_whole_one(void **state)
{
	(void)state;
	for (int is_first = 0; is_first < 2; is_first++) {
		struct fixture f = {0};

		set_up(&f, true);
		add(&f, is_first ? cut_cycle : cycle, 1);
		add(&f, is_first ? cycle : cut_cycle, 2);
		unite_settle(f.unite);
		assert_int_equal(f.result.finding_count, 1);
		assert_int_equal(f.result.findings[0].count, 2);
		assert_int_equal(f.result.findings[0].report->access_count, 2);
		tear_down(&f);
	}
}

static void hits_are_never_more_than_iterations(void **state)
{
	struct fixture f = {0};

	(void)state;
	set_up(&f, false);
	f.run->iterations = 2;
	add(&f, partial, 1);
	add(&f, whole, 1);
	add(&f, whole, 2);
	unite_settle(f.unite);
	assert_int_equal(f.run->finding_count, 1);
	assert_int_equal(f.run->findings[0].hits, 2);
	tear_down(&f);
}

/* Each has one frame more than the last. */
static void ever_better_reports_do_not_use_memory_without_end(void **state)
{
	struct fixture f = {0};
	size_t used = 0;

	(void)state;
	set_up(&f, true);
	for (unsigned frames = 1; frames < 200; frames++) {
		struct frame *stack = calloc(frames, sizeof(*stack));
		struct access sides[2] = {{.op = OP_WRITE}, {.op = OP_READ}};
		struct report report = {.kind = KIND_DATA_RACE,
					.accesses = sides,
					.access_count = 2};

		for (unsigned i = 0; i < frames; i++)
			stack[i].function = i ? "caller" : "f";
		sides[0].stack = sides[1].stack =
			(struct stack){.frames = stack, .count = frames};
		assert_int_equal(unite_add(f.unite, &report, NULL, "log"), 0);
		free(stack);
		if (frames == 100)
			used = f.result.arena.used_bytes;
	}
	assert_true(f.result.arena.used_bytes - used < 4096);
	tear_down(&f);
}

static void an_index_finds_every_finding_and_nothing_else(void **state)
{
	struct fixture f = {0};
	struct arena arena = {0};
	struct finding_index index;

	(void)state;
	set_up(&f, true);
	index = finding_index_of(&arena, &f.result);
	assert_null(finding_index_find(&index, "0"));
	add(&f, whole, 1);
	add(&f, other, 1);
	add(&f, cycle, 1);
	index = finding_index_of(&arena, &f.result);
	for (size_t i = 0; i < f.result.finding_count; i++)
		assert_ptr_equal(
			finding_index_find(&index,
					   f.result.findings[i].fingerprint),
			&f.result.findings[i]);
	assert_null(finding_index_find(&index, "ffffffff"));
	assert_null(finding_index_find(&index, ""));
	arena_release(&arena);
	tear_down(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_lost_side_joins_its_finding_whichever_comes_first),
		cmocka_unit_test(
			of_two_findings_the_one_on_the_same_data_is_the_home),
		cmocka_unit_test(else_the_one_with_more_reports),
		cmocka_unit_test(a_lost_side_without_a_home_stays),
		cmocka_unit_test(what_comes_after_settling_is_settled_too),
		cmocka_unit_test(a_cycle_that_was_cut_off_joins_the_whole_one),
		cmocka_unit_test(hits_are_never_more_than_iterations),
		cmocka_unit_test(
			ever_better_reports_do_not_use_memory_without_end),
		cmocka_unit_test(an_index_finds_every_finding_and_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
