#include "campaign/watch.h"

#include <snag/scenario.h>
#include <string.h>
#include <sys/stat.h>

#include "base/proc.h"

enum {
	LOOK_EVERY_MS = 20,
	COUNT_EVERY_MS = 200,
	STILL_MS = 60,     /* without progress, before threads are looked at */
	DEADLOCK_MS = 100, /* of not running at all, to be sure */
	LIKELY_MS = 1000,  /* where the time limit of a wait cannot be read */
	GONE_MS = 2000,    /* without its host saying that it ended */
	WALL_FACTOR = 6,   /* of the limit, for one that naps and naps */
	MAX_COUNTED = 2048,
	TEXT_FACTOR = 8, /* over the harness's own bound: not ours any more */
};

/* True when the batch has got on since the last look. */
static bool has_progressed(struct worker *w, uint64_t now_ms)
{
	struct watch *watch = &w->watch;
	uint64_t current =
		__atomic_load_n(&w->table->current, __ATOMIC_ACQUIRE);
	uint64_t completed =
		__atomic_load_n(&w->table->completed, __ATOMIC_ACQUIRE);

	if (current == watch->current && completed == watch->completed &&
	    watch->cpu_ns)
		return false;
	watch->current = current;
	watch->completed = completed;
	watch->changed_ms = now_ms;
	watch->idle_since_ms = 0;
	if (!proc_cpu_ns(w->batch, &watch->cpu_ns) || !watch->cpu_ns)
		watch->cpu_ns = 1;
	return true;
}

/* Since when has no thread of the batch run? */
static uint64_t idle_ms(struct worker *w, uint64_t now_ms)
{
	struct watch *watch = &w->watch;
	struct proc_sample sample;

	memset(&sample, 0, sizeof(sample));
	if (!proc_sample_take(w->batch, &sample)) {
		if (!watch->gone_since_ms)
			watch->gone_since_ms = now_ms;
		return 0;
	}
	watch->gone_since_ms = 0;
	/* A stopped thread does not run either. */
	if (sample.sleeping < sample.threads ||
	    sample.cpu_ns != watch->idle_cpu_ns ||
	    sample.switches != watch->idle_switches || !watch->idle_since_ms) {
		watch->idle_cpu_ns = sample.cpu_ns;
		watch->idle_switches = sample.switches;
		watch->idle_since_ms = now_ms;
	}
	return now_ms - watch->idle_since_ms;
}

/* From outside: by a child, or by a signal that the program handles. */
static bool may_be_woken(pid_t batch)
{
	pid_t child;

	return proc_tree(batch, &child, 1) > 0 || proc_may_be_signalled(batch);
}

static enum ended_by look_at_threads(struct worker *w, uint64_t limit_ms,
				     uint64_t now_ms)
{
	uint64_t idle = idle_ms(w, now_ms), cpu_ns = 0;
	enum deadlock deadlock;

	if (w->watch.gone_since_ms &&
	    now_ms >= w->watch.gone_since_ms + GONE_MS)
		return ENDED_FOR_SILENCE;
	/* A failed CHECK can deadlock in printing its own stack. */
	if (worker_has_fatal_text(w))
		return ENDED_FOR_FATAL;
	/* One thread of the kernel's runs all of explore's: the harness sees
	 * who waits for whom. */
	if (w->order.engine != SNAG_EXPLORE && idle >= DEADLOCK_MS) {
		deadlock = proc_is_deadlocked(w->batch);
		if (deadlock == DEADLOCK_YES && !may_be_woken(w->batch))
			return ENDED_FOR_DEADLOCK;
		if (deadlock != DEADLOCK_NO &&
		    idle >= (deadlock == DEADLOCK_YES ? limit_ms : LIKELY_MS))
			return ENDED_FOR_DEADLOCK;
	}
	if (idle >= limit_ms ||
	    now_ms - w->watch.changed_ms >= limit_ms * WALL_FACTOR)
		return ENDED_FOR_HANG;
	if (proc_cpu_ns(w->batch, &cpu_ns) &&
	    cpu_ns > w->watch.cpu_ns + limit_ms * 1000000)
		return ENDED_FOR_HANG;
	return ENDED_BY_ITSELF;
}

static enum ended_by look_at_bounds(struct worker *w,
				    const struct watch_limits *limits)
{
	pid_t pids[MAX_COUNTED];
	/* Of the host: what a batch orphans becomes the host's child. */
	size_t n = proc_tree(w->host, pids, MAX_COUNTED);
	uint64_t total = 0, bytes;
	struct stat st;

	if (n > (size_t)limits->processes + 1)
		return ENDED_FOR_PROCESSES;
	for (size_t i = 0; i < n; i++)
		if (proc_rss_bytes(pids[i], &bytes))
			total += bytes;
	if (total > limits->rss_bytes)
		return ENDED_FOR_MEMORY;
	if (!fstat(w->reports_fd, &st) &&
	    st.st_size > (off_t)SNAG_TEXT_BYTES_A_BATCH * TEXT_FACTOR)
		return ENDED_FOR_TEXT;
	return ENDED_BY_ITSELF;
}

enum ended_by watch_look(struct worker *w, const struct watch_limits *limits)
{
	uint64_t now_ms = clock_ms();

	if (w->state != WORKER_BUSY ||
	    now_ms < w->watch.looked_ms + LOOK_EVERY_MS)
		return ENDED_BY_ITSELF;
	w->watch.looked_ms = now_ms;
	if (now_ms >= w->watch.counted_ms + COUNT_EVERY_MS) {
		enum ended_by why = look_at_bounds(w, limits);

		w->watch.counted_ms = now_ms;
		if (why != ENDED_BY_ITSELF)
			return why;
	}
	if (has_progressed(w, now_ms) ||
	    now_ms < w->watch.changed_ms + STILL_MS)
		return ENDED_BY_ITSELF;
	return look_at_threads(w, limits->iteration_ms, now_ms);
}
