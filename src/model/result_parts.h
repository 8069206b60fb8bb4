/*
 * result_parts.h - the parts of result.json, each there and back.
 *
 * For result_json.c and list_json.c alone.  *_put makes members of an object,
 * *_get reads them into a zeroed struct (json_get.h says what bad input does).
 */
#ifndef SNAG_MODEL_RESULT_PARTS_H
#define SNAG_MODEL_RESULT_PARTS_H

#include "model/json_get.h"
#include "model/json_put.h"
#include "model/result.h"

/* What a scenario is: file to outcomes, without id and type. */
void scenario_put(struct arena *arena, json_t *object,
		  const struct subject *subject);
void scenario_get(struct json_reader *r, const json_t *object,
		  struct subject *subject);
json_t *subject_to_json(struct arena *arena, const struct subject *subject);
void subject_get(struct json_reader *r, const json_t *object, void *subject);
json_t *finding_to_json(struct arena *arena, const struct finding *finding);
void finding_get(struct json_reader *r, const json_t *object, void *finding);
/* The report's own members, in the finding's object; excerpts stand in its
 * accesses. */
void report_put(struct arena *arena, json_t *object,
		const struct report *report, const struct excerpt *excerpts);
void report_get(struct json_reader *r, const json_t *object,
		struct report *report, struct excerpt **excerpts);
json_t *explored_to_json(struct arena *arena, const struct explored *explored);
void explored_get(struct json_reader *r, const json_t *object, void *explored);
/* Member "kept"; NULL is absent. */
void kept_put(struct arena *arena, json_t *object, const char *key,
	      const struct kept *kept);
const struct kept *kept_get(struct json_reader *r, const json_t *object,
			    const char *key);
/* Member "seed": as people write it, and exact beyond what JavaScript counts
 * to. */
void put_seed(json_t *object, uint64_t seed);
uint64_t get_seed(struct json_reader *r, const json_t *object);
/* "frames", and "lost" when they are. */
void stack_put(struct arena *arena, json_t *object, const struct stack *stack);
void stack_get(struct json_reader *r, const json_t *object,
	       struct stack *stack);

/* The words of an enum, as grade_name() and the like give them. */
enum { GRADE_WORDS = 4, EXPECT_WORDS = 4, TYPE_WORDS = 5 };
enum grade get_grade(struct json_reader *r, const json_t *object);

#endif
