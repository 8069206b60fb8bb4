/*
 * After it has reported a race ThreadSanitizer stops watching those words.  An
 * iteration's heap blocks are new each time; globals and stacks live on, and
 * are watched again from the next iteration if the runtime lets us.
 */
#include <string.h>

#include "internal.h"
#include "report_data.h"

enum { MAX_WORDS = 256, WORD = 8, LARGEST = 4096 };

/* void __tsan::MemoryResetRange(ThreadState *, uptr, uptr, uptr) */
__attribute__((weak)) void
reset_range(void *thread, unsigned long pc, unsigned long address,
	    unsigned long size) __asm__("_ZN6__tsan16MemoryResetRangeEPNS_"
					"11ThreadStateEmmm");
void *__tsan_get_current_fiber(void);
const void *__sanitizer_get_allocated_begin(const void *p);

static struct {
	unsigned long address, size;
} words[MAX_WORDS];
static unsigned word_count;

static bool want(unsigned long address, unsigned long size)
{
	if (word_count == MAX_WORDS || size > LARGEST)
		return false;
	words[word_count].address = address & ~(unsigned long)(WORD - 1);
	words[word_count].size =
		((address + size + WORD - 1) & ~(unsigned long)(WORD - 1)) -
		words[word_count].address;
	word_count++;
	return true;
}

static bool want_accesses(void *report, int mop_count)
{
	for (int i = 0; i < mop_count; i++) {
		int tid, size, write, atomic;
		void *addr, *trace[1];

		__tsan_get_report_mop(report, (unsigned long)i, &tid, &addr,
				      &size, &write, &atomic, trace, 1);
		if (!want((unsigned long)addr, (unsigned long)size))
			return false;
	}
	return mop_count > 0;
}

/* A mutex in a block of the iteration goes with it. */
static bool are_on_heap(void *report, int mutex_count)
{
	for (int i = 0; i < mutex_count; i++) {
		unsigned long id;
		void *addr, *trace[1];
		int destroyed;

		__tsan_get_report_mutex(report, (unsigned long)i, &id, &addr,
					&destroyed, trace, 1);
		if (!addr || !__sanitizer_get_allocated_begin(addr))
			return false;
	}
	return mutex_count > 0;
}

bool rewatch_report(void *report, int mop_count, int loc_count, int mutex_count)
{
	const char *type = "";
	void *addr, *trace[1];
	unsigned long start, size;
	int tid, fd, suppressable;

	if (loc_count > 0)
		__tsan_get_report_loc(report, 0, &type, &addr, &start, &size,
				      &tid, &fd, &suppressable, trace, 1);
	if (!strcmp(type, "heap"))
		return true;
	if (!strcmp(type, "fd"))
		return false;
	if (!mop_count)
		return are_on_heap(report, mutex_count);
	return reset_range && want_accesses(report, mop_count);
}

void rewatch_all(void)
{
	for (unsigned i = 0; i < word_count; i++)
		reset_range(__tsan_get_current_fiber(), 0, words[i].address,
			    words[i].size);
	word_count = 0;
}
