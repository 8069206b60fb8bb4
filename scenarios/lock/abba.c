/*
 * Money goes from one account to another with both locks held.  Broken: each
 * transfer locks the payer first, so that two transfers in opposite directions
 * can each hold what the other waits for.  Right: the locks are taken in one
 * order, whatever the direction.
 */
#include <pthread.h>
#include <snag/scenario.h>

enum { RENT = 30, WAGE = 50, OPENING = 100 };

struct account {
	unsigned number;
	pthread_mutex_t lock;
	long balance;
	unsigned views;
};

struct bank {
	struct account tenant, landlord;
};

static bool setup(struct snag_run *run, void *state)
{
	struct bank *bank = state;

	(void)run;
	bank->tenant.number = 1;
	bank->landlord.number = 2;
	bank->tenant.balance = bank->landlord.balance = OPENING;
	pthread_mutex_init(&bank->tenant.lock, NULL);
	pthread_mutex_init(&bank->landlord.lock, NULL);
	return true;
}

static void teardown(void *state)
{
	struct bank *bank = state;

	pthread_mutex_destroy(&bank->landlord.lock);
	pthread_mutex_destroy(&bank->tenant.lock);
}

/* A customer looks at both accounts before paying.  One lock at a time is
 * harmless in any order. */
static void look_at_accounts(struct bank *bank)
{
	struct account *accounts[] = {&bank->tenant, &bank->landlord};

	for (size_t i = 0; i < 2; i++) {
		pthread_mutex_lock(&accounts[i]->lock);
		accounts[i]->views++;
		pthread_mutex_unlock(&accounts[i]->lock);
	}
}

static void transfer_payer_first(struct account *from, struct account *to,
				 long amount)
{
	pthread_mutex_lock(&from->lock);
	pthread_mutex_lock(&to->lock);
	from->balance -= amount;
	to->balance += amount;
	pthread_mutex_unlock(&to->lock);
	pthread_mutex_unlock(&from->lock);
}

static void transfer_in_order(struct account *from, struct account *to,
			      long amount)
{
	struct account *first = from->number < to->number ? from : to;
	struct account *second = first == from ? to : from;

	pthread_mutex_lock(&first->lock);
	pthread_mutex_lock(&second->lock);
	from->balance -= amount;
	to->balance += amount;
	pthread_mutex_unlock(&second->lock);
	pthread_mutex_unlock(&first->lock);
}

static void pay_rent_payer_first(struct snag_self *self, void *state)
{
	struct bank *bank = state;

	(void)self;
	look_at_accounts(bank);
	transfer_payer_first(&bank->tenant, &bank->landlord, RENT);
}

static void pay_wage_payer_first(struct snag_self *self, void *state)
{
	struct bank *bank = state;

	(void)self;
	look_at_accounts(bank);
	transfer_payer_first(&bank->landlord, &bank->tenant, WAGE);
}

static void pay_rent_in_order(struct snag_self *self, void *state)
{
	struct bank *bank = state;

	(void)self;
	look_at_accounts(bank);
	transfer_in_order(&bank->tenant, &bank->landlord, RENT);
}

static void pay_wage_in_order(struct snag_self *self, void *state)
{
	struct bank *bank = state;

	(void)self;
	look_at_accounts(bank);
	transfer_in_order(&bank->landlord, &bank->tenant, WAGE);
}

static void check(struct snag_run *run, void *state)
{
	const struct bank *bank = state;
	long rents = RENT * (long)snag_role_threads(run, 0);
	long wages = WAGE * (long)snag_role_threads(run, 1);

	snag_outcome(run, bank->tenant.balance == OPENING - rents + wages &&
					  bank->landlord.balance ==
						  OPENING + rents - wages
				  ? "paid"
				  : "wrong");
}

SNAG_SCENARIO(lock, abba) = {
	.summary = "two transfers take the same two locks in opposite orders",
	.refs = {"CWE-833", "SEI CERT POS51-C",
		 "Coffman, Elphick and Shoshani, System Deadlocks, 1971"},
	.tags = "lock deadlock order",
	.practice = SNAG_LOCKING,
	.lesson = "transfer_payer_first locks the account that pays and then "
		  "the one that is paid.  The rent locks tenant, landlord; the "
		  "wage locks landlord, tenant.  If both threads get their "
		  "first lock before either gets its second, each waits for "
		  "the other for ever.  That needs a switch in a window of a "
		  "few instructions, so it may pass every test and hang the "
		  "program a year later.  TSan does not wait for the hang: it "
		  "remembers which lock was taken while which was held and "
		  "reports the cycle.  The repair is one global order, such as "
		  "the account number, in which all locks are taken whatever "
		  "the direction of the transfer.",
	.in_python =
		"with a.lock, b.lock: in one thread and with b.lock, a.lock: "
		"in another hang just the same, with or without the GIL.  "
		"Sort the two by an id first.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct bank),
	.setup = setup,
	.roles = {{"tenant", pay_rent_payer_first, 1},
		  {"landlord", pay_wage_payer_first, 1}},
	.check = check,
	.teardown = teardown,
	.reports = {{
		.kind = SNAG_LOCK_INVERSION,
		.cause = "lock-order",
		.grade = SNAG_REQUIRED,
		.between = {"transfer_payer_first", "transfer_payer_first"},
		.why = "the two accounts are locked in both orders",
	}},
	.outcomes =
		{
			{.when = "paid",
			 .grade = SNAG_ALLOWED,
			 .why = "the transfers did not get in each other's "
				"way"},
			{.when = "@deadlock",
			 .grade = SNAG_ALLOWED,
			 .why = "each transfer holds the lock that the other "
				"needs",
			 .cause = "deadlock"},
		},
};

SNAG_SCENARIO(lock, ordered_locks) = {
	.summary = "transfers take the two locks by account number",
	.repairs = "lock/abba",
	.refs = {"SEI CERT POS51-C"},
	.tags = "lock deadlock order",
	.practice = SNAG_LOCKING,
	.lesson = "transfer_in_order locks the account with the smaller number "
		  "first, whoever pays.  A deadlock needs a circle of threads "
		  "each waiting for the next; along such a circle the numbers "
		  "would have to rise for ever, so there is none.  The order "
		  "may be anything, as long as it is total, fixed, and the "
		  "same everywhere: a number, a level in a hierarchy, an "
		  "address.  Where the locks cannot be known in advance, "
		  "trylock the second, and on failure release the first and "
		  "start again.",
	.in_python = "first, second = sorted((a, b), key=lambda x: x.number); "
		     "with first.lock, second.lock: ...",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct bank),
	.setup = setup,
	.roles = {{"tenant", pay_rent_in_order, 0},
		  {"landlord", pay_wage_in_order, 0}},
	.check = check,
	.teardown = teardown,
	.outcomes =
		{
			{.when = "paid",
			 .grade = SNAG_ALLOWED,
			 .why = "all transfers were done, one after the other"},
			{.when = "@deadlock",
			 .grade = SNAG_FORBIDDEN,
			 .why = "one order of locks has no cycle"},
		},
};
