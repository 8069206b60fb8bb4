/*
 * hosts.h - asking a host what it is, and ending what it leaves.
 */
#ifndef SNAG_CAMPAIGN_HOSTS_H
#define SNAG_CAMPAIGN_HOSTS_H

#include "campaign/describe.h"
#include "campaign/state.h"
#include "campaign/worker.h"

/*
 * All scenarios of the worker's host, in its order: subjects of the result,
 * and as many facts (of the result's arena).  Ill-formed ones, ones of equal
 * id, and ones that were not instrumented are an error (EXIT_USAGE).
 */
bool hosts_describe(struct worker *worker, const char *host_path,
		    struct result *result, struct scenario_facts **facts,
		    struct err *err);
/* Orphans that came to this process when a host died: all its children that
 * are no worker's host and were not there before the campaign. */
void hosts_end_orphans(const struct campaign *campaign);

#endif
