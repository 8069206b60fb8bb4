/*
 * snag triage: the reports in logs of any program, united, named and judged.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "cmd/command.h"
#include "cmd/finish.h"
#include "cmd/interrupt.h"
#include "cmd/judging.h"
#include "cmd/out_dir.h"
#include "cmd/show.h"
#include "gather/gather.h"

enum { OPT_OUT = 256 };

static const struct argp_option options[] = {
	{"out", OPT_OUT, "DIR", 0,
	 "Folder for result.json and reports/ (default: nothing is written)",
	 0},
	SHOW_OPTIONS,
	JUDGING_OPTIONS,
	{0},
};

static const char doc[] =
	"Reads logs of any program built with -fsanitize=thread - of tests, of "
	"a CI job, with prefixes, colour and other output in between - and "
	"unites ThreadSanitizer's reports into findings with causes.\v"
	"FILE is a log; '-', or no FILE at all, is standard input.\n\n"
	"Exit code: 1 there are findings, 2 asked wrongly or a log cannot be "
	"read, 3 no finding, but no proof of anything either: a program that "
	"ThreadSanitizer finds nothing in leaves nothing in its log.  130 "
	"interrupted (what was read by then is shown).";

struct triage {
	struct show_options show;
	struct judging judging;
	const char *out_dir;
	const char **files;
	const char *const *roots; /* judging_roots */
	size_t file_count, root_count;
	struct arena arena;
	struct err err;         /* of the first bad value */
	enum exit_code trouble; /* of the first log that was not read whole */
};

static void push(struct triage *t, const char ***list, size_t *count,
		 const char *text)
{
	*(const char **)arena_push(&t->arena, list, count, sizeof(text)) = text;
}

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct triage *t = state->input;
	bool is_good = true;

	switch (key) {
	case OPT_OUT:
		t->out_dir = value;
		break;
	case ARGP_KEY_ARG:
		push(t, &t->files, &t->file_count, value);
		break;
	default:
		if (!show_take(key, value, &t->show, &is_good, &t->err) &&
		    !judging_take(key, value, &t->judging, &is_good, &t->err))
			return ARGP_ERR_UNKNOWN;
	}
	if (!is_good)
		exit(command_fail(&t->err));
	return 0;
}

static bool settle(struct triage *t)
{
	if (!t->file_count && isatty(STDIN_FILENO))
		return err_set(&t->err, EXIT_USAGE,
			       "name a log, or '-' to type one in");
	if (!t->file_count)
		push(t, &t->files, &t->file_count, "-");
	if (!judging_settle(&t->judging, &t->show, &t->err))
		return false;
	if (strchr(t->show.formats, ',') && !t->out_dir)
		t->out_dir = t->judging.config.out;
	if (strchr(t->show.formats, ',') && !t->out_dir)
		return err_set(&t->err, EXIT_USAGE,
			       "--format '%s' needs --out for the files",
			       t->show.formats);
	t->roots = judging_roots(&t->judging, &t->arena, &t->root_count);
	return !t->out_dir || out_dir_prepare(t->out_dir, &t->err);
}

/* false: not one could be read at all. */
static bool read_logs(struct triage *t, struct result *result)
{
	const struct gather_options how = {
		.roots = t->roots,
		.root_count = t->root_count,
		.progress = isatty(STDERR_FILENO) && !t->show.is_quiet ? stderr
								       : NULL,
		.is_interrupted = &interrupt_seen,
	};
	struct gather *gather = gather_new(result, &how);
	size_t i, failed = 0;

	interrupt_catch();
	for (i = 0; i < t->file_count && !result->is_interrupted; i++) {
		struct err err = {0};

		if (gather_log(gather, t->files[i], &err))
			continue;
		command_fail(&err);
		failed += err.code == EXIT_USAGE;
		if (!t->trouble)
			t->trouble = err.code;
	}
	if (i < t->file_count)
		result_note(result,
			    "interrupted: %zu of %zu logs were not read",
			    t->file_count - i, t->file_count);
	gather_end(gather);
	gather_free(gather);
	return failed < t->file_count;
}

/* A log that could not be read is no trouble of ours, but of who named it. */
static int conclude(struct triage *t, struct result *result)
{
	struct err err = {0};
	int code;

	result->root = t->roots[0];
	if (!judging_conclude(&t->judging, result, t->out_dir, &err))
		command_fail(&err);
	if (t->trouble && (result->exit == EXIT_TROUBLE || !result->exit))
		result->exit = t->trouble;
	code = finish(result, &t->show, t->out_dir);
	return err.code && code != EXIT_FINDING ? EXIT_TROUBLE : code;
}

int cmd_triage(int argc, char **argv)
{
	static const struct argp argp = {options, parse, "[FILE...|-]", doc,
					 NULL,    NULL,  NULL};
	struct triage t = {.show = {.color = "auto"}};
	struct result result = {.tool_version = SNAG_VERSION};
	uint64_t started_ms = clock_ms();
	int code;

	result_stamp(&result);
	/* As it was typed: argp moves files behind options. */
	result.command = command_line(&result.arena, argc, argv);
	command_parse(&argp, argc, argv, &t);
	if (!settle(&t)) {
		code = command_fail(&t.err);
	} else if (!read_logs(&t, &result)) {
		code = (int)t.trouble;
	} else {
		result.duration_ms = clock_ms() - started_ms;
		code = conclude(&t, &result);
	}
	result_release(&result);
	judging_release(&t.judging);
	arena_release(&t.arena);
	return code;
}
