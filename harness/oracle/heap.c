/*
 * What the program's calls of malloc and free pass on their way to
 * ThreadSanitizer's.  points.S calls with the saved registers and lets us
 * change them; where a handler returns false, the call goes on with them, and
 * ThreadSanitizer sees the program's own return address.
 *
 * Memory that shared objects get past us (operator new within libstdc++) is
 * known by the allocator's hooks.
 */
#include "oracle/heap.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "explore/point_kinds.h"
#include "explore/walk.h"
#include "explore/world.h"
#include "oracle/fault.h"
#include "oracle/kept.h"
#include "oracle/oracle.h"

enum {
	INTO_FUNCTION = 4,    /* bytes */
	BEHIND = 16,          /* bytes added to each block, never to be used */
	TSAN_LOOKS_AT = 1024, /* bytes of a freed block */
};

/* points.S: any call of malloc and the like passes here. */
unsigned char snag_heap_watched;

bool snag_heap_alloc(uint64_t *registers, uint32_t what, const char *function);
bool snag_heap_free(uint64_t *registers, uint32_t what, const char *function);
bool snag_heap_realloc(uint64_t *registers, uint32_t what,
		       const char *function);
bool snag_heap_usable(uint64_t *registers, uint32_t what, const char *function);

int __sanitizer_install_malloc_and_free_hooks(
	void (*malloc_hook)(const volatile void *, size_t),
	void (*free_hook)(const volatile void *));
int __sanitizer_get_ownership(const volatile void *p);
size_t __sanitizer_get_allocated_size(const volatile void *p);
void __tsan_write_range_pc(void *address, unsigned long size, void *pc);
void *__interceptor_realloc(void *p, size_t size);
/* The linker's: the host's own code. */
extern const char __executable_start[], etext[];

static bool is_tracking, is_keeping;

/* The call that is on its way to ThreadSanitizer. */
static struct {
	bool is_set;
	uint64_t size, asked; /* by the program; of ThreadSanitizer */
	struct trace trace;
} making;
static struct trace freeing;

/* As ThreadSanitizer's traces: within its function, called from there. */
static void trace_of(struct trace *trace, const char *function,
		     const uint64_t *frame)
{
	const struct vthread *t = world.current;

	trace->thread = t ? t->number : 0;
	trace->frames[0] = (uint64_t)(uintptr_t)function + INTO_FUNCTION;
	trace->count = 1;
	if (t)
		trace->count += walk_frames(t, frame, trace->frames + 1,
					    TRACE_FRAMES - 1);
}

static void made(const volatile void *p, size_t asked)
{
	bool is_ours = making.is_set && making.asked == asked;
	struct block *b;

	making.is_set = false;
	if (!p)
		return;
	b = block_born((uint64_t)(uintptr_t)p, is_ours ? making.size : asked,
		       asked);
	if (!b)
		return;
	b->made = is_ours ? making.trace : (struct trace){0};
}

static void is_freed(const volatile void *p)
{
	struct block *b = block_at((uint64_t)(uintptr_t)p);

	if (!b || b->state == BLOCK_NONE || b->state == BLOCK_FREED)
		return;
	if (b->state == BLOCK_LIVE)
		b->freed = freeing;
	freeing.count = 0;
	block_gone(b);
}

bool heap_open(bool tracks)
{
	is_tracking = tracks && blocks_open() && kept_open() &&
		      __sanitizer_install_malloc_and_free_hooks(made, is_freed);
	snag_heap_watched = 1;
	return is_tracking;
}

void heap_keep(bool is_on)
{
	is_keeping = is_on;
}

void heap_release(void)
{
	kept_release_all();
}

static void prepare(uint64_t size, uint64_t *asked, uint64_t more,
		    const char *function, const uint64_t *frame)
{
	making.is_set = true;
	making.size = size;
	if (is_keeping && size < UINT64_MAX - more)
		*asked = size + more;
	making.asked = is_keeping ? *asked : size;
	trace_of(&making.trace, function, frame);
}

static uint64_t more_for(uint64_t alignment)
{
	return alignment > BEHIND && alignment <= 4096 ? alignment : BEHIND;
}

/* Of aligned memory the runtime's hook is not told. */
static void make_aligned(uint64_t *registers, const char *function,
			 const uint64_t *frame)
{
	void *(*make)(uint64_t, uint64_t) =
		(void *(*)(uint64_t, uint64_t))(uintptr_t)function;
	void *p;

	__tsan_func_entry((void *)frame[1]);
	p = make(registers[POINT_FIRST], registers[POINT_SECOND]);
	__tsan_func_exit();
	if (making.is_set)
		made(p, making.asked);
	registers[POINT_FIRST] = (uint64_t)(uintptr_t)p;
}

static void make_aligned_at(uint64_t *registers, const char *function,
			    const uint64_t *frame)
{
	int (*make)(void **, uint64_t, uint64_t) =
		(int (*)(void **, uint64_t, uint64_t))(uintptr_t)function;
	void **place = (void **)registers[POINT_FIRST];
	int result;

	__tsan_func_entry((void *)frame[1]);
	result = make(place, registers[POINT_SECOND], registers[POINT_THIRD]);
	__tsan_func_exit();
	if (!result && making.is_set)
		made(*place, making.asked);
	making.is_set = false;
	registers[POINT_FIRST] = (uint64_t)(unsigned)result;
}

bool snag_heap_alloc(uint64_t *registers, uint32_t what, const char *function)
{
	const uint64_t *frame = registers + POINT_SAVED_FRAME;
	uint64_t *first = registers, *second = registers + 1;

	if (!is_tracking)
		return false;
	switch (what) {
	case HEAP_COUNT_AND_SIZE: {
		uint64_t size;

		if (__builtin_mul_overflow(*first, *second, &size))
			return false;
		*first = 1;
		*second = size;
		prepare(size, second, BEHIND, function, frame);
		break;
	}
	case HEAP_ALIGNMENT_FIRST:
		prepare(*second, second, more_for(*first), function, frame);
		make_aligned(registers, function, frame);
		return true;
	case HEAP_ALIGNMENT_SECOND:
		prepare(registers[POINT_THIRD], &registers[POINT_THIRD], BEHIND,
			function, frame);
		make_aligned_at(registers, function, frame);
		return true;
	default:
		prepare(*first, first, BEHIND, function, frame);
		break;
	}
	return false;
}

/* Within libc a thread may hold locks that are not seen here, and so must not
 * be switched away. */
static bool is_program(uint64_t pc)
{
	return pc - (uintptr_t)__executable_start <
	       (uintptr_t)etext - (uintptr_t)__executable_start;
}

static void take_turn(uint64_t p, const uint64_t *frame)
{
	const struct event event = {
		.pc = frame[1],
		.address = p,
		.size = (uint32_t)__sanitizer_get_allocated_size(
			(const void *)p),
		.kind = SNAG_EVENT_FREE,
	};

	if (is_program(frame[1]))
		world_point(&event);
}

/* May it be freed?  Does not return when it may not. */
static void check_free(uint64_t p, const uint64_t *frame)
{
	const struct block *b = block_at(p);

	if (b && b->state == BLOCK_LIVE)
		return;
	if (b && b->state != BLOCK_NONE)
		fault_stop(SNAG_FAULT_DOUBLE_FREE, p, 0, ORACLE_WRITE, frame,
			   b);
	if (!__sanitizer_get_ownership((const void *)p))
		fault_stop(SNAG_FAULT_INVALID_FREE, p, 0, ORACLE_WRITE, frame,
			   block_near(p));
}

/* As its own free() would have it: a write, made in there. */
static void tell_tsan(const struct block *b, uint64_t pc, const char *function)
{
	uint64_t size = b->size < TSAN_LOOKS_AT ? b->size : TSAN_LOOKS_AT;

	__tsan_func_entry((void *)pc);
	__tsan_write_range_pc((void *)b->begin, size,
			      (void *)(uintptr_t)(function + INTO_FUNCTION));
	__tsan_func_exit();
}

/* True: it is kept apart, and the call is done. */
static bool keep(uint64_t p, const uint64_t *frame, const char *function)
{
	struct block *b = is_keeping ? block_at(p) : NULL;

	trace_of(&freeing, function, frame);
	if (!b || b->state != BLOCK_LIVE)
		return false;
	b->freed = freeing;
	freeing.count = 0;
	tell_tsan(b, frame[1], function);
	block_keep(b);
	kept_add(b);
	return true;
}

bool snag_heap_free(uint64_t *registers, uint32_t what, const char *function)
{
	const uint64_t *frame = registers + POINT_SAVED_FRAME;
	uint64_t p = registers[POINT_FIRST];

	(void)what;
	if (!world.is_active || !p)
		return false;
	take_turn(p, frame);
	if (!is_tracking)
		return false;
	check_free(p, frame);
	return keep(p, frame, function);
}

/* In another place, always: what still points to the old one is to be seen. */
static void *move(uint64_t p, uint64_t size, const char *function,
		  const uint64_t *frame)
{
	const struct block *b = block_at(p);
	uint64_t asked = size, old = b->size;
	void *fresh;

	prepare(size, &asked, BEHIND, function, frame);
	__tsan_func_entry((void *)frame[1]);
	fresh = __interceptor_realloc(NULL, asked);
	__tsan_func_exit();
	if (!fresh)
		return NULL;
	memcpy(fresh, (const void *)p, old < size ? old : size);
	keep(p, frame, function);
	return fresh;
}

bool snag_heap_realloc(uint64_t *registers, uint32_t what, const char *function)
{
	const uint64_t *frame = registers + POINT_SAVED_FRAME;
	uint64_t p = registers[POINT_FIRST], size = registers[POINT_SECOND];
	const struct block *b;

	/* The runtime's hooks are not told of what it makes. */
	if (what == HEAP_COUNT_AND_SIZE) {
		is_tracking = is_keeping = false;
		oracle_give_up();
		return false;
	}
	if (p && world.is_active) {
		take_turn(p, frame);
		if (is_tracking)
			check_free(p, frame);
	}
	if (!is_tracking)
		return false;
	b = p && is_keeping && world.is_active ? block_at(p) : NULL;
	if (!b || b->state != BLOCK_LIVE) {
		trace_of(&freeing, function, frame);
		prepare(size, &registers[POINT_SECOND], p ? 0 : BEHIND,
			function, frame);
		return false;
	}
	if (size) {
		registers[POINT_FIRST] =
			(uint64_t)(uintptr_t)move(p, size, function, frame);
		return true;
	}
	registers[POINT_FIRST] = 0;
	return keep(p, frame, function);
}

bool snag_heap_usable(uint64_t *registers, uint32_t what, const char *function)
{
	const struct block *b = block_at(registers[POINT_FIRST]);

	(void)what;
	(void)function;
	if (!is_tracking || !b || b->state != BLOCK_LIVE)
		return false;
	registers[POINT_FIRST] = b->size;
	return true;
}
