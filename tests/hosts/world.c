/* Threads under explore, and what is of a thread: see world.h. */
#include <unistd.h>

#include "world.h"

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
	while (!s->word)
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
	s->word = 1;
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
	pthread_rwlock_wrlock(&s->rwlock);
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

	pthread_rwlock_rdlock(&s->rwlock);
	pthread_rwlock_unlock(&s->rwlock);
	return NULL;
}

static void make_at_once(struct snag_self *self, void *state)
{
	enum { MANY = 10000, AT_LEAST = 3000 };
	struct state *s = state;
	pthread_t *threads = calloc(MANY, sizeof(*threads));
	int made = 0;

	(void)self;
	pthread_rwlock_wrlock(&s->rwlock);
	while (made < MANY &&
	       !pthread_create(&threads[made], NULL, wait_end, s))
		made++;
	WANT(made >= AT_LEAST);
	pthread_rwlock_unlock(&s->rwlock);
	while (made)
		pthread_join(threads[--made], NULL);
	free(threads);
}

SNAG_SCENARIO(world, many_at_once) = {WORLD, .setup = setup, .check = check,
				      .teardown = teardown,
				      .roles = {{"maker", make_at_once, 1}}};
