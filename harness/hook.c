/*
 * Counting reports from inside.
 *
 * ThreadSanitizer calls OnReport under its own lock, before it prints.  The
 * hook counts, notes which iteration it was, and lets only the first few texts
 * of each signature through: text is what the parser reads, counts are what
 * rates are made of.  It must call nothing that ThreadSanitizer intercepts (an
 * instrumented hook deadlocks), and allocates nothing.
 */
#include <sys/syscall.h>
#include <unistd.h>

#include "explore/engine.h"
#include "internal.h"
#include "repeats.h"
#include "report_data.h"

enum { TRACE_FRAMES = 12, MAX_SIDES = 8, PROBES = 64 };

/* The name is C++'s: bool __tsan::OnReport(const ReportDesc *, bool). */
bool hook_on_report(const void *report, bool is_suppressed) __asm__(
	"_ZN6__tsan8OnReportEPKNS_10ReportDescEb");

static uint64_t iteration_now, scenario_salt;
static bool is_renewal_wanted, is_muted;

void hook_mute(bool mutes)
{
	is_muted = mutes;
}

void hook_init(uint32_t scenario)
{
	scenario_salt = (uint64_t)scenario + 1;
}

void hook_begin(uint64_t iteration)
{
	__atomic_store_n(&iteration_now, iteration, __ATOMIC_RELAXED);
}

bool hook_wants_renewal(void)
{
	return __atomic_load_n(&is_renewal_wanted, __ATOMIC_RELAXED);
}

static uint64_t hash_trace(void *const *trace, uint64_t salt)
{
	uint64_t h = salt;

	for (int i = 0; i < TRACE_FRAMES && trace[i]; i++)
		h = random_mix(h, (uint64_t)(uintptr_t)trace[i]);
	return h;
}

/* A leak has no place but that where its thread was made. */
static uint64_t hash_threads(void *report, int thread_count)
{
	uint64_t sum = 0;
	void *trace[TRACE_FRAMES];

	for (int i = 0; i < thread_count && i < MAX_SIDES; i++) {
		int tid, running, parent;
		unsigned long os_id;
		const char *name;

		memset(trace, 0, sizeof(trace));
		__tsan_get_report_thread(report, (unsigned long)i, &tid, &os_id,
					 &running, &name, &parent, trace,
					 TRACE_FRAMES);
		sum += hash_trace(trace, 2);
	}
	return sum;
}

/* The same two places in either order are one signature; one scenario's are
 * never another's. */
static uint64_t signature_of(void *report, const char *description,
			     int mop_count, int stack_count, int thread_count)
{
	uint64_t sum = 0, kind = scenario_salt;
	void *trace[TRACE_FRAMES];

	while (*description)
		kind = random_mix(kind, (uint64_t)*description++);
	for (int i = 0; i < mop_count && i < MAX_SIDES; i++) {
		int tid, size, write, atomic;
		void *addr;

		memset(trace, 0, sizeof(trace));
		__tsan_get_report_mop(report, (unsigned long)i, &tid, &addr,
				      &size, &write, &atomic, trace,
				      TRACE_FRAMES);
		sum += hash_trace(trace,
				  (uint64_t)write * 2 + (uint64_t)atomic);
	}
	for (int i = 0; !mop_count && i < stack_count && i < MAX_SIDES; i++) {
		memset(trace, 0, sizeof(trace));
		__tsan_get_report_stack(report, (unsigned long)i, trace,
					TRACE_FRAMES);
		sum += hash_trace(trace, 1);
	}
	if (!mop_count && !stack_count)
		sum = hash_threads(report, thread_count);
	return random_mix(kind, sum) | 1;
}

static struct snag_shared_signature *signature_slot(uint64_t key)
{
	for (uint64_t i = 0; i < PROBES; i++) {
		struct snag_shared_signature *s =
			&snag_table->signatures[(key + i) %
						SNAG_SHARED_SIGNATURES];

		if (!s->is_used) {
			s->key = key;
			s->is_used = 1;
		}
		if (s->key == key)
			return s;
	}
	return NULL;
}

static void add_event(struct snag_shared_signature *s, uint64_t iteration)
{
	uint32_t at;

	explore_saw_report((uint32_t)(s - snag_table->signatures),
			   !s->last_iteration);
	if (s->last_iteration == iteration + 1)
		return;
	s->last_iteration = iteration + 1;
	at = __atomic_fetch_add(&snag_table->event_count, 1, __ATOMIC_RELAXED);
	if (at >= SNAG_SHARED_EVENTS) {
		__atomic_fetch_sub(&snag_table->event_count, 1,
				   __ATOMIC_RELAXED);
		snag_table->dropped_events++;
		return;
	}
	snag_table->events[at].iteration = iteration;
	snag_table->events[at].signature =
		(uint32_t)(s - snag_table->signatures);
	/* Nearly full: let the next batch begin with an empty table. */
	if (at > SNAG_SHARED_EVENTS - SNAG_SHARED_EVENTS / 8)
		__atomic_store_n(&is_renewal_wanted, true, __ATOMIC_RELAXED);
}

static void write_marker(uint64_t key)
{
	char line[sizeof(SNAG_REPORT_MARKER) + 18];
	size_t n = sizeof(SNAG_REPORT_MARKER) - 1;

	memcpy(line, SNAG_REPORT_MARKER, n);
	for (int shift = 60; shift >= 0; shift -= 4)
		line[n++] = "0123456789abcdef"[(key >> shift) & 15];
	line[n++] = '\n';
	/* Not write(): that is the program's, and may pass control on. */
	syscall(SYS_write, SNAG_FD_REPORTS, line, n);
}

/* Text is bounded; the first of its kind always gets through a fresh batch. */
static bool is_text_full(void)
{
	return syscall(SYS_lseek, SNAG_FD_REPORTS, 0, SEEK_END) >
	       SNAG_TEXT_BYTES_A_BATCH;
}

bool hook_count_repeat(uint32_t signature)
{
	struct snag_shared_signature *s = &snag_table->signatures[signature];

	if (is_muted)
		return false;
	snag_table->reports++;
	s->reports++;
	add_event(s, __atomic_load_n(&iteration_now, __ATOMIC_RELAXED));
	return true;
}

bool hook_on_report(const void *const_report, bool is_suppressed)
{
	void *report = (void *)(uintptr_t)const_report;
	const char *description = "";
	int count, stacks, mops, locs, mutexes, threads, tids;
	void *sleep_trace[1];
	struct snag_shared_signature *s;
	uint64_t key, race = repeats_take();
	bool is_lasting;

	if (is_suppressed || !snag_table)
		return is_suppressed;
	__tsan_get_report_data(report, &description, &count, &stacks, &mops,
			       &locs, &mutexes, &threads, &tids, sleep_trace,
			       1);
	/* The iteration has left traces in the runtime: then the batch ends
	 * early, so that the next one is watched again. */
	is_lasting = !rewatch_report(report, mops, locs, mutexes);
	if (is_lasting)
		__atomic_store_n(&is_renewal_wanted, true, __ATOMIC_RELAXED);
	if (is_muted)
		return true;
	snag_table->reports++;
	key = signature_of(report, description, mops, stacks, threads);
	s = signature_slot(key);
	if (!s) {
		snag_table->dropped_signatures++;
		return true;
	}
	s->reports++;
	add_event(s, __atomic_load_n(&iteration_now, __ATOMIC_RELAXED));
	if (s->texts >= SNAG_TEXTS_A_SIGNATURE) {
		if (!is_lasting)
			repeats_learn(race,
				      (uint32_t)(s - snag_table->signatures));
		return true;
	}
	if (is_text_full())
		return true;
	s->texts++;
	write_marker(key);
	return false;
}
