/*
 * explore_bench.h - a scenario of a built host, run one schedule at a time.
 *
 * The hosts are in the folder above that of the tests; those of the sanitized
 * build, which has none, are where SNAG_TEST_HOST is.
 */
#ifndef EXPLORE_BENCH_H
#define EXPLORE_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "campaign/rerun_part.h"

static volatile sig_atomic_t bench_interrupted;

/* "/tests/kernels/snag-kernels", or "/snag-catalogue". */
static inline const char *bench_host(const char *name)
{
	static char host[2 * PATH_MAX];
	char own[PATH_MAX] = "", *folder = own;
	const char *other = getenv("SNAG_TEST_HOST");

	if (other)
		snprintf(own, sizeof(own), "%s", other);
	else if (readlink("/proc/self/exe", own, sizeof(own) - 1) < 0)
		fail_msg("who am I?");
	folder = dirname(own);
	snprintf(host, sizeof(host), "%s%s%s", folder, other ? "" : "/..",
		 name);
	return host;
}

static inline struct schedule bench_schedule(const char *host,
					     const char *scenario)
{
	return (struct schedule){.host = host,
				 .scenario = scenario,
				 .points = "all",
				 .threads = 2,
				 .seed = 1,
				 .iteration = 1};
}

static inline struct rerun *bench_open(const struct schedule *s)
{
	struct err err = {0};
	struct rerun *rerun = rerun_open(s, &bench_interrupted, &err);

	if (!rerun)
		fail_msg("%s", err.text);
	return rerun;
}

#endif
