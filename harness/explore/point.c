/*
 * The program's accesses, as schedule points.  points.S calls with the
 * argument registers, what kind of access it is, and the program's own address
 * of the call; ThreadSanitizer is called after the return.
 */
#include <errno.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "explore/engine.h"
#include "explore/point_kinds.h"
#include "explore/shared.h"
#include "explore/world_part.h"
#include "internal.h"
#include "oracle/oracle.h"

void AnnotateBenignRaceSized(const char *file, int line, const void *address,
			     size_t bytes, const char *why);

static enum snag_points mode;

_Static_assert(POINT_READ == SNAG_EVENT_READ &&
		       POINT_ATOMIC_LOAD == SNAG_EVENT_ATOMIC_LOAD &&
		       POINT_WRITE == SNAG_EVENT_WRITE &&
		       POINT_READ_WRITE == SNAG_EVENT_READ_WRITE &&
		       POINT_ATOMIC_STORE == SNAG_EVENT_ATOMIC_STORE &&
		       POINT_ATOMIC_UPDATE == SNAG_EVENT_ATOMIC_UPDATE,
	       "the assembler's numbers are the wire's");

static const uint8_t oracle_how[] = {
	[SNAG_EVENT_READ] = ORACLE_READ,
	[SNAG_EVENT_WRITE] = ORACLE_WRITE,
	[SNAG_EVENT_READ_WRITE] = ORACLE_WRITE,
	[SNAG_EVENT_ATOMIC_LOAD] = ORACLE_ATOMIC | ORACLE_READ,
	[SNAG_EVENT_ATOMIC_STORE] = ORACLE_ATOMIC | ORACLE_WRITE,
	[SNAG_EVENT_ATOMIC_UPDATE] = ORACLE_ATOMIC | ORACLE_WRITE,
};

static void access_point(uint64_t address, uint64_t size, uint32_t kind,
			 uint64_t pc)
{
	const struct event event = {.pc = pc,
				    .address = address,
				    .size = (uint32_t)size,
				    .kind = (uint8_t)kind};

	if (mode == SNAG_POINTS_SHARED && world.alive > 1 &&
	    shared_is_private(&event, world.current->number))
		turn_keep(&event);
	else
		world_point(&event);
}

static bool is_passed(uint32_t kind)
{
	return mode == SNAG_POINTS_SYNC &&
	       (kind == SNAG_EVENT_READ || kind == SNAG_EVENT_WRITE ||
		kind == SNAG_EVENT_READ_WRITE);
}

/* A thread that came about without us is real, and passes. */
static bool is_ours(void)
{
	static __thread bool is_counted;

	if (snag_thread_is_virtual)
		return true;
	if (!is_counted)
		world_uncontrolled(SNAG_REAL_THREADS);
	is_counted = true;
	return false;
}

/* Waits for its turn, and is made then. */
static void access(const uint64_t *registers, int which, uint32_t size,
		   uint32_t kind)
{
	const uint64_t *frame = registers + POINT_SAVED_FRAME;

	if (!is_passed(kind))
		access_point(registers[which], size, kind, frame[1]);
	oracle_check(registers[which], size, oracle_how[kind], frame);
}

void snag_explore_point(const uint64_t *registers, uint32_t what, uint64_t pc)
{
	uint32_t kind = what & 0xff, size = what >> POINT_SIZE_SHIFT;

	if (!world.is_active || !is_ours())
		return;
	(void)pc;
	world.current->points++;
	if (what & POINT_IS_RANGE)
		size = (uint32_t)registers[POINT_SECOND];
	if (what & POINT_IS_COPY) {
		size = (uint32_t)registers[POINT_THIRD];
		access(registers, POINT_SECOND, size, SNAG_EVENT_READ);
	} else if (what & POINT_IS_FILL) {
		size = (uint32_t)registers[POINT_THIRD];
	}
	access(registers, POINT_FIRST, size, kind);
}

void explore_arm(bool is_armed)
{
	points_arm(is_armed ? POINTS_EXPLORE : POINTS_OFF);
}

/* A child that the program forks has real threads, one for now. */
static void in_forked_child(void)
{
	world.is_active = false;
	points_arm(POINTS_OFF);
}

static void before_fork(void)
{
	if (world.is_active)
		world_uncontrolled(SNAG_FORKS);
}

void world_uncontrolled(enum snag_uncontrolled what)
{
	explore_shared->uncontrolled[what]++;
}

void explore_configure(const struct snag_batch_order *order, bool is_fixed)
{
	mode = (enum snag_points)order->points;
	if (mode == SNAG_POINTS_SHARED && (is_fixed || !shared_open()))
		mode = SNAG_POINTS_ALL;
	/* One address for all virtual threads, though each has its own. */
	AnnotateBenignRaceSized(__FILE__, __LINE__, &errno, sizeof(errno), "");
	pthread_atfork(before_fork, NULL, in_forked_child);
}

bool explore_map(void)
{
	struct stat st;
	void *p;

	if (fstat(SNAG_FD_EXPLORE, &st) ||
	    (size_t)st.st_size < sizeof(struct snag_explore))
		return false;
	p = mmap(NULL, sizeof(struct snag_explore), PROT_READ | PROT_WRITE,
		 MAP_SHARED, SNAG_FD_EXPLORE, 0);
	if (p == MAP_FAILED)
		return false;
	explore_shared = p;
	return explore_shared->magic == SNAG_EXPLORE_MAGIC &&
	       explore_shared->bytes == sizeof(struct snag_explore);
}
