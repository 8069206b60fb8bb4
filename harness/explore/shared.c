#include "explore/shared.h"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "explore/strategy.h"

enum {
	WORDS = 1 << 16, /* a power of two */
	WORD_BYTES = 8,
	LARGEST = 64, /* words; what is larger is taken for shared */
	/* After so many without asking, others are asked all the same: the
	 * thread may wait for what nobody has written yet. */
	PATIENCE = 32,
};

enum state { NEW = 0, OF_ONE, READ_BY_MANY, SHARED };

/* Two words with one place are one. */
struct word {
	uint32_t iteration; /* in which it was last touched */
	uint16_t owner;
	uint8_t state;
	bool is_written; /* in this iteration */
};

static struct word *words; /* over processes: a program has one for each */
static uint32_t iteration_now;
static unsigned passed; /* points in a row */

bool shared_open(void)
{
	long at;

	if (words)
		return true;
	at = syscall(SYS_mmap, NULL, WORDS * sizeof(*words),
		     PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	words = at == -1 ? NULL : (struct word *)at;
	return words;
}

void shared_begin(uint64_t iteration)
{
	iteration_now = (uint32_t)iteration + 1;
	passed = 0;
}

static struct word *word_at(uint64_t number)
{
	struct word *w =
		&words[number * 0x9e3779b97f4a7c15U >> 48 & (WORDS - 1)];

	if (w->iteration != iteration_now && w->state != SHARED)
		*w = (struct word){.iteration = iteration_now};
	return w;
}

static bool touch(struct word *w, unsigned thread, bool writes)
{
	if (w->state == SHARED)
		return false;
	if (w->state == NEW) {
		w->owner = (uint16_t)thread;
		w->state = OF_ONE;
	}
	w->is_written |= writes;
	if (w->owner == thread && w->state == OF_ONE)
		return true;
	w->state = w->is_written ? SHARED : READ_BY_MANY;
	return w->state != SHARED;
}

bool shared_is_private(const struct event *event, unsigned thread)
{
	uint64_t first = event->address / WORD_BYTES;
	uint64_t end =
		(event->address + event->size + WORD_BYTES - 1) / WORD_BYTES;
	bool is_private = words && end - first <= LARGEST;

	/* All of them: what is not touched is not learnt. */
	for (uint64_t i = first; words && i < end && i < first + LARGEST; i++)
		is_private &= touch(word_at(i), thread, event_is_write(event));
	if (!is_private || ++passed > PATIENCE) {
		passed = 0;
		return false;
	}
	return true;
}
