/*
 * What services refuse is cut, the important last, and the cut is said.
 */
#include "format_case.h"

#include <zlib.h>

#include "base/arena.h"

enum { MANY = 30000, MIB = 1024 * 1024, NOISE = 900 };

/* Names without end that no packer makes small: each digit is six bits. */
static const char *noise(struct arena *arena, size_t n)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789_x";
	uint64_t state = n * 0x9e3779b97f4a7c15 + 1;
	char *name = arena_alloc(arena, NOISE + 1);

	for (size_t i = 0; i < NOISE; i++) {
		state ^= state << 13;
		state ^= state >> 7;
		state ^= state << 17;
		name[i] = digits[(state >> 32) % 64];
	}
	return name;
}

static struct frame *frame_of(struct arena *arena, size_t n, const char *name)
{
	struct frame *frame = arena_alloc(arena, sizeof(*frame));

	*frame = (struct frame){
		.function = arena_printf(arena, "%s_%zu", name, n),
		.file = arena_printf(arena, "src/dir%zu/file%zu.c", n % 97,
				     n % 1013),
		.line = (unsigned)(n % 5000 + 1),
		.column = 7};
	return frame;
}

static struct report *race_of(struct arena *arena, size_t n, const char *name)
{
	struct report *report = arena_alloc(arena, sizeof(*report));

	*report = (struct report){.kind = KIND_DATA_RACE, .access_count = 2};
	report->accesses = arena_alloc(arena, 2 * sizeof(*report->accesses));
	for (size_t i = 0; i < 2; i++)
		report->accesses[i] = (struct access){
			.op = OP_WRITE,
			.is_previous = i == 1,
			.size_bytes = 8,
			.thread = i ? "main" : "T1",
			.stack = {frame_of(arena, n + i, name), 1, false}};
	return report;
}

/* A result of so many races that one test saw.  All are known but the last. */
static struct result races(size_t count, const char *name)
{
	static struct candidate cause = {"lost-update", 0.9, NULL, 0};
	struct result result = {.verdict = VERDICT_NEW,
				.exit = EXIT_FINDING,
				.started = "2026-11-23T05:17:00Z",
				.subject_count = 1,
				.finding_count = count};
	struct arena *arena = &result.arena;

	result.subjects = arena_alloc(arena, sizeof(*result.subjects));
	result.subjects[0] = (struct subject){
		.id = "suite", .type = SUBJECT_LOG, .verdict = VERDICT_NEW};
	result.findings = arena_alloc(arena, count * sizeof(*result.findings));
	for (size_t i = 0; i < count; i++)
		result.findings[i] = (struct finding){
			.fingerprint =
				arena_printf(arena, "%032zx", i * 2654435761U),
			.causes = &cause,
			.cause_count = 1,
			.subject = "suite",
			.count = 1,
			.report = race_of(arena, i, name),
			.standing =
				i + 1 < count ? STANDING_KNOWN : STANDING_NEW};
	return result;
}

static const char *first_fingerprint(const char *text, const char *member)
{
	const char *at = strstr(text, member);

	assert_non_null(at);
	return at + strlen(member);
}

static void sarif_holds_25000_results_and_says_how_many_more(void **state)
{
	struct result result = races(MANY, "f");
	size_t len;
	char *text = render("sarif", &result, &len);
	const char *last = result.findings[MANY - 1].fingerprint;

	(void)state;
	assert_int_equal(occurrences(text, "\"ruleId\""), 25000);
	assert_non_null(strstr(text, "5,000 of 30,000 results are left out"));
	/* What fails comes first, though it was found last. */
	assert_int_equal(strncmp(first_fingerprint(text, "\"snagRace/v1\": \""),
				 last, FINGERPRINT_HEX),
			 0);
	free(text);
	arena_release(&result.arena);
}

static size_t packed_size(const char *text, size_t len)
{
	uLongf packed_len = compressBound(len);
	unsigned char *packed = malloc(packed_len);

	assert_int_equal(
		compress(packed, &packed_len, (const Bytef *)text, len), Z_OK);
	free(packed);
	return packed_len;
}

static void sarif_is_small_enough_when_packed(void **state)
{
	enum { NOISY = 12000 };
	struct result result = races(NOISY, "f");
	size_t len, count;
	char *text;

	(void)state;
	for (size_t i = 0; i < NOISY; i++)
		for (size_t j = 0; j < 2; j++) {
			const struct access *sides =
				result.findings[i].report->accesses;

			sides[j].stack.frames[0].function =
				noise(&result.arena, i * 2 + j);
		}
	text = render("sarif", &result, &len);
	count = occurrences(text, "\"ruleId\"");
	assert_in_range(packed_size(text, len), 9 * 1000 * 1000,
			10 * 1000 * 1000);
	assert_in_range(count, 1000, NOISY - 1);
	assert_non_null(strstr(text, " of 12,000 results are left out"));
	free(text);
	arena_release(&result.arena);
}

static void sarif_says_nothing_of_cuts_where_nothing_is_cut(void **state)
{
	struct result result = races(10, "f");
	size_t len;
	char *text = render("sarif", &result, &len);

	(void)state;
	assert_int_equal(occurrences(text, "\"ruleId\""), 10);
	assert_null(strstr(text, "left out"));
	free(text);
	arena_release(&result.arena);
}

static char *long_name(size_t len, const char *of)
{
	char *name = calloc(1, len + 1);

	for (size_t i = 0; i < len; i++)
		name[i] = of[i % strlen(of)];
	return name;
}

static void no_text_is_too_long_for_a_summary(void **state)
{
	char *name = long_name(MIB, "@|`<*_#:/\n");
	struct result result = races(20, "f");
	struct result huge = races(3, name);
	size_t len;
	char *text;

	(void)state;
	huge.command = huge.subjects[0].id = huge.subjects[0].why = name;
	text = render("markdown", &huge, &len);
	assert_in_range(len, 1000, MIB - 1);
	free(text);
	text = render("markdown", &result, &len);
	assert_in_range(len, 1000, MIB - 1);
	assert_null(strstr(text, "not shown"));
	free(text);
	free(name);
	arena_release(&huge.arena);
	arena_release(&result.arena);
}

static void a_summary_of_many_findings_fits_and_says_so(void **state)
{
	struct result result = races(MANY, "f");
	size_t len;
	char *text = render("markdown", &result, &len);

	(void)state;
	assert_in_range(len, 1000, MIB - 1);
	assert_non_null(strstr(text, "not shown in full here"));
	assert_non_null(strstr(text, "29,949 more"));
	assert_int_equal(occurrences(text, "<details>"),
			 occurrences(text, "</details>"));
	free(text);
	arena_release(&result.arena);
}

/* Every part of it is as long as it can be. */
static void a_summary_of_long_findings_fits_and_says_so(void **state)
{
	char *name = long_name(2000, "@@|`");
	struct result result = races(400, name);
	const char *notes[60];
	size_t len;
	char *text;

	(void)state;
	for (size_t i = 0; i < 60; i++)
		notes[i] = name;
	result.notes = notes;
	result.note_count = 60;
	for (size_t i = 0; i < 400; i++)
		result.findings[i].standing = STANDING_NEW;
	text = render("markdown", &result, &len);
	assert_in_range(len, 1000, MIB - 1);
	assert_non_null(strstr(text, "entries are not shown in full here"));
	assert_non_null(strstr(text, "- and 10 more"));
	assert_int_equal(occurrences(text, "<details>"),
			 occurrences(text, "</details>"));
	free(text);
	free(name);
	arena_release(&result.arena);
}

static void annotations_are_ten_of_a_kind_and_the_rest_is_counted(void **state)
{
	struct result result = races(MANY, "f");
	size_t len;
	char *text;

	(void)state;
	for (size_t i = 0; i < 25; i++)
		result.findings[i].standing = STANDING_NEW;
	text = render("github", &result, &len);
	assert_int_equal(occurrences(text, "::error "), 10);
	assert_int_equal(occurrences(text, "::warning "), 10);
	assert_int_equal(occurrences(text, "::notice "), 1);
	assert_int_equal(occurrences(text, "\n"), 21);
	assert_non_null(strstr(text, "16 errors and 29,964 warnings more"));
	free(text);
	arena_release(&result.arena);
}

static void code_quality_holds_every_finding_once(void **state)
{
	struct result result = races(MANY, "f");
	size_t len;
	char *text = render("codequality", &result, &len);

	(void)state;
	assert_int_equal(occurrences(text, "\"fingerprint\""), MANY);
	free(text);
	arena_release(&result.arena);
}

static void junit_tells_a_hundred_findings_of_a_case(void **state)
{
	struct result result = races(MANY, "f");
	size_t len;
	char *text = render("junit", &result, &len);

	(void)state;
	assert_int_equal(occurrences(text, "<failure "), 1);
	assert_int_equal(occurrences(text, "  fingerprint: "), 101);
	assert_non_null(strstr(text, "and 29,899 findings more"));
	free(text);
	arena_release(&result.arena);
}

/* A deadlock of a program with very many threads. */
static void sarif_holds_no_more_places_than_github_takes(void **state)
{
	enum { THREADS = 3000 };
	struct result result = races(1, "f");
	struct report *report = race_of(&result.arena, 0, "f");
	struct access *sides =
		arena_alloc(&result.arena, THREADS * sizeof(*sides));
	size_t len;
	char *text;

	(void)state;
	for (size_t i = 0; i < THREADS; i++) {
		sides[i] = report->accesses[0];
		sides[i].op = OP_WAIT;
		sides[i].thread = arena_printf(&result.arena, "T%zu", i);
	}
	report->kind = KIND_DEADLOCK;
	report->accesses = sides;
	report->access_count = THREADS;
	result.findings[0].report = report;
	text = render("sarif", &result, &len);
	assert_in_range(occurrences(text, "\"id\": "), 100, 1000);
	assert_in_range(occurrences(text, "\"nestingLevel\""), 100, 10000);
	assert_non_null(strstr(text, "locations of the results here are left "
				     "out"));
	free(text);
	arena_release(&result.arena);
}

/* snag exec --fail-on never: verdicts stay, and do not count. */
static void nothing_fails_where_the_exit_code_is_0(void **state)
{
	struct result result = races(3, "f");
	size_t len;
	char *text;

	(void)state;
	text = render("github", &result, &len);
	assert_non_null(strstr(text, "::error "));
	free(text);
	result.exit = EXIT_AS_EXPECTED;
	text = render("github", &result, &len);
	assert_null(strstr(text, "::error "));
	free(text);
	text = render("junit", &result, &len);
	assert_null(strstr(text, "<failure "));
	assert_int_equal(occurrences(text, " failures=\"0\""), 2);
	free(text);
	text = render("sarif", &result, &len);
	assert_int_equal(occurrences(text, "\"level\": \"note\""), 3);
	free(text);
	text = render("codequality", &result, &len);
	assert_int_equal(occurrences(text, "\"info\""), 3);
	free(text);
	text = render("markdown", &result, &len);
	assert_null(strstr(text, "What fails"));
	free(text);
	arena_release(&result.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			sarif_holds_25000_results_and_says_how_many_more),
		cmocka_unit_test(
			sarif_says_nothing_of_cuts_where_nothing_is_cut),
		cmocka_unit_test(sarif_is_small_enough_when_packed),
		cmocka_unit_test(sarif_holds_no_more_places_than_github_takes),
		cmocka_unit_test(no_text_is_too_long_for_a_summary),
		cmocka_unit_test(a_summary_of_many_findings_fits_and_says_so),
		cmocka_unit_test(a_summary_of_long_findings_fits_and_says_so),
		cmocka_unit_test(
			annotations_are_ten_of_a_kind_and_the_rest_is_counted),
		cmocka_unit_test(code_quality_holds_every_finding_once),
		cmocka_unit_test(nothing_fails_where_the_exit_code_is_0),
		cmocka_unit_test(junit_tells_a_hundred_findings_of_a_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
