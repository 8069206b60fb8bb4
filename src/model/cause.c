#include "model/cause.h"

#include <string.h>

const struct practice_info practice_table[] = {
	{PRACTICE_NONE, "none", "No practice of its own repairs this."},
	{PRACTICE_IMMUTABLE, "immutable",
	 "Build data once, freeze it, then publish it: what nobody writes, "
	 "everybody may read."},
	{PRACTICE_THREAD_SAFE_COLLECTION, "thread-safe-collection",
	 "Share a collection whose every operation takes its own lock, and "
	 "never part of its state beside it."},
	{PRACTICE_PARTITION, "partition",
	 "Give each thread a part of its own and merge the parts when all "
	 "threads are done."},
	{PRACTICE_EXECUTOR, "executor",
	 "Hand tasks to a pool and take results from futures: the executor "
	 "starts, orders and joins the threads."},
	{PRACTICE_MESSAGE_PASSING, "message-passing",
	 "Give data away through a queue, so that one thread at a time owns "
	 "it."},
	{PRACTICE_LOCKING, "locking",
	 "One lock for one datum, held over every access to it; several locks "
	 "always in one order."},
	{PRACTICE_ATOMICS, "atomics",
	 "Make every access to a shared word atomic, with an order that "
	 "publishes what belongs to it."},
	{PRACTICE_LIFETIME, "lifetime",
	 "One owner frees an object, after every thread that may use it is "
	 "joined or has given it back."},
};

_Static_assert(sizeof(practice_table) / sizeof(practice_table[0]) ==
		       PRACTICE_COUNT,
	       "one row a practice");

const struct cause cause_table[] = {
	{"lost-update",
	 "A value is read, changed and written back, and another thread does "
	 "the same in between.",
	 "Both start from the same old value, so one of the two changes is "
	 "lost without a trace.",
	 "Count in one variable a thread and add up after the join, or make "
	 "the step atomic, or hold one lock over all of it.",
	 PRACTICE_PARTITION,
	 "d[k] += 1 and obj.n += 1 lose updates between threads although each "
	 "load and each store is safe; use a lock, or one counter a thread."},
	{"container-resize",
	 "A container grows, shrinks or moves its storage while other threads "
	 "use it.",
	 "Readers follow the old storage, which may be freed, or pair the new "
	 "size with the old block; elements vanish or memory is corrupted.",
	 "Hold one lock over every operation, pass elements through a queue, "
	 "or fill one list a thread and merge after the join.",
	 PRACTICE_MESSAGE_PASSING,
	 "A single list.append, list.extend or d[k] = v from several threads "
	 "is safe, since each object has its own lock; here C must do what "
	 "that lock does."},
	{"mutable-config",
	 "Several fields that belong together are rewritten in place while "
	 "other threads read them.",
	 "A reader combines a new field with an old one and acts on a value "
	 "that never was.",
	 "Build a new object, freeze it, and swap one pointer to it; readers "
	 "take the pointer once.",
	 PRACTICE_IMMUTABLE,
	 "Two attributes set one after the other can be read half-changed; "
	 "store one frozen dataclass or tuple in one assignment instead."},
	{"unsafe-publication",
	 "An object becomes reachable by other threads without an order "
	 "between building it and reading it.",
	 "The reader may see the flag or the pointer and yet the fields as "
	 "they were before.",
	 "Publish with a release store and read with an acquire load, or hand "
	 "the object over through a queue or a lock.",
	 PRACTICE_MESSAGE_PASSING,
	 "Storing a reference publishes an object safely, but fields set after "
	 "that store are seen late; build it whole first, or use queue.Queue."},
	{"double-checked-init",
	 "The first of the two checks of a double-checked initialisation reads "
	 "without lock and without acquire.",
	 "A thread may see the pointer before what it points to is built, and "
	 "skip the lock that would have protected it.",
	 "Use pthread_once, or make the pointer atomic: acquire in the check, "
	 "release in the store.",
	 PRACTICE_ATOMICS,
	 "`if x is None: with lock: if x is None: x = make()` is right in "
	 "CPython if make() returns a finished object; functools.cache does "
	 "not call it only once."},
	{"lazy-init",
	 "Whoever needs the object first makes it, and two threads can both be "
	 "first.",
	 "It is made twice: one copy leaks or is lost, and what was stored in "
	 "it with it; a reader may see it half made.",
	 "Make it before the threads start, or use pthread_once.",
	 PRACTICE_IMMUTABLE,
	 "`if self.x is None: self.x = make()` makes it twice when two threads "
	 "come at once; make it at import, or hold a lock over both steps."},
	{"check-then-act",
	 "A condition is tested, and what follows relies on it still being "
	 "true.",
	 "Another thread makes it false in between, so that the action is done "
	 "twice, or on what is no longer there.",
	 "Hold one lock over test and action, or do both in one atomic "
	 "exchange.",
	 PRACTICE_LOCKING,
	 "`if k not in d: d[k] = make()` can run twice; d.setdefault(k, v) is "
	 "one step, anything longer needs a lock."},
	{"missing-lock",
	 "A datum is accessed without the lock that should guard it, by one "
	 "side or by both.",
	 "A lock excludes only those who take it: whoever does not reads and "
	 "writes in the middle of the others' work.",
	 "Take the same lock on every access to the datum, reads included.",
	 PRACTICE_LOCKING,
	 "A `with lock:` around the writer alone protects nothing that spans "
	 "several steps; every reader needs it too."},
	{"inconsistent-lock", "Both sides hold a lock, but not the same one.",
	 "Two different locks do not exclude each other, so both sides are in "
	 "their critical sections at once.",
	 "Choose one lock for the datum, write down which, and take it on both "
	 "sides.",
	 PRACTICE_LOCKING,
	 "A lock made in each call, or one an object for data shared by "
	 "several "
	 "objects, excludes nobody; keep one lock with the data."},
	{"write-under-read-lock",
	 "Something is written while the lock is held for reading only.",
	 "Any number of threads hold a read lock at once, so writes under it "
	 "race with readers and with each other.",
	 "Take the lock for writing wherever anything is written, caches and "
	 "statistics too.",
	 PRACTICE_LOCKING,
	 "The standard library has no readers-writer lock; with one from "
	 "elsewhere, `self.hits += 1` under the read side loses updates."},
	{"stop-flag",
	 "A plain variable tells another thread to stop or to go on.",
	 "The compiler may read it once and loop for ever, and seeing it "
	 "orders nothing that was written before it.",
	 "Make the flag atomic, or send a sentinel through the queue that the "
	 "thread waits on anyway.",
	 PRACTICE_ATOMICS,
	 "A plain attribute as a stop flag does work in CPython; a "
	 "threading.Event says so, and can be waited on without spinning."},
	{"atomic-plain-mix",
	 "The same word is accessed atomically by one side and plainly by the "
	 "other.",
	 "The plain access has no order and no guarantee of being one step, "
	 "which undoes what the atomic one promised.",
	 "Declare the variable _Atomic, so that every access to it is atomic.",
	 PRACTICE_ATOMICS,
	 "Python has no plain access to get wrong; the like is one writer "
	 "under a lock and another that does obj.n += 1 without it."},
	{"torn-access",
	 "Two accesses of different size or place overlap: halves of a word, "
	 "bit-fields, a union, or a copy of the whole.",
	 "A read can get half of the old and half of the new value, and "
	 "writing one bit-field writes its neighbours back.",
	 "Keep it in one atomic word, in separate members, or swap a pointer "
	 "to an immutable whole.",
	 PRACTICE_ATOMICS,
	 "One reference is never torn; two attributes that belong together "
	 "are: replace one tuple whole."},
	{"use-after-free",
	 "Memory is freed, or given to somebody else, while another thread "
	 "still uses it.",
	 "The user reads or overwrites what belongs to another object by then: "
	 "corruption, crashes, exploits.",
	 "Let one thread own the object and free it after the others are "
	 "joined, or count the references atomically.",
	 PRACTICE_LIFETIME,
	 "CPython counts references safely, so objects do not vanish; closed "
	 "files, released memoryviews and ctypes pointers do."},
	{"refcount",
	 "A reference count is changed or tested without being atomic.",
	 "A lost decrement leaks the object; a lost increment, or two threads "
	 "that both see zero, frees it while it is in use.",
	 "Change the count with atomic_fetch_add and atomic_fetch_sub, and "
	 "free when the value returned says that it was the last.",
	 PRACTICE_LIFETIME,
	 "The interpreter's own counts are atomic or biased; a count you keep "
	 "yourself, self.users -= 1, is not and needs a lock."},
	{"escaped-stack",
	 "A thread is given the address of another thread's local variable.",
	 "The variable changes or its frame is gone when the thread reads it, "
	 "and the thread's writes land in some other call's locals.",
	 "Pass the value itself, or a heap object that the thread owns.",
	 PRACTICE_MESSAGE_PASSING,
	 "A lambda or closure over the loop variable sees its later values; "
	 "pass it as an argument: executor.submit(f, i)."},
	{"missing-join",
	 "A thread's result is used, or what it uses is torn down, before the "
	 "thread is known to be done.",
	 "The result may not be there yet, or be half written.",
	 "Join the thread, or wait for its future, before touching what it "
	 "writes.",
	 PRACTICE_EXECUTOR,
	 "Reading a result without t.join() or future.result() may find it "
	 "missing; future.result() waits."},
	{"sleep-as-sync",
	 "A thread sleeps for a while and takes it that the other one is done "
	 "by then.",
	 "Sleeping orders nothing; on a busy machine the other thread is "
	 "later than the longest sleep.",
	 "Wait for the event itself: join, a future, a condition variable, a "
	 "semaphore.",
	 PRACTICE_EXECUTOR,
	 "time.sleep(0.1) before reading a result is a guess; use t.join(), "
	 "future.result() or event.wait()."},
	{"iterator-invalidated",
	 "A collection is changed while another thread walks through it.",
	 "The walk follows a link into a node that is gone, misses elements, "
	 "or never ends.",
	 "Walk over an immutable snapshot, or hold the lock over the whole "
	 "walk.",
	 PRACTICE_IMMUTABLE,
	 "Iterating a dict that another thread changes may raise RuntimeError, "
	 "a list skips or repeats; iterate over list(d), taken in one call."},
	{"unsafe-libc",
	 "A library function that keeps its result or state in static memory "
	 "is called by several threads.",
	 "One call overwrites the result that another thread is still "
	 "reading.",
	 "Call the reentrant variant (localtime_r, strtok_r, strerror_r, "
	 "getaddrinfo), which writes to memory of the caller.",
	 PRACTICE_PARTITION,
	 "CPython calls the reentrant variants; os.environ changes and "
	 "locale.setlocale still act on the whole process."},
	{"fd-lifetime",
	 "A file descriptor is closed while another thread uses it.",
	 "The number is given to the next file that is opened, so the other "
	 "thread reads or writes the wrong file.",
	 "Let one thread own the descriptor: it closes it after the users are "
	 "joined; wake blocked ones with shutdown().",
	 PRACTICE_LIFETIME,
	 "f.close() in one thread while another reads by f.fileno() can hit a "
	 "reused number; close it after join."},
	{"signal-handler",
	 "A signal handler does what is not allowed in it: allocates, locks, "
	 "changes errno or plain shared state.",
	 "It may interrupt the very function that it calls, and deadlock or "
	 "corrupt what that was doing.",
	 "Set a lock-free atomic flag (volatile sig_atomic_t only for the "
	 "thread that the handler interrupts), or write a byte to a pipe, and "
	 "do the work in a normal thread; save errno.",
	 PRACTICE_MESSAGE_PASSING,
	 "Python runs handlers between bytecodes of the main thread, so they "
	 "may interrupt it while it holds a lock; only set an attribute, or "
	 "use signal.set_wakeup_fd."},
	{"lock-order",
	 "Two or more locks are taken in different orders by different "
	 "threads.",
	 "Each can hold what the other waits for, and then all of them wait "
	 "for ever.",
	 "Give all locks one global order and take them in it, or trylock and "
	 "back off.",
	 PRACTICE_LOCKING,
	 "with a, b in one thread and with b, a in another deadlocks; sort "
	 "the locks, say by id(), before taking them."},
	{"deadlock",
	 "Threads wait for what can no longer come: each other, or an event "
	 "that nobody sends.",
	 "None of them ever goes on, and whoever needs them stops too.",
	 "Let every wait have somebody who ends it, take locks in one order, "
	 "and hold none while waiting for another thread.",
	 PRACTICE_LOCKING,
	 "threading.Lock deadlocks in the same way; acquire(timeout=...) makes "
	 "it visible, one order prevents it."},
	{"mutex-misuse",
	 "A lock is used against its rules: locked twice, unlocked by another "
	 "thread, destroyed while held, or never initialised.",
	 "The lock no longer excludes anybody, or its holder waits for itself "
	 "for ever.",
	 "Pair every lock with one unlock in the same function and thread; "
	 "initialise before the threads start, destroy after they ended.",
	 PRACTICE_LOCKING,
	 "`with lock:` pairs them always; taking a Lock twice hangs, an RLock "
	 "allows it, and release() of an unlocked one raises."},
	{"thread-leak",
	 "A thread has ended or goes on, and nobody joins or detaches it.",
	 "Its stack is never given back, and nobody knows when its work is "
	 "done.",
	 "Join every thread, or detach it; better, let an executor own them.",
	 PRACTICE_EXECUTOR,
	 "A non-daemon thread is joined at exit; with ThreadPoolExecutor() as "
	 "pool joins at the end of the block."},
	{"order-violation",
	 "One step relies on another that nothing makes come first.",
	 "When they come the other way round, a wake-up is lost, or something "
	 "is used before it is ready; no data race need be involved.",
	 "Make the order explicit: a condition with its predicate under the "
	 "lock, a join, a future, a queue.",
	 PRACTICE_MESSAGE_PASSING,
	 "The same in Python: use Condition.wait_for(predicate), queue.Queue, "
	 "or future.result() instead of hoping."},
	{"atomicity-violation",
	 "Steps that must be one are several, each of them correctly "
	 "synchronised.",
	 "Another thread comes in between; the result is wrong although there "
	 "is no data race at all.",
	 "Hold the lock over the whole operation, or do it in one "
	 "compare-and-exchange that is retried.",
	 PRACTICE_LOCKING,
	 "Two thread-safe calls in a row are not one: `if d.get(k): d.pop(k)`; "
	 "hold one lock over both."},
	{"unseen-sync",
	 "The accesses may be ordered by code that ThreadSanitizer cannot "
	 "see, such as an uninstrumented library.",
	 "The report may be false; equally, real races behind that library "
	 "stay hidden.",
	 "Build the library with -fsanitize=thread, or annotate its "
	 "synchronisation.",
	 PRACTICE_NONE,
	 "An extension module that is not built with ThreadSanitizer shows "
	 "such races; build it and CPython with --with-thread-sanitizer."},
	{"environment",
	 "ThreadSanitizer itself failed, not the program under test.",
	 "What the program did from there on was not checked.",
	 "Ask `snag doctor`, which says what is wrong and how to cure it.",
	 PRACTICE_NONE, "The same holds for a CPython built with it."},
	{"unknown", "The report does not show enough to name a cause.",
	 "Two threads disagree about the same data or each other, which has "
	 "no defined result.",
	 "Find out who owns the data, and what is to order the two sides.",
	 PRACTICE_NONE,
	 "Share less: give each task its own data and merge the results."},
};

const size_t cause_count = sizeof(cause_table) / sizeof(cause_table[0]);

const struct cause *cause_by_name(const char *name)
{
	for (size_t i = 0; name && i < cause_count; i++)
		if (!strcmp(cause_table[i].name, name))
			return &cause_table[i];
	return NULL;
}

const char *practice_name(enum practice practice)
{
	return practice_table[practice < PRACTICE_COUNT ? practice
							: PRACTICE_NONE]
		.name;
}

enum practice practice_by_name(const char *name)
{
	for (size_t i = 0; name && i < PRACTICE_COUNT; i++)
		if (!strcmp(practice_table[i].name, name))
			return practice_table[i].practice;
	return PRACTICE_NONE;
}
