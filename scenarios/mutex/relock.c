/*
 * A transfer locks both accounts, in one order, as it should - and waits for
 * itself for ever when both are the same account.
 *
 * Broken: a normal mutex, which its own holder can wait for.  Right: a mutex
 * of type PTHREAD_MUTEX_ERRORCHECK, whose lock call returns EDEADLK.
 */
#include <errno.h>
#include <pthread.h>
#include <snag/scenario.h>
#include <stdlib.h>

enum { ACCOUNTS_PER_CLERK = 32, OPENING_BALANCE = 100 };

struct account {
	pthread_mutex_t lock;
	long balance; /* guarded by lock */
};

struct bank {
	struct account *accounts;
	unsigned count;
};

static bool open_bank(struct snag_run *run, struct bank *bank, int lock_type)
{
	pthread_mutexattr_t attributes;
	bank->count = ACCOUNTS_PER_CLERK * snag_role_threads(run, 0);
	bank->accounts = calloc(bank->count, sizeof(*bank->accounts));
	if (!bank->accounts)
		abort();
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_settype(&attributes, lock_type);
	for (unsigned i = 0; i < bank->count; i++) {
		pthread_mutex_init(&bank->accounts[i].lock, &attributes);
		bank->accounts[i].balance = OPENING_BALANCE;
	}
	pthread_mutexattr_destroy(&attributes);
	return true;
}

static bool open_normal(struct snag_run *run, void *state)
{
	return open_bank(run, state, PTHREAD_MUTEX_NORMAL);
}

static bool open_error_checked(struct snag_run *run, void *state)
{
	return open_bank(run, state, PTHREAD_MUTEX_ERRORCHECK);
}

static void move(struct account *from, struct account *to, long amount)
{
	from->balance -= amount;
	to->balance += amount;
}

/* Always the account with the lower address first: no lock-order inversion. */
static void transfer_unchecked(struct account *from, struct account *to)
{
	struct account *first = from < to ? from : to;
	struct account *second = from < to ? to : from;
	pthread_mutex_lock(&first->lock);
	pthread_mutex_lock(&second->lock);
	move(from, to, 10);
	pthread_mutex_unlock(&second->lock);
	pthread_mutex_unlock(&first->lock);
}

static int transfer_checked(struct account *from, struct account *to)
{
	struct account *first = from < to ? from : to;
	struct account *second = from < to ? to : from;
	int error = pthread_mutex_lock(&first->lock);
	if (error)
		return error;
	error = pthread_mutex_lock(&second->lock);
	if (!error) {
		move(from, to, 10);
		pthread_mutex_unlock(&second->lock);
	}
	pthread_mutex_unlock(&first->lock);
	return error;
}

static struct account *any_account(struct snag_self *self, struct bank *bank)
{
	return &bank->accounts[snag_random(self, bank->count)];
}

static void clerk_unchecked(struct snag_self *self, void *state)
{
	struct account *from = any_account(self, state);
	transfer_unchecked(from, any_account(self, state));
}

static void clerk_checked(struct snag_self *self, void *state)
{
	struct account *from = any_account(self, state);
	struct account *to = any_account(self, state);
	int error = transfer_checked(from, to);
	if (error != (from == to ? EDEADLK : 0))
		abort();
}

static void audit(struct snag_run *run, void *state)
{
	struct bank *bank = state;
	long sum = 0;
	for (unsigned i = 0; i < bank->count; i++)
		sum += bank->accounts[i].balance;
	snag_outcome(run, sum == (long)bank->count * OPENING_BALANCE
				  ? "balanced"
				  : "wrong");
}

static void close_bank(void *state)
{
	struct bank *bank = state;
	for (unsigned i = 0; i < bank->count; i++)
		pthread_mutex_destroy(&bank->accounts[i].lock);
	free(bank->accounts);
}

SNAG_SCENARIO(mutex, relock) = {
	.summary = "transfer to the same account locks its mutex twice",
	.refs = {"POSIX.1-2017 pthread_mutex_lock",
		 "CWE-764: Multiple Locks of a Critical Resource",
		 "CWE-833: Deadlock"},
	.tags = "mutex deadlock",
	.practice = SNAG_LOCKING,
	.lesson =
		"transfer_unchecked locks two accounts in the order of their "
		"addresses, which rules out a deadlock between two "
		"transfers. When from and to are the same account, its "
		"second pthread_mutex_lock is for a mutex that this very "
		"thread holds. A normal mutex does not know that and waits, "
		"for ever; every thread that needs the account then waits "
		"too. ThreadSanitizer says nothing, since one mutex has no "
		"order. About one iteration in 32 draws the same account "
		"twice. The repair refuses such a transfer; an "
		"error-checking mutex makes the mistake visible as EDEADLK, "
		"provided that the result of pthread_mutex_lock is looked at.",
	.in_python = "with lock: inside with lock: waits for ever when lock "
		     "is a threading.Lock; an RLock lets its holder in again.",
	.expect = SNAG_BLIND,
	.state_size = sizeof(struct bank),
	.setup = open_normal,
	.roles = {{"clerk", clerk_unchecked, 0}},
	.check = audit,
	.teardown = close_bank,
	.outcomes = {{.when = "@deadlock",
		      .grade = SNAG_REQUIRED,
		      .why = "a thread waits for a mutex that it holds itself",
		      .cause = "mutex-misuse"},
		     {.when = "balanced",
		      .grade = SNAG_ALLOWED,
		      .why = "every transfer had two accounts"}},
};

SNAG_SCENARIO(mutex, error_checked) = {
	.summary = "error-checking mutex: locking twice returns EDEADLK",
	.repairs = "mutex/relock",
	.refs = {"POSIX.1-2017 pthread_mutexattr_settype"},
	.tags = "mutex errorcheck",
	.practice = SNAG_LOCKING,
	.lesson = "A mutex of type PTHREAD_MUTEX_ERRORCHECK records its "
		  "holder. When the holder locks it again, pthread_mutex_lock "
		  "returns EDEADLK at once instead of waiting, and "
		  "transfer_checked unlocks what it has and passes the error "
		  "on. The type costs little and also catches an unlock by a "
		  "thread that is not the holder (EPERM). It helps only those "
		  "who look at the result. A recursive mutex would hide the "
		  "mistake: the transfer would go on with data that its caller "
		  "believes locked once.",
	.in_python = "threading.Lock has no error-checking type: use "
		     "lock.acquire(timeout=...) in tests, or compare first.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct bank),
	.setup = open_error_checked,
	.roles = {{"clerk", clerk_checked, 0}},
	.check = audit,
	.teardown = close_bank,
	.outcomes = {{.when = "balanced",
		      .grade = SNAG_REQUIRED,
		      .why = "a transfer to the same account is refused"}},
};
