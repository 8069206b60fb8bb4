/*
 * snag report: a stored result, shown again.
 */
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/command.h"
#include "cmd/show.h"
#include "model/result_json.h"

static const struct argp_option options[] = {
	{"output", 'o', "FILE", 0, "Write there instead of to stdout", 0},
	SHOW_OPTIONS,
	{0},
};

static const char doc[] =
	"Shows a result that `snag run` stored.\v"
	"RESULT is a result.json or the folder that holds one (default: "
	"snag-out). The exit code is that of the run that made it.";

struct report_arguments {
	const char *path, *output;
	struct show_options show;
	struct err err;
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct report_arguments *a = state->input;
	bool is_good = true;

	switch (key) {
	case 'o':
		a->output = value;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			argp_error(state, "one RESULT, not several");
		a->path = value;
		return 0;
	default:
		if (!show_take(key, value, &a->show, &is_good, &a->err))
			return ARGP_ERR_UNKNOWN;
		if (!is_good)
			exit(command_fail(&a->err));
		return 0;
	}
}

/* A file is replaced whole or not at all; anything else is written to. */
static bool print(struct report_arguments *a, const struct result *result,
		  const char *folder)
{
	struct arena arena = {0};
	struct stat st;
	bool is_writable;

	if (!a->output)
		return show_print(result, &a->show, folder, &a->err);
	is_writable = !access(dirname(arena_dup(&arena, a->output)), W_OK);
	arena_release(&arena);
	if (!is_writable)
		return err_errno(&a->err, EXIT_USAGE, "cannot write '%s'",
				 a->output);
	if (stat(a->output, &st) || S_ISREG(st.st_mode))
		return show_write(result, &a->show, folder, a->output, &a->err);
	if (!freopen(a->output, "we", stdout))
		return err_errno(&a->err, EXIT_USAGE, "cannot write '%s'",
				 a->output);
	return show_print(result, &a->show, folder, &a->err);
}

int cmd_report(int argc, char **argv)
{
	static const struct argp argp = {options, parse, "[RESULT]", doc,
					 NULL,    NULL,  NULL};
	struct report_arguments a = {.path = "snag-out", .show = SHOW_DEFAULTS};
	struct result result = {0};
	struct arena arena = {0};
	const char *path;
	int code;

	command_parse(&argp, argc, argv, &a);
	path = result_file(&arena, a.path);
	if (result_read(path, &result, &a.err) &&
	    print(&a, &result, dirname(arena_dup(&arena, path))))
		code = (int)result.exit;
	else
		code = command_fail(&a.err);
	result_release(&result);
	arena_release(&arena);
	return code;
}
