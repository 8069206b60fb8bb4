/*
 * renderer.h - from a result to a report, one function each.
 *
 * A renderer reads the result alone, never the disk, the clock or the
 * environment, so that the same result gives the same bytes.  It writes to the
 * file and leaves it to the caller to ask whether all arrived (ferror).  Text
 * of the result comes from tested programs: a renderer lets no control byte
 * through and escapes what its format needs.
 */
#ifndef SNAG_REPORTS_RENDERER_H
#define SNAG_REPORTS_RENDERER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "model/result.h"

struct render_options {
	bool is_colored;     /* text: with the escapes of a terminal */
	bool is_verbose;     /* text: every finding in full */
	const char *out_dir; /* where the result lies, to name what lies beside
				it; NULL: not said */
};

typedef void render_function(const struct result *result, FILE *file,
			     const struct render_options *options);

struct renderer {
	const char *name; /* as --format takes it */
	const char *file; /* that it becomes in --out; no two are the same */
	render_function *render;
};

/* In the order in which they are listed. */
extern const struct renderer renderer_table[];
extern const size_t renderer_count;

render_function render_text, render_json, render_junit, render_sarif,
	render_markdown, render_codequality, render_github;

/* One finding in full, as the text report has it. */
void render_finding(const struct result *result, const struct finding *finding,
		    FILE *file, const struct render_options *options);

#endif
