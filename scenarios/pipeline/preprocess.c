/*
 * A pipeline that prepares text for an index, made of three practices: the
 * configuration is built once and only read afterwards; the lines are divided
 * between the cleaners; and what they find travels by value through a bounded
 * queue to one merger, who alone owns the totals.
 */
#include <ctype.h>
#include <pthread.h>
#include <snag/scenario.h>
#include <string.h>

enum { LINES = 12, SLOTS = 4 };
enum { MERGER, CLEANERS }; /* the roles */

static const char *const lines[LINES] = {
	"It was the best of times,",    "it was the worst of times,",
	"it was the age of wisdom,",    "it was the age of foolishness,",
	"it was the epoch of belief,",  "it was the epoch of incredulity,",
	"it was the season of Light,",  "it was the season of Darkness,",
	"it was the spring of hope,",   "it was the winter of despair,",
	"we had everything before us,", "we had nothing before us,",
};

struct config {
	size_t min_letters; /* shorter words are left out */
	unsigned cleaners;
};

/* What one line holds, or that a cleaner has no more of them. */
struct batch {
	unsigned words;
	unsigned letters;
	bool is_last;
};

struct queue {
	pthread_mutex_t lock;
	pthread_cond_t has_batch, has_room;
	struct batch slots[SLOTS];
	unsigned first, count;
};

struct pipeline {
	struct config config; /* written by setup only */
	struct queue queue;
	struct batch total; /* the merger's */
};

static bool setup(struct snag_run *run, void *state)
{
	struct pipeline *pipeline = state;
	struct queue *queue = &pipeline->queue;

	pipeline->config = (struct config){
		.min_letters = 3,
		.cleaners = snag_role_threads(run, CLEANERS),
	};
	pthread_mutex_init(&queue->lock, NULL);
	pthread_cond_init(&queue->has_batch, NULL);
	pthread_cond_init(&queue->has_room, NULL);
	return true;
}

static void teardown(void *state)
{
	struct pipeline *pipeline = state;
	struct queue *queue = &pipeline->queue;

	pthread_cond_destroy(&queue->has_room);
	pthread_cond_destroy(&queue->has_batch);
	pthread_mutex_destroy(&queue->lock);
}

static void put(struct queue *queue, struct batch batch)
{
	pthread_mutex_lock(&queue->lock);
	while (queue->count == SLOTS)
		pthread_cond_wait(&queue->has_room, &queue->lock);
	queue->slots[(queue->first + queue->count++) % SLOTS] = batch;
	pthread_cond_signal(&queue->has_batch);
	pthread_mutex_unlock(&queue->lock);
}

static struct batch take(struct queue *queue)
{
	struct batch batch;

	pthread_mutex_lock(&queue->lock);
	while (queue->count == 0)
		pthread_cond_wait(&queue->has_batch, &queue->lock);
	batch = queue->slots[queue->first];
	queue->first = (queue->first + 1) % SLOTS;
	queue->count--;
	pthread_cond_signal(&queue->has_room);
	pthread_mutex_unlock(&queue->lock);
	return batch;
}

static void add(struct batch *total, struct batch batch)
{
	total->words += batch.words;
	total->letters += batch.letters;
}

static struct batch count_words(const struct config *config, const char *line)
{
	struct batch batch = {0};

	while (*line != '\0') {
		unsigned letters = 0;

		for (; isalpha((unsigned char)*line); line++)
			letters++;
		if (letters >= config->min_letters)
			add(&batch, (struct batch){1, letters, false});
		if (*line != '\0')
			line++;
	}
	return batch;
}

static void clean_own_lines(struct snag_self *self, void *state)
{
	struct pipeline *pipeline = state;
	size_t begin = (size_t)LINES * snag_index(self) / snag_threads(self);
	size_t end =
		(size_t)LINES * (snag_index(self) + 1) / snag_threads(self);

	for (size_t i = begin; i < end; i++)
		put(&pipeline->queue, count_words(&pipeline->config, lines[i]));
	put(&pipeline->queue, (struct batch){.is_last = true});
}

static void merge_batches(struct snag_self *self, void *state)
{
	struct pipeline *pipeline = state;
	unsigned busy = pipeline->config.cleaners;

	(void)self;
	while (busy > 0) {
		struct batch batch = take(&pipeline->queue);

		if (batch.is_last)
			busy--;
		else
			add(&pipeline->total, batch);
	}
}

static void check(struct snag_run *run, void *state)
{
	const struct pipeline *pipeline = state;
	struct batch expected = {0};

	for (size_t i = 0; i < LINES; i++)
		add(&expected, count_words(&pipeline->config, lines[i]));
	snag_outcome(run,
		     pipeline->total.words == expected.words &&
				     pipeline->total.letters == expected.letters
			     ? "exact"
			     : "wrong");
}

SNAG_SCENARIO(pipeline, preprocess) = {
	.summary = "frozen configuration, own lines, one queue to one merger",
	.refs = {"CWE-362"},
	.tags = "pipeline queue partition frozen sentinel",
	.practice = SNAG_MESSAGE_PASSING,
	.lesson = "Three practices together leave one thing to lock.  The "
		  "configuration is written in setup, before any thread "
		  "starts, and handed on as const: what nobody writes, all may "
		  "read.  The lines are divided into half-open ranges, so that "
		  "no two cleaners have the same one.  Their counts are put "
		  "into a queue by value, and only the merger touches the "
		  "totals.  The queue is the one shared object that changes; "
		  "its lock guards every access to it, both waits are loops "
		  "that test the condition again, and its fixed size makes "
		  "fast cleaners wait for the merger.  Each cleaner ends with "
		  "a sentinel, and the merger stops when it has had one from "
		  "each: no flag, no sleep, no guess.",
	.in_python =
		"A frozen dataclass for the configuration, lines[begin:end] "
		"for each thread, queue.Queue(maxsize=4) to the merger, and "
		"one None a thread as the sentinel.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct pipeline),
	.setup = setup,
	.roles = {[MERGER] = {"merger", merge_batches, 1},
		  [CLEANERS] = {"cleaner", clean_own_lines, 0}},
	.check = check,
	.teardown = teardown,
	.outcomes =
		{
			{.when = "exact",
			 .grade = SNAG_ALLOWED,
			 .why = "the merger had every batch exactly once"},
			{.when = "wrong",
			 .grade = SNAG_FORBIDDEN,
			 .why = "a batch would have to be lost or come twice"},
		},
};
