/* The first and the last bytes of what may be endless. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/bounded.h"

static void nothing_is_an_empty_text(void **state)
{
	struct bounded text = {0};
	struct arena arena = {0};
	size_t len = 1;

	(void)state;
	bounded_add(&text, "", 0);
	assert_string_equal(bounded_text(&text, &arena, &len), "");
	assert_int_equal(len, 0);
	bounded_release(&text);
	arena_release(&arena);
}

/* Numbered lines, so that each byte can be told from its place. */
static void add_lines(struct bounded *text, unsigned count)
{
	char line[16];

	for (unsigned i = 0; i < count; i++) {
		snprintf(line, sizeof(line), "%09u\n", i);
		bounded_add(text, line, 10);
	}
}

static void what_fits_is_kept_whole(void **state)
{
	const unsigned lines = (BOUNDED_HEAD_BYTES + BOUNDED_TAIL_BYTES) / 10;
	struct bounded text = {0};
	struct arena arena = {0};
	size_t len;
	const char *all;

	(void)state;
	add_lines(&text, lines);
	all = bounded_text(&text, &arena, &len);
	assert_int_equal(len, lines * 10);
	for (unsigned i = 0; i < lines; i++) {
		char line[16];

		snprintf(line, sizeof(line), "%09u\n", i);
		assert_memory_equal(all + i * 10, line, 10);
	}
	bounded_release(&text);
	arena_release(&arena);
}

static void of_more_the_middle_goes_and_that_is_said(void **state)
{
	const unsigned lines = 100003;
	struct bounded text = {0};
	struct arena arena = {0};
	size_t len;
	const char *all, *gap;
	char sentence[64];

	(void)state;
	add_lines(&text, lines);
	all = bounded_text(&text, &arena, &len);
	assert_memory_equal(all, "000000000\n000000001\n", 20);
	assert_memory_equal(all + len - 20, "000100001\n000100002\n", 20);
	snprintf(sentence, sizeof(sentence), "[%d bytes left out]",
		 (int)lines * 10 - BOUNDED_HEAD_BYTES - BOUNDED_TAIL_BYTES);
	gap = strstr(all, sentence);
	assert_non_null(gap);
	assert_int_equal(gap - all, BOUNDED_HEAD_BYTES + 1);
	assert_int_equal(all + len - (gap + strlen(sentence) + 1),
			 BOUNDED_TAIL_BYTES);
	bounded_release(&text);
	arena_release(&arena);
}

static void a_piece_larger_than_all_is_cut(void **state)
{
	static char piece[1000000];
	struct bounded text = {0};
	struct arena arena = {0};
	size_t len;
	const char *all;

	(void)state;
	memset(piece, 'm', sizeof(piece));
	piece[0] = 'a';
	piece[sizeof(piece) - 1] = 'z';
	bounded_add(&text, piece, sizeof(piece));
	all = bounded_text(&text, &arena, &len);
	assert_int_equal(all[0], 'a');
	assert_int_equal(all[len - 1], 'z');
	assert_true(text.total == sizeof(piece));
	bounded_release(&text);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_an_empty_text),
		cmocka_unit_test(what_fits_is_kept_whole),
		cmocka_unit_test(of_more_the_middle_goes_and_that_is_said),
		cmocka_unit_test(a_piece_larger_than_all_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
