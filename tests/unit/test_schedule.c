/* Schedules as text and as files, friendly and hostile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "model/schedule.h"
#include "temp_file.h"

static struct arena arena;

static int release(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static bool parse(const char *text, struct schedule *s, struct err *err)
{
	*s = (struct schedule){0};
	*err = (struct err){0};
	return schedule_parse(&arena, text, strlen(text), &s->turns,
			      &s->turn_count, err);
}

static const char *printed(const struct schedule *s)
{
	struct buf buf;
	const char *text;

	buf_init(&buf, 1 << 20);
	schedule_print(s->turns, s->turn_count, &buf);
	text = arena_dup(&arena, buf.data);
	buf_release(&buf);
	return text;
}

static void text_comes_back_as_it_was(void **state)
{
	static const char text[] = "T0*3 T1 T0*2 T64999*65535";
	struct schedule s;
	struct err err;

	(void)state;
	assert_true(parse(text, &s, &err));
	assert_int_equal(s.turn_count, 4);
	assert_int_equal(s.turns[1].thread, 1);
	assert_int_equal(s.turns[1].steps, 1);
	assert_string_equal(printed(&s), text);
}

static void turns_of_one_thread_in_a_row_are_one(void **state)
{
	struct schedule s;
	struct err err;

	(void)state;
	assert_true(parse("\n T1  T1*2\tT2\r\n", &s, &err));
	assert_string_equal(printed(&s), "T1*3 T2");
	assert_int_equal(schedule_switches(s.turns, s.turn_count), 1);
}

static void more_steps_than_a_turn_has_are_several_turns(void **state)
{
	struct schedule s;
	struct err err;

	(void)state;
	assert_true(parse("T3*200000", &s, &err));
	assert_int_equal(s.turn_count, 4);
	assert_int_equal(schedule_switches(s.turns, s.turn_count), 0);
	assert_string_equal(printed(&s), "T3*65535 T3*65535 T3*65535 T3*3395");
}

static void what_is_wrong_is_named_with_its_place(void **state)
{
	static const struct {
		const char *text, *place;
	} wrong[] = {
		{"T0 X1", "character 4 ('X1')"},
		{"T0 T", "character 4 ('T')"},
		{"T0*0", "character 1 ('T0*0')"},
		{"T1*", "character 1 ('T1*')"},
		{"T1*-2", "character 1 ('T1*-2')"},
		{"T65000", "character 1 ('T65000')"},
		{"T99999999999999999999", "character 1"},
		{"T1*99999999", "character 1"},
		{"T1T2", "character 1 ('T1T2')"},
		{"T1 \x1b[31m", "character 4"},
		{"", "no turn"},
		{"  \n", "no turn"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct schedule s;
		struct err err;

		assert_false(parse(wrong[i].text, &s, &err));
		assert_int_equal(err.code, EXIT_USAGE);
		assert_non_null(strstr(err.text, wrong[i].place));
		assert_null(strchr(err.text, '\x1b'));
	}
}

static void too_many_turns_are_refused(void **state)
{
	const size_t count = (size_t)SCHEDULE_MAX_TURNS + 1;
	char *text = arena_alloc(&arena, count * 3 + 1);
	struct schedule s;
	struct err err;

	(void)state;
	for (size_t i = 0; i < count; i++)
		memcpy(text + 3 * i, i % 2 ? "T1 " : "T2 ", 3);
	assert_false(parse(text, &s, &err));
	assert_non_null(strstr(err.text, "65536"));
	text[3 * (count - 1)] = '\0';
	assert_true(parse(text, &s, &err));
}

static struct schedule example(void)
{
	struct schedule s;
	struct err err;

	assert_true(parse("T1*2 T2 T1", &s, &err));
	s.turns[1].file = "a \"b\".c";
	s.turns[1].line = 7;
	s.turns[1].function = "f\x01";
	s.host = "/x/host";
	s.scenario = "a/b";
	s.points = "sync";
	s.flags = SCHEDULE_SPURIOUS | SCHEDULE_NO_ORACLE;
	s.threads = 3;
	s.seed = UINT64_MAX;
	s.iteration = 17;
	s.outcome = "lost";
	s.trace_hash = 0xfedcba9876543210;
	return s;
}

static void a_file_comes_back_as_it_was(void **state)
{
	struct schedule s = example(), again;
	struct err err = {0};

	(void)state;
	assert_true(schedule_file_write(&s, path, &err));
	assert_true(schedule_file_read(path, &arena, &again, &err));
	assert_string_equal(printed(&again), "T1*2 T2 T1");
	assert_string_equal(again.turns[1].file, "a \"b\".c");
	assert_int_equal(again.turns[1].line, 7);
	assert_null(again.turns[0].file);
	assert_null(strchr(again.turns[1].function, '\x01'));
	assert_true(again.seed == UINT64_MAX);
	assert_true(again.trace_hash == s.trace_hash);
	assert_int_equal(again.flags, s.flags);
	assert_int_equal(again.threads, 3);
	assert_int_equal(again.iteration, 17);
	assert_string_equal(again.points, "sync");
	assert_string_equal(again.outcome, "lost");
	assert_null(again.fingerprint);
}

#define HEAD "{\"format\":\"snag-schedule\",\"version\":1,\"host\":\"h\","

static void damaged_files_are_refused(void **state)
{
	static const struct {
		const char *text, *says;
	} wrong[] = {
		{"", "not JSON"},
		{"[]", "not a JSON object"},
		{"{}", "format"},
		{"{\"format\":\"snag-schedule\",\"version\":2}", "version 2"},
		{HEAD "\"turns\":[{\"thread\":1,\"steps\":1}]}", "scenario"},
		{HEAD "\"scenario\":\"s\"}", "turns"},
		{HEAD "\"scenario\":\"s\",\"turns\":[]}", "turns"},
		{HEAD "\"scenario\":\"s\",\"turns\":[{\"thread\":1}]}",
		 "turns[0].steps"},
		{HEAD "\"scenario\":\"s\",\"turns\":[{\"thread\":70000,"
		      "\"steps\":1}]}",
		 "turns[0].thread"},
		{HEAD "\"scenario\":\"s\",\"turns\":[{\"thread\":1,"
		      "\"steps\":65536}]}",
		 "turns[0].steps"},
		{HEAD "\"scenario\":\"s\",\"turns\":[[[[[[]]]]]]}", "turns"},
		{HEAD "\"scenario\":\"s\",\"flags\":[\"x\"],\"turns\":["
		      "{\"thread\":1,\"steps\":1}]}",
		 "flags"},
		{HEAD "\"scenario\":\"s\",\"points\":\"some\",\"turns\":["
		      "{\"thread\":1,\"steps\":1}]}",
		 "points"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct schedule s;
		struct err err = {0};

		assert_false(schedule_json_read(wrong[i].text,
						strlen(wrong[i].text), "it",
						&arena, &s, &err));
		assert_int_equal(err.code, EXIT_USAGE);
		if (!strstr(err.text, wrong[i].says))
			fail_msg("'%s' does not say '%s'", err.text,
				 wrong[i].says);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(text_comes_back_as_it_was, release),
		cmocka_unit_test_teardown(turns_of_one_thread_in_a_row_are_one,
					  release),
		cmocka_unit_test_teardown(
			more_steps_than_a_turn_has_are_several_turns, release),
		cmocka_unit_test_teardown(what_is_wrong_is_named_with_its_place,
					  release),
		cmocka_unit_test_teardown(too_many_turns_are_refused, release),
		cmocka_unit_test_setup_teardown(a_file_comes_back_as_it_was,
						make_file, remove_file),
		cmocka_unit_test_teardown(damaged_files_are_refused, release),
	};

	return cmocka_run_group_tests(tests, NULL, release);
}
