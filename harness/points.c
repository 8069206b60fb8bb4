#include "explore/engine.h"
#include "explore/point_kinds.h"

/* Read by points.S at every point: POINTS_OFF costs one comparison. */
unsigned char snag_points_armed;
/* By calls, while an iteration is explored: the one thread that runs the
 * virtual ones. */
__thread unsigned char snag_thread_is_virtual;
void (*snag_point_handler)(const uint64_t *registers, uint32_t what,
			   uint64_t pc) = snag_noise_point;

void points_arm(unsigned char what)
{
	snag_thread_is_virtual = what == POINTS_EXPLORE;
	snag_point_handler =
		what == POINTS_EXPLORE ? snag_explore_point : snag_noise_point;
	__atomic_store_n(&snag_points_armed, what, __ATOMIC_RELAXED);
}
