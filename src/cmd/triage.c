/*
 * snag triage: the reports in logs of any program, united, named and judged.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "campaign/campaign.h"
#include "cmd/command.h"
#include "cmd/interrupt.h"
#include "cmd/out_dir.h"
#include "cmd/show.h"
#include "gather/gather.h"
#include "judge/meaning.h"
#include "judge/paths.h"
#include "model/finding_text.h"
#include "model/result_json.h"

enum { OPT_SOURCE_ROOT = 256, OPT_OUT };

static const struct argp_option options[] = {
	{"source-root", OPT_SOURCE_ROOT, "DIR", 0,
	 "Folder of the sources that the reports speak of (default: that of "
	 "the git repository around the current folder, else this folder); "
	 "may be given several times",
	 0},
	{"out", OPT_OUT, "DIR", 0,
	 "Folder for result.json and reports/ (default: nothing is written)",
	 0},
	SHOW_OPTIONS,
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
	const char *out_dir;
	const char **files, **roots;
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

static bool take_root(struct triage *t, const char *value)
{
	char path[PATH_MAX];
	struct stat st;

	if (!realpath(value, path) || stat(path, &st))
		return err_errno(&t->err, EXIT_USAGE,
				 "cannot use --source-root '%s'", value);
	if (!S_ISDIR(st.st_mode))
		return err_set(&t->err, EXIT_USAGE,
			       "--source-root '%s' is no folder", value);
	push(t, &t->roots, &t->root_count,
	     arena_printf(&t->arena, "%s%s", path,
			  strcmp(path, "/") != 0 ? "/" : ""));
	return true;
}

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct triage *t = state->input;
	bool is_good = true;

	switch (key) {
	case OPT_SOURCE_ROOT:
		is_good = take_root(t, value);
		break;
	case OPT_OUT:
		t->out_dir = value;
		break;
	case ARGP_KEY_ARG:
		push(t, &t->files, &t->file_count, value);
		break;
	default:
		if (!show_take(key, value, &t->show, &is_good, &t->err))
			return ARGP_ERR_UNKNOWN;
	}
	if (!is_good)
		exit(command_fail(&t->err));
	return 0;
}

static bool settle(struct triage *t)
{
	char cwd[PATH_MAX];

	if (!t->file_count && isatty(STDIN_FILENO))
		return err_set(&t->err, EXIT_USAGE,
			       "name a log, or '-' to type one in");
	if (!t->file_count)
		push(t, &t->files, &t->file_count, "-");
	if (strchr(t->show.formats, ',') && !t->out_dir)
		return err_set(&t->err, EXIT_USAGE,
			       "--format '%s' needs --out for the files",
			       t->show.formats);
	if (!t->root_count && getcwd(cwd, sizeof(cwd)))
		push(t, &t->roots, &t->root_count,
		     paths_root(&t->arena,
				arena_printf(&t->arena, "%s/.", cwd)));
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

/* What shows a repair, when the catalogue is at hand; all else goes without. */
static void list_catalogue(struct result *catalogue)
{
	struct err err = {0};
	char *host = command_host(NULL, &err);

	if (host && !campaign_list(host, NULL, 0, catalogue, &err))
		result_release(catalogue);
	free(host);
}

static void give_meaning(const struct triage *t, struct result *result)
{
	struct source_tree *sources = source_tree_new(t->roots, t->root_count);
	struct result catalogue = {0};

	if (result->finding_count)
		list_catalogue(&catalogue);
	meaning_of_findings(result, sources, &catalogue);
	source_tree_free(sources);
	arena_adopt(&result->arena, &catalogue.arena);
}

static void judge(const struct triage *t, struct result *result)
{
	gather_judge(result);
	if (result->exit == EXIT_TROUBLE && t->trouble)
		result->exit = t->trouble;
}

static bool store(const struct triage *t, struct result *result,
		  struct err *err)
{
	const char *path;

	if (!t->out_dir)
		return true;
	path = arena_printf(&result->arena, "%s/result.json", t->out_dir);
	if (!finding_texts_write(result, t->out_dir, err) ||
	    !result_write(result, path, err) ||
	    !show_store(result, &t->show, t->out_dir, err))
		return false;
	out_dir_tidy(t->out_dir, result);
	return true;
}

/* Stored first: what was gathered is not lost to a broken pipe. */
static int store_and_show(const struct triage *t, struct result *result)
{
	struct err err = {0};
	bool is_done = store(t, result, &err);

	if (!is_done)
		command_fail(&err);
	if (!show_print(result, &t->show, t->out_dir, &err)) {
		command_fail(&err);
		is_done = false;
	}
	if (!is_done && result->exit != EXIT_FINDING)
		return EXIT_TROUBLE;
	return (int)result->exit;
}

static uint64_t milliseconds(struct timespec begin)
{
	struct timespec end;

	clock_gettime(CLOCK_MONOTONIC, &end);
	return (uint64_t)((end.tv_sec - begin.tv_sec) * 1000 +
			  (end.tv_nsec - begin.tv_nsec) / 1000000);
}

int cmd_triage(int argc, char **argv)
{
	static const struct argp argp = {options, parse, "[FILE...|-]", doc,
					 NULL,    NULL,  NULL};
	struct triage t = {.show = SHOW_DEFAULTS};
	struct result result = {.tool_version = SNAG_VERSION};
	time_t now = time(NULL);
	struct timespec begin;
	int code;

	clock_gettime(CLOCK_MONOTONIC, &begin);
	strftime(result.started, sizeof(result.started), "%Y-%m-%dT%H:%M:%SZ",
		 gmtime(&now));
	/* As it was typed: argp moves files behind options. */
	result.command = command_line(&result.arena, argc, argv);
	command_parse(&argp, argc, argv, &t);
	if (!settle(&t)) {
		code = command_fail(&t.err);
	} else if (!read_logs(&t, &result)) {
		code = (int)t.trouble;
	} else {
		give_meaning(&t, &result);
		judge(&t, &result);
		result.duration_ms = milliseconds(begin);
		code = store_and_show(&t, &result);
	}
	result_release(&result);
	arena_release(&t.arena);
	return code;
}
