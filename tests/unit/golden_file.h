/*
 * golden_file.h - files that hold what must come out, read and written whole.
 */
#ifndef SNAG_TESTS_GOLDEN_FILE_H
#define SNAG_TESTS_GOLDEN_FILE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

/* To be freed; "" when there is no such file. */
static inline char *read_file(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text = calloc(1, 1024 * 1024);

	if (file) {
		assert_true(fread(text, 1, 1024 * 1024 - 1, file) > 0);
		fclose(file);
	}
	return text;
}

static inline void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	if (file) {
		fputs(text, file);
		assert_int_equal(fclose(file), 0);
	}
}

#endif
