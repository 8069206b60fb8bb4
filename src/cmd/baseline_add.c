/*
 * snag baseline add: failing findings of a result become known.
 */
#include <string.h>

#include "cmd/baseline_part.h"

enum { PREFIX_MIN = 4 };

static const struct argp_option options[] = {
	BASELINE_OPTION_FILE,
	{"reason", BASELINE_OPT_REASON, "TEXT", 0,
	 "Why it may stay, for whoever reads the baseline (required)", 0},
	BASELINE_OPTIONS_OF_ENTRY,
	{0},
};

static const char doc[] =
	"Takes findings of a result into the baseline: all that make it fail, "
	"or those named.\v"
	"RESULT is a result.json or the folder that holds one; FINGERPRINT is "
	"the first digits of one. What is there already stays as it is; what "
	"has expired is renewed, with the new reason and day.";

struct add_arguments {
	struct baseline_command c;
	const char **prefixes;
	size_t prefix_count;
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct add_arguments *a = state->input;
	const char **slot;

	if (key == ARGP_KEY_ARG) {
		if (!a->c.result_count) {
			baseline_add_result(&a->c, value);
			return 0;
		}
		slot = arena_push(&a->c.arena, &a->prefixes, &a->prefix_count,
				  sizeof(*slot));
		*slot = value;
		return 0;
	}
	return baseline_take(&a->c, key, value) ? 0 : ARGP_ERR_UNKNOWN;
}

static bool is_blank(const char *text)
{
	return !text || !text[strspn(text, " \t\n")];
}

static bool settle(struct add_arguments *a)
{
	struct err *err = &a->c.err;

	if (!a->c.result_count)
		return err_set(err, EXIT_USAGE,
			       "name a RESULT, such as snag-out");
	if (is_blank(a->c.reason))
		return err_set(err, EXIT_USAGE,
			       "say with --reason why these findings may stay");
	for (size_t i = 0; i < a->prefix_count; i++) {
		const char *prefix = a->prefixes[i];
		size_t len = strlen(prefix);

		if (len < PREFIX_MIN || len > FINGERPRINT_HEX ||
		    strspn(prefix, "0123456789abcdef") != len)
			return err_set(err, EXIT_USAGE,
				       "'%.80s' is not the first %d or more "
				       "digits of a fingerprint",
				       prefix, PREFIX_MIN);
	}
	return true;
}

static struct finding *named(struct add_arguments *a,
			     const struct result *result, const char *prefix)
{
	struct finding *found = NULL;

	for (size_t i = 0; i < result->finding_count; i++) {
		struct finding *f = &result->findings[i];

		if (strncmp(f->fingerprint, prefix, strlen(prefix)) != 0)
			continue;
		if (found) {
			err_set(&a->c.err, EXIT_USAGE,
				"several findings in '%s' begin with %s: give "
				"more digits",
				a->c.results[0], prefix);
			return NULL;
		}
		found = f;
	}
	if (!found)
		err_set(&a->c.err, EXIT_USAGE,
			"no finding in '%s' begins with %s", a->c.results[0],
			prefix);
	return found;
}

static bool add_named(struct add_arguments *a, const struct result *result)
{
	struct finding **found =
		arena_alloc(&a->c.arena, a->prefix_count * sizeof(*found));

	/* All or none. */
	for (size_t i = 0; i < a->prefix_count; i++) {
		found[i] = named(a, result, a->prefixes[i]);
		if (!found[i])
			return false;
	}
	for (size_t i = 0; i < a->prefix_count; i++)
		baseline_take_in(&a->c, result, found[i], a->c.reason, NULL);
	return true;
}

static bool add_failing(struct add_arguments *a, const struct result *result)
{
	for (size_t i = 0; i < result->finding_count; i++)
		if (result->findings[i].standing != STANDING_NONE)
			baseline_take_in(&a->c, result, &result->findings[i],
					 a->c.reason, NULL);
	return true;
}

int baseline_add(int argc, char **argv)
{
	static const struct argp argp = {
		options, parse, "RESULT [FINGERPRINT...]", doc, NULL,
		NULL,    NULL};
	struct add_arguments a = {.c = baseline_command_begin()};
	struct result result = {0};

	command_parse(&argp, argc, argv, &a);
	if (settle(&a) && baseline_load(&a.c, true) &&
	    baseline_read_result(&a.c, a.c.results[0], &result) &&
	    (a.prefix_count ? add_named(&a, &result)
			    : add_failing(&a, &result)))
		baseline_store(&a.c);
	result_release(&result);
	return baseline_command_end(&a.c, EXIT_AS_EXPECTED);
}
