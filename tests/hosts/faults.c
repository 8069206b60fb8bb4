/*
 * Scenarios that misbehave, each in one way: what the harness must survive,
 * name, and clean up after.  Not part of the catalogue.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <snag/scenario.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define FAULT                                            \
	.practice = SNAG_LIFETIME, .expect = SNAG_CLEAN, \
	.lesson = "A fault to be survived.", .state_size = 64

/* Now and then, so that other iterations are counted around it. */
static bool is_time(struct snag_self *self)
{
	return snag_random(self, 50) == 0;
}

static void behave(struct snag_self *self, void *state)
{
	(void)self;
	(void)state;
}

static void crash(struct snag_self *self, void *state)
{
	(void)state;
	if (is_time(self))
		*(volatile int *)8 = 1;
}

static void give_up(struct snag_self *self, void *state)
{
	(void)state;
	if (is_time(self))
		abort();
}

static void leave(struct snag_self *self, void *state)
{
	(void)state;
	if (is_time(self))
		exit(0);
}

static void spin(struct snag_self *self, void *state)
{
	volatile int *stop = state;

	while (is_time(self) && !*stop)
		while (!*stop)
			;
}

/* Asleep, but not in a futex: nobody will ever write. */
static void read_for_ever(struct snag_self *self, void *state)
{
	int fds[2];
	char byte;

	(void)state;
	if (!is_time(self) || pipe(fds))
		return;
	(void)!read(fds[0], &byte, 1);
}

static void nap(struct snag_self *self, void *state)
{
	(void)self;
	(void)state;
	usleep(300 * 1000);
}

static void lock_for_ever(struct snag_self *self, void *state)
{
	static pthread_mutex_t never = PTHREAD_MUTEX_INITIALIZER;

	(void)state;
	if (!is_time(self))
		return;
	pthread_mutex_lock(&never);
	pthread_mutex_lock(&never);
}

static void eat_memory(struct snag_self *self, void *state)
{
	(void)self;
	(void)state;
	for (;;) {
		char *block = mmap(NULL, 16 << 20, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (block != MAP_FAILED)
			memset(block, 1, 16 << 20);
		usleep(1000);
	}
}

static void fork_without_end(struct snag_self *self, void *state)
{
	(void)self;
	(void)state;
	for (;;) {
		pid_t pid = fork();

		if (pid == 0) {
			for (;;)
				pause();
		}
		usleep(500);
	}
}

static void leave_a_daemon(struct snag_self *self, void *state)
{
	(void)state;
	if (snag_index(self) || !is_time(self))
		return;
	if (fork() == 0) {
		setsid();
		for (;;)
			pause();
	}
}

static void print_a_gigabyte(struct snag_self *self, void *state)
{
	static const char line[4096] = "\033[31mred\n";

	(void)state;
	if (snag_index(self))
		return;
	for (int i = 0; i < 1024 * 1024 * 1024 / (int)sizeof(line); i++)
		(void)!write(STDOUT_FILENO, line, sizeof(line));
}

static void hold_many_locks(struct snag_self *self, void *state)
{
	enum { MANY = 200 };
	pthread_mutex_t locks[MANY];

	(void)self;
	(void)state;
	for (int i = 0; i < MANY; i++) {
		pthread_mutex_init(&locks[i], NULL);
		pthread_mutex_lock(&locks[i]);
	}
	for (int i = 0; i < MANY; i++) {
		pthread_mutex_unlock(&locks[i]);
		pthread_mutex_destroy(&locks[i]);
	}
}

static void end_thread(struct snag_self *self, void *state)
{
	(void)state;
	if (is_time(self))
		pthread_exit(NULL);
}

static void *wait_for_ever(void *argument)
{
	(void)argument;
	for (;;)
		pause();
	return NULL;
}

static void leave_a_thread(struct snag_self *self, void *state)
{
	pthread_t thread;

	(void)state;
	if (!snag_index(self) && is_time(self) &&
	    !pthread_create(&thread, NULL, wait_for_ever, NULL))
		pthread_detach(thread);
}

/* As a wild pointer might: the table that the tool reads. */
static void scribble(struct snag_self *self, void *state)
{
	FILE *maps;
	char line[512];
	uintptr_t from, to;

	(void)state;
	if (!is_time(self))
		return;
	maps = fopen("/proc/self/maps", "re");
	while (maps && fgets(line, sizeof(line), maps))
		if (strstr(line, "snag-table") &&
		    sscanf(line, "%" SCNxPTR "-%" SCNxPTR, &from, &to) == 2)
			memset((void *)from, 0xff, to - from);
	abort();
}

/* Into whatever file is open, that of ThreadSanitizer's reports too. */
static void write_everywhere(struct snag_self *self, void *state)
{
	static const char text[] =
		"==================\nWARNING: ThreadSanitizer: data race "
		"\033[31m\xff (pid=1)\n  Write of size 4 at\n";

	(void)state;
	while (!snag_index(self))
		for (int fd = STDERR_FILENO + 1; fd < 100; fd++)
			(void)!write(fd, text, sizeof(text));
}

static void become_true(struct snag_self *self, void *state)
{
	(void)state;
	if (is_time(self))
		execl("/bin/true", "true", (char *)NULL);
}

static void race(struct snag_self *self, void *state)
{
	(void)self;
	++*(volatile int *)state;
}

/*
 * The race is seen, the end of the iteration is not.  There is one iteration
 * only, and ThreadSanitizer can miss two accesses made at the very same time:
 * so they are made one after the other, by turns that order nothing.
 */
static void race_and_stay(struct snag_self *self, void *state)
{
	static atomic_uint turn;
	unsigned mine = snag_index(self);

	while (atomic_load_explicit(&turn, memory_order_relaxed) < mine)
		usleep(100);
	race(self, state);
	atomic_store_explicit(&turn, mine + 1, memory_order_relaxed);
	sleep(60);
}

/* After twenty iterations of a batch, until somebody makes the file "go"; that
 * it waits now is told by the file "waiting". */
static void wait_for_go(struct snag_self *self, void *state)
{
	static unsigned done;

	(void)state;
	if (snag_index(self) || ++done <= 20)
		return;
	close(open("waiting", O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
	while (access("go", F_OK) != 0)
		usleep(5000);
}

static void race_and_wait(struct snag_self *self, void *state)
{
	race(self, state);
	wait_for_go(self, state);
}

static void kill_parent(struct snag_self *self, void *state)
{
	(void)self;
	(void)state;
	kill(getppid(), SIGKILL);
	pause();
}

static bool crash_in_setup(struct snag_run *run, void *state)
{
	(void)run;
	*(volatile int *)state = 1;
	return *(volatile int *)8;
}

static void check_odd(struct snag_run *run, void *state)
{
	(void)state;
	snag_outcome(run, "odd\033[31m\n\xff<b>&|%s", "");
}

static bool refuse(struct snag_run *run, void *state)
{
	(void)state;
	snag_skip(run, "no such device here");
	return false;
}

static const char *skip_always(void)
{
	return "only on the moon";
}

SNAG_SCENARIO(fault, wait) = {FAULT, .summary = "waits for a file",
			      .roles = {{"role", wait_for_go, 0}}};
SNAG_SCENARIO(fault, race_wait) = {
	FAULT, .summary = "races, then waits for a file",
	.roles = {{"role", race_and_wait, 0}}, .min_threads = 2};
SNAG_SCENARIO(fault, none) = {FAULT, .summary = "nothing is wrong",
			      .roles = {{"role", behave, 0}}};
SNAG_SCENARIO(fault, crash) = {FAULT, .summary = "writes to address 8",
			       .roles = {{"role", crash, 0}}};
SNAG_SCENARIO(fault, abort) = {FAULT, .summary = "calls abort",
			       .roles = {{"role", give_up, 0}}};
SNAG_SCENARIO(fault, exit) = {FAULT, .summary = "calls exit(0)",
			      .roles = {{"role", leave, 0}}};
SNAG_SCENARIO(fault, spin) = {FAULT, .summary = "spins for ever",
			      .roles = {{"role", spin, 0}}, .timeout_ms = 300};
SNAG_SCENARIO(fault, read) = {FAULT, .summary = "reads for ever",
			      .roles = {{"role", read_for_ever, 0}},
			      .timeout_ms = 300};
SNAG_SCENARIO(fault, nap) = {FAULT, .summary = "sleeps a third of a second",
			     .roles = {{"role", nap, 0}}};
SNAG_SCENARIO(fault, deadlock) = {FAULT, .summary = "locks a mutex twice",
				  .roles = {{"role", lock_for_ever, 0}}};
SNAG_SCENARIO(fault, memory) = {FAULT, .summary = "allocates without end",
				.roles = {{"role", eat_memory, 0}}};
SNAG_SCENARIO(fault, forks) = {FAULT, .summary = "forks without end",
			       .roles = {{"role", fork_without_end, 0}}};
SNAG_SCENARIO(fault, daemon) = {FAULT, .summary = "leaves a daemon behind",
				.roles = {{"role", leave_a_daemon, 0}}};
SNAG_SCENARIO(fault, print) = {FAULT, .summary = "prints a gigabyte",
			       .roles = {{"role", print_a_gigabyte, 0}}};
SNAG_SCENARIO(fault, locks) = {FAULT, .summary = "holds two hundred locks",
			       .roles = {{"role", hold_many_locks, 0}}};
SNAG_SCENARIO(fault, thread_exit) = {FAULT, .summary = "calls pthread_exit",
				     .roles = {{"role", end_thread, 0}}};
SNAG_SCENARIO(fault, thread) = {FAULT, .summary = "leaves a thread behind",
				.roles = {{"role", leave_a_thread, 0}}};
SNAG_SCENARIO(fault, race) = {FAULT, .summary = "races, and nobody expects it",
			      .roles = {{"role", race, 0}}, .min_threads = 2};
SNAG_SCENARIO(fault, race_stay) = {FAULT, .summary = "races, and does not end",
				   .roles = {{"role", race_and_stay, 0}},
				   .min_threads = 2};
SNAG_SCENARIO(fault, scribble) = {FAULT,
				  .summary = "overwrites the harness's table",
				  .roles = {{"role", scribble, 0}}};
SNAG_SCENARIO(fault, text) = {FAULT, .summary = "writes to files not its own",
			      .roles = {{"role", write_everywhere, 0}}};
SNAG_SCENARIO(fault, exec) = {FAULT, .summary = "becomes another program",
			      .roles = {{"role", become_true, 0}}};
SNAG_SCENARIO(fault, kill) = {FAULT, .summary = "kills its host",
			      .roles = {{"role", kill_parent, 0}}};
SNAG_SCENARIO(fault, setup) = {FAULT, .summary = "crashes in setup",
			       .roles = {{"role", behave, 0}},
			       .setup = crash_in_setup};
SNAG_SCENARIO(fault,
	      outcome) = {FAULT, .summary = "records an outcome full of tricks",
			  .roles = {{"role", behave, 0}}, .check = check_odd,
			  .outcomes = {{.when = "fine",
					.grade = SNAG_ALLOWED,
					.why = "it should be"}}};
SNAG_SCENARIO(fault, refuse) = {FAULT, .summary = "cannot run here",
				.roles = {{"role", behave, 0}},
				.setup = refuse};
SNAG_SCENARIO(fault, skip) = {FAULT, .summary = "may not run here",
			      .roles = {{"role", behave, 0}},
			      .skip = skip_always};
SNAG_SCENARIO(fault, missed) = {
	FAULT, .summary = "requires what never happens",
	.roles = {{"role", behave, 0}},
	.outcomes = {{.when = "never",
		      .grade = SNAG_REQUIRED,
		      .why = "it cannot be seen"},
		     {.when = "", .grade = SNAG_ALLOWED, .why = "always"}}};
