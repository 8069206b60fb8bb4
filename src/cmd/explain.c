/*
 * snag explain: a scenario, a cause, a practice or a finding, in words.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/wrap.h"
#include "campaign/campaign.h"
#include "cmd/command.h"
#include "cmd/show.h"
#include "model/cause.h"
#include "model/result_json.h"
#include "reports/renderer.h"

enum { OPT_HOST = 256, OPT_RESULT, WIDTH = 78, PREFIX_MIN = 6 };

static const struct argp_option options[] = {
	{"host", OPT_HOST, "PROGRAM", 0,
	 "Scenario host (default: the catalogue that came with snag)", 0},
	{"result", OPT_RESULT, "RESULT", 0,
	 "Where to look a fingerprint up: a result.json or its folder "
	 "(default: snag-out)",
	 0},
	{0},
};

static const char doc[] =
	"Explains a scenario (counter/lost_update), a cause (lost-update), a "
	"practice (partition), or a finding by the first digits of its "
	"fingerprint.\v"
	"Without an argument it lists the causes and practices.";

struct explain_arguments {
	const char *host, *result, *what;
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct explain_arguments *a = state->input;

	switch (key) {
	case OPT_HOST:
		a->host = value;
		return 0;
	case OPT_RESULT:
		a->result = value;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			argp_error(state, "one thing at a time");
		a->what = value;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void paragraph(const char *title, const char *text)
{
	if (!text || !*text)
		return;
	if (title)
		printf("\n%s\n", title);
	wrap_print(stdout, text, title ? 2 : 0, WIDTH);
}

static void explain_cause(const struct cause *c)
{
	printf("%s: a cause\n\n", c->name);
	paragraph(NULL, c->meaning);
	paragraph("Why it is harmful", c->harm);
	paragraph("Repair", c->repair);
	if (c->practice != PRACTICE_NONE) {
		printf("\nPractice: %s\n", practice_name(c->practice));
		wrap_print(stdout, practice_table[c->practice].text, 2, WIDTH);
	}
	paragraph("In free-threaded Python", c->in_python);
}

static void list_using(const struct result *catalogue, const char *title,
		       bool (*is_it)(const struct subject *, const char *),
		       const char *name)
{
	bool has_title = false;

	for (size_t i = 0; i < catalogue->subject_count; i++) {
		const struct subject *s = &catalogue->subjects[i];

		if (!is_it(s, name))
			continue;
		if (!has_title)
			printf("\n%s\n", title);
		has_title = true;
		printf("  %-32s %-7s %s\n", s->id, expect_name(s->expect),
		       s->summary);
	}
}

static bool has_cause(const struct subject *s, const char *cause)
{
	for (size_t i = 0; i < s->expected_report_count; i++)
		if (s->expected_reports[i].cause &&
		    !strcmp(s->expected_reports[i].cause, cause))
			return true;
	for (size_t i = 0; i < s->expected_outcome_count; i++)
		if (s->expected_outcomes[i].cause &&
		    !strcmp(s->expected_outcomes[i].cause, cause))
			return true;
	return false;
}

static bool has_practice(const struct subject *s, const char *practice)
{
	return s->practice && s->expect == EXPECT_CLEAN &&
	       !strcmp(s->practice, practice);
}

static bool is_repair_of(const struct subject *s, const char *id)
{
	return s->repairs && !strcmp(s->repairs, id);
}

static void print_expectation(const struct subject *s)
{
	if (s->expected_report_count || s->expected_outcome_count)
		puts("\nWhat must and may be seen");
	for (size_t i = 0; i < s->expected_report_count; i++) {
		const struct expected_report *r = &s->expected_reports[i];

		printf("  %-9s %s%s%s\n", grade_name(r->grade),
		       kind_name(r->kind), r->cause ? ", cause " : "",
		       r->cause ? r->cause : "");
		wrap_print(stdout, r->why, 12, WIDTH);
	}
	for (size_t i = 0; i < s->expected_outcome_count; i++) {
		const struct expected_outcome *o = &s->expected_outcomes[i];

		printf("  %-9s outcome \"%s\"\n", grade_name(o->grade),
		       o->when);
		wrap_print(stdout, o->why, 12, WIDTH);
	}
}

static void explain_scenario(const struct result *catalogue,
			     const struct subject *s, const char *host)
{
	printf("%s: %s\n", s->id, s->summary);
	printf("%s, practice %s, %s:%u\n\n", expect_name(s->expect),
	       s->practice ? s->practice : "none", s->file, s->line);
	paragraph(NULL, s->lesson);
	print_expectation(s);
	paragraph("In free-threaded Python", s->in_python);
	if (s->repairs)
		printf("\nRepairs %s\n", s->repairs);
	list_using(catalogue, "Repaired by", is_repair_of, s->id);
	for (size_t i = 0; i < s->ref_count; i++)
		printf("%s  %s\n", i ? "" : "\nReferences\n", s->refs[i]);
	printf("\nSee it: snag run %s%s%s\n", s->id, host ? " --host " : "",
	       host ? host : "");
}

static void list_names(void)
{
	puts("Causes");
	for (size_t i = 0; i < cause_count; i++) {
		printf("  %s\n", cause_table[i].name);
		wrap_print(stdout, cause_table[i].meaning, 6, WIDTH);
	}
	puts("\nPractices");
	for (int i = 1; i < PRACTICE_COUNT; i++) {
		printf("  %s\n", practice_table[i].name);
		wrap_print(stdout, practice_table[i].text, 6, WIDTH);
	}
	puts("\nScenarios: snag list");
}

static bool is_fingerprint(const char *what)
{
	size_t len = strlen(what);

	return len >= PREFIX_MIN && len <= FINGERPRINT_HEX &&
	       strspn(what, "0123456789abcdef") == len;
}

static int explain_fingerprint(const char *prefix, const char *where)
{
	struct result result = {0};
	struct err err = {0};
	struct arena arena = {0};
	const struct render_options render = {
		.is_colored = value_color("auto", stdout), .out_dir = where};
	const struct finding *found = NULL;

	if (result_read(result_file(&arena, where), &result, &err)) {
		for (size_t i = 0; i < result.finding_count; i++)
			if (!strncmp(result.findings[i].fingerprint, prefix,
				     strlen(prefix)))
				found = &result.findings[i];
		if (found)
			render_finding(&result, found, stdout, &render);
		else
			err_set(&err, EXIT_USAGE,
				"no finding in '%s' begins with %s", where,
				prefix);
	}
	result_release(&result);
	arena_release(&arena);
	return err.code ? command_fail(&err) : 0;
}

static int unknown_thing(const char *what, const struct result *catalogue)
{
	const char *near = NULL;

	for (size_t i = 0; !near && i < cause_count; i++)
		near = text_nearest(what, &cause_table[i].name, 1);
	for (size_t i = 0; !near && i < catalogue->subject_count; i++)
		near = text_nearest(what, &catalogue->subjects[i].id, 1);
	return command_misuse("nothing is called '%.100s'%s%s%s; there are "
			      "scenarios (`snag list`), causes and practices "
			      "(`snag explain`), and fingerprints of findings",
			      what, near ? " (did you mean '" : "",
			      near ? near : "", near ? "'?)" : "");
}

static int explain(const char *what, const struct result *catalogue,
		   const char *host)
{
	const struct cause *cause = cause_by_name(what);
	enum practice practice = practice_by_name(what);

	if (cause) {
		explain_cause(cause);
		list_using(catalogue, "Scenarios that show it", has_cause,
			   what);
		return 0;
	}
	if (practice != PRACTICE_NONE) {
		printf("%s: a practice\n\n", what);
		paragraph(NULL, practice_table[practice].text);
		list_using(catalogue, "Scenarios that follow it", has_practice,
			   what);
		return 0;
	}
	for (size_t i = 0; i < catalogue->subject_count; i++) {
		if (strcmp(catalogue->subjects[i].id, what) != 0)
			continue;
		explain_scenario(catalogue, &catalogue->subjects[i], host);
		return 0;
	}
	return unknown_thing(what, catalogue);
}

int cmd_explain(int argc, char **argv)
{
	static const struct argp argp = {
		options, parse, "[SCENARIO|CAUSE|PRACTICE|FINGERPRINT]",
		doc,     NULL,  NULL,
		NULL};
	struct explain_arguments a = {.result = "snag-out"};
	struct result catalogue = {0};
	struct err err = {0};
	char *host;
	int code;

	command_parse(&argp, argc, argv, &a);
	if (!a.what) {
		list_names();
		return 0;
	}
	if (is_fingerprint(a.what))
		return explain_fingerprint(a.what, a.result);
	host = command_host(a.host, &err);
	/* A cause can be explained without any host. */
	if (host && campaign_list(host, NULL, 0, &catalogue, &err))
		code = explain(a.what, &catalogue, a.host);
	else if (cause_by_name(a.what) && !a.host)
		code = explain(a.what, &catalogue, a.host);
	else
		code = command_fail(&err);
	free(host);
	result_release(&catalogue);
	return code;
}
