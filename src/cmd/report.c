/*
 * snag report: a stored result, shown again.
 */
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static bool redirect(const char *output, struct err *err)
{
	if (!output || freopen(output, "we", stdout))
		return true;
	return err_errno(err, EXIT_USAGE, "cannot write '%s'", output);
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
	if (result_read(path, &result, &a.err) && redirect(a.output, &a.err) &&
	    show_print(&result, &a.show, dirname(arena_dup(&arena, path)),
		       &a.err))
		code = (int)result.exit;
	else
		code = command_fail(&a.err);
	result_release(&result);
	arena_release(&arena);
	return code;
}
