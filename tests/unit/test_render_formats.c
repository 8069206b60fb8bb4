/*
 * Each tests/golden/{text,formats}/X.json is rendered in every format for
 * machines, and must give formats/X.FILE.  SNAG_UPDATE_GOLDEN=1 writes those
 * files anew: read the difference then.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glob.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "format_case.h"
#include "golden_file.h"
#include "model/result_json.h"

typedef void each_report(const char *golden, const struct renderer *r,
			 const struct result *result, const char *text,
			 size_t len);

static void for_each_format(const char *path, each_report *check)
{
	const char *name = strrchr(path, '/') + 1;
	struct result result = {0};
	struct err err = {0};

	if (!result_read(path, &result, &err))
		fail_msg("%s", err.text);
	for (size_t i = 0; i < renderer_count; i++) {
		const struct renderer *r = &renderer_table[i];
		char golden[512], *text;
		size_t len;

		if (!strcmp(r->name, "text") || !strcmp(r->name, "json"))
			continue;
		snprintf(golden, sizeof(golden), GOLDEN_DIR "/formats/%.*s.%s",
			 (int)strlen(name) - 5, name, r->file);
		text = render(r->name, &result, &len);
		check(golden, r, &result, text, len);
		free(text);
	}
	result_release(&result);
}

static void for_each_report(each_report *check)
{
	glob_t found;

	assert_int_equal(glob(GOLDEN_DIR "/text/*.json", 0, NULL, &found), 0);
	assert_int_equal(glob(GOLDEN_DIR "/formats/tricky.json", GLOB_APPEND,
			      NULL, &found),
			 0);
	for (size_t i = 0; i < found.gl_pathc; i++)
		for_each_format(found.gl_pathv[i], check);
	globfree(&found);
}

static void check_golden(const char *path, const struct renderer *r,
			 const struct result *result, const char *text,
			 size_t len)
{
	char *golden;

	(void)r;
	(void)result;
	(void)len;
	if (getenv("SNAG_UPDATE_GOLDEN"))
		write_file(path, text);
	golden = read_file(path);
	if (strcmp(text, golden) != 0)
		fail_msg("%s differs; it is now:\n%s", path, text);
	free(golden);
}

static void reports_read_as_the_golden_ones(void **state)
{
	(void)state;
	for_each_report(check_golden);
}

static void check_bytes(const char *path, const struct renderer *r,
			const struct result *result, const char *text,
			size_t len)
{
	(void)r;
	(void)result;
	for (size_t i = 0; i < len;) {
		size_t n =
			text_utf8_len((const unsigned char *)text + i, len - i);

		if (!n ||
		    (text[i] != '\n' && text[i] != '\t' &&
		     (unsigned char)text[i] < 0x20) ||
		    text[i] == 0x7f)
			fail_msg("%s: byte %02x at %zu", path,
				 (unsigned char)text[i], i);
		i += n;
	}
	assert_null(strstr(text, "\xe2\x80\xae"));
	assert_int_equal(text[len - 1], '\n');
}

static void data_brings_no_control_bytes_along(void **state)
{
	(void)state;
	for_each_report(check_bytes);
}

static void check_again(const char *path, const struct renderer *r,
			const struct result *result, const char *text,
			size_t len)
{
	size_t len_again;
	char *again = render(r->name, result, &len_again);

	(void)path;
	assert_int_equal(len, len_again);
	assert_string_equal(text, again);
	free(again);
}

static void the_same_result_gives_the_same_bytes(void **state)
{
	(void)state;
	for_each_report(check_again);
}

static void check_json(const char *path, const struct renderer *r,
		       const struct result *result, const char *text,
		       size_t len)
{
	json_error_t error;
	json_t *root;

	(void)result;
	if (strcmp(r->name, "sarif") != 0 &&
	    strcmp(r->name, "codequality") != 0)
		return;
	root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
	if (!root)
		fail_msg("%s: line %d: %s", path, error.line, error.text);
	json_decref(root);
}

static void json_formats_are_json(void **state)
{
	(void)state;
	for_each_report(check_json);
}

static void check_lines(const char *path, const struct renderer *r,
			const struct result *result, const char *text,
			size_t len)
{
	(void)result;
	(void)len;
	if (!strcmp(r->name, "github"))
		return;
	if (!strncmp(text, "::", 2) || strstr(text, "\n::"))
		fail_msg("%s: a line begins with '::'", path);
}

static void no_line_of_a_report_is_a_command_to_github(void **state)
{
	(void)state;
	for_each_report(check_lines);
}

static void check_commands(const char *path, const struct renderer *r,
			   const struct result *result, const char *text,
			   size_t len)
{
	size_t lines = 0, commands = 0;

	(void)result;
	(void)len;
	if (strcmp(r->name, "github") != 0)
		return;
	for (const char *c = text; *c; c = strchr(c, '\n') + 1) {
		const char *message = strstr(c + 2, "::");

		lines++;
		commands += !strncmp(c, "::error title=", 14) ||
			    !strncmp(c, "::warning title=", 16) ||
			    !strncmp(c, "::notice title=snag::", 21);
		assert_non_null(message);
		assert_true(message < strchr(c, '\n'));
	}
	if (!lines || lines != commands)
		fail_msg("%s: %zu commands on %zu lines", path, commands,
			 lines);
}

static void each_annotation_is_one_line(void **state)
{
	(void)state;
	for_each_report(check_commands);
}

static void every_renderer_has_a_name_and_a_file_of_its_own(void **state)
{
	(void)state;
	for (size_t i = 0; i < renderer_count; i++)
		for (size_t j = 0; j < i; j++) {
			assert_string_not_equal(renderer_table[i].name,
						renderer_table[j].name);
			assert_string_not_equal(renderer_table[i].file,
						renderer_table[j].file);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reports_read_as_the_golden_ones),
		cmocka_unit_test(data_brings_no_control_bytes_along),
		cmocka_unit_test(the_same_result_gives_the_same_bytes),
		cmocka_unit_test(json_formats_are_json),
		cmocka_unit_test(no_line_of_a_report_is_a_command_to_github),
		cmocka_unit_test(each_annotation_is_one_line),
		cmocka_unit_test(
			every_renderer_has_a_name_and_a_file_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
