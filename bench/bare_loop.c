/*
 * The limit for stress: the loop that a person would write by hand around a
 * scenario, in one ThreadSanitizer process, with threads made once and
 * released by a barrier.  It has no forks, no records, no reports by number,
 * no watching, no noise: what Snag does beyond it is what the ratio shows.
 *
 * Linked with an unchanged file of scenarios and built like it.  A shared role
 * gets THREADS threads.  Prints "N iterations", "S seconds" and "N OUTCOME" for
 * each that the scenario lists, and on stderr what ThreadSanitizer says; ends
 * with 3 when an outcome was seen that the scenario forbids.
 *
 * usage: bare_loop FAMILY/NAME THREADS SECONDS
 */
#include <snag/scenario.h>

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { CLOCK_EVERY = 16 }; /* iterations, as in the harness */

struct snag_self {
	const struct snag_role *role;
	unsigned index, threads;
	uint32_t random;
};

struct snag_run {
	const struct snag_scenario *scenario;
	unsigned threads;
	char outcome[SNAG_MAX_OUTCOME_BYTES + 1];
};

extern const struct snag_entry *const
	entries_begin[] __asm__("__start_snag_entries");
extern const struct snag_entry *const
	entries_end[] __asm__("__stop_snag_entries");

static pthread_barrier_t start, end;
static void *state_now;
static uint64_t counts[SNAG_MAX_OUTCOMES]; /* by line of the scenario */

unsigned snag_index(const struct snag_self *self)
{
	return self->index;
}

unsigned snag_threads(const struct snag_self *self)
{
	return self->threads;
}

uint32_t snag_random(struct snag_self *self, uint32_t below)
{
	self->random = self->random * 1664525 + 1013904223;
	return below ? (self->random >> 8) % below : 0;
}

void snag_point(struct snag_self *self)
{
	(void)self;
	sched_yield();
}

unsigned snag_role_threads(const struct snag_run *run, unsigned role)
{
	unsigned fixed = run->scenario->roles[role].threads;

	return fixed ? fixed : run->threads;
}

void snag_outcome(struct snag_run *run, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(run->outcome, sizeof(run->outcome), fmt, args);
	va_end(args);
}

void snag_skip(struct snag_run *run, const char *reason)
{
	(void)run;
	fprintf(stderr, "bare_loop: skipped: %s\n", reason);
	exit(3);
}

static const struct snag_scenario *find(const char *id)
{
	for (const struct snag_entry *const *e = entries_begin; e < entries_end;
	     e++) {
		size_t n = strlen((*e)->family);

		if (!strncmp(id, (*e)->family, n) && id[n] == '/' &&
		    !strcmp(id + n + 1, (*e)->name))
			return (*e)->scenario;
	}
	return NULL;
}

static void *thread_main(void *argument)
{
	struct snag_self *self = argument;

	for (;;) {
		pthread_barrier_wait(&start);
		self->role->body(self, state_now);
		pthread_barrier_wait(&end);
	}
	return NULL;
}

static void start_threads(struct snag_run *run)
{
	unsigned total = 0;

	for (unsigned r = 0; r < SNAG_MAX_ROLES; r++)
		if (run->scenario->roles[r].body)
			total += snag_role_threads(run, r);
	pthread_barrier_init(&start, NULL, total + 1);
	pthread_barrier_init(&end, NULL, total + 1);
	for (unsigned r = 0; r < SNAG_MAX_ROLES; r++) {
		const struct snag_role *role = &run->scenario->roles[r];
		unsigned n = role->body ? snag_role_threads(run, r) : 0;

		for (unsigned i = 0; i < n; i++) {
			struct snag_self *self = calloc(1, sizeof(*self));
			pthread_t thread;

			if (!self)
				abort();
			*self = (struct snag_self){role, i, n, i};
			if (pthread_create(&thread, NULL, thread_main, self))
				abort();
			pthread_detach(thread);
		}
	}
}

static void count_outcome(const struct snag_run *run)
{
	const struct snag_outcome *lines = run->scenario->outcomes;

	for (unsigned i = 0; i < SNAG_MAX_OUTCOMES && lines[i].when; i++) {
		if (!strcmp(lines[i].when, run->outcome)) {
			counts[i]++;
			return;
		}
	}
}

/* The same steps, and a fresh state each time, as scenario.h promises. */
static void iterate(struct snag_run *run)
{
	const struct snag_scenario *s = run->scenario;
	void *state = calloc(1, s->state_size ? s->state_size : 1);

	if (!state)
		abort();
	run->outcome[0] = '\0';
	if (s->setup && !s->setup(run, state))
		exit(3);
	state_now = state;
	pthread_barrier_wait(&start);
	pthread_barrier_wait(&end);
	if (s->check)
		s->check(run, state);
	if (s->teardown)
		s->teardown(state);
	free(state);
	count_outcome(run);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void print_outcomes(const struct snag_scenario *s)
{
	for (unsigned i = 0; i < SNAG_MAX_OUTCOMES && s->outcomes[i].when; i++)
		printf("%llu %s\n", (unsigned long long)counts[i],
		       s->outcomes[i].when);
}

static bool saw_forbidden(const struct snag_scenario *s)
{
	for (unsigned i = 0; i < SNAG_MAX_OUTCOMES && s->outcomes[i].when; i++)
		if (counts[i] && s->outcomes[i].grade == SNAG_FORBIDDEN)
			return true;
	return false;
}

int main(int argc, char **argv)
{
	struct snag_run run = {.scenario = argc == 4 ? find(argv[1]) : NULL};
	double begin = now(), seconds, took;
	uint64_t iterations = 0;

	if (!run.scenario) {
		fprintf(stderr, "usage: %s FAMILY/NAME THREADS SECONDS\n",
			argv[0]);
		return 2;
	}
	run.threads = (unsigned)atoi(argv[2]);
	seconds = atof(argv[3]);
	start_threads(&run);
	do {
		for (int i = 0; i < CLOCK_EVERY; i++)
			iterate(&run);
		iterations += CLOCK_EVERY;
		took = now() - begin;
	} while (took < seconds);
	printf("%llu iterations\n%.3f seconds\n",
	       (unsigned long long)iterations, took);
	print_outcomes(run.scenario);
	fflush(stdout);
	/* The threads still wait: no last look for leaks, which they are not.
	 */
	_exit(saw_forbidden(run.scenario) ? 3 : 0);
}
