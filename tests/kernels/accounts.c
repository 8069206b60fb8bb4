/*
 * Money that is in transfer when somebody looks, or that gets lost on the way,
 * although every access to an account is under its lock.
 *
 * Broken: the lock is given away between steps that belong together.  Right: it
 * is held over both.
 */
#include "kernels.h"

#include <pthread.h>

enum { ACCOUNTS = 3, START = 100, TOTAL = ACCOUNTS * START, AMOUNT = 10 };

struct bank {
	pthread_mutex_t lock[ACCOUNTS];
	int balance[ACCOUNTS];
	int audited; /* by the auditor */
};

static bool setup(struct snag_run *run, void *state)
{
	struct bank *bank = state;

	(void)run;
	for (int i = 0; i < ACCOUNTS; i++) {
		pthread_mutex_init(&bank->lock[i], NULL);
		bank->balance[i] = START;
	}
	bank->audited = TOTAL;
	return true;
}

static void teardown(void *state)
{
	struct bank *bank = state;

	for (int i = 0; i < ACCOUNTS; i++)
		pthread_mutex_destroy(&bank->lock[i]);
}

static int read_locked(struct bank *bank, unsigned account)
{
	int balance;

	pthread_mutex_lock(&bank->lock[account]);
	balance = bank->balance[account];
	pthread_mutex_unlock(&bank->lock[account]);
	return balance;
}

static void write_locked(struct bank *bank, unsigned account, int balance)
{
	pthread_mutex_lock(&bank->lock[account]);
	bank->balance[account] = balance;
	pthread_mutex_unlock(&bank->lock[account]);
}

static void add_locked(struct bank *bank, unsigned account, int amount)
{
	pthread_mutex_lock(&bank->lock[account]);
	bank->balance[account] += amount;
	pthread_mutex_unlock(&bank->lock[account]);
}

static void pay_in_two(struct snag_self *self, void *state)
{
	(void)self;
	add_locked(state, 0, -AMOUNT);
	add_locked(state, 1, AMOUNT);
}

static void pay_at_once(struct snag_self *self, void *state)
{
	struct bank *bank = state;

	(void)self;
	pthread_mutex_lock(&bank->lock[0]);
	pthread_mutex_lock(&bank->lock[1]);
	bank->balance[0] -= AMOUNT;
	bank->balance[1] += AMOUNT;
	pthread_mutex_unlock(&bank->lock[1]);
	pthread_mutex_unlock(&bank->lock[0]);
}

/* The auditor has all locks, and so did nothing wrong. */
static void audit(struct snag_self *self, void *state)
{
	struct bank *bank = state;
	int sum = 0;

	(void)self;
	for (int i = 0; i < ACCOUNTS; i++)
		pthread_mutex_lock(&bank->lock[i]);
	for (int i = 0; i < ACCOUNTS; i++)
		sum += bank->balance[i];
	for (int i = ACCOUNTS; i-- > 0;)
		pthread_mutex_unlock(&bank->lock[i]);
	bank->audited = sum;
}

/* From its own account to the next; balances are looked up first. */
static void transfer_looked_up(struct snag_self *self, void *state)
{
	unsigned from = snag_index(self), to = from + 1;
	int had = read_locked(state, from), has = read_locked(state, to);

	write_locked(state, from, had - AMOUNT);
	write_locked(state, to, has + AMOUNT);
}

static void transfer_added(struct snag_self *self, void *state)
{
	unsigned from = snag_index(self), to = from + 1;

	add_locked(state, from, -AMOUNT);
	add_locked(state, to, AMOUNT);
}

static void check_audit(struct snag_run *run, void *state)
{
	const struct bank *bank = state;

	snag_outcome(run, bank->audited == TOTAL ? "exact" : "short");
}

static void check_total(struct snag_run *run, void *state)
{
	const struct bank *bank = state;
	int total = 0;

	for (int i = 0; i < ACCOUNTS; i++)
		total += bank->balance[i];
	snag_outcome(run, total == TOTAL ? "exact" : "lost");
}

#define BANK                                                      \
	.tags = "kernel lock accounts", .practice = SNAG_LOCKING, \
	.state_size = sizeof(struct bank), .setup = setup,        \
	.teardown = teardown

SNAG_SCENARIO(kernels, audit) = {
	.summary = "an auditor counts while money is on its way",
	BANK,
	.refs = {"Lu et al., Learning from Mistakes, ASPLOS 2008"},
	.lesson = "pay_in_two takes the lock of each account for its change, "
		  "and no change is lost. But between the two the money is in "
		  "neither, and whoever then has all locks counts too little. "
		  "What must be true of two accounts together needs both "
		  "locks, until it is true again.",
	.expect = SNAG_BLIND,
	.roles = {{"payer", pay_in_two, 1}, {"auditor", audit, 1}},
	.check = check_audit,
	.outcomes = {KERNEL_BUG("short", "atomicity-violation",
				"the auditor came between the two changes"),
		     KERNEL_FINE("exact", "the auditor came before or after")},
};

SNAG_SCENARIO(kernels, audit_whole) = {
	.summary = "an auditor counts before or after a payment",
	.repairs = "kernels/audit",
	BANK,
	.lesson = "pay_at_once has both locks over both changes.",
	.expect = SNAG_CLEAN,
	.roles = {{"payer", pay_at_once, 1}, {"auditor", audit, 1}},
	.check = check_audit,
	.outcomes = {KERNEL_ALWAYS("exact", "nobody sees half a payment")},
};

SNAG_SCENARIO(kernels, transfers) = {
	.summary = "two transfers share an account, and one is overwritten",
	BANK,
	.refs = {"CWE-362", "Lu et al., Learning from Mistakes, ASPLOS 2008"},
	.lesson = "transfer_looked_up reads each balance under its lock and "
		  "writes it back under its lock, later. In between the other "
		  "transfer may have changed the account that both share; the "
		  "old balance overwrites that, and the total is wrong. A lock "
		  "guards what is done while one has it, and not what one has "
		  "learnt before.",
	.expect = SNAG_BLIND,
	.roles = {{"clerk", transfer_looked_up, 2}},
	.check = check_total,
	.outcomes = {KERNEL_BUG("lost", "atomicity-violation",
				"an old balance overwrote a transfer"),
		     KERNEL_FINE("exact", "one transfer came after the other")},
};

SNAG_SCENARIO(kernels, transfers_added) = {
	.summary = "two transfers add to the account that they share",
	.repairs = "kernels/transfers",
	BANK,
	.lesson = "Each change reads and writes under one hold of the lock, "
		  "and so no change is lost.",
	.expect = SNAG_CLEAN,
	.roles = {{"clerk", transfer_added, 2}},
	.check = check_total,
	.outcomes = {KERNEL_ALWAYS("exact", "no change overwrites another")},
};
