#include "virtual/object.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FIRST_SLOTS = 1024, PER_CENT_FULL = 60, SMALL_BYTES = 4096 };

static struct object *slots;
static size_t slot_count, used;

static struct object *map(size_t count)
{
	long at = syscall(SYS_mmap, NULL, count * sizeof(struct object),
			  PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			  -1, 0);

	return at == -1 ? NULL : (struct object *)at;
}

static size_t home_of(const void *address, size_t count)
{
	return (size_t)(((uint64_t)(uintptr_t)address >> 2) *
				0x9e3779b97f4a7c15U >>
			20) &
	       (count - 1);
}

static struct object *slot_of(struct object *in, size_t count,
			      const void *address)
{
	size_t at = home_of(address, count);

	while (in[at].address && in[at].address != address)
		at = (at + 1) & (count - 1);
	return &in[at];
}

/* What earlier iterations left without an init call of its own is dropped on
 * the way. */
static void grow(void)
{
	size_t count = slot_count ? slot_count * 2 : FIRST_SLOTS;
	struct object *fresh = map(count);

	if (!fresh)
		abort();
	used = 0;
	for (size_t i = 0; i < slot_count; i++) {
		const struct object *o = &slots[i];

		if (!o->address ||
		    (o->iteration != world.iteration + 1 && !o->limit))
			continue;
		*slot_of(fresh, count, o->address) = *o;
		used++;
	}
	if (slots)
		syscall(SYS_munmap, slots, slot_count * sizeof(*slots));
	slots = fresh;
	slot_count = count;
}

static void renew(struct object *o, enum object_type type)
{
	uint32_t limit = o->type == type ? o->limit : 0;
	const void *address = o->address;

	memset(o, 0, sizeof(*o));
	o->address = address;
	o->type = (uint8_t)type;
	o->limit = limit;
	o->value = limit;
	o->iteration = world.iteration + 1;
}

struct object *object_at(const void *address, enum object_type type)
{
	struct object *o;

	if (used * 100 >= slot_count * PER_CENT_FULL)
		grow();
	o = slot_of(slots, slot_count, address);
	if (!o->address) {
		o->address = address;
		used++;
	}
	if (o->iteration != world.iteration + 1 || o->type != type)
		renew(o, type);
	return o;
}

struct object *object_find(const void *address)
{
	struct object *o = slots ? slot_of(slots, slot_count, address) : NULL;

	return o && o->address && o->iteration == world.iteration + 1 ? o
								      : NULL;
}

/* Its slot stays taken, lest others are no longer found behind it. */
void object_forget(const void *address)
{
	struct object *o = slots ? slot_of(slots, slot_count, address) : NULL;

	if (o && o->address) {
		o->limit = 0;
		o->iteration = 0;
		o->type = OBJECT_NONE;
	}
}

void object_forget_range(const void *address, size_t bytes)
{
	const char *low = address;

	if (!used)
		return;
	if (bytes <= SMALL_BYTES) {
		for (size_t i = 0; i < bytes; i += 4)
			object_forget(low + i);
		return;
	}
	for (size_t i = 0; i < slot_count; i++)
		if ((const char *)slots[i].address >= low &&
		    (const char *)slots[i].address < low + bytes)
			object_forget(slots[i].address);
}

int16_t object_holder(const void *address)
{
	const struct object *o = object_find(address);

	return o && o->owner ? (int16_t)o->owner->number : -1;
}

/* From points.S: the program makes or destroys the object at its first
 * argument. */
void snag_forget_object(const uint64_t *registers);

void snag_forget_object(const uint64_t *registers)
{
	object_forget((const void *)registers[0]);
}
