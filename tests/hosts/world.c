/*
 * The calls of pthread and libc that explore answers itself: each scenario is
 * clean, and its check says when a call did not do what it promises.  Not part
 * of the catalogue.
 */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <snag/scenario.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/futex.h>
#include <poll.h>

#define WORLD                                            \
	.practice = SNAG_LOCKING, .expect = SNAG_CLEAN,  \
	.summary = "Calls of pthread and libc.",         \
	.lesson = "What explore answers is as without.", \
	.state_size = sizeof(struct state)

struct state {
	pthread_mutex_t lock;
	pthread_cond_t cond;
	pthread_rwlock_t rwlock;
	pthread_key_t key;
	pthread_once_t once;
	sem_t sem;
	int fds[2], back[2];
	atomic_int steps, left, word;
	long sum;
	char wrong[48]; /* what went wrong first; guarded by lock */
};

static void say(struct state *s, const char *wrong)
{
	pthread_mutex_lock(&s->lock);
	if (!s->wrong[0])
		strncpy(s->wrong, wrong, sizeof(s->wrong) - 1);
	pthread_mutex_unlock(&s->lock);
}

#define WANT(what)                         \
	do {                               \
		if (!(what))               \
			say(state, #what); \
	} while (0)

static bool setup(struct snag_run *run, void *state)
{
	struct state *s = state;

	(void)run;
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->cond, NULL);
	pthread_rwlock_init(&s->rwlock, NULL);
	sem_init(&s->sem, 0, 0);
	return true;
}

static void check(struct snag_run *run, void *state)
{
	const struct state *s = state;

	if (s->wrong[0])
		snag_outcome(run, "%s", s->wrong);
}

static void teardown(void *state)
{
	struct state *s = state;

	pthread_mutex_destroy(&s->lock);
	pthread_cond_destroy(&s->cond);
	pthread_rwlock_destroy(&s->rwlock);
	sem_destroy(&s->sem);
}

/* pthread_exit runs the cleanup handlers, innermost first. */
static void leave(void *state)
{
	((struct state *)state)->left++;
}

static void leave_last(void *state)
{
	struct state *s = state;

	WANT(s->left == 1);
	s->left = 2;
}

static void exit_inside(struct state *s)
{
	pthread_cleanup_push(leave, s);
	pthread_exit(&s->sum);
	pthread_cleanup_pop(0);
}

static void *exiting(void *state)
{
	pthread_cleanup_push(leave_last, state);
	exit_inside(state);
	pthread_cleanup_pop(0);
	return NULL;
}

static void join_exiting(struct snag_self *self, void *state)
{
	struct state *s = state;
	pthread_t thread;
	void *result = NULL;

	(void)self;
	pthread_create(&thread, NULL, exiting, s);
	pthread_join(thread, &result);
	WANT(result == &s->sum);
	WANT(s->left == 2);
}

SNAG_SCENARIO(world, exit_runs_handlers) = {
	WORLD, .setup = setup, .check = check, .teardown = teardown,
	.roles = {{"joiner", join_exiting, 1}}};

/* A role's body may end its thread. */
static void exit_role(struct snag_self *self, void *state)
{
	(void)self;
	pthread_cleanup_push(leave, state);
	pthread_exit(NULL);
	pthread_cleanup_pop(0);
}

static void check_both_left(struct snag_run *run, void *state)
{
	const struct state *s = state;

	check(run, state);
	if (s->left != 2)
		snag_outcome(run, "%d left", s->left);
}

SNAG_SCENARIO(world, exit_of_role) = {
	WORLD, .setup = setup, .check = check_both_left, .teardown = teardown,
	.roles = {{"leaver", exit_role, 2}}};

/* Who waits on a condition is cancelled there, and holds the mutex then. */
static void unlock(void *lock)
{
	pthread_mutex_unlock(lock);
}

static void *wait_for_ever(void *state)
{
	struct state *s = state;

	pthread_mutex_lock(&s->lock);
	pthread_cleanup_push(unlock, &s->lock);
	s->steps = 1;
	for (;;)
		pthread_cond_wait(&s->cond, &s->lock);
	pthread_cleanup_pop(0);
	return NULL;
}

static void *loop_for_ever(void *state)
{
	struct state *s = state;

	for (;;) {
		s->word++;
		pthread_testcancel();
	}
	return NULL;
}

static void *sleep_long(void *state)
{
	(void)state;
	for (;;)
		sleep(1000);
	return NULL;
}

static void *wait_sem(void *state)
{
	sem_wait(&((struct state *)state)->sem);
	return NULL;
}

static void *read_nothing(void *state)
{
	char byte;

	while (read(((struct state *)state)->fds[0], &byte, 1) >= 0)
		;
	return NULL;
}

static void cancel_all(struct snag_self *self, void *state)
{
	static void *(*const starts[])(void *) = {wait_for_ever, loop_for_ever,
						  sleep_long, wait_sem,
						  read_nothing};
	enum { COUNT = sizeof(starts) / sizeof(starts[0]) };
	struct state *s = state;
	pthread_t threads[COUNT];
	void *result;

	(void)self;
	WANT(!pipe(s->fds));
	for (int i = 0; i < COUNT; i++)
		pthread_create(&threads[i], NULL, starts[i], s);
	for (int i = 0; i < COUNT; i++) {
		result = NULL;
		pthread_cancel(threads[i]);
		pthread_join(threads[i], &result);
		WANT(result == PTHREAD_CANCELED);
	}
	pthread_mutex_lock(&s->lock);
	pthread_mutex_unlock(&s->lock);
	close(s->fds[0]);
	close(s->fds[1]);
}

SNAG_SCENARIO(world, cancelled) = {WORLD, .setup = setup, .check = check,
				   .teardown = teardown,
				   .roles = {{"canceller", cancel_all, 1}}};

static void *cannot_be(void *state)
{
	struct state *s = state;
	int old = -1;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
	s->steps = 1;
	pthread_testcancel();
	usleep(10);
	s->left = 1;
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
	pthread_testcancel();
	return s;
}

static void cancel_disabled(struct snag_self *self, void *state)
{
	struct state *s = state;
	void *result = NULL;
	pthread_t thread;

	(void)self;
	pthread_create(&thread, NULL, cannot_be, s);
	while (!s->steps)
		sched_yield();
	pthread_cancel(thread);
	pthread_join(thread, &result);
	WANT(result == PTHREAD_CANCELED);
	WANT(s->left == 1);
}

SNAG_SCENARIO(world, cancel_later) = {
	WORLD, .setup = setup, .check = check, .teardown = teardown,
	.roles = {{"canceller", cancel_disabled, 1}}};

/* Each thread has values of its own, destroyed when it ends. */
static pthread_key_t key;
static pthread_once_t key_once = PTHREAD_ONCE_INIT;

static void count_end(void *value)
{
	struct state *s = value;

	/* A second round. */
	if (s->left++ % 2 == 0)
		pthread_setspecific(key, s);
}

static void make_key(void)
{
	pthread_key_create(&key, count_end);
}

static void *use_key(void *state)
{
	pthread_once(&key_once, make_key);
	WANT(!pthread_getspecific(key));
	pthread_setspecific(key, state);
	sched_yield();
	WANT(pthread_getspecific(key) == state);
	return NULL;
}

static void use_keys(struct snag_self *self, void *state)
{
	pthread_t thread;

	(void)self;
	pthread_create(&thread, NULL, use_key, state);
	pthread_join(thread, NULL);
	WANT(((struct state *)state)->left == 2);
}

SNAG_SCENARIO(world, keys) = {WORLD, .setup = setup, .check = check,
			      .teardown = teardown,
			      .roles = {{"user", use_keys, 1}}};

/* A variable of each thread, in three sizes. */
static __thread int own = 7;
static __thread char own_buffer[64];
static __thread long own_big[4096];

static void use_own(struct snag_self *self, void *state)
{
	int expected = own, me = (int)snag_index(self) + 1;

	(void)expected;
	for (int i = 0; i < 3; i++) {
		own = me * 10 + i;
		own_buffer[i] = (char)me;
		own_big[4000 + i] = me;
		sched_yield();
		WANT(own == me * 10 + i);
		WANT(own_buffer[i] == (char)me);
		WANT(own_big[4000 + i] == me);
	}
	own = 7;
}

SNAG_SCENARIO(world, thread_variables) = {WORLD, .setup = setup, .check = check,
					  .teardown = teardown,
					  .roles = {{"user", use_own, 3}}};

/* errno is of a thread. */
static void use_errno(struct snag_self *self, void *state)
{
	int me = (int)snag_index(self) + 1;

	for (int i = 0; i < 3; i++) {
		errno = me;
		sched_yield();
		WANT(errno == me);
	}
}

SNAG_SCENARIO(world, own_errno) = {WORLD, .setup = setup, .check = check,
				   .teardown = teardown,
				   .roles = {{"user", use_errno, 3}}};

/* The one that is first does it, the others see it done. */
static void do_nothing(void)
{
}

static void once_each(struct snag_self *self, void *state)
{
	struct state *s = state;

	(void)self;
	pthread_once(&s->once, do_nothing);
}

SNAG_SCENARIO(world, once) = {WORLD, .setup = setup, .check = check,
			      .teardown = teardown,
			      .roles = {{"user", once_each, 3}}};

/* Threads know themselves. */
static void *tell_self(void *state)
{
	*(pthread_t *)state = pthread_self();
	return NULL;
}

static void know_self(struct snag_self *self, void *state)
{
	pthread_t thread, said = 0;
	char name[16] = "";
	pthread_attr_t attr;
	size_t bytes = 0;
	void *low = NULL;

	(void)self;
	pthread_create(&thread, NULL, tell_self, &said);
	pthread_join(thread, NULL);
	WANT(pthread_equal(thread, said));
	WANT(!pthread_equal(pthread_self(), said));
	WANT(!pthread_setname_np(pthread_self(), "renamed"));
	WANT(!pthread_getname_np(pthread_self(), name, sizeof(name)));
	WANT(!strcmp(name, "renamed"));
	WANT(pthread_setname_np(pthread_self(), "longer than 15 bytes") ==
	     ERANGE);
	WANT(!pthread_getattr_np(pthread_self(), &attr));
	WANT(!pthread_attr_getstack(&attr, &low, &bytes));
	WANT((char *)&attr >= (char *)low &&
	     (char *)&attr < (char *)low + bytes);
	pthread_attr_destroy(&attr);
}

SNAG_SCENARIO(world, selves) = {WORLD, .setup = setup, .check = check,
				.teardown = teardown,
				.roles = {{"user", know_self, 2}}};

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

/* Many threads one after another. */
static void *add_one(void *state)
{
	((struct state *)state)->sum++;
	return NULL;
}

static void make_many(struct snag_self *self, void *state)
{
	enum { MANY = 10000 };
	struct state *s = state;
	pthread_t thread;
	int made = 0;

	(void)self;
	while (made < MANY && !pthread_create(&thread, NULL, add_one, s)) {
		pthread_join(thread, NULL);
		made++;
	}
	WANT(made == MANY);
	WANT(s->sum == MANY);
}

SNAG_SCENARIO(world, many_in_a_row) = {WORLD, .setup = setup, .check = check,
				       .teardown = teardown,
				       .roles = {{"maker", make_many, 1}}};

static void *wait_end(void *state)
{
	struct state *s = state;

	pthread_mutex_lock(&s->lock);
	while (!s->sum)
		pthread_cond_wait(&s->cond, &s->lock);
	pthread_mutex_unlock(&s->lock);
	return NULL;
}

static void make_at_once(struct snag_self *self, void *state)
{
	enum { MANY = 10000, AT_LEAST = 3000 };
	struct state *s = state;
	pthread_t *threads = calloc(MANY, sizeof(*threads));
	int made = 0;

	(void)self;
	while (made < MANY &&
	       !pthread_create(&threads[made], NULL, wait_end, s))
		made++;
	WANT(made >= AT_LEAST);
	pthread_mutex_lock(&s->lock);
	s->sum = 1;
	pthread_cond_broadcast(&s->cond);
	pthread_mutex_unlock(&s->lock);
	while (made)
		pthread_join(threads[--made], NULL);
	free(threads);
}

SNAG_SCENARIO(world, many_at_once) = {WORLD, .setup = setup, .check = check,
				      .teardown = teardown,
				      .roles = {{"maker", make_at_once, 1}}};
