/*
 * Two threads change one balance, each with a lock held.  Broken: they are
 * different locks, and so exclude nobody.  Right: the balance has one lock,
 * and whoever touches it takes that one.
 */
#include <pthread.h>
#include <snag/scenario.h>

enum { STEPS = 16, DEPOSIT = 10, INTEREST = 1 };

struct account {
	pthread_mutex_t lock;
	long balance;
};

struct bank {
	pthread_mutex_t lock;
	struct account account;
};

static bool setup(struct snag_run *run, void *state)
{
	struct bank *bank = state;

	(void)run;
	pthread_mutex_init(&bank->lock, NULL);
	pthread_mutex_init(&bank->account.lock, NULL);
	return true;
}

static void teardown(void *state)
{
	struct bank *bank = state;

	pthread_mutex_destroy(&bank->account.lock);
	pthread_mutex_destroy(&bank->lock);
}

static void deposit(struct snag_self *self, void *state)
{
	struct bank *bank = state;

	(void)self;
	for (int i = 0; i < STEPS; i++) {
		pthread_mutex_lock(&bank->account.lock);
		bank->account.balance += DEPOSIT;
		pthread_mutex_unlock(&bank->account.lock);
	}
}

static void add_interest_bank_lock(struct snag_self *self, void *state)
{
	struct bank *bank = state;

	(void)self;
	for (int i = 0; i < STEPS; i++) {
		pthread_mutex_lock(&bank->lock);
		bank->account.balance += INTEREST;
		pthread_mutex_unlock(&bank->lock);
	}
}

static void add_interest_account_lock(struct snag_self *self, void *state)
{
	struct bank *bank = state;

	(void)self;
	for (int i = 0; i < STEPS; i++) {
		pthread_mutex_lock(&bank->account.lock);
		bank->account.balance += INTEREST;
		pthread_mutex_unlock(&bank->account.lock);
	}
}

static void check(struct snag_run *run, void *state)
{
	const struct bank *bank = state;
	long expected = 0;

	expected += (long)snag_role_threads(run, 0) * STEPS * DEPOSIT;
	expected += (long)snag_role_threads(run, 1) * STEPS * INTEREST;
	snag_outcome(run, bank->account.balance == expected ? "exact" : "lost");
}

SNAG_SCENARIO(lock, wrong_lock) = {
	.summary = "one balance is guarded by two different locks",
	.refs = {"CWE-821", "CWE-362"},
	.tags = "lock mutex",
	.practice = SNAG_LOCKING,
	.lesson = "deposit holds the lock of the account, "
		  "add_interest_bank_lock the lock of the bank, and both "
		  "change account.balance.  A mutex excludes only threads that "
		  "take the same mutex, so the two additions can overlap: both "
		  "read the old balance, and the later store wipes out the "
		  "earlier one.  The code looks locked everywhere, which is "
		  "why this survives review; the report shows it plainly, each "
		  "side with a mutex and not one in common.  The repair is one "
		  "lock for one datum: decide which lock guards the balance, "
		  "write it down next to the field, and take that one.",
	.in_python =
		"with account.lock: in one function and with bank.lock: in "
		"another do not exclude each other; balance += x then loses "
		"updates.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct bank),
	.setup = setup,
	.roles = {{"teller", deposit, 0},
		  {"interest", add_interest_bank_lock, 0}},
	.check = check,
	.teardown = teardown,
	.reports = {{
		.kind = SNAG_DATA_RACE,
		.cause = "inconsistent-lock",
		.grade = SNAG_REQUIRED,
		.between = {"deposit", "add_interest_bank_lock"},
		.why = "each side holds a lock, but not the same one",
	}},
	.outcomes =
		{
			{.when = "exact",
			 .grade = SNAG_ALLOWED,
			 .why = "no two additions happened to overlap"},
			{.when = "lost",
			 .grade = SNAG_ALLOWED,
			 .why = "one addition overwrote another"},
		},
};

SNAG_SCENARIO(lock, one_lock) = {
	.summary = "one balance is guarded by one lock",
	.repairs = "lock/wrong_lock",
	.tags = "lock mutex",
	.practice = SNAG_LOCKING,
	.lesson = "The balance is guarded by the lock that stands next to it "
		  "in struct account, and both functions take that one.  So "
		  "one addition is finished before the next begins, and "
		  "unlocking happens-before the next locking: each thread sees "
		  "the balance that the one before it left.  Keeping a lock "
		  "next to what it guards makes it hard to take the wrong one. "
		  " Compilers can check it: clang's -Wthread-safety, with "
		  "guarded_by attributes.",
	.in_python =
		"Keep the lock in the object that it guards: with self.lock: "
		"self.balance += amount.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct bank),
	.setup = setup,
	.roles = {{"teller", deposit, 0},
		  {"interest", add_interest_account_lock, 0}},
	.check = check,
	.teardown = teardown,
	.outcomes =
		{
			{.when = "exact",
			 .grade = SNAG_ALLOWED,
			 .why = "every addition was done alone"},
			{.when = "lost",
			 .grade = SNAG_FORBIDDEN,
			 .why = "two additions would have to hold the lock at "
				"once"},
		},
};
