#include <string.h>

#include "cmd/command.h"

static void print_overview(void)
{
	puts("Usage: snag COMMAND [OPTION...]\n"
	     "Race-detection stress testing for C and pthreads, over clang's "
	     "ThreadSanitizer.\n");
	for (size_t i = 0; i < command_count; i++)
		printf("  %-9s %s\n", command_table[i].name,
		       command_table[i].summary);
	puts("\nStart here:\n"
	     "  snag run counter/lost_update     see a race\n"
	     "  snag run                         the whole catalogue, one "
	     "minute\n"
	     "  snag explain counter/lost_update what it teaches\n"
	     "  snag exec --runs 20 -- ./a-test  your own, built with "
	     "-fsanitize=thread\n"
	     "  snag triage ci.log               reports that you have "
	     "already\n"
	     "\nExit codes: 0 as expected, 1 a finding, 2 asked wrongly, "
	     "3 trouble or\nnothing tested, 130 interrupted.\n"
	     "`snag help COMMAND` lists a command's options.");
}

int cmd_help(int argc, char **argv)
{
	char name[64], help[] = "--help";
	char *ask[] = {name, help, NULL};

	if (argc < 2 || argv[1][0] == '-') {
		print_overview();
		return 0;
	}
	for (size_t i = 0; i < command_count; i++) {
		if (strcmp(argv[1], command_table[i].name) != 0)
			continue;
		if (!strcmp(argv[1], "help")) {
			print_overview();
			return 0;
		}
		snprintf(name, sizeof(name), "snag %s", command_table[i].name);
		return command_table[i].run(2, ask);
	}
	return command_unknown(argv[1]);
}
