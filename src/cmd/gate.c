/*
 * snag gate: what many runs left behind, united, judged once, shown and stored.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/stats.h"
#include "cmd/catalogue.h"
#include "cmd/command.h"
#include "cmd/finish.h"
#include "cmd/judging.h"
#include "cmd/out_dir.h"
#include "gather/evidence.h"
#include "model/finding_text.h"

enum {
	OPT_CTEST = 256,
	OPT_CTEST_CONFIG,
	OPT_ALLOW_MISSING,
	OPT_OUT,
};

enum { COMPLAINTS_SHOWN = 20 };

static const struct argp_option options[] = {
	{0, 0, 0, 0, "What must be there:", 1},
	{"ctest", OPT_CTEST, "BUILDDIR", 0,
	 "Every test that ctest knows there must have left evidence; tests get "
	 "their names from it",
	 0},
	{"ctest-config", OPT_CTEST_CONFIG, "NAME", 0,
	 "Of a build with several configurations: which one was tested", 0},
	{"allow-missing", OPT_ALLOW_MISSING, "GLOB", 0,
	 "Tests of these names need not be there, and ThreadSanitizer need not "
	 "start in them (may be given several times)",
	 0},
	{0, 0, 0, 0, "Output:", 10},
	{"out", OPT_OUT, "DIR", 0,
	 "Folder for result.json and reports/ (default: snag-out)", 0},
	SHOW_OPTIONS,
	JUDGING_OPTIONS,
	{0},
};

static const char doc[] =
	"Unites what `snag exec --collect DIR` left of a suite's tests, and "
	"results of any command, into one result with one verdict.\v"
	"A DIR holds what was collected, or a result.json; a RESULT is one "
	"itself. The same test seen several times is one subject, and a "
	"finding that any attempt or shard saw stays. How a test ended is for "
	"ctest to judge; what ThreadSanitizer reported is judged here.\n\n"
	"Exit code: 0 clean or known, 1 a finding, 2 asked wrongly, 3 trouble: "
	"a test left nothing, had not ended, or ThreadSanitizer did not start "
	"in it, or there is no evidence at all.";

struct gate_arguments {
	struct show_options show;
	const char *out_dir, *build_dir, *configuration;
	const char **paths;
	size_t path_count;
	const char **allowed;
	size_t allowed_count;
	struct judging judging;
	const char *const *roots; /* judging_roots */
	size_t root_count;
	enum exit_code least; /* whatever is found, it is not below that */
	struct suite suite;
	struct arena arena;
	struct err err;
};

static void push(struct gate_arguments *a, const char ***list, size_t *count,
		 const char *value)
{
	*(const char **)arena_push(&a->arena, list, count, sizeof(value)) =
		value;
}

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct gate_arguments *a = state->input;
	bool is_good = true;

	switch (key) {
	case OPT_CTEST:
		a->build_dir = value;
		break;
	case OPT_CTEST_CONFIG:
		a->configuration = value;
		break;
	case OPT_ALLOW_MISSING:
		push(a, &a->allowed, &a->allowed_count, value);
		break;
	case OPT_OUT:
		a->out_dir = value;
		break;
	case ARGP_KEY_ARG:
		push(a, &a->paths, &a->path_count, value);
		break;
	default:
		if (!show_take(key, value, &a->show, &is_good, &a->err) &&
		    !judging_take(key, value, &a->judging, &is_good, &a->err))
			return ARGP_ERR_UNKNOWN;
	}
	if (!is_good)
		exit(command_fail(&a->err));
	return 0;
}

static bool is_same_folder(const struct stat *a, const char *path)
{
	struct stat b;

	return !stat(path, &b) && a->st_dev == b.st_dev &&
	       a->st_ino == b.st_ino;
}

/* Evidence must survive its being judged. */
static bool check_out(struct gate_arguments *a)
{
	struct stat out;

	if (stat(a->out_dir, &out))
		return true;
	for (size_t i = 0; i < a->path_count; i++) {
		char *folder = arena_dup(&a->arena, a->paths[i]);
		char *slash = strrchr(folder, '/');
		struct stat st;

		if (!stat(folder, &st) && !S_ISDIR(st.st_mode)) {
			if (slash)
				slash[slash == folder] = '\0';
			else
				folder = arena_dup(&a->arena, ".");
		}
		if (is_same_folder(&out, folder))
			return err_set(&a->err, EXIT_USAGE,
				       "'%s' is what is to be judged, and the "
				       "result would be written into it: "
				       "name another folder with --out",
				       a->paths[i]);
	}
	return true;
}

static void take_config(struct gate_arguments *a)
{
	const struct config *config = &a->judging.config;

	if (!a->out_dir)
		a->out_dir = config->out ? config->out : "snag-out";
	for (size_t i = 0; i < config->gate.allow_missing.count; i++)
		push(a, &a->allowed, &a->allowed_count,
		     config->gate.allow_missing.items[i]);
}

static bool settle(struct gate_arguments *a)
{
	if (!a->path_count)
		return err_set(&a->err, EXIT_USAGE,
			       "what is to be judged? snag gate DIR (of `snag "
			       "exec --collect DIR`), or RESULT.json...");
	if (a->configuration && !a->build_dir)
		return err_set(&a->err, EXIT_USAGE,
			       "--ctest-config is for --ctest BUILDDIR");
	if (!judging_settle(&a->judging, &a->show, &a->err))
		return false;
	take_config(a);
	a->roots = judging_roots(&a->judging, &a->arena, &a->root_count);
	return check_out(a) && out_dir_prepare(a->out_dir, &a->err);
}

static void at_least(struct gate_arguments *a, enum exit_code code)
{
	if (a->least != EXIT_USAGE)
		a->least = code;
}

/* Said now; what else there is, is judged all the same. */
static void go_on(struct gate_arguments *a, struct result *result)
{
	command_fail(&a->err);
	at_least(a, a->err.code);
	result_note(result, "%s", a->err.text);
	a->err = (struct err){0};
}

static void read_suite(struct gate_arguments *a, struct result *result)
{
	if (!suite_read(&a->suite, a->build_dir, a->configuration, &a->err)) {
		suite_release(&a->suite);
		go_on(a, result);
		return;
	}
	if (a->suite.failed)
		result_note(result,
			    "ctest says that %s of its last run failed; that "
			    "is for ctest to judge, and not counted here",
			    stats_plural(&result->arena, a->suite.failed,
					 "test", "tests"));
}

static void read_all(struct gate_arguments *a, struct evidence *e,
		     struct result *result)
{
	for (size_t i = 0; i < a->path_count; i++) {
		struct stat st;
		bool is_folder = !stat(a->paths[i], &st) && S_ISDIR(st.st_mode);

		if (is_folder ? !evidence_folder(e, a->paths[i], &a->err)
			      : !evidence_file(e, a->paths[i], &a->err))
			go_on(a, result);
	}
}

static void say_complaints(struct gate_arguments *a, const struct evidence *e)
{
	size_t count;
	const char *const *complaints = evidence_complaints(e, &count);

	for (size_t i = 0; i < count && i < COMPLAINTS_SHOWN; i++)
		command_warn(complaints[i]);
	if (count > COMPLAINTS_SHOWN)
		command_warn(arena_printf(
			&a->arena,
			"and %zu more files like that; result.json "
			"names them all",
			count - COMPLAINTS_SHOWN));
	if (count)
		at_least(a, EXIT_TROUBLE);
}

static void say_that_there_is_nothing(struct gate_arguments *a,
				      struct result *result)
{
	err_set(&a->err, EXIT_TROUBLE,
		"there is no evidence in '%s'%s: tests leave it when they are "
		"launched by `snag exec --collect DIR --`",
		a->paths[0], a->path_count > 1 ? " and the others" : "");
	go_on(a, result);
}

static void explain(struct gate_arguments *a, struct evidence *e,
		    struct result *result)
{
	struct source_tree *sources = judging_sources(&a->judging, a->roots[0]);
	struct result catalogue = {0};

	if (result->finding_count)
		catalogue_read(&catalogue);
	evidence_explain(e, sources, a->roots, a->root_count, &catalogue);
	source_tree_free(sources);
	arena_adopt(&result->arena, &catalogue.arena);
}

/* What could not be read is never green, and no finding is hidden by it. */
static void hold_to_least(const struct gate_arguments *a, struct result *result)
{
	if (!a->least || result->exit == EXIT_FINDING)
		return;
	if (result->exit == EXIT_AS_EXPECTED)
		result->verdict = VERDICT_ERROR;
	if (result->exit != EXIT_TROUBLE || a->least == EXIT_USAGE)
		result->exit = a->least;
}

static int run(struct gate_arguments *a, struct result *result)
{
	struct evidence *e = evidence_new(result);
	struct evidence_terms terms = {.allowed = a->allowed,
				       .allowed_count = a->allowed_count};
	uint64_t started_ms = clock_ms();

	/* ctest first: it may start programs that leave something themselves.
	 */
	if (a->build_dir)
		read_suite(a, result);
	if (a->suite.count)
		terms.suite = &a->suite;
	read_all(a, e, result);
	evidence_end(e, &terms);
	say_complaints(a, e);
	if (!result->subject_count)
		say_that_there_is_nothing(a, result);
	explain(a, e, result);
	if (!finding_texts_write(result, a->out_dir, &a->err))
		go_on(a, result);
	evidence_judge(e);
	judging_verdict(&a->judging, result);
	hold_to_least(a, result);
	evidence_free(e);
	result->duration_ms = clock_ms() - started_ms;
	return finish(result, &a->show, a->out_dir);
}

int cmd_gate(int argc, char **argv)
{
	static const struct argp argp = {
		options, parse, "DIR|RESULT.json...", doc, NULL, NULL, NULL};
	struct gate_arguments a = {.show = {.color = "auto"}};
	struct result result = {.tool_version = SNAG_VERSION};
	int code;

	result_stamp(&result);
	result.command = command_line(&result.arena, argc, argv);
	command_parse(&argp, argc, argv, &a);
	code = settle(&a) ? run(&a, &result) : command_fail(&a.err);
	suite_release(&a.suite);
	result_release(&result);
	judging_release(&a.judging);
	arena_release(&a.arena);
	return code;
}
