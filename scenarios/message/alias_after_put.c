/*
 * Alias after put: a producer hands a pointer over through a queue and goes on
 * using the buffer behind it for its next message, while the consumer reads.
 * The queue is right; the data was never given away.  Right when each message
 * is a block of its own that belongs to the consumer once it is put.
 */
#include <snag/scenario.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { MESSAGES = 4, SLOTS = 2, PRODUCER = 0 };

struct message {
	unsigned number;
	unsigned square; /* of the number */
};

struct queue {
	pthread_mutex_t lock;
	pthread_cond_t not_empty, not_full;
	struct message *slot[SLOTS];
	size_t put, got;    /* counts; the slots are used in turn */
	unsigned producers; /* that have not left yet */
};

struct office {
	struct queue queue;
	struct message **buffer; /* of each producer, when it keeps one */
	unsigned producers;
	atomic_uint sum;     /* of all numbers received */
	atomic_bool garbled; /* did any message not make sense? */
};

static void queue_put(struct queue *queue, struct message *message)
{
	pthread_mutex_lock(&queue->lock);
	while (queue->put - queue->got == SLOTS)
		pthread_cond_wait(&queue->not_full, &queue->lock);
	queue->slot[queue->put++ % SLOTS] = message;
	pthread_cond_signal(&queue->not_empty);
	pthread_mutex_unlock(&queue->lock);
}

/* NULL: the queue is empty and every producer has left. */
static struct message *queue_get(struct queue *queue)
{
	struct message *message = NULL;

	pthread_mutex_lock(&queue->lock);
	while (queue->put == queue->got && queue->producers > 0)
		pthread_cond_wait(&queue->not_empty, &queue->lock);
	if (queue->put != queue->got) {
		message = queue->slot[queue->got++ % SLOTS];
		pthread_cond_signal(&queue->not_full);
	}
	pthread_mutex_unlock(&queue->lock);
	return message;
}

static void queue_leave(struct queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	if (--queue->producers == 0)
		pthread_cond_broadcast(&queue->not_empty);
	pthread_mutex_unlock(&queue->lock);
}

static bool setup(struct snag_run *run, void *state)
{
	struct office *office = state;

	pthread_mutex_init(&office->queue.lock, NULL);
	pthread_cond_init(&office->queue.not_empty, NULL);
	pthread_cond_init(&office->queue.not_full, NULL);
	office->producers = snag_role_threads(run, PRODUCER);
	office->queue.producers = office->producers;
	office->buffer = calloc(office->producers, sizeof(*office->buffer));
	if (!office->buffer)
		abort();
	return true;
}

static struct message *new_message(void)
{
	struct message *message = malloc(sizeof(*message));

	if (!message)
		abort();
	return message;
}

__attribute__((noinline)) static void write_message(struct message *message,
						    unsigned number)
{
	message->number = number;
	message->square = number * number;
}

__attribute__((noinline)) static void
read_message(struct office *office, const struct message *message)
{
	unsigned number = message->number;
	unsigned square = message->square;

	if (square != number * number)
		atomic_store_explicit(&office->garbled, true,
				      memory_order_relaxed);
	atomic_fetch_add_explicit(&office->sum, number, memory_order_relaxed);
}

/* Broken: one buffer for all messages. */

static void send_one_buffer(struct snag_self *self, void *state)
{
	struct office *office = state;
	struct message *buffer = new_message();

	for (unsigned i = 1; i <= MESSAGES; i++) {
		write_message(buffer, i);
		queue_put(&office->queue, buffer);
	}
	queue_leave(&office->queue);
	office->buffer[snag_index(self)] = buffer;
}

static void receive_borrowed(struct snag_self *self, void *state)
{
	struct office *office = state;
	struct message *message;

	(void)self;
	while ((message = queue_get(&office->queue)))
		read_message(office, message);
}

/* Repaired: each message is made, given away and freed by who got it. */

static void send_and_give_away(struct snag_self *self, void *state)
{
	struct office *office = state;

	(void)self;
	for (unsigned i = 1; i <= MESSAGES; i++) {
		struct message *message = new_message();

		write_message(message, i);
		queue_put(&office->queue, message);
	}
	queue_leave(&office->queue);
}

static void receive_owned(struct snag_self *self, void *state)
{
	struct office *office = state;
	struct message *message;

	(void)self;
	while ((message = queue_get(&office->queue))) {
		read_message(office, message);
		free(message);
	}
}

static void check(struct snag_run *run, void *state)
{
	struct office *office = state;
	unsigned each = MESSAGES * (MESSAGES + 1) / 2;

	if (atomic_load(&office->garbled))
		snag_outcome(run, "garbled");
	else if (atomic_load(&office->sum) != office->producers * each)
		snag_outcome(run, "changed");
	else
		snag_outcome(run, "as_sent");
}

static void teardown(void *state)
{
	struct office *office = state;

	for (unsigned i = 0; i < office->producers; i++)
		free(office->buffer[i]);
	free(office->buffer);
	pthread_cond_destroy(&office->queue.not_full);
	pthread_cond_destroy(&office->queue.not_empty);
	pthread_mutex_destroy(&office->queue.lock);
}

SNAG_SCENARIO(message, alias_after_put) = {
	.summary = "a producer changes the message it has handed over",
	.refs = {"CWE-362", "C11 5.1.2.4p25"},
	.tags = "message queue ownership alias",
	.practice = SNAG_MESSAGE_PASSING,
	.lesson =
		"The queue copies a pointer, not what it points to. After "
		"queue_put the producer and the consumer both hold the same "
		"block, and send_one_buffer writes its next message into it "
		"while the consumer reads the last. The queue's lock orders "
		"what was written before the put; it says nothing of what is "
		"written after. The consumer then sees the next message "
		"twice, or half of each. A larger queue or a lock in it "
		"changes nothing. message/give_away makes a block for each "
		"message and never looks at it again once it is put: at every "
		"moment it has one owner.",
	.in_python =
		"q.put(buf); buf.clear() clears what the consumer holds: put "
		"stores a reference. Put a new object each time, or an "
		"immutable one: q.put(tuple(buf)).",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct office),
	.setup = setup,
	.roles = {{"producer", send_one_buffer, 0},
		  {"consumer", receive_borrowed, 0}},
	.check = check,
	.teardown = teardown,
	.reports = {{.kind = SNAG_DATA_RACE,
		     .cause = "unsafe-publication",
		     .grade = SNAG_REQUIRED,
		     .between = {"write_message", "read_message"},
		     .why = "a message is written after it was handed over"}},
	.outcomes = {{.when = "as_sent",
		      .grade = SNAG_ALLOWED,
		      .why = "the consumer was always fast enough"},
		     {.when = "changed",
		      .grade = SNAG_ALLOWED,
		      .why = "a consumer read the next message instead"},
		     {.when = "garbled",
		      .grade = SNAG_ALLOWED,
		      .why = "a consumer read half of two messages"}},
};

SNAG_SCENARIO(message, give_away) = {
	.summary = "each message is a block that the consumer owns and frees",
	.repairs = "message/alias_after_put",
	.tags = "message queue ownership",
	.practice = SNAG_MESSAGE_PASSING,
	.lesson = "A message has one owner at a time: the producer until it "
		  "puts it, the consumer from then on. The queue's lock makes "
		  "what the producer wrote visible to the consumer, and nobody "
		  "writes afterwards, so the message itself needs no lock. The "
		  "one who owns it last frees it, and no count or agreement is "
		  "needed for that. Where messages are small, a queue that "
		  "copies them by value is simpler still.",
	.in_python = "q.put(Message(i, i * i)) with a new frozen dataclass "
		     "each time; the garbage collector frees it.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct office),
	.setup = setup,
	.roles = {{"producer", send_and_give_away, 0},
		  {"consumer", receive_owned, 0}},
	.check = check,
	.teardown = teardown,
	.outcomes = {{.when = "as_sent",
		      .grade = SNAG_REQUIRED,
		      .why = "nobody writes to a message that was put"},
		     {.when = "changed",
		      .grade = SNAG_FORBIDDEN,
		      .why = "a message would have had two owners"},
		     {.when = "garbled",
		      .grade = SNAG_FORBIDDEN,
		      .why = "a message would have had two owners"}},
};
