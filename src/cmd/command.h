/*
 * command.h - the commands of snag, one file each.
 */
#ifndef SNAG_CMD_COMMAND_H
#define SNAG_CMD_COMMAND_H

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "base/value.h"

struct command {
	const char *name;
	const char *summary; /* one line of `snag help` */
	/* argv[0] is "snag NAME"; gives the exit code. */
	int (*run)(int argc, char **argv);
};

/* All of them, in the order of `snag help`. */
extern const struct command command_table[];
extern const size_t command_count;

int cmd_list(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_exec(int argc, char **argv);
int cmd_triage(int argc, char **argv);
int cmd_gate(int argc, char **argv);
int cmd_replay(int argc, char **argv);
int cmd_minimise(int argc, char **argv);
int cmd_minimise(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_doctor(int argc, char **argv);
int cmd_baseline(int argc, char **argv);
int cmd_help(int argc, char **argv);

/* Prints "snag: sentence". */
void command_warn(const char *text);
/* The same, and gives the code. */
int command_fail(const struct err *err);
/* Has all that was printed arrived?  Else a sentence about "the report". */
bool command_flush(const char *what, struct err *err);
/* As command_fail, for one that is asked wrongly. */
int command_misuse(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Asked for a command that is not there: names the nearest. */
int command_unknown(const char *name);
/*
 * Parses with argp in the way all commands do: options anywhere, wrong use
 * ends with exit code 2 and says `snag help NAME`.  input is the parser's.
 */
void command_parse(const struct argp *argp, int argc, char **argv, void *input);
/* The same where what follows the first word is another program's. */
void command_parse_in_order(const struct argp *argp, int argc, char **argv,
			    void *input);

/* Is colour wanted on that stream?  choice: "auto", "always", "never". */
bool value_color(const char *choice, FILE *stream);

/* The host to use when --host is not given: snag-catalogue beside the tool or
 * in ../libexec/snag.  NULL with err when there is none; free. */
char *command_host(const char *given, struct err *err);

#endif
