/* world_part.h - what world.c, threads.c, turn.c and engine.c share.  For them
 * only. */
#ifndef SNAG_EXPLORE_WORLD_PART_H
#define SNAG_EXPLORE_WORLD_PART_H

#include "explore/world.h"

extern struct event world_events[WORLD_MAX_NUMBERS];

/* world.c: the runnable threads, by number. */
extern uint16_t world_runnable[WORLD_MAX_ALIVE];
extern unsigned world_runnable_count;
/* Of the runnable, those with another `waiting` than V_EAGER. */
extern unsigned world_waiting_count;
void world_make_runnable(struct vthread *thread);
void world_make_blocked(struct vthread *thread);
void world_set_waiting(struct vthread *thread, enum vwaiting waiting);
/* Blocked threads and sleepers whose deadline has come. */
void world_expire(void);
/* The earliest deadline of a blocked or sleeping thread; 0: none. */
uint64_t world_next_deadline(void);
extern uint64_t world_first_deadline; /* not later than that; UINT64_MAX */

/* Main is alone, in a new iteration. */
void world_reset(struct vthread *main, uint64_t iteration);
extern struct vthread *world_threads[WORLD_MAX_NUMBERS];
/* One of those who wait on a condition; NULL: nobody does. */
struct vthread *world_spurious(unsigned which);

/* Between iterations: threads.c. */
void world_begin(uint64_t iteration);
/* All threads but main have ended, and their ends happened before this. */
void world_settle(void);
bool world_all_ended(void); /* but main */
/* A role's thread: the same fiber and stack each time, until renewed. */
struct vthread *world_role(unsigned index, const char *name,
			   void *(*start)(void *), void *argument);
void world_renew_roles(void);
/* Makes and ends so many threads, for what the first ones cost. */
void world_warm_up(unsigned count);

/* turn.c */
void turn_init(const struct strategy *strategy, void *state,
	       uint64_t max_steps);
void turn_set_replay(bool is_replay);
void turn_set_spurious(bool is_spurious);
void turn_begin(uint64_t seed);
void turn_next(struct vthread *self); /* waits for it */
void turn_give_away(void);            /* self does not go on for now */
void turn_publish(struct vthread *self, const struct event *event);
void turn_settle(struct vthread *self); /* its last event is over */
/* As world_point(), but the calling thread goes on and nobody is asked, unless
 * they must be: a replayed schedule says who goes on, a spin waits for others.
 */
void turn_keep(const struct event *event);
bool turn_is_systematic(void); /* sleeps are choices, not draws */
extern uint64_t turn_random;   /* of this iteration's small draws */

/* settle.c: before an iteration; what is in memory at the event's address. */
void settle_begin(void);
uint64_t settle_value(const struct event *event);
void settle_end_spins(void); /* something has changed: they may go on */

/* schedule.c: the turns of the iteration, in shared memory. */
extern struct snag_explore *explore_shared;
void schedule_begin(void);
void schedule_note(unsigned thread, const struct event *event);
/* The schedule of this iteration is worth keeping, once it has ended. */
void schedule_want(enum snag_kept_for why, uint32_t index);
/* True: something was wanted. */
bool schedule_keep(uint64_t iteration, uint32_t strategy);
void schedule_stop(void);
/* What is replayed: turns of explore_shared->replay. */
void schedule_replay_part(uint32_t first, uint32_t end);
/* Replay: the thread whose turn it is; -1: the schedule is over. */
int schedule_replay(void);
/* From now the events are noted, or (is_checking) compared with those noted;
 * the step, from 1, at which they differ, 0: they do not. */
void schedule_compare(bool is_checking);
uint64_t schedule_differs_at(void);
void schedule_replay_own(void); /* what was just run is what to replay */
void schedule_count_distinct(void);

void *__tsan_get_current_fiber(void);
void *__tsan_create_fiber(unsigned flags);
void __tsan_destroy_fiber(void *fiber);
void __tsan_switch_to_fiber(void *fiber, unsigned flags);
void __tsan_set_fiber_name(void *fiber, const char *name);

#endif
