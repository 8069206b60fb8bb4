#include "model/result_parts.h"

static json_t *strategies_to_json(struct arena *arena,
				  const struct explored *explored)
{
	json_t *array = json_array();

	for (size_t i = 0; i < explored->strategy_count; i++) {
		const struct explored_strategy *s = &explored->strategies[i];
		json_t *object = json_object();

		put_text(arena, object, "name", s->name);
		put_count(object, "schedules", s->schedules);
		put_count(object, "new_pairs", s->new_pairs);
		put_count(object, "news", s->news);
		json_array_append_new(array, object);
	}
	return array;
}

static void strategy_get(struct json_reader *r, const json_t *object,
			 void *slot)
{
	struct explored_strategy *s = slot;

	s->name = need_text(r, object, "name");
	s->schedules = get_count(r, object, "schedules");
	s->new_pairs = get_count(r, object, "new_pairs");
	s->news = get_count(r, object, "news");
}

static json_t *uncontrolled_to_json(struct arena *arena,
				    const struct explored *explored)
{
	json_t *array = json_array();

	for (size_t i = 0; i < explored->uncontrolled_count; i++) {
		json_t *object = json_object();

		put_text(arena, object, "name", explored->uncontrolled[i].name);
		put_count(object, "count", explored->uncontrolled[i].count);
		json_array_append_new(array, object);
	}
	return array;
}

static void uncontrolled_get(struct json_reader *r, const json_t *object,
			     void *slot)
{
	struct explored_uncontrolled *u = slot;

	u->name = need_text(r, object, "name");
	u->count = get_count(r, object, "count");
}

static json_t *growth_to_json(const struct explored *explored)
{
	json_t *array = json_array();

	for (size_t i = 0; i < explored->growth_count; i++) {
		json_t *object = json_object();

		put_count(object, "iterations", explored->growth[i].iterations);
		put_count(object, "schedules", explored->growth[i].schedules);
		put_count(object, "pairs", explored->growth[i].pairs);
		json_array_append_new(array, object);
	}
	return array;
}

static void growth_get(struct json_reader *r, const json_t *object, void *slot)
{
	struct explored_growth *g = slot;

	g->iterations = get_count(r, object, "iterations");
	g->schedules = get_count(r, object, "schedules");
	g->pairs = get_count(r, object, "pairs");
}

json_t *explored_to_json(struct arena *arena, const struct explored *explored)
{
	json_t *object = json_object();

	put_seed(object, explored->seed);
	put_count(object, "distinct", explored->distinct);
	put_count(object, "pairs", explored->pairs);
	put_count(object, "steps", explored->steps);
	put_count(object, "switches", explored->switches);
	put_count(object, "preemptions", explored->preemptions);
	put_count(object, "most_steps", explored->most_steps);
	put_count(object, "most_preemptions", explored->most_preemptions);
	put_count(object, "most_threads", explored->most_threads);
	put_flag(object, "exhausted", explored->is_exhausted);
	put_text(arena, object, "divergence", explored->divergence);
	json_object_set_new(object, "strategies",
			    strategies_to_json(arena, explored));
	json_object_set_new(object, "uncontrolled",
			    uncontrolled_to_json(arena, explored));
	json_object_set_new(object, "growth", growth_to_json(explored));
	return object;
}

void explored_get(struct json_reader *r, const json_t *object, void *slot)
{
	struct explored *e = slot;

	e->seed = get_seed(r, object);
	e->distinct = get_count(r, object, "distinct");
	e->pairs = get_count(r, object, "pairs");
	e->steps = get_count(r, object, "steps");
	e->switches = get_count(r, object, "switches");
	e->preemptions = get_count(r, object, "preemptions");
	e->most_steps = get_count(r, object, "most_steps");
	e->most_preemptions = get_count(r, object, "most_preemptions");
	e->most_threads = get_unsigned(r, object, "most_threads");
	e->is_exhausted = get_flag(r, object, "exhausted");
	e->divergence = get_text(r, object, "divergence");
	e->strategies = get_objects(r, object, "strategies", &e->strategy_count,
				    sizeof(*e->strategies), strategy_get);
	e->uncontrolled =
		get_objects(r, object, "uncontrolled", &e->uncontrolled_count,
			    sizeof(*e->uncontrolled), uncontrolled_get);
	e->growth = get_objects(r, object, "growth", &e->growth_count,
				sizeof(*e->growth), growth_get);
}

void kept_put(struct arena *arena, json_t *object, const char *key,
	      const struct kept *kept)
{
	json_t *member;

	if (!kept)
		return;
	member = json_object();
	put_text(arena, member, "file", kept->file);
	put_text(arena, member, "strategy", kept->strategy);
	put_count(member, "threads", kept->threads);
	put_seed(member, kept->seed);
	put_count_if(member, "iteration", kept->iteration);
	put_flag_if(member, "cut", kept->is_cut);
	json_object_set_new(object, key, member);
}

static void read_kept(struct json_reader *r, const json_t *object, void *slot)
{
	struct kept *kept = slot;

	kept->file = get_text(r, object, "file");
	kept->strategy = get_text(r, object, "strategy");
	kept->threads = get_unsigned(r, object, "threads");
	kept->seed = get_seed(r, object);
	kept->iteration = get_count(r, object, "iteration");
	kept->is_cut = get_flag(r, object, "cut");
}

const struct kept *kept_get(struct json_reader *r, const json_t *object,
			    const char *key)
{
	struct kept *kept = arena_alloc(r->arena, sizeof(*kept));

	return get_object(r, object, key, read_kept, kept) ? kept : NULL;
}
