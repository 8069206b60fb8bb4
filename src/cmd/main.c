#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/inherited.h"
#include "base/text.h"
#include "cmd/command.h"

const struct command command_table[] = {
	{"list", "the scenarios of a host", cmd_list},
	{"run", "run scenarios under ThreadSanitizer and judge them", cmd_run},
	{"exec", "run any program built with ThreadSanitizer and judge it",
	 cmd_exec},
	{"replay", "run one schedule again, and show it step by step",
	 cmd_replay},
	{"minimise", "leave out of a schedule what does not matter",
	 cmd_minimise},
	{"triage", "reports in logs of any program, as findings", cmd_triage},
	{"gate", "unite what was collected, and judge it once", cmd_gate},
	{"report", "show a stored result", cmd_report},
	{"baseline", "keep known findings in a file, with a reason each",
	 cmd_baseline},
	{"explain", "a scenario, a cause, a practice or a finding in words",
	 cmd_explain},
	{"doctor", "can ThreadSanitizer run here, and what to do if not",
	 cmd_doctor},
	{"help", "this, or the options of one command", cmd_help},
};

const size_t command_count = sizeof(command_table) / sizeof(command_table[0]);

int command_unknown(const char *name)
{
	const char *names[sizeof(command_table) / sizeof(command_table[0])];
	const char *near;

	for (size_t i = 0; i < command_count; i++)
		names[i] = command_table[i].name;
	near = text_nearest(name, names, command_count);
	return command_misuse("there is no command '%.60s'%s%s%s (`snag help` "
			      "lists them)",
			      name, near ? "; did you mean '" : "",
			      near ? near : "", near ? "'?" : "");
}

static int run_command(const struct command *command, int argc, char **argv)
{
	char *name;

	if (asprintf(&name, "snag %s", command->name) < 0)
		return EXIT_TROUBLE;
	argv[0] = name;
	return command->run(argc, argv);
}

/* Also of what argp prints for --help: a full disk must not look like
 * success. */
static void check_output(void)
{
	struct err err = {0};

	if (!command_flush("to standard output", &err))
		_exit(command_fail(&err));
}

/* A standard stream that is closed must not become one of our files. */
static void fill_standard_fds(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDONLY);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int main(int argc, char **argv)
{
	fill_standard_fds();
	atexit(check_output);
	inherited_take();
	if (argc < 2) {
		cmd_help(1, argv);
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V")) {
		puts("snag " SNAG_VERSION);
		return 0;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))
		return cmd_help(1, argv);
	if (!strcmp(argv[1], "minimize"))
		argv[1] = (char[]){"minimise"};
	for (size_t i = 0; i < command_count; i++)
		if (!strcmp(argv[1], command_table[i].name))
			return run_command(&command_table[i], argc - 1,
					   argv + 1);
	return command_unknown(argv[1]);
}
