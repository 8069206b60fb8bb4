/*
 * A program is built and run under ThreadSanitizer, its race becomes known;
 * then its lines move, and it is built and run again, elsewhere.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "judge/baseline_match.h"
#include "judge/unite.h"
#include "read/symbols.h"
#include "read/tsan_text.h"

#define TODAY "2026-11-23"

/* What comes before, and the datum, twice. */
static const char source[] =
	"#include <pthread.h>\n"
	"%s"
	"int total, count;\n"
	"static void bump(void) { ++*(volatile int *)&%s; }\n"
	"static void *body(void *p) { bump(); return p; }\n"
	"int main(void) {\n"
	"	pthread_t a, b;\n"
	"	pthread_create(&a, 0, body, 0);\n"
	"	pthread_create(&b, 0, body, 0);\n"
	"	pthread_join(a, 0);\n"
	"	pthread_join(b, 0);\n"
	"	return *(volatile int *)&%s > 9;\n"
	"}\n";

static void must(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void must(const char *fmt, ...)
{
	char command[1024];
	va_list args;

	va_start(args, fmt);
	vsnprintf(command, sizeof(command), fmt, args);
	va_end(args);
	if (system(command))
		fail_msg("failed: %s", command);
}

static void take(void *context, const struct tsan_found *found)
{
	struct unite *unite = context;
	struct symbols *symbols = symbols_new();

	symbols_report(symbols, found->arena, found->report);
	report_mark_frees(found->report);
	if (kind_is_race(found->report->kind))
		unite_add(unite, found->report, NULL, "race");
	symbols_free(symbols);
}

static void parse(const char *path, struct result *result)
{
	static char text[256 * 1024];
	struct unite *unite = unite_new(result);
	struct tsan_parser *parser = tsan_parser_new(take, unite);
	FILE *file = fopen(path, "r");

	if (!file)
		abort();
	tsan_parser_feed(parser, text, fread(text, 1, sizeof(text), file));
	fclose(file);
	tsan_parser_end(parser);
	tsan_parser_free(parser);
	unite_free(unite);
}

/* Folders are those of two checkouts of one project. */
static void build_and_run(const char *folder, const char *before,
			  const char *datum, const char *flags,
			  struct result *result)
{
	char path[256];
	FILE *file;

	must("mkdir -p %s/project/src", folder);
	snprintf(path, sizeof(path), "%s/project/src/race.c", folder);
	file = fopen(path, "w");
	if (!file)
		abort();
	fprintf(file, source, before, datum, datum);
	fclose(file);
	must("%s -g %s -fsanitize=thread -o %s/race %s", FIXTURE_CC, flags,
	     folder, path);
	/* Two accesses made at the very same time can be missed. */
	must("for i in 1 2 3 4 5; do TSAN_OPTIONS=atexit_sleep_ms=0 %s/race; "
	     "done >%s/log 2>&1 || :",
	     folder, folder);
	snprintf(path, sizeof(path), "%s/log", folder);
	parse(path, result);
	if (result->finding_count != 1)
		fail_msg("%zu findings in %s", result->finding_count, path);
}

static void stands(const struct baseline *baseline,
		   const struct finding *finding, enum standing standing)
{
	struct arena arena = {0};
	struct baseline_match match =
		baseline_match(baseline, finding, TODAY, &arena);

	if (match.standing != standing)
		fail_msg("%s: %s", standing_name(match.standing), match.why);
	arena_release(&arena);
}

static void known_races_survive_new_builds_and_moved_lines(void **state)
{
	char root[] = "/tmp/snag-rebuild-test.XXXXXX", folder[64];
	struct result first = {0}, moved = {0}, other = {0};
	struct baseline baseline = {0};

	(void)state;
	assert_non_null(mkdtemp(root));
	snprintf(folder, sizeof(folder), "%s/one", root);
	build_and_run(folder, "", "total", "-O0", &first);
	baseline_entry_add(&baseline, &first.findings[0], NULL)->reason = "r";
	snprintf(folder, sizeof(folder), "%s/two", root);
	build_and_run(folder,
		      "\n\n/* new */\nint helper(void);\n"
		      "int helper(void)\n{\n\treturn 7;\n}\n\n",
		      "total", "-O1", &moved);
	assert_int_not_equal(
		first.findings[0].report->accesses[0].stack.frames[0].line,
		moved.findings[0].report->accesses[0].stack.frames[0].line);
	stands(&baseline, &moved.findings[0], STANDING_KNOWN);
	/* The same functions, and another global. */
	snprintf(folder, sizeof(folder), "%s/three", root);
	build_and_run(folder, "", "count", "-O0", &other);
	stands(&baseline, &other.findings[0], STANDING_NEW);
	must("rm -rf %s", root);
	result_release(&first);
	result_release(&moved);
	result_release(&other);
	baseline_release(&baseline);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			known_races_survive_new_builds_and_moved_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
