/*
 * snag/scenario.h - how to describe a concurrent scenario.
 *
 * A scenario is a value: some state, a few roles run by threads, and what must
 * and may be seen.  A source file defines one or more of them and nothing
 * else; linking it into a scenario host is registering it.  This header is the
 * only one that a scenario needs; it works from C11 and from C++20.
 *
 * One iteration of a scenario, all in one process:
 *
 *   setup(run, state)  ->  every thread of every role, released together  ->
 *   check(run, state)  ->  teardown(state)
 *
 * setup happens-before every body, and every body happens-before check.
 * Between bodies the harness adds no happens-before edge: what orders them is
 * only what the scenario itself does.  Thousands of iterations run in one
 * process, on the same threads, so a scenario must leave nothing behind.
 */
#ifndef SNAG_SCENARIO_H
#define SNAG_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
	SNAG_MAX_ROLES = 8,
	SNAG_MAX_REPORTS = 8,
	SNAG_MAX_OUTCOMES = 16,
	SNAG_MAX_REFS = 4,
	SNAG_MAX_THREADS = 1024, /* of one iteration, over all roles        */
	SNAG_MAX_OUTCOME_BYTES = 63,
};

struct snag_self; /* the running thread, given to a role's body; opaque    */
struct snag_run;  /* the iteration, given to setup and check; opaque       */

/* What a correct harness must conclude about a scenario. */
enum snag_expect {
	SNAG_CLEAN = 1, /* no report, no forbidden outcome, in any schedule */
	SNAG_BROKEN,    /* every REQUIRED line is seen within the budget    */
	SNAG_BLIND,     /* broken, and invisible to ThreadSanitizer: its
			   required outcome is seen.  A report, should a newer
			   runtime print one, is news and not a failure.    */
};

/* How a report or an outcome counts.  Zero is FORBIDDEN on purpose: a line
 * that one forgets to grade fails loudly. */
enum snag_grade {
	SNAG_FORBIDDEN = 0, /* seeing it once fails the scenario            */
	SNAG_ALLOWED,       /* may be seen, need not be                     */
	SNAG_REQUIRED,      /* must be seen at least once within the budget */
};

/* The kinds of report that ThreadSanitizer has. */
enum snag_kind {
	SNAG_DATA_RACE = 1,        /* data race                              */
	SNAG_VPTR_RACE,            /* data race on vptr                      */
	SNAG_USE_AFTER_FREE,       /* heap-use-after-free                    */
	SNAG_VPTR_USE_AFTER_FREE,  /* heap-use-after-free (virtual call...)  */
	SNAG_EXTERNAL_RACE,        /* race on external object                */
	SNAG_THREAD_LEAK,          /* thread leak                            */
	SNAG_MUTEX_DESTROY_LOCKED, /* destroy of a locked mutex              */
	SNAG_MUTEX_DOUBLE_LOCK,    /* double lock of a mutex                 */
	SNAG_MUTEX_INVALID,        /* use of an invalid mutex                */
	SNAG_MUTEX_BAD_UNLOCK,     /* unlock of an unlocked mutex            */
	SNAG_RWLOCK_BAD_LOCK,      /* read lock of a write locked mutex      */
	SNAG_RWLOCK_BAD_UNLOCK,    /* read unlock of a write locked mutex    */
	SNAG_SIGNAL_UNSAFE,        /* signal-unsafe call inside of a signal  */
	SNAG_SIGNAL_ERRNO,         /* signal handler spoils errno            */
	SNAG_LOCK_INVERSION,       /* lock-order-inversion                   */
	SNAG_MUTEX_WRONG_CONTEXT,  /* mutex held in the wrong context        */
};

/* The best practices of free-threaded code that a scenario shows (or, when it
 * is broken, violates). */
enum snag_practice {
	SNAG_IMMUTABLE = 1,          /* build once, freeze, then publish     */
	SNAG_THREAD_SAFE_COLLECTION, /* a collection that locks for you      */
	SNAG_PARTITION,              /* own part for each thread, merge last */
	SNAG_EXECUTOR,               /* hand tasks to a pool, wait on futures*/
	SNAG_MESSAGE_PASSING,        /* give data away through a queue       */
	SNAG_LOCKING,                /* one lock for one datum, one order    */
	SNAG_ATOMICS,                /* every access atomic, right order     */
	SNAG_LIFETIME,               /* one owner; join before you free      */
};

/* The engines an expectation holds for: a mask; 0 means all of them. */
enum snag_engine {
	SNAG_STRESS = 1,  /* real threads, the kernel's schedule             */
	SNAG_EXPLORE = 2, /* virtual threads, a controlled schedule          */
};

/* A role: one body, run by one thread or more. */
struct snag_role {
	const char *name; /* names the threads too; at most 15 bytes show  */
	void (*body)(struct snag_self *self, void *state);
	unsigned threads; /* how many; 0: an equal share of what --threads
			     leaves after the fixed roles, at least 1       */
};

/* What ThreadSanitizer may, must or must not say.  A report that no line
 * describes fails the scenario. */
struct snag_report {
	enum snag_kind kind; /* Required.                               */
	const char *cause;   /* the cause it should be given, such as
				    "lost-update" (`snag explain` lists
				    them): another one is a note in the
				    report, not a failure; NULL: any    */
	enum snag_grade grade;
	const char *between[2]; /* functions of this program at the two
				   sides, in any order; NULL: any function */
	const char *why;        /* one sentence, printed in every report    */
	unsigned engines;       /* mask of snag_engine; 0: all              */
};

/* What an iteration may, must or must not come to.  With no line at all,
 * outcomes are counted and not judged; with one or more, an outcome that no
 * line describes fails the scenario.  The harness's own outcomes ("@...") are
 * always judged: unlisted ones fail. */
struct snag_outcome {
	const char *when; /* what check() recorded, or one of the harness's:
			     "@deadlock" "@hang" "@crash" "@abort" "@exit"
			     "@thread-leak"; "*" is any other that check()
			     records                                       */
	enum snag_grade grade;
	const char *why;   /* one sentence, printed in every report          */
	const char *cause; /* the cause it should be given, as above   */
	unsigned engines;  /* mask of snag_engine; 0: all.  Where a REQUIRED
			      line does not hold for the engine that ran, it
			      is merely ALLOWED                             */
};

struct snag_scenario {
	/* What it is. */
	const char *summary; /* one line, shown by `snag list`.  Required.  */
	const char *repairs; /* id of the broken scenario that this fixes   */
	const char *refs[SNAG_MAX_REFS]; /* papers, standards, CVEs          */
	const char *tags; /* separated by spaces, such as "atomics queue"*/
	enum snag_practice practice; /* shown or violated.  Required.        */
	const char *lesson;      /* what goes wrong, why, and the repair: the
				    text of `snag explain`.  Required.          */
	const char *in_python;   /* the same thing in free-threaded Python, in a
				    line or two                                 */
	enum snag_expect expect; /* Required.                                */

	/* How it runs. */
	size_t state_size; /* bytes; zeroed before each setup; at most
			      16 MiB.  On the heap, made anew each time,
			      so that one iteration's accesses never hide
			      another's.                                  */
	bool (*setup)(struct snag_run *run, void *state);
	/* NULL: nothing to do.  false: the scenario is
	   skipped, with the reason given to
	   snag_skip()                                 */
	struct snag_role roles[SNAG_MAX_ROLES]; /* up to the first without a
				 body; at least one.  Required.              */
	unsigned min_threads; /* of a shared role, fewer make no sense: a
				 smaller --threads is raised to it.  0: 1.
				 A scenario with fixed roles only runs once
				 for any --threads                           */
	void (*check)(struct snag_run *run, void *state); /* NULL: none      */
	void (*teardown)(void *state); /* NULL: none                         */

	const char *(*skip)(void); /* NULL, or returns NULL: runs here; else
				 why not, a static string                    */
	unsigned timeout_ms;       /* of processor time, one iteration; 0: the
				      campaign's.  Longer is a hang               */

	/* What must and may be seen; up to the first without kind or when. */
	struct snag_report reports[SNAG_MAX_REPORTS];
	struct snag_outcome outcomes[SNAG_MAX_OUTCOMES];
};

/* In a role's body. */

/* This thread's number within its role, from 0. */
unsigned snag_index(const struct snag_self *self);
/* How many threads run this role. */
unsigned snag_threads(const struct snag_self *self);
/* A number from 0 to below - 1 that depends only on the campaign's seed, the
 * iteration, the role and the thread.  below 0 is taken as 1. */
uint32_t snag_random(struct snag_self *self, uint32_t below);
/* A place worth switching threads at: real threads yield the processor and
 * noise strikes here, an explored schedule switches here.  Adds no
 * happens-before edge. */
void snag_point(struct snag_self *self);

/* In setup and check. */

/* How many threads run the role of that index in this iteration. */
unsigned snag_role_threads(const struct snag_run *run, unsigned role);
/* In check(): what this iteration came to, formatted as by printf; cut at
 * SNAG_MAX_OUTCOME_BYTES.  The last call counts; without one the outcome is
 * "".  Must not begin with '@'. */
void snag_outcome(struct snag_run *run, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* In setup(), before returning false: why this cannot run here.  Copied. */
void snag_skip(struct snag_run *run, const char *reason);

/*
 * Define and register a scenario:
 *
 *     SNAG_SCENARIO(counter, lost_update) = {
 *             .summary = "...",
 *             ...
 *     };
 *
 * gives it the id "counter/lost_update".  The initialiser stays outside the
 * macro, so that compiler errors, formatters and #ifdef work in it as in any
 * other struct.  Objects with scenarios are linked directly (a CMake OBJECT
 * library) or with --whole-archive: a plain static library drops them.
 */
struct snag_entry {
	const struct snag_scenario *scenario;
	const char *family, *name, *file;
	int line;
	int is_instrumented; /* was this file built with -fsanitize=thread?  */
};

#if defined(__SANITIZE_THREAD__)
#define SNAG_INSTRUMENTED 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define SNAG_INSTRUMENTED 1
#endif
#endif
#ifndef SNAG_INSTRUMENTED
#define SNAG_INSTRUMENTED 0
#endif

#ifdef __cplusplus
#define SNAG_DECLARE_SCENARIO extern
#else
#define SNAG_DECLARE_SCENARIO
#endif

/* Pointers, not entries, in the section: sanitizers put no redzones between
 * them when told not to, and `retain` keeps them under --gc-sections. */
#define SNAG_SCENARIO(family_, name_)                                          \
	SNAG_DECLARE_SCENARIO const struct snag_scenario                       \
		snag_scenario_##family_##_##name_;                             \
	static const struct snag_entry snag_entry_##family_##_##name_ = {      \
		&snag_scenario_##family_##_##name_,                            \
		#family_,                                                      \
		#name_,                                                        \
		__FILE__,                                                      \
		__LINE__,                                                      \
		SNAG_INSTRUMENTED};                                            \
	__attribute__((used, retain, section("snag_entries"),                  \
		       no_sanitize("address"))) static const struct snag_entry \
		*const snag_link_##family_##_##name_ =                         \
			&snag_entry_##family_##_##name_;                       \
	SNAG_DECLARE_SCENARIO const struct snag_scenario                       \
		snag_scenario_##family_##_##name_

#ifdef __cplusplus
}
#endif

#endif
