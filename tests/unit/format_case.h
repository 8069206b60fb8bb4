/*
 * format_case.h - results for the tests of formats, and what renderers make of
 * them.
 */
#ifndef SNAG_TESTS_FORMAT_CASE_H
#define SNAG_TESTS_FORMAT_CASE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/renderer.h"

/* To be freed.  Fails the test when there is no such format. */
static inline char *render(const char *format, const struct result *result,
			   size_t *len)
{
	const struct render_options options = {.out_dir = "snag-out"};
	const struct renderer *r = NULL;
	char *text = NULL;
	FILE *file;

	for (size_t i = 0; i < renderer_count; i++)
		if (!strcmp(renderer_table[i].name, format))
			r = &renderer_table[i];
	if (!r)
		fail_msg("no format is called %s", format);
	file = open_memstream(&text, len);
	r->render(result, file, &options);
	fclose(file);
	return text;
}

/* Byte by byte: under ASan, each strstr() measures the whole rest. */
static inline size_t occurrences(const char *text, const char *what)
{
	size_t n = 0, len = strlen(what);

	for (; *text; text++)
		n += *text == *what && !strncmp(text, what, len);
	return n;
}

#endif
