#include "result_fixture.h"

#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "model/list_json.h"

static void written_read_and_written_is_the_same(void **state)
{
	const struct place *place = *state;
	struct result first = everything(), second = {0};
	size_t len, len_again;
	char *text = text_of(&first, &len), *again;
	struct err err = {0};

	assert_true(result_write(&first, place->path, &err));
	assert_true(result_read(place->path, &second, &err));
	again = text_of(&second, &len_again);
	assert_string_equal(text, again);
	assert_int_equal(len, len_again);
	free(text);
	free(again);
	result_release(&second);
}

static void reading_gives_back_what_was_meant(void **state)
{
	const struct place *place = *state;
	struct result first = everything(), got = {0};
	const struct access *access;
	struct err err = {0};

	assert_true(result_write(&first, place->path, &err));
	assert_true(result_read(place->path, &got, &err));
	assert_int_equal(got.exit, EXIT_INTERRUPTED);
	assert_string_equal(got.started, first.started);
	assert_int_equal(got.subjects[0].line, 105);
	assert_string_equal(got.subjects[0].lesson, subjects[0].lesson);
	assert_null(got.subjects[0].expected_reports[0].between[1]);
	assert_int_equal(got.subjects[0].expected_outcomes[0].engines, 3);
	assert_true(got.subjects[0].sources[1].seed == UINT64_MAX);
	assert_true(got.subjects[0].runs[0].outcomes[1].count == 1ULL << 53);
	assert_int_equal(got.subjects[0].runs[0].findings[0].grade,
			 GRADE_REQUIRED);
	assert_int_equal(got.subjects[1].type, SUBJECT_TEST);
	access = &got.findings[0].report->accesses[0];
	assert_true(access->is_atomic && access->mutexes[1].is_read);
	assert_true(access->stack.frames[0].has_offset);
	assert_false(access->stack.frames[1].has_offset);
	assert_true(access->stack.frames[2].offset == UINT64_MAX);
	assert_true(access[1].stack.is_lost && access[1].is_free);
	assert_string_equal(got.findings[0].excerpts[0].lines[1], lines[1]);
	assert_int_equal(got.findings[0].excerpts[1].count, 0);
	assert_true(got.findings[0].report->locations[1].fd_is_closed);
	assert_true(got.findings[0].report->threads[1].is_finished);
	result_release(&got);
}

static void bytes_that_are_no_text_are_replaced(void **state)
{
	const struct place *place = *state;
	struct result first = everything(), got = {0};
	struct err err = {0};

	first.command = "bad \xff \x1b[31m \xe2\x80\xae end";
	assert_true(result_write(&first, place->path, &err));
	assert_true(result_read(place->path, &got, &err));
	assert_string_equal(got.command, "bad \xef\xbf\xbd \xef\xbf\xbd[31m "
					 "\xef\xbf\xbd end");
	result_release(&got);
}

static size_t files_in(const char *folder)
{
	DIR *dir = opendir(folder);
	size_t n = 0;

	assert_non_null(dir);
	while (dir && readdir(dir))
		n++;
	if (dir)
		closedir(dir);
	return n - 2;
}

static void a_full_disk_leaves_the_old_file(void **state)
{
	const struct place *place = *state;
	struct result first = everything();
	struct rlimit old, none;
	struct err err = {0};
	struct stat before, after;

	write_file(place->path, "old", 3);
	stat(place->path, &before);
	signal(SIGXFSZ, SIG_IGN); /* EFBIG in the place of ENOSPC */
	getrlimit(RLIMIT_FSIZE, &old);
	none = old;
	none.rlim_cur = 512;
	setrlimit(RLIMIT_FSIZE, &none);
	assert_false(result_write(&first, place->path, &err));
	setrlimit(RLIMIT_FSIZE, &old);
	assert_int_equal(err.code, EXIT_TROUBLE);
	assert_non_null(strstr(err.text, "result.json': File too large"));
	stat(place->path, &after);
	assert_int_equal(after.st_size, 3);
	assert_int_equal(after.st_ino, before.st_ino);
	assert_int_equal(files_in(place->folder), 1);
}

static void a_missing_folder_is_said(void **state)
{
	struct result first = everything();
	struct err err = {0};

	(void)state;
	assert_false(result_write(&first, "/nonexistent/r.json", &err));
	assert_int_equal(err.code, EXIT_TROUBLE);
	assert_string_equal(err.text, "cannot write '/nonexistent/r.json': No "
				      "such file or directory");
}

static void an_empty_result_is_written_too(void **state)
{
	const struct place *place = *state;
	struct result none = {0}, got = {0};
	struct err err = {0};

	assert_true(result_write(&none, place->path, &err));
	assert_true(result_read(place->path, &got, &err));
	assert_int_equal(got.subject_count, 0);
	result_release(&got);
}

static void a_list_holds_what_a_scenario_is_only(void **state)
{
	char *text;
	size_t len;
	FILE *file = open_memstream(&text, &len);

	(void)state;
	list_to_json(subjects, 1, file);
	fclose(file);
	assert_non_null(strstr(text, "\"format\": \"snag-list\""));
	assert_non_null(strstr(text, "\"id\": \"counter/lost_update\""));
	assert_non_null(strstr(text, "\"bump\",\n"));
	assert_null(strstr(text, "verdict"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			written_read_and_written_is_the_same, make_place,
			remove_place),
		cmocka_unit_test_setup_teardown(
			reading_gives_back_what_was_meant, make_place,
			remove_place),
		cmocka_unit_test_setup_teardown(
			bytes_that_are_no_text_are_replaced, make_place,
			remove_place),
		cmocka_unit_test_setup_teardown(a_full_disk_leaves_the_old_file,
						make_place, remove_place),
		cmocka_unit_test_setup_teardown(a_missing_folder_is_said,
						make_place, remove_place),
		cmocka_unit_test_setup_teardown(an_empty_result_is_written_too,
						make_place, remove_place),
		cmocka_unit_test_setup_teardown(
			a_list_holds_what_a_scenario_is_only, make_place,
			remove_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
