#include "program/program.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "base/stats.h"
#include "program/conclude.h"
#include "program/harvest.h"
#include "program/keep.h"
#include "program/prepare.h"
#include "program/suppressed.h"
#include "program/tidy.h"

enum {
	LOOK_MS = 100, /* between two looks at a run that prints nothing */
	BRIEF_MS = 10, /* where the end of a process cannot be waited for */
};

static bool wants_more(struct program *p)
{
	const struct program_options *o = p->options;

	if (p->is_over || *o->is_interrupted || p->trouble.code)
		return false;
	if (p->limit)
		return p->next <= p->limit;
	return clock_ms() - p->started_ms < o->time_ms;
}

static bool has_bad_end(const struct run *run)
{
	for (size_t i = 0; i < run->outcome_count; i++)
		if (run->outcomes[i].grade == GRADE_FORBIDDEN)
			return true;
	return false;
}

/* Reasons to stop before the budget is used up. */
static void see_if_over(struct program *p)
{
	const struct program_options *o = p->options;
	const struct run *run = program_only_run(p);
	size_t findings = p->result->finding_count;

	if (o->until_fail && (findings || has_bad_end(run)))
		p->is_over = true;
	if (o->stop_after && findings >= o->stop_after)
		p->is_over = true;
	/* More of the same would show no more. */
	if (run->iterations && !p->with_tsan && !p->unknown)
		p->is_over = true;
}

static void start_runs(struct program *p)
{
	for (unsigned i = 0; i < p->options->jobs && wants_more(p); i++) {
		if (p->trials[i].is_busy)
			continue;
		if (!trial_start(&p->trials[i], &p->plan, p->next, &p->trouble))
			return;
		p->next++;
	}
}

static void show(struct program *p)
{
	const struct run *run = program_only_run(p);
	struct arena arena = {0};
	uint64_t s;

	if (!status_line_is_due(&p->progress))
		return;
	s = (clock_ms() - p->started_ms) / 1000;
	status_line_show(
		&p->progress,
		arena_printf(
			&arena, "%2llu:%02llu  %s%s%s  %zu findings",
			(unsigned long long)s / 60, (unsigned long long)s % 60,
			stats_plural(&arena, run->iterations, "run", "runs"),
			p->limit ? " of " : "",
			p->limit ? stats_count(&arena, p->limit) : "",
			p->result->finding_count));
	arena_release(&arena);
}

/* Until something is printed, or a run ends. */
static void wait_for_news(const struct program *p)
{
	struct pollfd fds[PROGRAM_MAX_JOBS * 3];
	int timeout_ms = LOOK_MS;
	nfds_t n = 0;

	for (unsigned i = 0; i < p->options->jobs; i++) {
		const struct trial *t = &p->trials[i];

		if (!t->is_busy)
			continue;
		if (t->pid_fd < 0)
			timeout_ms = BRIEF_MS;
		fds[n++] = (struct pollfd){.fd = t->pid_fd, .events = POLLIN};
		fds[n++] = (struct pollfd){.fd = t->out_fd, .events = POLLIN};
		fds[n++] = (struct pollfd){.fd = t->err_fd, .events = POLLIN};
	}
	poll(fds, n, timeout_ms);
}

static bool look_at_runs(struct program *p)
{
	bool is_any = false;

	for (unsigned i = 0; i < p->options->jobs; i++) {
		struct trial *t = &p->trials[i];

		if (!t->is_busy)
			continue;
		if (trial_look(t, &p->plan, p->symbols)) {
			harvest(p, t);
			trial_release(t);
			see_if_over(p);
		} else {
			is_any = true;
		}
	}
	return is_any;
}

static bool is_trial(const struct program *p, pid_t pid)
{
	for (unsigned i = 0; i < p->options->jobs; i++)
		if (p->trials[i].is_busy && p->trials[i].pid == pid)
			return true;
	return false;
}

/* What a run orphaned is our child, and dead it is ours to bury. */
static void bury_orphans(const struct program *p)
{
	siginfo_t info = {0};

	while (!waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) &&
	       info.si_pid && !is_trial(p, info.si_pid)) {
		waitpid(info.si_pid, NULL, 0);
		info.si_pid = 0;
	}
}

/* The time is up, or nobody waits for it any more. */
static bool is_to_be_cut_off(const struct program *p)
{
	const struct program_options *o = p->options;

	return *o->is_interrupted || p->trouble.code ||
	       (p->is_over && o->until_fail) ||
	       (o->time_ms && clock_ms() - p->started_ms >= o->time_ms &&
		program_only_run(p)->iterations);
}

static void run_all(struct program *p)
{
	bool is_any = true;

	while (is_any || wants_more(p)) {
		start_runs(p);
		wait_for_news(p);
		is_any = look_at_runs(p);
		bury_orphans(p);
		if (is_any && is_to_be_cut_off(p))
			for (unsigned i = 0; i < p->options->jobs; i++)
				if (p->trials[i].is_busy)
					trial_cut_off(&p->trials[i]);
		show(p);
	}
	status_line_clear(&p->progress);
}

/* Reports name the program by where it really is. */
static void program_alias(struct program *p)
{
	char *real = realpath(p->options->probe->path, NULL);

	if (real)
		symbols_alias(p->symbols, real);
	free(real);
}

static bool set_up(struct program *p, const struct program_options *options,
		   struct result *result, struct err *err)
{
	*p = (struct program){.options = options,
			      .result = result,
			      .progress = {.file = options->progress},
			      .next = 1,
			      .started_ms = clock_ms(),
			      .limit = options->runs};
	/* As many as exclude it at 95 % when nothing is seen. */
	if (options->until_rate > 0)
		p->limit = stats_iterations_for(options->until_rate, 0.95);
	if (!prepare_plan(p, err))
		return false;
	prepare_subject(p);
	p->unite = unite_new(result);
	p->symbols = symbols_new();
	program_alias(p);
	p->trials = must_alloc(options->jobs * sizeof(*p->trials));
	memset(p->trials, 0, options->jobs * sizeof(*p->trials));
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	keep_begin(options->out_dir);
	return true;
}

static void tear_down(struct program *p)
{
	free(p->trials);
	suppressed_release(p);
	symbols_free(p->symbols);
	unite_free(p->unite);
	if (p->plan.folder)
		tidy_folder(p->plan.folder);
}

bool program_run(const struct program_options *options, struct result *result,
		 struct err *err)
{
	struct program p;
	bool is_run = set_up(&p, options, result, err);

	if (is_run) {
		run_all(&p);
		conclude(&p);
		if (p.trouble.code && !program_only_run(&p)->iterations) {
			*err = p.trouble;
			is_run = false;
		}
	}
	tear_down(&p);
	result->duration_ms = clock_ms() - p.started_ms;
	return is_run;
}
