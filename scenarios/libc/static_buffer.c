/*
 * localtime() returns a pointer to one static struct that every caller in the
 * process shares.
 *
 * Broken: threads format dates with localtime.  Right: localtime_r, which
 * writes into a struct of the caller's.
 */
#include <snag/scenario.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

enum { DATES = 2, SECONDS_PER_YEAR = 366 * 24 * 3600 };

struct calendar {
	atomic_uint wrong;
};

/* Far enough apart for every thread to be in a year of its own. */
static time_t date_of(struct snag_self *self)
{
	return (time_t)(snag_index(self) % 64 + 1) * SECONDS_PER_YEAR;
}

static int year_by_localtime(struct snag_self *self, time_t date)
{
	const struct tm *local = localtime(&date);
	if (!local)
		abort();
	snag_point(self);
	return local->tm_year;
}

static int year_by_localtime_r(struct snag_self *self, time_t date)
{
	struct tm local;
	if (!localtime_r(&date, &local))
		abort();
	snag_point(self);
	return local.tm_year;
}

static bool read_time_zone(struct snag_run *run, void *state)
{
	(void)run;
	(void)state;
	/* With a zone named, localtime does not read it anew in each call:
	 * what races then is the result itself. */
	setenv("TZ", "UTC", 0);
	tzset();
	return true;
}

static void compare(struct snag_self *self, struct calendar *calendar,
		    int (*year_of)(struct snag_self *, time_t))
{
	time_t date = date_of(self);
	struct tm expected;
	localtime_r(&date, &expected);
	for (int i = 0; i < DATES; i++) {
		if (year_of(self, date) != expected.tm_year)
			atomic_fetch_add_explicit(&calendar->wrong, 1,
						  memory_order_relaxed);
	}
}

static void date_letters_shared(struct snag_self *self, void *state)
{
	compare(self, state, year_by_localtime);
}

static void date_letters_own(struct snag_self *self, void *state)
{
	compare(self, state, year_by_localtime_r);
}

static void check(struct snag_run *run, void *state)
{
	struct calendar *calendar = state;
	snag_outcome(run, calendar->wrong ? "another's date" : "own date");
}

SNAG_SCENARIO(libc, static_buffer) = {
	.summary = "localtime's static result shared by all threads",
	.refs = {"POSIX.1-2017 localtime",
		 "SEI CERT C CON33-C: Avoid race conditions when using "
		 "library functions",
		 "CWE-663: Use of a Non-reentrant Function in a Concurrent "
		 "Context"},
	.tags = "libc localtime reentrant",
	.practice = SNAG_PARTITION,
	.lesson = "year_by_localtime calls localtime, which fills one static "
		  "struct tm and returns its address. While this thread reads "
		  "tm_year, another thread's call fills the same struct with "
		  "another date: the year belongs to somebody else, or day and "
		  "month no longer fit together. POSIX says that localtime "
		  "need not be thread-safe; gmtime, asctime, ctime, strtok, "
		  "strerror and others share the fault. A lock inside the "
		  "function cannot help, because the result is used after it "
		  "returns. The repair is the variant ending in _r, which "
		  "writes to memory that the caller owns.",
	.in_python = "time.localtime() returns a new struct_time each time.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct calendar),
	.setup = read_time_zone,
	.roles = {{"secretary", date_letters_shared, 0}},
	.min_threads = 2,
	.check = check,
	.reports = {{.kind = SNAG_DATA_RACE,
		     .cause = "unsafe-libc",
		     .grade = SNAG_REQUIRED,
		     .between = {"year_by_localtime", "year_by_localtime"},
		     .why = "every call writes the one static struct tm"},
		    {.kind = SNAG_DATA_RACE,
		     .grade = SNAG_ALLOWED,
		     .between = {"year_by_localtime", "year_by_localtime"},
		     .why = "memory of the C library, under a lock of its "
			    "own that ThreadSanitizer cannot see"}},
	.outcomes = {{.when = "own date",
		      .grade = SNAG_ALLOWED,
		      .why = "no call came between call and use"},
		     {.when = "another's date",
		      .grade = SNAG_ALLOWED,
		      .why = "another thread's call came in between"}},
};

SNAG_SCENARIO(libc, reentrant_r) = {
	.summary = "localtime_r writes to a struct of the caller's own",
	.repairs = "libc/static_buffer",
	.refs = {"POSIX.1-2017 localtime_r"},
	.tags = "libc localtime reentrant",
	.practice = SNAG_PARTITION,
	.lesson = "year_by_localtime_r passes the address of a local struct "
		  "tm, and localtime_r writes the result there. Every thread "
		  "has its own, so there is nothing to share and nothing to "
		  "lock. One difference remains: localtime_r need not look at "
		  "a changed TZ variable, so a program that needs that calls "
		  "tzset before it starts its threads.",
	.in_python = "time.localtime() returns a new struct_time each time.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct calendar),
	.setup = read_time_zone,
	.roles = {{"secretary", date_letters_own, 0}},
	.min_threads = 2,
	.check = check,
	.outcomes = {{.when = "own date",
		      .grade = SNAG_REQUIRED,
		      .why = "every thread has a struct of its own"}},
};
