/*
 * Each tests/golden/text/X.json is rendered and must give X.txt.
 * SNAG_UPDATE_GOLDEN=1 writes the .txt files anew: read the difference then.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "golden_file.h"
#include "model/result_json.h"
#include "reports/renderer.h"
#include "reports/sheet.h"

static const struct render_options plain = {.out_dir = "snag-out"};

static void load(const char *path, struct result *result)
{
	struct err err = {0};

	if (!result_read(path, result, &err))
		fail_msg("%s", err.text);
}

static char *render(const struct result *result,
		    const struct render_options *options, size_t *len)
{
	char *text;
	FILE *file = open_memstream(&text, len);

	render_text(result, file, options);
	fclose(file);
	return text;
}

typedef void each_golden(const char *path, const struct result *result);

static void for_each_golden(each_golden *check)
{
	glob_t found;

	assert_int_equal(glob(GOLDEN_DIR "/text/*.json", 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		struct result result = {0};

		load(found.gl_pathv[i], &result);
		check(found.gl_pathv[i], &result);
		result_release(&result);
	}
	globfree(&found);
}

static void check_golden(const char *path, const struct result *result)
{
	size_t len;
	char *text = render(result, &plain, &len), *golden, want[512];

	snprintf(want, sizeof(want), "%.*s.txt", (int)strlen(path) - 5, path);
	if (getenv("SNAG_UPDATE_GOLDEN"))
		write_file(want, text);
	golden = read_file(want);
	if (strcmp(text, golden) != 0)
		fail_msg("%s differs; it is now:\n%s", want, text);
	free(golden);
	free(text);
}

static void reports_read_as_the_golden_ones(void **state)
{
	(void)state;
	for_each_golden(check_golden);
}

static char *without_escapes(const char *text)
{
	char *out = calloc(1, strlen(text) + 1), *o = out;

	while (*text) {
		if (*text == '\x1b') {
			text += strcspn(text, "m") + 1;
			continue;
		}
		*o++ = *text++;
	}
	return out;
}

static void check_colour(const char *path, const struct result *result)
{
	const struct render_options colored = {.is_colored = true,
					       .out_dir = "snag-out"};
	size_t len;
	char *text = render(result, &plain, &len);
	char *bright = render(result, &colored, &len);
	char *stripped = without_escapes(bright);

	(void)path;
	assert_string_not_equal(text, bright);
	assert_string_equal(text, stripped);
	free(text);
	free(bright);
	free(stripped);
}

static void colour_changes_nothing_but_colour(void **state)
{
	(void)state;
	for_each_golden(check_colour);
}

static void check_safety(const char *path, const struct result *result)
{
	const struct render_options verbose = {.is_verbose = true};
	size_t len;
	char *text = render(result, &verbose, &len);

	for (size_t i = 0; i < len;) {
		size_t n =
			text_utf8_len((const unsigned char *)text + i, len - i);

		if (!n || (text[i] != '\n' && (unsigned char)text[i] < 0x20) ||
		    text[i] == 0x7f)
			fail_msg("%s: byte %02x at %zu", path,
				 (unsigned char)text[i], i);
		i += n;
	}
	assert_null(strstr(text, "\xe2\x80\xae"));
	free(text);
}

static void data_brings_no_control_bytes_along(void **state)
{
	(void)state;
	for_each_golden(check_safety);
}

static void check_width(const char *path, const struct result *result)
{
	size_t len;
	char *text = render(result, &plain, &len), *line, *rest = text;

	while (!strstr(path, "hostile") && (line = strsep(&rest, "\n")))
		if (sheet_width(line) > SHEET_TABLE_COLUMNS &&
		    !strstr(line, "; exit ")) /* one line, always */
			fail_msg("%s: %s", path, line);
	free(text);
}

static void lines_fit_into_a_hundred_columns(void **state)
{
	(void)state;
	for_each_golden(check_width);
}

static void check_json(const char *path, const struct result *result)
{
	size_t len;
	char *text, *golden = read_file(path);
	FILE *file = open_memstream(&text, &len);

	render_json(result, file, &plain);
	fclose(file);
	/* The hostile one comes out harmless, and so not as it went in. */
	if (strstr(path, "hostile"))
		assert_null(strstr(text, "\\u001b"));
	assert_non_null(strstr(text, "\"format\": \"snag-result\""));
	free(golden);
	free(text);
}

static void json_is_the_result_itself(void **state)
{
	(void)state;
	for_each_golden(check_json);
}

static void one_finding_can_be_shown_alone(void **state)
{
	struct result result = {0};
	size_t len;
	char *text;
	FILE *file = open_memstream(&text, &len);

	(void)state;
	load(GOLDEN_DIR "/text/lost_update.json", &result);
	render_finding(&result, &result.findings[0], file, &plain);
	fclose(file);
	assert_non_null(strstr(text, "lost-update, almost certainly"));
	assert_non_null(strstr(text, ">   33 |     counter->value++;"));
	assert_non_null(strstr(text, "2,890/3,000"));
	free(text);
	result_release(&result);
}

static void every_renderer_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (size_t i = 0; i < renderer_count; i++)
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(renderer_table[i].name,
						renderer_table[j].name);
	assert_string_equal(renderer_table[0].name, "text");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reports_read_as_the_golden_ones),
		cmocka_unit_test(colour_changes_nothing_but_colour),
		cmocka_unit_test(data_brings_no_control_bytes_along),
		cmocka_unit_test(lines_fit_into_a_hundred_columns),
		cmocka_unit_test(json_is_the_result_itself),
		cmocka_unit_test(one_finding_can_be_shown_alone),
		cmocka_unit_test(every_renderer_has_a_name_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
