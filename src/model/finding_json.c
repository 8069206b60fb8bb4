#include <string.h>

#include "model/effect.h"
#include "model/result_parts.h"

static json_t *frame_to_json(struct arena *arena, const struct frame *frame)
{
	json_t *object = json_object();

	put_text(arena, object, "function", frame->function);
	put_text(arena, object, "file", frame->file);
	put_count_if(object, "line", frame->line);
	put_count_if(object, "column", frame->column);
	put_text(arena, object, "module", frame->module);
	if (frame->has_offset)
		put_hex(object, "offset", frame->offset);
	if (frame->pc)
		put_hex(object, "pc", frame->pc);
	put_flag(object, "inlined", frame->is_inlined);
	return object;
}

static void frame_get(struct json_reader *r, const json_t *object, void *slot)
{
	struct frame *frame = slot;

	frame->function = get_text(r, object, "function");
	frame->file = get_text(r, object, "file");
	frame->line = get_unsigned(r, object, "line");
	frame->column = get_unsigned(r, object, "column");
	frame->module = get_text(r, object, "module");
	frame->offset = get_hex(r, object, "offset", &frame->has_offset);
	frame->pc = get_hex(r, object, "pc", NULL);
	frame->is_inlined = get_flag(r, object, "inlined");
}

void stack_put(struct arena *arena, json_t *object, const struct stack *stack)
{
	json_t *frames = json_array();

	for (size_t i = 0; i < stack->count; i++)
		json_array_append_new(frames,
				      frame_to_json(arena, &stack->frames[i]));
	json_object_set_new(object, "frames", frames);
	put_flag_if(object, "lost", stack->is_lost);
}

void stack_get(struct json_reader *r, const json_t *object, struct stack *stack)
{
	stack->frames = get_objects(r, object, "frames", &stack->count,
				    sizeof(*stack->frames), frame_get);
	stack->is_lost = get_flag(r, object, "lost");
}

static void candidate_get(struct json_reader *r, const json_t *object,
			  void *slot)
{
	struct candidate *candidate = slot;

	candidate->cause = need_text(r, object, "cause");
	candidate->confidence = get_share(r, object, "confidence");
	candidate->evidence =
		get_texts(r, object, "evidence", &candidate->evidence_count);
}

static json_t *causes_to_json(struct arena *arena,
			      const struct finding *finding)
{
	json_t *array = json_array();

	for (size_t i = 0; i < finding->cause_count; i++) {
		const struct candidate *c = &finding->causes[i];
		json_t *object = json_object();

		put_text(arena, object, "cause", c->cause);
		put_share(object, "confidence", c->confidence);
		put_texts(arena, object, "evidence", c->evidence,
			  c->evidence_count);
		json_array_append_new(array, object);
	}
	return array;
}

/* Only where there is more than one: `kind` says the rest. */
static void put_kinds(struct arena *arena, json_t *object,
		      const struct finding *finding)
{
	const char *names[KIND_COUNT];
	size_t count = 0;

	for (int kind = 0; kind < KIND_COUNT; kind++)
		if ((finding->kinds >> kind) & 1)
			names[count++] = kind_name((enum kind)kind);
	if (count > 1)
		put_texts(arena, object, "kinds", names, count);
}

static uint64_t get_kinds(struct json_reader *r, const json_t *object)
{
	size_t count;
	const char **names = get_texts(r, object, "kinds", &count);
	uint64_t kinds = 0;

	for (size_t i = 0; i < count; i++)
		kinds |= UINT64_C(1) << kind_by_name(names[i]);
	return kinds;
}

json_t *finding_to_json(struct arena *arena, const struct finding *finding)
{
	static const struct report none;
	const struct report *report = finding->report ? finding->report : &none;
	json_t *object = json_object();

	put_text(arena, object, "fingerprint", finding->fingerprint);
	put_text(arena, object, "family", finding->family);
	if (finding->family_count > 1)
		put_texts(arena, object, "families", finding->families,
			  finding->family_count);
	put_texts(arena, object, "exact", finding->exact, finding->exact_count);
	put_text(arena, object, "kind", kind_name(report->kind));
	put_text(arena, object, "kind_text", report->kind_text);
	put_kinds(arena, object, finding);
	put_text(arena, object, "outcome", finding->outcome);
	json_object_set_new(object, "causes", causes_to_json(arena, finding));
	put_text(arena, object, "practice", finding->practice);
	put_text(arena, object, "shown_by", finding->shown_by);
	put_text(arena, object, "subject", finding->subject);
	put_count(object, "count", finding->count);
	report_put(arena, object, report, finding->excerpts);
	put_text(arena, object, "report", finding->report_path);
	put_text(arena, object, "schedule", finding->schedule);
	kept_put(arena, object, "kept", finding->kept);
	put_text(arena, object, "trace", finding->trace);
	put_text(arena, object, "effect", finding->effect);
	put_text(arena, object, "effect_why", finding->effect_why);
	kept_put(arena, object, "effect_kept", finding->effect_kept);
	if (finding->standing) {
		put_text(arena, object, "standing",
			 standing_name(finding->standing));
		put_text(arena, object, "standing_why", finding->standing_why);
	}
	return object;
}

static bool is_fingerprint(const char *text)
{
	return strlen(text) == FINGERPRINT_HEX &&
	       strspn(text, "0123456789abcdef") == FINGERPRINT_HEX;
}

static void get_families(struct json_reader *r, const json_t *object,
			 struct finding *finding)
{
	finding->families =
		get_texts(r, object, "families", &finding->family_count);
	if (finding->family_count || !finding->family)
		return;
	finding->families = arena_alloc(r->arena, sizeof(char *));
	finding->families[0] = finding->family;
	finding->family_count = 1;
}

static void get_standing(struct json_reader *r, const json_t *object,
			 struct finding *finding)
{
	const char *name = get_text(r, object, "standing");

	if (!name)
		return;
	finding->standing = standing_by_name(name);
	if (!finding->standing)
		get_fail(r, "standing", "is none of new, known, expired");
	finding->standing_why = get_text(r, object, "standing_why");
}

void finding_get(struct json_reader *r, const json_t *object, void *slot)
{
	struct finding *finding = slot;
	struct report *report = arena_alloc(r->arena, sizeof(*report));

	finding->fingerprint = need_text(r, object, "fingerprint");
	if (!is_fingerprint(finding->fingerprint))
		get_fail(r, "fingerprint", "is not 32 hexadecimal digits");
	finding->family = get_text(r, object, "family");
	get_families(r, object, finding);
	finding->exact = get_texts(r, object, "exact", &finding->exact_count);
	report->kind = kind_by_name(need_text(r, object, "kind"));
	report->kind_text = get_text(r, object, "kind_text");
	finding->kinds = get_kinds(r, object);
	finding->outcome = get_text(r, object, "outcome");
	finding->causes =
		get_objects(r, object, "causes", &finding->cause_count,
			    sizeof(*finding->causes), candidate_get);
	finding->practice = get_text(r, object, "practice");
	finding->shown_by = get_text(r, object, "shown_by");
	finding->subject = get_text(r, object, "subject");
	finding->count = get_count(r, object, "count");
	report_get(r, object, report, &finding->excerpts);
	finding->report = report;
	finding->report_path = get_text(r, object, "report");
	finding->schedule = get_text(r, object, "schedule");
	finding->kept = kept_get(r, object, "kept");
	finding->trace = get_text(r, object, "trace");
	finding->effect = get_text(r, object, "effect");
	if (finding->effect && !effect_by_name(finding->effect))
		get_fail(r, "effect", "is none that is known");
	finding->effect_why = get_text(r, object, "effect_why");
	finding->effect_kept = kept_get(r, object, "effect_kept");
	get_standing(r, object, finding);
}
