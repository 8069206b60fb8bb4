/* What waits, under explore: time, descriptors, children, signals, futexes,
 * mutexes; see world.h. */
#include <linux/futex.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "world.h"

/* Virtual time passes, and not the real one. */
static void pass_time(struct snag_self *self, void *state)
{
	struct timespec a, b, hour = {3600, 0};

	(void)self;
	clock_gettime(CLOCK_MONOTONIC, &a);
	WANT(!nanosleep(&hour, NULL));
	WANT(!usleep(1000));
	WANT(!sleep(60));
	clock_gettime(CLOCK_MONOTONIC, &b);
	WANT(b.tv_sec - a.tv_sec >= 3660);
	WANT(b.tv_sec - a.tv_sec < 3700);
}

static void wait_for_time(struct snag_self *self, void *state)
{
	struct timespec now, until;

	(void)self;
	(void)state;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += 2;
	do
		clock_gettime(CLOCK_MONOTONIC, &now);
	while (now.tv_sec < until.tv_sec);
}

SNAG_SCENARIO(world, virtual_time) = {
	WORLD, .setup = setup, .check = check, .teardown = teardown,
	.roles = {{"sleeper", pass_time, 1}, {"looker", wait_for_time, 1}}};

static void time_out(struct snag_self *self, void *state)
{
	struct state *s = state;
	struct timespec until;

	(void)self;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 100;
	WANT(sem_timedwait(&s->sem, &until) == -1 && errno == ETIMEDOUT);
	pthread_mutex_lock(&s->lock);
	until.tv_sec += 100;
	while (pthread_cond_timedwait(&s->cond, &s->lock, &until) != ETIMEDOUT)
		;
	pthread_mutex_unlock(&s->lock);
}

SNAG_SCENARIO(world, timeouts) = {WORLD, .setup = setup, .check = check,
				  .teardown = teardown,
				  .roles = {{"waiter", time_out, 2}}};

/* Pipes: a reader waits, a writer fills. */
enum { BIG = 200 * 1000 };

static bool setup_pipes(struct snag_run *run, void *state)
{
	struct state *s = state;

	return setup(run, state) && !pipe(s->fds) && !pipe(s->back);
}

static void teardown_pipes(void *state)
{
	struct state *s = state;

	for (int i = 0; i < 2; i++) {
		close(s->fds[i]);
		close(s->back[i]);
	}
	teardown(state);
}

static void write_much(struct snag_self *self, void *state)
{
	struct state *s = state;
	char *block = calloc(1, BIG), byte = 0;

	(void)self;
	WANT(write(s->fds[1], block, BIG) == BIG);
	WANT(read(s->back[0], &byte, 1) == 1);
	WANT(byte == 'x');
	free(block);
}

static void read_much(struct snag_self *self, void *state)
{
	struct state *s = state;
	struct pollfd p = {.fd = s->fds[0], .events = POLLIN};
	char block[4096];
	size_t sum = 0;

	(void)self;
	while (sum < BIG) {
		ssize_t n;

		WANT(poll(&p, 1, -1) == 1);
		n = read(s->fds[0], block, sizeof(block));
		if (n <= 0)
			break;
		sum += (size_t)n;
	}
	WANT(sum == BIG);
	WANT(poll(&p, 1, 1000) == 0);
	WANT(write(s->back[1], "x", 1) == 1);
}

SNAG_SCENARIO(world, pipes) = {
	WORLD, .setup = setup_pipes, .check = check, .teardown = teardown_pipes,
	.roles = {{"writer", write_much, 1}, {"reader", read_much, 1}}};

/* A child process, real, beside virtual threads. */
static void have_child(struct snag_self *self, void *state)
{
	int status = -1;
	pid_t pid = fork();

	(void)self;
	if (!pid)
		_exit(3);
	WANT(waitpid(pid, &status, 0) == pid);
	WANT(WIFEXITED(status) && WEXITSTATUS(status) == 3);
}

static void count_on(struct snag_self *self, void *state)
{
	(void)self;
	for (int i = 0; i < 5; i++)
		((struct state *)state)->steps++;
}

SNAG_SCENARIO(world, child) = {
	WORLD, .setup = setup, .check = check, .teardown = teardown,
	.roles = {{"parent", have_child, 2}, {"other", count_on, 1}}};

/* A signal to another thread is handled there. */
static atomic_int handled;
static _Atomic(pthread_t) handler_of;

static void handle(int signal)
{
	(void)signal;
	handler_of = pthread_self();
	handled++;
}

static void *wait_handled(void *state)
{
	(void)state;
	while (!handled)
		sleep(1000);
	return NULL;
}

static void send_signal(struct snag_self *self, void *state)
{
	struct sigaction action = {.sa_handler = handle}, before;
	pthread_t thread;

	(void)self;
	handled = 0;
	sigaction(SIGUSR1, &action, &before);
	pthread_create(&thread, NULL, wait_handled, state);
	WANT(!pthread_kill(thread, SIGUSR1));
	pthread_join(thread, NULL);
	WANT(handled == 1);
	WANT(pthread_equal(handler_of, thread));
	raise(SIGUSR1);
	WANT(pthread_equal(handler_of, pthread_self()));
	sigaction(SIGUSR1, &before, NULL);
}

SNAG_SCENARIO(world, signals) = {WORLD, .setup = setup, .check = check,
				 .teardown = teardown,
				 .roles = {{"sender", send_signal, 1}}};

/* A futex of the program's own. */
static void wait_word(struct snag_self *self, void *state)
{
	struct state *s = state;

	(void)self;
	while (!s->word)
		syscall(SYS_futex, &s->word, FUTEX_WAIT_PRIVATE, 0, NULL, NULL,
			0);
}

static void wake_word(struct snag_self *self, void *state)
{
	struct state *s = state;

	(void)self;
	s->word = 1;
	syscall(SYS_futex, &s->word, FUTEX_WAKE_PRIVATE, 10, NULL, NULL, 0);
}

SNAG_SCENARIO(world, raw_futex) = {
	WORLD, .setup = setup, .check = check, .teardown = teardown,
	.roles = {{"waiter", wait_word, 2}, {"waker", wake_word, 1}}};

/* Mutexes of each type say what they find. */
static void try_types(struct snag_self *self, void *state)
{
	static const int types[] = {PTHREAD_MUTEX_NORMAL,
				    PTHREAD_MUTEX_RECURSIVE,
				    PTHREAD_MUTEX_ERRORCHECK};
	pthread_mutexattr_t attr;
	pthread_mutex_t m;

	(void)self;
	for (int i = 0; i < 3; i++) {
		pthread_mutexattr_init(&attr);
		pthread_mutexattr_settype(&attr, types[i]);
		pthread_mutex_init(&m, &attr);
		WANT(!pthread_mutex_lock(&m));
		if (types[i] == PTHREAD_MUTEX_RECURSIVE) {
			WANT(!pthread_mutex_trylock(&m));
			WANT(!pthread_mutex_unlock(&m));
		} else {
			WANT(pthread_mutex_trylock(&m) == EBUSY);
		}
		if (types[i] == PTHREAD_MUTEX_ERRORCHECK)
			WANT(pthread_mutex_lock(&m) == EDEADLK);
		WANT(!pthread_mutex_unlock(&m));
		WANT(!pthread_mutex_destroy(&m));
		pthread_mutexattr_destroy(&attr);
	}
}

SNAG_SCENARIO(world, mutex_types) = {WORLD, .setup = setup, .check = check,
				     .teardown = teardown,
				     .roles = {{"user", try_types, 2}}};

/* A wait without a loop: right where nothing wakes it but a signal. */
static void wait_once(struct snag_self *self, void *state)
{
	struct state *s = state;

	(void)self;
	pthread_mutex_lock(&s->lock);
	if (!s->sum)
		pthread_cond_wait(&s->cond, &s->lock);
	if (!s->sum)
		strcpy(s->wrong, "nobody had signalled");
	pthread_mutex_unlock(&s->lock);
}

static void signal_once(struct snag_self *self, void *state)
{
	struct state *s = state;

	(void)self;
	pthread_mutex_lock(&s->lock);
	s->sum = 1;
	pthread_cond_signal(&s->cond);
	pthread_mutex_unlock(&s->lock);
}

SNAG_SCENARIO(world, wait_once) = {
	WORLD, .setup = setup, .check = check, .teardown = teardown,
	.roles = {{"waiter", wait_once, 1}, {"signaller", signal_once, 1}}};
