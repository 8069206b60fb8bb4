/*
 * snag list: what there is to run.
 */
#include <stdlib.h>
#include <string.h>

#include "campaign/campaign.h"
#include "cmd/command.h"
#include "cmd/config_options.h"
#include "model/list_json.h"

enum { OPT_HOST = 256, OPT_FORMAT };

static const struct argp_option options[] = {
	{"host", OPT_HOST, "PROGRAM", 0,
	 "Scenario host (default: the catalogue that came with snag)", 0},
	{"format", OPT_FORMAT, "NAME", 0,
	 "text, json or markdown (default: text)", 0},
	CONFIG_FILE_OPTIONS,
	{0},
};

static const char doc[] =
	"Lists the scenarios of a host.\v"
	"FILTER is an id (counter/lost_update), a glob ('queue/*'), a family "
	"(queue) or a tag (@atomics, @practice:partition, @expect:broken).";

struct list_arguments {
	const char *host, *format;
	const char **filters;
	size_t filter_count;
	struct config_options settings;
	struct config config;
	struct arena arena;
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	static const char *const formats[] = {"text", "json", "markdown", NULL};
	struct list_arguments *a = state->input;
	struct err err = {0};
	const char **filter;
	bool is_good = true;

	switch (key) {
	case OPT_HOST:
		a->host = value;
		return 0;
	case OPT_FORMAT:
		a->format = value;
		if (!value_choice("--format", value, formats, &err))
			exit(command_fail(&err));
		return 0;
	case ARGP_KEY_ARG:
		filter = arena_push(&a->arena, &a->filters, &a->filter_count,
				    sizeof(*filter));
		*filter = value;
		return 0;
	default:
		return config_options_take(key, value, &a->settings, &is_good,
					   &err)
			       ? 0
			       : ARGP_ERR_UNKNOWN;
	}
}

static void print_text(const struct result *r)
{
	size_t expected[EXPECT_BLIND + 1] = {0};

	for (size_t i = 0; i < r->subject_count; i++) {
		const struct subject *s = &r->subjects[i];

		expected[s->expect]++;
		printf("%-34s %-7s %s\n", s->id, expect_name(s->expect),
		       s->summary);
	}
	printf("\n%zu %s: %zu clean, %zu broken, %zu blind (broken, and "
	       "invisible to ThreadSanitizer)\n",
	       r->subject_count,
	       r->subject_count == 1 ? "scenario" : "scenarios",
	       expected[EXPECT_CLEAN], expected[EXPECT_BROKEN],
	       expected[EXPECT_BLIND]);
}

/* '|' would end a cell, and newlines the row. */
static void print_cell(const char *text)
{
	fputs(" ", stdout);
	for (; text && *text; text++) {
		if (*text == '|')
			fputs("\\|", stdout);
		else
			putchar(*text == '\n' ? ' ' : *text);
	}
	fputs(" |", stdout);
}

static void print_markdown(const struct result *r)
{
	puts("| scenario | expect | practice | repairs | what it shows |");
	puts("|---|---|---|---|---|");
	for (size_t i = 0; i < r->subject_count; i++) {
		const struct subject *s = &r->subjects[i];

		fputs("|", stdout);
		print_cell(s->id);
		print_cell(expect_name(s->expect));
		print_cell(s->practice);
		print_cell(s->repairs);
		print_cell(s->summary);
		putchar('\n');
	}
}

static int print_list(const struct result *r, const char *format)
{
	struct err err = {0};

	if (!strcmp(format, "json"))
		list_to_json(r->subjects, r->subject_count, stdout);
	else if (!strcmp(format, "markdown"))
		print_markdown(r);
	else
		print_text(r);
	return command_flush("the list", &err) ? EXIT_AS_EXPECTED
					       : command_fail(&err);
}

/* Of the host that snag run would take. */
static int list(struct list_arguments *a)
{
	struct result result = {0};
	struct err err = {0};
	char *host = NULL;
	int code;

	if (!config_options_load(&a->settings, &a->config, &err))
		return command_fail(&err);
	host = command_host(a->host ? a->host : a->config.run.host, &err);
	if (host &&
	    campaign_list(host, a->filters, a->filter_count, &result, &err)) {
		code = print_list(&result, a->format);
	} else {
		config_options_blame(&a->config, &err);
		code = command_fail(&err);
	}
	free(host);
	result_release(&result);
	return code;
}

int cmd_list(int argc, char **argv)
{
	static const struct argp argp = {options, parse, "[FILTER...]", doc,
					 NULL,    NULL,  NULL};
	struct list_arguments a = {.format = "text"};
	int code;

	command_parse(&argp, argc, argv, &a);
	code = list(&a);
	config_options_release(&a.settings);
	config_release(&a.config);
	arena_release(&a.arena);
	return code;
}
