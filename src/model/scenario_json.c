#include <string.h>

#include "model/result_parts.h"

static const char *const engine_words[] = {"stress", "explore"};

static void put_engines(json_t *object, unsigned engines)
{
	json_t *array;

	if (!engines)
		return;
	array = json_array();
	for (unsigned i = 0; i < 2; i++)
		if (engines & (1U << i))
			json_array_append_new(array,
					      json_string(engine_words[i]));
	json_object_set_new(object, "engines", array);
}

static unsigned get_engines(struct json_reader *r, const json_t *object)
{
	unsigned engines = 0;
	size_t count;
	const char **names = get_texts(r, object, "engines", &count);

	for (size_t i = 0; i < count; i++) {
		bool is_stress = !strcmp(names[i], engine_words[0]);

		if (!is_stress && strcmp(names[i], engine_words[1]) != 0)
			get_fail(r, "engines", "names no engine");
		engines |= is_stress ? ENGINE_STRESS : ENGINE_EXPLORE;
	}
	return engines;
}

enum grade get_grade(struct json_reader *r, const json_t *object)
{
	static const char *const words[GRADE_WORDS] = {
		[GRADE_FORBIDDEN] = "forbidden",
		[GRADE_ALLOWED] = "allowed",
		[GRADE_REQUIRED] = "required",
		[GRADE_NONE] = "none",
	};

	return (enum grade)get_word(r, object, "grade", words, GRADE_WORDS,
				    GRADE_NONE);
}

/* The one list whose elements may be null: any function. */
static void put_between(struct arena *arena, json_t *object,
			const char *const between[2])
{
	json_t *array;

	if (!between[0] && !between[1])
		return;
	array = json_array();
	for (int i = 0; i < 2; i++) {
		json_t *one = json_object();

		put_text(arena, one, "f", between[i]);
		json_array_append(array, between[i] ? json_object_get(one, "f")
						    : json_null());
		json_decref(one);
	}
	json_object_set_new(object, "between", array);
}

static void get_between(struct json_reader *r, const json_t *object,
			const char *between[2])
{
	json_t *array = json_object_get(object, "between");

	if (!array || json_is_null(array))
		return;
	if (json_array_size(array) != 2) {
		get_fail(r, "between", "is not a pair");
		return;
	}
	for (size_t i = 0; i < 2; i++) {
		json_t *one = json_array_get(array, i), *holder;

		if (json_is_null(one))
			continue;
		holder = json_object();
		json_object_set(holder, "between", one);
		between[i] = get_text(r, holder, "between");
		json_decref(holder);
	}
}

static json_t *report_line(struct arena *arena,
			   const struct expected_report *line)
{
	json_t *object = json_object();

	put_text(arena, object, "kind", kind_name(line->kind));
	put_text(arena, object, "grade", grade_name(line->grade));
	put_between(arena, object, line->between);
	put_text(arena, object, "cause", line->cause);
	put_text(arena, object, "why", line->why);
	put_engines(object, line->engines);
	return object;
}

static void get_report_line(struct json_reader *r, const json_t *object,
			    void *slot)
{
	struct expected_report *line = slot;

	line->kind = kind_by_name(need_text(r, object, "kind"));
	line->grade = get_grade(r, object);
	get_between(r, object, line->between);
	line->cause = get_text(r, object, "cause");
	line->why = get_text(r, object, "why");
	line->engines = get_engines(r, object);
}

static json_t *outcome_line(struct arena *arena,
			    const struct expected_outcome *line)
{
	json_t *object = json_object();

	put_text(arena, object, "when", line->when);
	put_text(arena, object, "grade", grade_name(line->grade));
	put_text(arena, object, "cause", line->cause);
	put_text(arena, object, "why", line->why);
	put_engines(object, line->engines);
	return object;
}

static void get_outcome_line(struct json_reader *r, const json_t *object,
			     void *slot)
{
	struct expected_outcome *line = slot;

	line->when = need_text(r, object, "when");
	line->grade = get_grade(r, object);
	line->cause = get_text(r, object, "cause");
	line->why = get_text(r, object, "why");
	line->engines = get_engines(r, object);
}

void scenario_put(struct arena *arena, json_t *object,
		  const struct subject *subject)
{
	json_t *reports = json_array(), *outcomes = json_array();

	put_text(arena, object, "file", subject->file);
	put_count_if(object, "line", subject->line);
	put_text(arena, object, "summary", subject->summary);
	if (subject->expect != EXPECT_NONE)
		put_text(arena, object, "expect", expect_name(subject->expect));
	put_text(arena, object, "practice", subject->practice);
	put_text(arena, object, "repairs", subject->repairs);
	put_texts(arena, object, "tags", subject->tags, subject->tag_count);
	put_text(arena, object, "lesson", subject->lesson);
	put_text(arena, object, "in_python", subject->in_python);
	put_texts(arena, object, "refs", subject->refs, subject->ref_count);
	for (size_t i = 0; i < subject->expected_report_count; i++)
		json_array_append_new(
			reports,
			report_line(arena, &subject->expected_reports[i]));
	for (size_t i = 0; i < subject->expected_outcome_count; i++)
		json_array_append_new(
			outcomes,
			outcome_line(arena, &subject->expected_outcomes[i]));
	json_object_set_new(object, "reports", reports);
	json_object_set_new(object, "outcomes", outcomes);
}

void scenario_get(struct json_reader *r, const json_t *object,
		  struct subject *subject)
{
	static const char *const expects[EXPECT_WORDS] = {
		[EXPECT_NONE] = "none",
		[EXPECT_CLEAN] = "clean",
		[EXPECT_BROKEN] = "broken",
		[EXPECT_BLIND] = "blind",
	};

	subject->file = get_text(r, object, "file");
	subject->line = get_unsigned(r, object, "line");
	subject->summary = get_text(r, object, "summary");
	subject->expect = (enum expect)get_word(r, object, "expect", expects,
						EXPECT_WORDS, EXPECT_NONE);
	subject->practice = get_text(r, object, "practice");
	subject->repairs = get_text(r, object, "repairs");
	subject->tags = get_texts(r, object, "tags", &subject->tag_count);
	subject->lesson = get_text(r, object, "lesson");
	subject->in_python = get_text(r, object, "in_python");
	subject->refs = get_texts(r, object, "refs", &subject->ref_count);
	subject->expected_reports = get_objects(
		r, object, "reports", &subject->expected_report_count,
		sizeof(*subject->expected_reports), get_report_line);
	subject->expected_outcomes = get_objects(
		r, object, "outcomes", &subject->expected_outcome_count,
		sizeof(*subject->expected_outcomes), get_outcome_line);
}
