#include "cmd/command.h"

#include <libgen.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/text.h"

/* What somebody typed, or a file held, may be in it. */
static void print_sentence(const char *text)
{
	struct arena arena = {0};

	fflush(stdout);
	fprintf(stderr, "snag: %s\n",
		text_clean(&arena, text, strlen(text), true));
	arena_release(&arena);
}

void command_warn(const char *text)
{
	print_sentence(text);
}

int command_fail(const struct err *err)
{
	print_sentence(err->text);
	return (int)err->code;
}

bool command_flush(const char *what, struct err *err)
{
	if (!fflush(stdout) && !ferror(stdout))
		return true;
	err_errno(err, EXIT_TROUBLE, "cannot write %s", what);
	/* It is said now: at exit there is nothing left to say. */
	__fpurge(stdout);
	clearerr(stdout);
	return false;
}

int command_misuse(const char *fmt, ...)
{
	char text[1024];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	print_sentence(text);
	return EXIT_USAGE;
}

void command_parse(const struct argp *argp, int argc, char **argv, void *input)
{
	argp_err_exit_status = EXIT_USAGE;
	argp_parse(argp, argc, argv, 0, NULL, input);
}

void command_parse_in_order(const struct argp *argp, int argc, char **argv,
			    void *input)
{
	argp_err_exit_status = EXIT_USAGE;
	argp_parse(argp, argc, argv, ARGP_IN_ORDER, NULL, input);
}

bool value_color(const char *choice, FILE *stream)
{
	const char *no = getenv("NO_COLOR");

	if (!strcmp(choice, "always"))
		return true;
	if (!strcmp(choice, "never") || (no && *no))
		return false;
	return isatty(fileno(stream));
}

static char *beside(const char *tool, const char *relative)
{
	struct arena arena = {0};
	char *copy = arena_dup(&arena, tool), resolved[PATH_MAX];
	char *path = arena_printf(&arena, "%s/%s", dirname(copy), relative);
	char *found = realpath(path, resolved) ? must_dup(resolved) : NULL;

	arena_release(&arena);
	return found;
}

char *command_host(const char *given, struct err *err)
{
	static const char *const places[] = {"snag-catalogue",
					     "../libexec/snag/snag-catalogue"};
	char tool[PATH_MAX] = "", resolved[PATH_MAX];
	ssize_t n;

	if (given) {
		if (realpath(given, resolved))
			return must_dup(resolved);
		err_errno(err, EXIT_USAGE, "cannot use host '%s'", given);
		return NULL;
	}
	n = readlink("/proc/self/exe", tool, sizeof(tool) - 1);
	for (size_t i = 0; n > 0 && i < sizeof(places) / sizeof(places[0]);
	     i++) {
		char *found = beside(tool, places[i]);

		if (found)
			return found;
	}
	err_set(err, EXIT_TROUBLE,
		"there is no snag-catalogue beside this program: name a "
		"scenario host with --host");
	return NULL;
}
