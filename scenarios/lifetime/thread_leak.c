/*
 * A helper thread posts a semaphore when its answer is there; the caller waits
 * for that and forgets the thread.
 *
 * Broken: a thread that is neither joined nor detached keeps its stack and its
 * descriptor for ever.  Right: create it detached.
 */
#include <pthread.h>
#include <semaphore.h>
#include <snag/scenario.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { ONE_IN = 8 }; /* most questions need no helper */

struct question {
	sem_t answered;
	int number, square;
};

struct desk {
	struct question *questions; /* one for each asking thread */
	unsigned count;
	atomic_uint wrong;
};

static bool open_desk(struct snag_run *run, void *state)
{
	struct desk *desk = state;
	desk->count = snag_role_threads(run, 0);
	desk->questions = calloc(desk->count, sizeof(*desk->questions));
	if (!desk->questions)
		abort();
	for (unsigned i = 0; i < desk->count; i++)
		sem_init(&desk->questions[i].answered, 0, 0);
	return true;
}

static void *answer(void *arg)
{
	struct question *question = arg;
	question->square = question->number * question->number;
	sem_post(&question->answered);
	return NULL;
}

static void start_leaked(struct question *question)
{
	pthread_t thread;
	if (pthread_create(&thread, NULL, answer, question))
		abort();
}

static void start_detached(struct question *question)
{
	pthread_t thread;
	pthread_attr_t attributes;
	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	if (pthread_create(&thread, &attributes, answer, question))
		abort();
	pthread_attr_destroy(&attributes);
}

static void ask(struct snag_self *self, struct desk *desk,
		void (*start)(struct question *))
{
	struct question *question = &desk->questions[snag_index(self)];
	if (snag_random(self, ONE_IN))
		return;
	question->number = 7;
	start(question);
	while (sem_wait(&question->answered))
		; /* interrupted by a signal */
	if (question->square != 49)
		atomic_fetch_add_explicit(&desk->wrong, 1,
					  memory_order_relaxed);
}

static void ask_leaked(struct snag_self *self, void *state)
{
	ask(self, state, start_leaked);
}

static void ask_detached(struct snag_self *self, void *state)
{
	ask(self, state, start_detached);
}

static void check(struct snag_run *run, void *state)
{
	struct desk *desk = state;
	snag_outcome(run, desk->wrong ? "wrong" : "answered");
}

static void close_desk(void *state)
{
	struct desk *desk = state;
	for (unsigned i = 0; i < desk->count; i++)
		sem_destroy(&desk->questions[i].answered);
	free(desk->questions);
}

SNAG_SCENARIO(lifetime, thread_leak) = {
	.summary = "thread that is neither joined nor detached",
	.refs = {"POSIX.1-2017 pthread_detach",
		 "CWE-772: Missing Release of Resource after Effective "
		 "Lifetime"},
	.tags = "lifetime leak thread",
	.practice = SNAG_LIFETIME,
	.lesson = "start_leaked creates a thread and drops its handle. The "
		  "answer is right, because the semaphore tells the caller "
		  "when it is there; but a thread that has ended still waits "
		  "for somebody to fetch its return value, and keeps its stack "
		  "and its descriptor until then. A program that asks often "
		  "enough runs out of memory or of threads, and pthread_create "
		  "fails with EAGAIN far away from the mistake. Every thread "
		  "needs one pthread_join or one pthread_detach. The repair "
		  "creates it detached; joining is better still where the "
		  "caller waits anyway.",
	.in_python = "A Thread that is never joined holds up the "
		     "interpreter's exit; a daemon thread is cut off in the "
		     "middle instead.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct desk),
	.setup = open_desk,
	.roles = {{"asker", ask_leaked, 0}},
	.check = check,
	.teardown = close_desk,
	.reports = {{.kind = SNAG_THREAD_LEAK,
		     .cause = "thread-leak",
		     .grade = SNAG_REQUIRED,
		     .between = {"start_leaked", NULL},
		     .why = "nobody joins or detaches the thread"}},
	.outcomes = {{.when = "answered",
		      .grade = SNAG_ALLOWED,
		      .why = "the semaphore orders answer and reader"},
		     {.when = "@thread-leak",
		      .grade = SNAG_ALLOWED,
		      .why = "the thread is still there after the bodies"}},
};

SNAG_SCENARIO(lifetime, detached_properly) = {
	.summary = "thread created detached; a semaphore says it is done",
	.repairs = "lifetime/thread_leak",
	.refs = {"POSIX.1-2017 pthread_attr_setdetachstate"},
	.tags = "lifetime detach thread",
	.practice = SNAG_LIFETIME,
	.lesson = "A detached thread gives back its stack and descriptor by "
		  "itself when it ends. Nobody can join it, so something else "
		  "must tell when its result is there: here sem_post, which "
		  "happens-before the sem_wait that it wakes. Posting is the "
		  "last thing the thread does with the question, so its owner "
		  "may use and free the question afterwards. Setting the "
		  "attribute before the thread exists leaves no moment in "
		  "which it could be forgotten.",
	.in_python = "concurrent.futures joins its workers at shutdown: with "
		     "ThreadPoolExecutor() as pool: ...",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct desk),
	.setup = open_desk,
	.roles = {{"asker", ask_detached, 0}},
	.check = check,
	.teardown = close_desk,
	.outcomes = {{.when = "answered",
		      .grade = SNAG_REQUIRED,
		      .why = "the semaphore orders answer and reader"}},
};
