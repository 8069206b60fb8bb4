#include "model/kind.h"

#include <string.h>

const struct kind_info kind_table[] = {
	{KIND_UNKNOWN, "unknown", NULL, NULL, NULL},
	{KIND_DATA_RACE, "data race", "data race", "race", NULL},
	{KIND_VPTR_RACE, "data race on vptr",
	 "data race on vptr (ctor/dtor vs virtual call)", "race", NULL},
	{KIND_USE_AFTER_FREE, "heap-use-after-free", "heap-use-after-free",
	 "race", NULL},
	{KIND_VPTR_USE_AFTER_FREE, "heap-use-after-free on vptr",
	 "heap-use-after-free (virtual call vs free)", "race", NULL},
	{KIND_EXTERNAL_RACE, "external race", "race on external object", "race",
	 NULL},
	{KIND_THREAD_LEAK, "thread leak", "thread leak", "thread", NULL},
	{KIND_MUTEX_DESTROY_LOCKED, "destroy of a locked mutex",
	 "destroy of a locked mutex", "mutex", NULL},
	{KIND_MUTEX_DOUBLE_LOCK, "double lock of a mutex",
	 "double lock of a mutex", "mutex", NULL},
	{KIND_MUTEX_INVALID, "use of an invalid mutex",
	 "use of an invalid mutex", "mutex", NULL},
	{KIND_MUTEX_BAD_UNLOCK, "unlock of an unlocked mutex",
	 "unlock of an unlocked mutex", "mutex", NULL},
	{KIND_RWLOCK_BAD_LOCK, "read lock of a write locked mutex",
	 "read lock of a write locked mutex", "mutex", NULL},
	{KIND_RWLOCK_BAD_UNLOCK, "read unlock of a write locked mutex",
	 "read unlock of a write locked mutex", "mutex", NULL},
	{KIND_SIGNAL_UNSAFE, "signal-unsafe call",
	 "signal-unsafe call inside of a signal", "signal", NULL},
	{KIND_SIGNAL_ERRNO, "signal handler spoils errno",
	 "signal handler spoils errno", "signal", NULL},
	{KIND_LOCK_INVERSION, "lock-order-inversion", "lock-order-inversion",
	 "deadlock", NULL},
	{KIND_MUTEX_WRONG_CONTEXT, "mutex held in the wrong context",
	 "mutex held in the wrong context", "mutex", NULL},
	{KIND_TSAN_FATAL, "sanitizer failure", NULL, NULL, NULL},
	{KIND_DEADLY_SIGNAL, "deadly signal", NULL, NULL, NULL},
	{KIND_DEADLOCK, "deadlock", NULL, NULL, "@deadlock"},
	{KIND_HANG, "hang", NULL, NULL, "@hang"},
	{KIND_CRASH, "crash", NULL, NULL, "@crash"},
	{KIND_ABORT, "abort", NULL, NULL, "@abort"},
	{KIND_EXIT, "exit", NULL, NULL, "@exit"},
	{KIND_OUTCOME_THREAD_LEAK, "threads left behind", NULL, NULL,
	 "@thread-leak"},
	{KIND_LIVELOCK, "livelock", NULL, NULL, "@livelock"},
	{KIND_FREED_USE, "use of freed memory", NULL, NULL, "@use-after-free"},
	{KIND_DOUBLE_FREE, "double free", NULL, NULL, "@double-free"},
	{KIND_INVALID_FREE, "invalid free", NULL, NULL, "@invalid-free"},
	{KIND_OUT_OF_BOUNDS, "out of bounds", NULL, NULL, "@out-of-bounds"},
	{KIND_WRONG_OUTCOME, "wrong outcome", NULL, NULL, NULL},
};

_Static_assert(sizeof(kind_table) / sizeof(kind_table[0]) == KIND_COUNT,
	       "one row a kind");

const char *kind_name(enum kind kind)
{
	return kind_table[kind < KIND_COUNT ? kind : KIND_UNKNOWN].name;
}

enum kind kind_by_name(const char *name)
{
	for (size_t i = 1; i < KIND_COUNT; i++)
		if (!strcmp(kind_table[i].name, name))
			return kind_table[i].kind;
	return KIND_UNKNOWN;
}

enum kind kind_by_text(const char *text, size_t len)
{
	enum kind best = KIND_UNKNOWN;
	size_t best_len = 0;

	for (size_t i = 1; i < KIND_COUNT; i++) {
		const char *known = kind_table[i].text;
		size_t n = known ? strlen(known) : 0;

		if (n > best_len && n <= len && !memcmp(known, text, n)) {
			best = kind_table[i].kind;
			best_len = n;
		}
	}
	return best;
}

enum kind kind_by_outcome(const char *outcome)
{
	for (size_t i = 1; i < KIND_COUNT; i++)
		if (kind_table[i].outcome &&
		    !strcmp(kind_table[i].outcome, outcome))
			return kind_table[i].kind;
	return KIND_UNKNOWN;
}

bool kind_is_race(enum kind kind)
{
	return kind >= KIND_DATA_RACE && kind <= KIND_EXTERNAL_RACE;
}
