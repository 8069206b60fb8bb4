#include <string.h>

#include "model/result_parts.h"

void put_seed(json_t *object, uint64_t seed)
{
	if (seed <= JSON_COUNT_MAX)
		put_count(object, "seed", seed);
	else
		put_hex(object, "seed", seed);
}

uint64_t get_seed(struct json_reader *r, const json_t *object)
{
	return json_is_string(json_object_get(object, "seed"))
		       ? get_hex(r, object, "seed", NULL)
		       : get_count(r, object, "seed");
}

static json_t *source_to_json(struct arena *arena, const struct source *source)
{
	json_t *object = json_object();

	put_text(arena, object, "command", source->command);
	put_seed(object, source->seed);
	put_texts(arena, object, "environment", source->environment,
		  source->environment_count);
	put_count(object, "attempt", source->attempt);
	put_text(arena, object, "host", source->host);
	return object;
}

static void source_get(struct json_reader *r, const json_t *object, void *slot)
{
	struct source *source = slot;
	source->command = get_text(r, object, "command");
	source->seed = get_seed(r, object);
	source->environment =
		get_texts(r, object, "environment", &source->environment_count);
	source->attempt = get_unsigned(r, object, "attempt");
	source->host = get_text(r, object, "host");
}

static json_t *outcome_to_json(struct arena *arena,
			       const struct run_outcome *outcome)
{
	json_t *object = json_object();

	put_text(arena, object, "name", outcome->name);
	put_count(object, "count", outcome->count);
	put_count_if(object, "first", outcome->first);
	put_text(arena, object, "grade", grade_name(outcome->grade));
	put_text(arena, object, "why", outcome->why);
	put_text(arena, object, "words", outcome->words);
	put_text(arena, object, "output", outcome->output);
	put_text(arena, object, "schedule", outcome->schedule);
	kept_put(arena, object, "kept", outcome->kept);
	return object;
}

static void outcome_get(struct json_reader *r, const json_t *object, void *slot)
{
	struct run_outcome *outcome = slot;

	outcome->name = need_text(r, object, "name");
	outcome->count = get_count(r, object, "count");
	outcome->first = get_count(r, object, "first");
	outcome->grade = get_grade(r, object);
	outcome->why = get_text(r, object, "why");
	outcome->words = get_text(r, object, "words");
	outcome->output = get_text(r, object, "output");
	outcome->schedule = get_text(r, object, "schedule");
	outcome->kept = kept_get(r, object, "kept");
}

static json_t *run_finding_to_json(struct arena *arena,
				   const struct run_finding *finding,
				   bool is_graded)
{
	json_t *object = json_object();

	put_text(arena, object, "fingerprint", finding->fingerprint);
	put_count(object, "hits", finding->hits);
	put_count_if(object, "first", finding->first);
	/* Without iterations there is no rate, and nothing bounds it. */
	if (finding->high > 0) {
		put_share(object, "low", finding->low);
		put_share(object, "high", finding->high);
	}
	if (is_graded) {
		put_text(arena, object, "grade", grade_name(finding->grade));
		put_text(arena, object, "why", finding->why);
	}
	return object;
}

static void run_finding_get(struct json_reader *r, const json_t *object,
			    void *slot)
{
	struct run_finding *finding = slot;

	finding->fingerprint = need_text(r, object, "fingerprint");
	finding->hits = get_count(r, object, "hits");
	finding->first = get_count(r, object, "first");
	finding->low = get_share(r, object, "low");
	finding->high = get_share(r, object, "high");
	finding->grade = get_grade(r, object);
	finding->why = get_text(r, object, "why");
}

static void growth_get(struct json_reader *r, const json_t *object, void *slot)
{
	struct growth *sample = slot;

	sample->iterations = get_count(r, object, "iterations");
	sample->findings = get_count(r, object, "findings");
	sample->outcomes = get_count(r, object, "outcomes");
}

static json_t *growth_to_json(const struct run *run)
{
	json_t *array = json_array();

	for (size_t i = 0; i < run->growth_count; i++) {
		json_t *object = json_object();

		put_count(object, "iterations", run->growth[i].iterations);
		put_count(object, "findings", run->growth[i].findings);
		put_count(object, "outcomes", run->growth[i].outcomes);
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *run_to_json(struct arena *arena, const struct run *run,
			   bool is_graded)
{
	json_t *object = json_object(), *outcomes = json_array(),
	       *findings = json_array();

	put_text(arena, object, "engine", run->engine);
	put_text(arena, object, "strategy", run->strategy);
	put_count(object, "threads", run->threads);
	put_count(object, "iterations", run->iterations);
	put_count(object, "duration_ms", run->duration_ms);
	put_count(object, "reports", run->reports);
	put_count_if(object, "dropped", run->dropped);
	put_count_if(object, "unwatched", run->unwatched);
	for (size_t i = 0; i < run->outcome_count; i++)
		json_array_append_new(
			outcomes, outcome_to_json(arena, &run->outcomes[i]));
	for (size_t i = 0; i < run->finding_count; i++)
		json_array_append_new(
			findings, run_finding_to_json(arena, &run->findings[i],
						      is_graded));
	json_object_set_new(object, "outcomes", outcomes);
	json_object_set_new(object, "findings", findings);
	json_object_set_new(object, "growth", growth_to_json(run));
	if (run->explored)
		json_object_set_new(object, "explore",
				    explored_to_json(arena, run->explored));
	return object;
}

/* NULL: its engine was another. */
static const struct explored *explore_get(struct json_reader *r,
					  const json_t *object)
{
	struct explored *explored = arena_alloc(r->arena, sizeof(*explored));

	return get_object(r, object, "explore", explored_get, explored)
		       ? explored
		       : NULL;
}

static void run_get(struct json_reader *r, const json_t *object, void *slot)
{
	struct run *run = slot;

	run->engine = need_text(r, object, "engine");
	run->strategy = get_text(r, object, "strategy");
	run->threads = get_unsigned(r, object, "threads");
	run->iterations = get_count(r, object, "iterations");
	run->duration_ms = get_count(r, object, "duration_ms");
	run->reports = get_count(r, object, "reports");
	run->dropped = get_count(r, object, "dropped");
	run->unwatched = get_count(r, object, "unwatched");
	run->outcomes = get_objects(r, object, "outcomes", &run->outcome_count,
				    sizeof(*run->outcomes), outcome_get);
	run->findings = get_objects(r, object, "findings", &run->finding_count,
				    sizeof(*run->findings), run_finding_get);
	run->growth = get_objects(r, object, "growth", &run->growth_count,
				  sizeof(*run->growth), growth_get);
	run->explored = explore_get(r, object);
}

json_t *subject_to_json(struct arena *arena, const struct subject *subject)
{
	json_t *object = json_object(), *sources = json_array(),
	       *runs = json_array();
	bool is_scenario = subject->type == SUBJECT_SCENARIO;

	put_text(arena, object, "id", subject->id);
	put_text(arena, object, "type", subject_type_name(subject->type));
	if (is_scenario)
		scenario_put(arena, object, subject);
	put_text(arena, object, "verdict", verdict_name(subject->verdict));
	put_text(arena, object, "why", subject->why);
	put_text(arena, object, "trouble", subject->trouble);
	put_texts(arena, object, "notes", subject->notes, subject->note_count);
	for (size_t i = 0; i < subject->source_count; i++)
		json_array_append_new(
			sources, source_to_json(arena, &subject->sources[i]));
	for (size_t i = 0; i < subject->run_count; i++)
		json_array_append_new(
			runs,
			run_to_json(arena, &subject->runs[i], is_scenario));
	json_object_set_new(object, "sources", sources);
	json_object_set_new(object, "runs", runs);
	return object;
}

void subject_get(struct json_reader *r, const json_t *object, void *slot)
{
	static const char *const types[TYPE_WORDS] = {
		[SUBJECT_SCENARIO] = "scenario",
		[SUBJECT_PROGRAM] = "program",
		[SUBJECT_TEST] = "test",
		[SUBJECT_LOG] = "log",
		[0] = "",
	};
	struct subject *subject = slot;
	const char *verdict;

	subject->id = need_text(r, object, "id");
	need_text(r, object, "type");
	subject->type = (enum subject_type)get_word(r, object, "type", types,
						    TYPE_WORDS, 0);
	if (!subject->type)
		get_fail(r, "type", "is none of the words it may be");
	if (subject->type == SUBJECT_SCENARIO)
		scenario_get(r, object, subject);
	verdict = need_text(r, object, "verdict");
	subject->verdict = verdict_by_name(verdict);
	if (!subject->verdict && strcmp(verdict, "none") != 0)
		get_fail(r, "verdict", "is none of the words it may be");
	subject->why = get_text(r, object, "why");
	subject->trouble = get_text(r, object, "trouble");
	subject->notes = get_texts(r, object, "notes", &subject->note_count);
	subject->sources =
		get_objects(r, object, "sources", &subject->source_count,
			    sizeof(*subject->sources), source_get);
	subject->runs = get_objects(r, object, "runs", &subject->run_count,
				    sizeof(*subject->runs), run_get);
}
