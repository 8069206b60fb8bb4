/*
 * snag baseline: the known findings of a project, kept in a file.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "cmd/baseline_part.h"

static const struct {
	const char *name, *summary;
	int (*run)(int argc, char **argv);
} subcommands[] = {
	{"add", "take failing findings of a result in, with a reason",
	 baseline_add},
	{"check", "which entries are expired, and which are still seen",
	 baseline_check},
	{"prune", "remove entries that results no longer show", baseline_prune},
	{"import", "turn ThreadSanitizer's suppressions into entries",
	 baseline_import},
};

enum { SUBCOMMANDS = sizeof(subcommands) / sizeof(subcommands[0]) };

static void print_overview(void)
{
	puts("Usage: snag baseline add|check|prune|import [OPTION...]\n"
	     "Keeps known findings in " BASELINE_FILE ", for version control; "
	     "`snag run\n--baseline " BASELINE_FILE "` fails for others "
	     "only.\n");
	for (size_t i = 0; i < SUBCOMMANDS; i++)
		printf("  %-9s %s\n", subcommands[i].name,
		       subcommands[i].summary);
	puts("\n`snag baseline add --help` and so on list the options.");
}

static int unknown(const char *name)
{
	const char *names[SUBCOMMANDS], *near;

	for (size_t i = 0; i < SUBCOMMANDS; i++)
		names[i] = subcommands[i].name;
	near = text_nearest(name, names, SUBCOMMANDS);
	return command_misuse("`snag baseline` has no '%.60s'%s%s%s (add, "
			      "check, prune, import)",
			      name, near ? "; did you mean '" : "",
			      near ? near : "", near ? "'?" : "");
}

int cmd_baseline(int argc, char **argv)
{
	char *name;

	if (argc < 2 || !strcmp(argv[1], "--help") || !strcmp(argv[1], "-?") ||
	    !strcmp(argv[1], "--usage")) {
		print_overview();
		return argc < 2 ? EXIT_USAGE : 0;
	}
	for (size_t i = 0; i < SUBCOMMANDS; i++) {
		if (strcmp(argv[1], subcommands[i].name) != 0)
			continue;
		if (asprintf(&name, "snag baseline %s", argv[1]) < 0)
			return EXIT_TROUBLE;
		argv[1] = name;
		return subcommands[i].run(argc - 1, argv + 1);
	}
	return unknown(argv[1]);
}

struct baseline_command baseline_command_begin(void)
{
	struct baseline_command c = {.path = BASELINE_FILE,
				     .sheet = {.file = stdout}};

	day_of(time(NULL), c.today);
	return c;
}

int baseline_command_end(struct baseline_command *c, int code)
{
	if (!c->err.code)
		command_flush("to standard output", &c->err);
	if (c->err.code)
		code = command_fail(&c->err);
	baseline_release(&c->baseline);
	arena_release(&c->sheet.arena);
	arena_release(&c->arena);
	return code;
}

static bool take_day(struct baseline_command *c, const char *value)
{
	if (!day_is_valid(value))
		return err_set(&c->err, EXIT_USAGE,
			       "--expires '%.80s' is not a day such as "
			       "2026-11-23",
			       value);
	if (strcmp(value, c->today) < 0)
		return err_set(&c->err, EXIT_USAGE,
			       "--expires %s is past: today is %s", value,
			       c->today);
	c->expires = value;
	return true;
}

bool baseline_take(struct baseline_command *c, int key, const char *value)
{
	switch (key) {
	case BASELINE_OPT_FILE:
		c->path = value;
		return true;
	case BASELINE_OPT_REASON:
		c->reason = value;
		return true;
	case BASELINE_OPT_OWNER:
		c->owner = *value ? value : NULL;
		return true;
	case BASELINE_OPT_LINK:
		c->link = *value ? value : NULL;
		return true;
	case BASELINE_OPT_EXPIRES:
		if (!take_day(c, value))
			exit(command_fail(&c->err));
		return true;
	case BASELINE_OPT_RESULT:
		baseline_add_result(c, value);
		return true;
	default:
		return false;
	}
}

void baseline_add_result(struct baseline_command *c, const char *path)
{
	const char **slot = arena_push(&c->arena, &c->results, &c->result_count,
				       sizeof(*slot));

	*slot = path;
}

bool baseline_load(struct baseline_command *c, bool is_new_good)
{
	if (is_new_good && access(c->path, F_OK) && errno == ENOENT)
		return true;
	return baseline_read(c->path, &c->baseline, &c->err);
}
