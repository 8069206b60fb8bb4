/*
 * JUnit XML as Surefire and nextest write it: one suite for the campaign, a
 * case for each subject, and at most one failure in a case, since Jenkins and
 * GitLab read no second one.  Findings of a case share it.
 */
#include <stdlib.h>
#include <string.h>

#include "model/place.h"
#include "reports/junit_parts.h"
#include "reports/renderer.h"
#include "reports/stamp.h"

enum verdict_class junit_class(const struct result *result,
			       enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_UNEXPECTED:
	case VERDICT_MISSED:
	case VERDICT_NEW:
	case VERDICT_FAILED:
		/* Unless a policy lets it pass. */
		return result->exit == EXIT_AS_EXPECTED ? CLASS_PASSED
							: CLASS_FAILURE;
	case VERDICT_ERROR:
		return CLASS_ERROR;
	case VERDICT_SKIPPED:
	case VERDICT_NONE:
		return CLASS_SKIPPED;
	default:
		return CLASS_PASSED;
	}
}

/* Snag failed or was stopped, and no case says so. */
static bool needs_own_case(const struct result *result, const size_t counts[])
{
	return !counts[CLASS_ERROR] && result->exit != EXIT_AS_EXPECTED &&
	       result->exit != EXIT_FINDING;
}

static void put_counts(struct junit *j, const size_t counts[], bool has_own)
{
	size_t tests = j->result->subject_count + has_own;

	junit_attribute(j, "tests", "%zu", tests);
	junit_attribute(j, "failures", "%zu", counts[CLASS_FAILURE]);
	junit_attribute(j, "errors", "%zu", counts[CLASS_ERROR] + has_own);
}

static void put_property(struct junit *j, const char *name, const char *value)
{
	if (!value)
		return;
	junit_open(j, "property");
	junit_attribute(j, "name", "%s", name);
	junit_attribute(j, "value", "%s", value);
	junit_close(j);
}

/* Of the first subject that says it: a campaign has one. */
static const struct source *first_source(const struct result *result)
{
	for (size_t i = 0; i < result->subject_count; i++)
		if (result->subjects[i].source_count)
			return &result->subjects[i].sources[0];
	return NULL;
}

static void put_properties(struct junit *j)
{
	const struct result *result = j->result;
	const struct source *source = first_source(result);

	junit_open(j, "properties");
	put_property(j, "command", result->command);
	if (source)
		put_property(j, "seed",
			     arena_printf(&j->arena, "%llu",
					  (unsigned long long)source->seed));
	put_property(j, "snag.version", result->tool_version);
	put_property(j, "verdict", verdict_name(result->verdict));
	put_property(j, "exit",
		     arena_printf(&j->arena, "%d", (int)result->exit));
	junit_close(j);
}

static void put_own_case(struct junit *j)
{
	junit_open(j, "testcase");
	junit_attribute(j, "classname", "snag");
	junit_attribute(j, "name", "campaign");
	junit_time(j, j->result->duration_ms);
	junit_open(j, "error");
	junit_attribute(j, "message", "exit %d: %s", (int)j->result->exit,
			phrase_exit(j->result));
	junit_attribute(j, "type", "campaign");
	junit_close(j);
	junit_close(j);
}

static void put_notes(struct junit *j)
{
	if (!j->result->note_count)
		return;
	junit_open(j, "system-out");
	for (size_t i = 0; i < j->result->note_count; i++)
		junit_line(j, "note: %s", j->result->notes[i]);
	junit_close(j);
}

static void put_suite(struct junit *j, const size_t counts[], bool has_own)
{
	const struct source *source = first_source(j->result);
	const char *began = stamp_begin(&j->arena, j->result);

	junit_open(j, "testsuite");
	junit_attribute(j, "name", "snag");
	put_counts(j, counts, has_own);
	junit_attribute(j, "skipped", "%zu", counts[CLASS_SKIPPED]);
	junit_time(j, j->result->duration_ms);
	if (began)
		junit_attribute(j, "timestamp", "%s", began);
	if (source && source->host)
		junit_attribute(j, "hostname", "%s", source->host);
	put_properties(j);
	for (size_t i = 0; i < j->result->subject_count; i++)
		junit_case(j, &j->result->subjects[i]);
	if (has_own)
		put_own_case(j);
	put_notes(j);
	junit_close(j);
}

void render_junit(const struct result *result, FILE *file,
		  const struct render_options *options)
{
	size_t counts[CLASS_COUNT] = {0};
	struct junit j = {.result = result, .options = options};
	bool has_own;

	for (size_t i = 0; i < result->subject_count; i++)
		counts[junit_class(result, result->subjects[i].verdict)]++;
	has_own = needs_own_case(result, counts);
	j.sights = sights_begin(result);
	junit_begin(&j, file);
	junit_open(&j, "testsuites");
	junit_attribute(&j, "name", "snag");
	put_counts(&j, counts, has_own);
	junit_time(&j, result->duration_ms);
	put_suite(&j, counts, has_own);
	junit_end(&j);
	sights_end(&j.sights);
	arena_release(&j.arena);
}
