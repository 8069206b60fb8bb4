#include "strategy/profile.h"

void profile_begin(struct profile *profile)
{
	table_clear(&profile->by_address);
	table_clear(&profile->by_touch);
	table_clear(&profile->by_pc);
	table_clear(&profile->by_class);
	profile->threads = 0;
}

/* How often has the thread been at this code, with now? */
static uint32_t count_visit(struct profile *profile, uint64_t pc,
			    unsigned thread)
{
	uint32_t before = profile->by_pc.count;
	int n = table_add(&profile->by_pc, pc, thread);

	if (n < 0)
		return 0;
	if ((uint32_t)n == before)
		profile->touched[n] = 0;
	return ++profile->touched[n];
}

static struct profile_touch *find_touch(struct profile *profile,
					unsigned object, unsigned thread)
{
	uint32_t before = profile->by_touch.count;
	int n = table_add(&profile->by_touch, object, thread);
	struct profile_object *o = &profile->objects[object];

	if (n < 0)
		return NULL;
	if ((uint32_t)n == before) {
		profile->touches[n] = (struct profile_touch){
			.thread = (uint16_t)thread,
			.next = o->touches,
		};
		o->is_shared = o->touches != 0;
		o->touches = (uint32_t)n + 1;
	}
	return &profile->touches[n];
}

static void touch(struct profile *profile, const struct event *e,
		  unsigned thread)
{
	uint32_t before = profile->by_address.count;
	int object = table_add(&profile->by_address, e->address, 0);
	uint32_t nth = count_visit(profile, e->pc, thread);
	struct profile_touch *t;

	if (object < 0)
		return;
	if ((uint32_t)object == before)
		profile->objects[object] = (struct profile_object){.pc = e->pc};
	t = find_touch(profile, (unsigned)object, thread);
	if (!t)
		return;
	if (!t->count++) {
		t->pc = e->pc;
		t->nth = nth;
	}
	if (!event_is_memory(e) || event_is_write(e))
		profile->objects[object].is_ordered = true;
}

void profile_event(struct profile *profile, const struct strategy_view *view,
		   unsigned thread)
{
	const struct event *e = &view->pending[thread];

	/* Made by who ran last. */
	for (; profile->threads < view->thread_count; profile->threads++)
		profile->parents[profile->threads] = (uint16_t)view->last;
	if (profile_is_touch(e))
		touch(profile, e, thread);
}

void profile_end(struct profile *profile)
{
	for (uint32_t i = 0; i < profile->by_address.count; i++) {
		struct profile_object *o = &profile->objects[i];
		uint32_t before = profile->by_class.count;
		struct profile_class *class;
		int n;

		if (!o->is_shared || !o->is_ordered)
			continue;
		n = table_add(&profile->by_class, o->pc, 0);
		class = &profile->classes[n];
		if ((uint32_t)n == before)
			*class = (struct profile_class){0, 0};
		o->next = class->first;
		class->first = i + 1;
		class->count++;
	}
}

const struct profile_object *profile_draw(const struct profile *profile,
					  uint64_t *random)
{
	const struct profile_class *class;
	const struct profile_object *o;
	uint32_t n;

	if (!profile->by_class.count)
		return NULL;
	n = strategy_below(random, profile->by_class.count);
	class = &profile->classes[n];
	o = &profile->objects[class->first - 1];
	for (n = strategy_below(random, class->count); n; n--)
		o = &profile->objects[o->next - 1];
	return o;
}
