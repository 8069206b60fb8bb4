/*
 * internal.h - the parts of a scenario host, to each other.
 *
 * Nothing here is instrumented: ThreadSanitizer sees the scenario's accesses
 * and the edges stated with __tsan_acquire and __tsan_release, never the
 * harness's own hand-offs, which would order everything and hide every race.
 */
#ifndef SNAG_HARNESS_INTERNAL_H
#define SNAG_HARNESS_INTERNAL_H

#include <snag/scenario.h>
#include <snag/wire.h>

/* The iteration, as setup and check see it. */
struct snag_run {
	const struct snag_entry *entry;
	unsigned role_count, total_threads;
	unsigned role_threads[SNAG_MAX_ROLES];
	uint64_t seed;      /* of this iteration */
	uint64_t iteration; /* its number in the campaign's cell */
	bool is_skipped;
	char outcome[SNAG_OUTCOME_BYTES];
	char skip_reason[SNAG_REASON_BYTES];
};

/* A thread of the pool; one cache line at least, so that neighbours do not
 * disturb each other. */
struct snag_self {
	_Alignas(128) const struct snag_role *role;
	unsigned index, threads; /* within the role, and how many it has */
	unsigned number;         /* within the pool, from 0 */
	int exit_rounds;         /* destructors run since the body ended it */
	unsigned role_number;    /* within the scenario, from 0 */
	int processor;           /* its own, or -1 */
	uint64_t random;
	void *state; /* where there is no pool */
	struct pool *pool;
	char end; /* its address carries "this body is over" */
};

extern struct snag_shared *snag_table; /* the shared table, mapped */

/* host.c: was this program started by the tool?  Then it serves it. */
bool host_is_called(void);
int host_serve(void);
/* ThreadSanitizer's, of this process: it has to be said in each. */
void host_send_reports(void);

/* registry.c: the scenarios linked into this host. */
size_t registry_count(void);
/* This host is a program with a main of its own, which is all it has. */
void registry_set_program(const struct snag_entry *entry);
const struct snag_entry *registry_entry(size_t index);
/* NULL, or one sentence about what is wrong with it (static buffer). */
const char *registry_problem(const struct snag_entry *entry);

/* describe.c */
void describe_scenario(struct snag_payload *out,
		       const struct snag_entry *entry);

/* emit.c: records, without stdio and without malloc. */
bool emit_record(uint32_t type, const struct snag_payload *payload);
bool receive_record(uint32_t *type, struct snag_payload *payload);

/* batch.c: runs the batch and ends the process. */
_Noreturn void batch_run(const struct snag_entry *entry,
			 const struct snag_batch_order *order);

/* program/program.c, in a program with a main of its own: its batch.  NULL in
 * a scenario host. */
extern void (*batch_of_program)(const struct snag_batch_order *order);

/* What the engines need of it.  The state of an iteration that begins: */
struct pool;
void *batch_begin_iteration(struct snag_run *run,
			    const struct snag_batch_order *order,
			    uint64_t number);
/* It is the same iteration as another, counted under this number. */
void batch_count_as(uint64_t number);
/* setup, bodies, check, teardown; false: setup said that it cannot run here. */
typedef void batch_bodies(struct pool *pool, struct snag_run *run, void *state);
bool batch_iterate(batch_bodies *bodies, struct pool *pool,
		   struct snag_run *run, void *state);
uint32_t batch_record_outcome(const char *name, uint64_t iteration);
uint64_t batch_now_ms(void); /* of the real clock */
/* Its last word, and the process's end. */
_Noreturn void batch_end(void);

/* pool.c: the threads of a batch. */
struct pool *pool_start(struct snag_run *run,
			const struct snag_batch_order *order);
/* All bodies of one iteration; returns when each has returned. */
void pool_step(struct pool *pool, struct snag_run *run, void *state);
/* Did a body end its thread (pthread_exit, cancellation)? */
bool pool_is_broken(const struct pool *pool);

/* place.c: one processor for each thread, where the host has so many. */
bool place_init(unsigned first_processor);
int place_thread(unsigned number); /* the caller; its processor, or -1 */
bool place_holds(void);            /* is the caller still there? */
void place_let_go(void);           /* it may run anywhere again; errno stays */

/* hook.c: counts reports and lets the first few of each kind be printed. */
void hook_init(uint32_t scenario); /* of this batch */
void hook_begin(uint64_t iteration);
void hook_mute(bool is_muted); /* reports are neither counted nor printed */
/* A report of that signature that ThreadSanitizer need not make; false: it is
 * to make it after all. */
bool hook_count_repeat(uint32_t signature);
/* Has ThreadSanitizer stopped watching some memory that outlives an
 * iteration, because it reported a race there? */
bool hook_wants_renewal(void);

/* rewatch.c: a report is being made.  False: what it is about outlives the
 * iteration, and cannot be watched again in this process. */
bool rewatch_report(void *report, int mop_count, int loc_count,
		    int mutex_count);
/* Between iterations, when no thread of the program runs. */
void rewatch_all(void);

/* leak.c: threads that the program under test made. */
void leak_begin(void); /* before each iteration */
enum leak { LEAK_NONE = 0, LEAK_UNJOINED, LEAK_RUNNING };
enum leak leak_end(void);

/* noise.c */
void noise_init(enum snag_noise level);
/* Points are passed by at once until this; is_counting: also without noise. */
void noise_arm(bool is_counting);
unsigned noise_processors(void); /* that this process may use */
void noise_enter(uint64_t seed); /* this thread runs a body from now ... */
uint64_t noise_leave(void);      /* ... until now; the points it passed */
void noise_yield(void);
void noise_strike(void); /* may dawdle; errno stays */
/* From points.S: counts, and strikes. */
void snag_noise_point(const uint64_t *registers, uint32_t what, uint64_t pc);

/* points.c: what points.S looks at (POINTS_* of explore/point_kinds.h). */
void points_arm(unsigned char what);
extern __thread unsigned char snag_thread_is_virtual;

/* random.c: SplitMix64 (Steele, Lea, Flood, OOPSLA 2014). */
uint64_t random_next(uint64_t *state);
uint64_t random_mix(uint64_t a, uint64_t b);

/* futex.c: waits that ThreadSanitizer does not see. */
void futex_wait(const uint32_t *word, uint32_t while_value);
void futex_wake_all(const uint32_t *word);

/* ThreadSanitizer's, declared here since the harness needs no header of it. */
void __tsan_acquire(void *address);
void __tsan_release(void *address);

#endif
