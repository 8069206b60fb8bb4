/*
 * Writing behind a view: readers get a pointer to const and take it for a
 * promise, but const binds only those who read through it; the owner goes on
 * writing behind it.  Right when the view looks at a copy that nobody writes,
 * or at a page that the processor itself protects.
 */
#include <snag/scenario.h>

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

enum { READS = 4, EDITS = 4 };

/* Invariant: high is low + 10. */
struct config {
	unsigned low, high;
};

static const struct config default_limits = {.low = 10, .high = 20};

/* What readers get. */
struct view {
	const struct config *config;
};

struct shared {
	struct config *draft; /* the owner's, to be edited */
	struct config *copy;  /* of the draft, never edited */
	struct view view;     /* what the readers look at */
	atomic_bool torn;     /* did a reader see a broken invariant? */
	atomic_bool overwritten;
};

static struct config *new_config(const struct config *from)
{
	struct config *config = malloc(sizeof(*config));

	if (!config)
		abort();
	*config = *from;
	return config;
}

__attribute__((noinline)) static void set_limits(struct config *config,
						 unsigned low)
{
	config->low = low;
	config->high = low + 10;
}

static void edit_draft(struct snag_self *self, void *state)
{
	struct shared *shared = state;

	for (unsigned i = 0; i < EDITS; i++) {
		set_limits(shared->draft, 10 * i);
		snag_point(self);
	}
}

__attribute__((noinline)) static bool view_is_sane(const struct view *view)
{
	unsigned low = view->config->low;
	unsigned high = view->config->high;

	return low + 10 == high;
}

static void read_through_view(struct snag_self *self, void *state)
{
	struct shared *shared = state;

	for (int i = 0; i < READS; i++) {
		if (!view_is_sane(&shared->view))
			atomic_store_explicit(&shared->torn, true,
					      memory_order_relaxed);
		snag_point(self);
	}
}

static void check_view(struct snag_run *run, void *state)
{
	struct shared *shared = state;

	snag_outcome(run, atomic_load(&shared->torn) ? "torn" : "whole");
}

static void teardown_configs(void *state)
{
	struct shared *shared = state;

	free(shared->copy);
	free(shared->draft);
}

/* Broken: the view looks at the draft. */

static bool setup_view_of_draft(struct snag_run *run, void *state)
{
	struct shared *shared = state;

	(void)run;
	shared->draft = new_config(&default_limits);
	shared->view.config = shared->draft;
	return true;
}

/* Repaired: the view looks at a copy. */

static bool setup_view_of_copy(struct snag_run *run, void *state)
{
	struct shared *shared = state;

	(void)run;
	shared->draft = new_config(&default_limits);
	shared->copy = new_config(shared->draft);
	shared->view.config = shared->copy;
	return true;
}

/* Repaired: the view looks at a read-only page. */

static size_t page_size(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

static bool setup_frozen_page(struct snag_run *run, void *state)
{
	struct shared *shared = state;
	void *page = mmap(NULL, page_size(), PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED) {
		snag_skip(run, "mmap gives no page");
		return false;
	}
	memcpy(page, &default_limits, sizeof(default_limits));
	if (mprotect(page, page_size(), PROT_READ) != 0)
		abort();
	shared->view.config = page;
	return true;
}

/* Lets the kernel do the write: it answers EFAULT where a store of our own
 * would end the process with SIGSEGV. */
static void write_to_frozen_page(struct snag_self *self, void *state)
{
	struct shared *shared = state;
	void *config = (void *)(uintptr_t)shared->view.config;

	(void)self;
	if (getrandom(config, sizeof(struct config), 0) != -1 ||
	    errno != EFAULT)
		atomic_store_explicit(&shared->overwritten, true,
				      memory_order_relaxed);
}

static void check_frozen_page(struct snag_run *run, void *state)
{
	struct shared *shared = state;

	if (atomic_load(&shared->overwritten) || atomic_load(&shared->torn))
		snag_outcome(run, "overwritten");
	else
		snag_outcome(run, "refused");
}

static void teardown_frozen_page(void *state)
{
	struct shared *shared = state;

	munmap((void *)(uintptr_t)shared->view.config, page_size());
}

SNAG_SCENARIO(config, write_behind_view) = {
	.summary = "readers hold a const view; the owner writes behind it",
	.refs = {"CWE-362", "C11 5.1.2.4p25"},
	.tags = "config view const",
	.practice = SNAG_IMMUTABLE,
	.lesson = "The readers hold a pointer to const, so the code of "
		  "view_is_sane cannot write. But const says what one may do "
		  "through this pointer, not that the object is constant: the "
		  "owner has another pointer to the same object and changes it "
		  "in set_limits, behind the view. A reader between the two "
		  "lines there sees limits that never belonged together. A "
		  "view protects data from its readers, not the readers from "
		  "the owner. config/read_only_view lets the view look at a "
		  "copy to which nobody has a writable pointer; "
		  "config/frozen_page has the processor refuse every write.",
	.in_python =
		"types.MappingProxyType(d) is read-only for its holder and "
		"shows every change that the owner makes to d. Give out "
		"MappingProxyType(dict(d)), or a frozen dataclass.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct shared),
	.setup = setup_view_of_draft,
	.roles = {{"owner", edit_draft, 1}, {"reader", read_through_view, 0}},
	.check = check_view,
	.teardown = teardown_configs,
	.reports = {{.kind = SNAG_DATA_RACE,
		     .cause = "mutable-config",
		     .grade = SNAG_REQUIRED,
		     .between = {"set_limits", "view_is_sane"},
		     .why = "the owner edits what the view looks at"}},
	.outcomes = {{.when = "whole",
		      .grade = SNAG_ALLOWED,
		      .why = "nobody read between the two stores"},
		     {.when = "torn",
		      .grade = SNAG_ALLOWED,
		      .why = "a reader saw a new low with an old high"}},
};

SNAG_SCENARIO(config, read_only_view) = {
	.summary = "readers hold a const view of a copy that nobody writes",
	.repairs = "config/write_behind_view",
	.tags = "config view const copy",
	.practice = SNAG_IMMUTABLE,
	.lesson =
		"The owner still edits its draft, and the readers still look "
		"through a const view. But the view's object is a copy, made "
		"before any reader starts, and no writable pointer to it is "
		"in use any more. Now nobody can write what the readers read, "
		"and they need no lock. To show them a later draft, make a "
		"new copy and publish that (config/snapshot_swap).",
	.in_python =
		"view = types.MappingProxyType(dict(draft)), made once; the "
		"dict behind it has no other name, so nobody can change it.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct shared),
	.setup = setup_view_of_copy,
	.roles = {{"owner", edit_draft, 1}, {"reader", read_through_view, 0}},
	.check = check_view,
	.teardown = teardown_configs,
	.outcomes = {{.when = "whole",
		      .grade = SNAG_REQUIRED,
		      .why = "the copy behind the view never changes"},
		     {.when = "torn",
		      .grade = SNAG_FORBIDDEN,
		      .why = "somebody would have written to the copy"}},
};

SNAG_SCENARIO(config, frozen_page) = {
	.summary = "the configuration lies in a page that refuses writes",
	.repairs = "config/write_behind_view",
	.refs = {"POSIX mprotect()"},
	.tags = "config immutable mprotect page",
	.practice = SNAG_IMMUTABLE,
	.lesson =
		"const is checked by the compiler and lost with one cast. "
		"Here the configuration fills a page of its own, and after it "
		"is built mprotect takes the right to write away from the "
		"whole process, its author included. While the readers read, "
		"write_to_frozen_page casts const away and has the kernel "
		"write random bytes there: the kernel refuses with EFAULT, "
		"and the readers see nothing of it. A plain store at that "
		"place would end the process with SIGSEGV at the very line "
		"that is wrong, which is the best report one can have. The "
		"price is a page for each object and a system call to freeze "
		"it, cheap for what is built once.",
	.in_python =
		"bytes, tuple, frozenset and frozen dataclasses refuse writes "
		"in the same way, with an exception at the line that tries.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct shared),
	.setup = setup_frozen_page,
	.roles = {{"meddler", write_to_frozen_page, 1},
		  {"reader", read_through_view, 0}},
	.check = check_frozen_page,
	.teardown = teardown_frozen_page,
	.outcomes = {{.when = "refused",
		      .grade = SNAG_REQUIRED,
		      .why = "the write was caught: the page is read-only"},
		     {.when = "overwritten",
		      .grade = SNAG_FORBIDDEN,
		      .why = "the page would have let a write through"}},
};
