/*
 * The other places of a finding: relatedLocations to jump to, and a codeFlow
 * that tells each thread's way to its access.
 */
#include <string.h>

#include "model/json_put.h"
#include "model/place.h"
#include "reports/phrase.h"
#include "reports/sarif_parts.h"

enum { MOST_FRAMES = 64, MOST_SIDES = 200 };

/* A deadlock has a side for each thread of the program. */
static size_t side_count(const struct report *report)
{
	return report->access_count < MOST_SIDES ? report->access_count
						 : MOST_SIDES;
}

/* One more location, unless there are enough; takes it. */
static void add(struct sarif *sarif, json_t *list, json_t *location,
		size_t most)
{
	if (json_array_size(list) >= most) {
		json_decref(location);
		sarif->cut_locations++;
		return;
	}
	json_array_append_new(list, location);
}

static void add_related(struct arena *arena, struct sarif *sarif, json_t *list,
			const struct frame *frame, const char *source,
			const char *text)
{
	struct spot spot = spot_of_frame(arena, frame);
	json_t *object;

	if (!spot.file)
		return;
	object = sarif_location(arena, &spot, source);
	json_object_set_new(object, "message", sarif_message(arena, text));
	/* An id of its own, from 1; one is the result's own location. */
	put_count(object, "id", json_array_size(list) + 1);
	add(sarif, list, object, SARIF_MOST_LOCATIONS - 1);
}

/* A thread that only waits for the others, in nobody's code. */
static bool is_bystander(const struct finding *finding, size_t side)
{
	return finding->report->accesses[side].op == OP_WAIT &&
	       !place_is_own(place_of_side(finding, side));
}

static void add_sides(struct arena *arena, struct sarif *sarif, json_t *list,
		      const struct finding *finding)
{
	const struct report *report = finding->report;
	size_t first = 0;

	spot_first_side(finding, &first);
	for (size_t i = 0; i < side_count(report); i++) {
		const struct access *access = &report->accesses[i];

		if (i != first && !is_bystander(finding, i))
			add_related(arena, sarif, list,
				    place_of_side(finding, i),
				    spot_source(finding, i),
				    phrase_access(arena, report, access));
		if (access->held_stack.count)
			add_related(arena, sarif, list,
				    place_of_stack(&access->held_stack), NULL,
				    arena_printf(arena, "%s was taken here",
						 access->holding
							 ? access->holding
							 : "the other mutex"));
	}
}

static void add_location(struct arena *arena, struct sarif *sarif, json_t *list,
			 const struct report *report,
			 const struct location *location)
{
	const char *what = phrase_location(arena, report, location);
	const struct frame declared = {.file = location->file,
				       .line = location->line};
	const struct frame *made = place_of_stack(&location->stack);

	if (!what)
		return;
	if (location->file && location->line)
		add_related(arena, sarif, list, &declared, NULL, what);
	else if (place_is_own(made))
		add_related(arena, sarif, list, made, NULL, what);
}

static void add_makers(struct arena *arena, struct sarif *sarif, json_t *list,
		       const struct report *report)
{
	for (size_t i = 0; i < report->location_count; i++)
		add_location(arena, sarif, list, report, &report->locations[i]);
	for (size_t i = 0; i < report->thread_count; i++) {
		const struct thread_info *t = &report->threads[i];
		const struct frame *frame = place_of_stack(&t->created);

		if (place_is_own(frame))
			add_related(arena, sarif, list, frame, NULL,
				    arena_printf(arena, "%s is created here",
						 phrase_thread(arena, report,
							       t->id)));
	}
	for (size_t i = 0; i < report->mutex_count; i++) {
		const struct mutex_info *m = &report->mutexes[i];
		const struct frame *frame = place_of_stack(&m->created);

		if (place_is_own(frame))
			add_related(arena, sarif, list, frame, NULL,
				    arena_printf(arena, "%s is created here",
						 m->id ? m->id : "a mutex"));
	}
}

/* Steps of a thread's way, from its creation to its access. */
struct way {
	struct arena *arena;
	struct sarif *sarif;
	const struct finding *finding;
	json_t *steps;
	size_t *step_count; /* of all ways */
};

static void add_step(struct way *way, const struct frame *frame,
		     const char *source, const char *text, unsigned nesting,
		     const char *importance)
{
	struct spot spot = spot_of_frame(way->arena, frame);
	json_t *step, *location;

	if (!spot.file)
		return;
	if (*way->step_count >= SARIF_MOST_STEPS) {
		way->sarif->cut_locations++;
		return;
	}
	step = json_object();
	location = sarif_location(way->arena, &spot, source);
	json_object_set_new(location, "message",
			    sarif_message(way->arena, text));
	json_object_set_new(step, "location", location);
	put_count(step, "nestingLevel", nesting);
	put_text(way->arena, step, "importance", importance);
	json_array_append_new(way->steps, step);
	++*way->step_count;
}

/* From the outermost own frame to the one that matters. */
static void add_side(struct way *way, size_t side)
{
	const struct report *report = way->finding->report;
	const struct access *access = &report->accesses[side];
	const struct stack *stack = &access->stack;
	const struct frame *place = place_of_side(way->finding, side);
	size_t own = place ? (size_t)(place - stack->frames) : 0;
	size_t end = stack->count < own + MOST_FRAMES ? stack->count
						      : own + MOST_FRAMES;
	unsigned nesting = 0;

	for (size_t i = end; place && i > own + 1; i--) {
		const struct frame *frame = &stack->frames[i - 1];
		const char *text;

		if (!place_is_own(frame))
			continue;
		text = arena_printf(way->arena, "%s calls", frame->function);
		add_step(way, frame, NULL, text, nesting++, "important");
	}
	add_step(way, place, spot_source(way->finding, side),
		 phrase_access(way->arena, report, access), nesting,
		 "essential");
}

static void add_creation(struct way *way, const char *id)
{
	const struct report *report = way->finding->report;
	const struct thread_info *thread = report_thread(report, id);
	const struct frame *frame =
		thread ? place_of_stack(&thread->created) : NULL;

	if (place_is_own(frame))
		add_step(way, frame, NULL,
			 arena_printf(way->arena, "%s is created",
				      phrase_thread(way->arena, report, id)),
			 0, "unimportant");
}

static bool is_same_thread(const struct access *a, const struct access *b)
{
	return a == b ||
	       (a->thread && b->thread && !strcmp(a->thread, b->thread));
}

/* The ways of all sides of that side's thread, the older first. */
static void add_thread(struct way *way, size_t side)
{
	const struct report *report = way->finding->report;
	const struct access *access = &report->accesses[side];

	if (access->thread)
		add_creation(way, access->thread);
	for (size_t i = side_count(report); i > side; i--)
		if (is_same_thread(access, &report->accesses[i - 1]) &&
		    !is_bystander(way->finding, i - 1))
			add_side(way, i - 1);
}

static bool is_first_of_thread(const struct report *report, size_t side)
{
	for (size_t i = 0; i < side; i++)
		if (is_same_thread(&report->accesses[i],
				   &report->accesses[side]))
			return false;
	return true;
}

static json_t *flows(struct arena *arena, struct sarif *sarif,
		     const struct finding *finding)
{
	const struct report *report = finding->report;
	json_t *threads = json_array();
	size_t steps = 0;

	for (size_t i = 0; i < side_count(report); i++) {
		struct way way = {arena, sarif, finding, json_array(), &steps};
		json_t *flow = json_object();

		if (is_first_of_thread(report, i))
			add_thread(&way, i);
		put_text(arena, flow, "id", report->accesses[i].thread);
		json_object_set_new(
			flow, "message",
			sarif_message(
				arena,
				phrase_thread(arena, report,
					      report->accesses[i].thread)));
		json_object_set(flow, "locations", way.steps);
		if (json_array_size(way.steps))
			json_array_append(threads, flow);
		json_decref(way.steps);
		json_decref(flow);
	}
	return threads;
}

void sarif_put_sides(struct arena *arena, struct sarif *sarif, json_t *result,
		     const struct finding *finding)
{
	json_t *related, *threads;

	if (!finding->report)
		return;
	related = json_array();
	sarif->cut_locations +=
		finding->report->access_count - side_count(finding->report);
	add_sides(arena, sarif, related, finding);
	add_makers(arena, sarif, related, finding->report);
	if (json_array_size(related))
		json_object_set(result, "relatedLocations", related);
	json_decref(related);
	threads = flows(arena, sarif, finding);
	if (json_array_size(threads))
		json_object_set_new(
			result, "codeFlows",
			json_pack("[{s:O}]", "threadFlows", threads));
	json_decref(threads);
}
