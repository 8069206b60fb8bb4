#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "read/symbols.h"

/* A library made by the compiler at hand, which tells where its calls are. */
static const char fixture_source[] =
	"int fixture_count = 7;\n"
	"static inline __attribute__((always_inline)) int\n"
	"innermost(void (*here)(void)) {\n"
	"	here();\n"
	"	return ++*(volatile int *)&fixture_count;\n"
	"}\n"
	"static inline __attribute__((always_inline)) int\n"
	"between(void (*here)(void)) {\n"
	"	{ int n = innermost(here); if (n) return n; }\n"
	"	return 1;\n"
	"}\n"
	"int outermost(void (*here)(void));\n"
	"int outermost(void (*here)(void)) {\n"
	"	static int calls;\n"
	"	++*(volatile int *)&calls;\n"
	"	return between(here) + 1;\n"
	"}\n";

static FILE *open_file(const char *path, const char *mode)
{
	FILE *file = fopen(path, mode);

	if (!file)
		abort();
	return file;
}

struct fixture {
	char dir[64], path[128], stripped[128], source[128];
	uint64_t base, call, count; /* offsets: of here(), fixture_count */
	struct symbols *symbols;
	struct arena arena;
};

static uint64_t seen_return;

static void here(void)
{
	seen_return = (uint64_t)(uintptr_t)__builtin_return_address(0);
}

static void run(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void run(const char *fmt, ...)
{
	char command[1024];
	va_list args;

	va_start(args, fmt);
	vsnprintf(command, sizeof(command), fmt, args);
	va_end(args);
	if (system(command) != 0)
		fail_msg("failed: %s", command);
}

static void load(struct fixture *fixture)
{
	int (*outermost)(void (*)(void));
	void *library = dlopen(fixture->path, RTLD_NOW);
	const char *data;
	Dl_info info;

	assert_non_null(library);
	*(void **)&outermost = dlsym(library, "outermost");
	data = dlsym(library, "fixture_count");
	assert_true(dladdr(data, &info) != 0);
	outermost(here);
	fixture->base = (uint64_t)(uintptr_t)info.dli_fbase;
	fixture->call = seen_return - 1 - fixture->base;
	fixture->count = (uint64_t)(uintptr_t)data - fixture->base;
	dlclose(library);
}

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	FILE *source;

	snprintf(fixture->dir, sizeof(fixture->dir),
		 "/tmp/snag-symbols-XXXXXX");
	assert_non_null(mkdtemp(fixture->dir));
	snprintf(fixture->path, sizeof(fixture->path), "%s/fixture.so",
		 fixture->dir);
	snprintf(fixture->stripped, sizeof(fixture->stripped), "%s/stripped.so",
		 fixture->dir);
	snprintf(fixture->source, sizeof(fixture->source), "%s/fixture.c",
		 fixture->dir);
	source = open_file(fixture->source, "w");
	fputs(fixture_source, source);
	fclose(source);
	run("%s -g -O1 -fPIC -shared -o %s %s", FIXTURE_CC, fixture->path,
	    fixture->source);
	run("%s -g0 -O1 -fPIC -shared -o %s %s", FIXTURE_CC, fixture->stripped,
	    fixture->source);
	load(fixture);
	fixture->symbols = symbols_new();
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	symbols_free(fixture->symbols);
	arena_release(&fixture->arena);
	run("rm -r %s", fixture->dir);
	free(fixture);
	return 0;
}

static void check_frame(const struct fixture *fixture,
			const struct frame *frame, const char *function,
			unsigned line, bool is_inlined)
{
	assert_string_equal(frame->function, function);
	assert_string_equal(frame->file, fixture->source);
	assert_int_equal(frame->line, line);
	assert_true(frame->column > 0);
	assert_int_equal(frame->is_inlined, is_inlined);
	assert_true(frame->has_offset);
	assert_int_equal(frame->offset, fixture->call);
	assert_string_equal(frame->module, fixture->path);
}

static void inlined_functions_are_frames_of_their_own(void **state)
{
	struct fixture *fixture = *state;
	struct stack stack = {0};

	assert_int_equal(symbols_resolve(fixture->symbols, &fixture->arena,
					 fixture->path, fixture->call, &stack),
			 3);
	assert_int_equal(stack.count, 3);
	check_frame(fixture, &stack.frames[0], "innermost", 4, true);
	check_frame(fixture, &stack.frames[1], "between", 9, true);
	check_frame(fixture, &stack.frames[2], "outermost", 16, false);
}

static void without_debug_information_the_function_is_known(void **state)
{
	struct fixture *fixture = *state;
	struct stack stack = {0};
	size_t notes;

	symbols_resolve(fixture->symbols, &fixture->arena, fixture->stripped,
			fixture->call, &stack);
	assert_int_equal(stack.count, 1);
	assert_string_equal(stack.frames[0].function, "outermost");
	assert_null(stack.frames[0].file);
	symbols_notes(fixture->symbols, &notes);
	assert_int_equal(notes, 0);
}

static void a_global_has_its_name_and_declaration(void **state)
{
	struct fixture *fixture = *state;
	struct symbols_global global;

	assert_true(symbols_global(fixture->symbols, &fixture->arena,
				   fixture->path, fixture->count + 3, &global));
	assert_string_equal(global.name, "fixture_count");
	assert_int_equal(global.offset, fixture->count);
	assert_int_equal(global.size_bytes, 4);
	assert_string_equal(global.file, fixture->source);
	assert_int_equal(global.line, 1);
	assert_false(symbols_global(fixture->symbols, &fixture->arena,
				    fixture->path, fixture->call, &global));
	assert_false(symbols_global(fixture->symbols, &fixture->arena,
				    fixture->path, UINT64_MAX, &global));
}

static struct frame *raw_frame(struct fixture *fixture, struct stack *stack,
			       uint64_t base)
{
	struct frame *frame = arena_push(&fixture->arena, &stack->frames,
					 &stack->count, sizeof(*frame));

	frame->module = fixture->path;
	frame->offset = fixture->call;
	frame->has_offset = true;
	frame->pc = base + fixture->call + 1;
	return frame;
}

static void a_report_gets_names_everywhere(void **state)
{
	const uint64_t base = 0x7f1234567000;
	struct fixture *fixture = *state;
	struct access accesses[2] = {{0}};
	struct thread_info thread = {.id = "T1"};
	struct report report = {
		.kind = KIND_DATA_RACE,
		.accesses = accesses,
		.access_count = 2,
		.threads = &thread,
		.thread_count = 1,
	};

	for (int i = 0; i < 2; i++) {
		accesses[i].address = base + fixture->count;
		raw_frame(fixture, &accesses[i].stack, base);
	}
	raw_frame(fixture, &accesses[1].held_stack, base);
	raw_frame(fixture, &thread.created, base)->function = "known";
	raw_frame(fixture, &thread.created, base);
	raw_frame(fixture, &report.sleep, base);
	symbols_report(fixture->symbols, &fixture->arena, &report);

	assert_int_equal(accesses[0].stack.count, 3);
	assert_int_equal(accesses[1].stack.count, 3);
	assert_int_equal(accesses[1].held_stack.count, 3);
	assert_int_equal(report.sleep.count, 3);
	assert_int_equal(thread.created.count, 4);
	assert_string_equal(thread.created.frames[0].function, "known");
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(accesses[0].stack.frames[i].pc,
				 base + fixture->call + 1);
	assert_int_equal(report.location_count, 1);
	assert_int_equal(report.locations[0].type, LOCATION_GLOBAL);
	assert_string_equal(report.locations[0].name, "fixture_count");
	assert_string_equal(report.locations[0].module, fixture->path);
	assert_int_equal(report.locations[0].address, base + fixture->count);
	assert_int_equal(report.locations[0].line, 1);
}

static void a_location_that_is_known_stays(void **state)
{
	const uint64_t base = 0x7f1234567000;
	struct fixture *fixture = *state;
	struct access access = {.address = base + fixture->count};
	struct location heap = {.type = LOCATION_HEAP};
	struct report report = {
		.kind = KIND_DATA_RACE,
		.accesses = &access,
		.access_count = 1,
		.locations = &heap,
		.location_count = 1,
	};

	raw_frame(fixture, &access.stack, base);
	symbols_report(fixture->symbols, &fixture->arena, &report);
	assert_int_equal(report.location_count, 1);
	assert_int_equal(report.locations[0].type, LOCATION_HEAP);
}

static void a_useless_module_costs_one_note(void **state)
{
	struct fixture *fixture = *state;
	char pipe_path[128], cut_path[128];
	const char *paths[] = {"/nonexistent/module",
			       "/tmp",
			       pipe_path,
			       fixture->source,
			       cut_path,
			       "not-a-full-path",
			       "/dev/tty"};
	const size_t count = sizeof(paths) / sizeof(*paths);
	const char *const *notes;
	size_t note_count;

	snprintf(pipe_path, sizeof(pipe_path), "%s/pipe", fixture->dir);
	snprintf(cut_path, sizeof(cut_path), "%s/cut.so", fixture->dir);
	assert_int_equal(mkfifo(pipe_path, 0600), 0);
	run("head -c 5000 %s >%s", fixture->path, cut_path);
	for (size_t i = 0; i < 3 * count; i++) {
		struct stack stack = {0};

		symbols_resolve(fixture->symbols, &fixture->arena,
				paths[i % count], 0x1234, &stack);
		assert_int_equal(stack.count, 1);
		assert_null(stack.frames[0].function);
		assert_int_equal(stack.frames[0].offset, 0x1234);
		assert_true(stack.frames[0].has_offset);
	}
	notes = symbols_notes(fixture->symbols, &note_count);
	assert_int_equal(note_count, count);
	assert_non_null(strstr(notes[0], "No such file"));
	assert_non_null(strstr(notes[2], "regular file"));
}

static void a_hole_of_ten_gigabytes_is_not_read(void **state)
{
	struct fixture *fixture = *state;
	char path[128];
	struct stack stack = {0};
	size_t notes;

	snprintf(path, sizeof(path), "%s/huge", fixture->dir);
	run("cp %s %s && truncate -s 10G %s", fixture->path, path, path);
	symbols_resolve(fixture->symbols, &fixture->arena, path, fixture->call,
			&stack);
	assert_null(stack.frames[0].function);
	symbols_notes(fixture->symbols, &notes);
	assert_int_equal(notes, 1);
}

static void what_is_no_file_is_passed_over_in_silence(void **state)
{
	struct fixture *fixture = *state;
	const char *paths[] = {"[vdso]", "<null>", "", NULL};
	struct stack stack = {0};
	size_t notes;

	for (size_t i = 0; i < 4; i++)
		symbols_resolve(fixture->symbols, &fixture->arena, paths[i], 1,
				&stack);
	assert_int_equal(stack.count, 4);
	symbols_notes(fixture->symbols, &notes);
	assert_int_equal(notes, 0);
}

static void split_debug_information_is_said_plainly(void **state)
{
	struct fixture *fixture = *state;
	const char *const *notes;
	struct stack stack = {0};
	char path[128];
	size_t count;

	snprintf(path, sizeof(path), "%s/split.so", fixture->dir);
	run("cd %s && %s -g -gsplit-dwarf -O1 -fPIC -shared -o split.so "
	    "fixture.c",
	    fixture->dir, FIXTURE_CC);
	symbols_resolve(fixture->symbols, &fixture->arena, path, fixture->call,
			&stack);
	assert_int_equal(stack.count, 1);
	assert_string_equal(stack.frames[0].function, "outermost");
	notes = symbols_notes(fixture->symbols, &count);
	assert_int_equal(count, 1);
	assert_non_null(strstr(notes[0], "-gsplit-dwarf"));
}

/* Some three hundred bytes, all over the file, made wrong one at a time: any
 * answer will do that comes. */
static void a_damaged_module_does_no_harm(void **state)
{
	struct fixture *fixture = *state;
	static unsigned char data[64 * 1024];
	FILE *file = open_file(fixture->path, "rb");
	size_t len = fread(data, 1, sizeof(data), file);
	char path[128];

	fclose(file);
	snprintf(path, sizeof(path), "%s/damaged.so", fixture->dir);
	for (size_t at = 16; at < len; at += len / 300) {
		struct symbols *symbols = symbols_new();
		struct arena arena = {0};
		struct stack stack = {0};
		struct symbols_global global;
		unsigned char kept = data[at];

		data[at] ^= (unsigned char)(1U << at % 8);
		file = open_file(path, "wb");
		assert_int_equal(fwrite(data, 1, len, file), len);
		fclose(file);
		data[at] = kept;
		assert_true(symbols_resolve(symbols, &arena, path,
					    fixture->call, &stack) > 0);
		symbols_global(symbols, &arena, path, fixture->count, &global);
		symbols_free(symbols);
		arena_release(&arena);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(inlined_functions_are_frames_of_their_own),
		TEST(without_debug_information_the_function_is_known),
		TEST(a_global_has_its_name_and_declaration),
		TEST(a_report_gets_names_everywhere),
		TEST(a_location_that_is_known_stays),
		TEST(a_useless_module_costs_one_note),
		TEST(a_hole_of_ten_gigabytes_is_not_read),
		TEST(what_is_no_file_is_passed_over_in_silence),
		TEST(split_debug_information_is_said_plainly),
		TEST(a_damaged_module_does_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
