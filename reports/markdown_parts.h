/*
 * markdown_parts.h - the parts of the step summary; for markdown*.c alone.
 */
#ifndef SNAG_REPORTS_MARKDOWN_PARTS_H
#define SNAG_REPORTS_MARKDOWN_PARTS_H

#include "base/buf.h"
#include "reports/ledger.h"
#include "reports/renderer.h"

struct summary {
	const struct result *result;
	const struct render_options *options;
	struct ledger ledger;
	struct arena arena;
	struct buf part; /* that is being made */
	FILE *file;
	size_t bytes; /* written */
	size_t full;  /* findings shown in full */
	bool is_cut;  /* a part was left out without a word */
};

/* A table of the entries first to end, all failing or all not. */
void summary_table(struct summary *summary, size_t first, size_t end);
/* The command that showed it; of a campaign over all scenarios, that of the
 * one; or NULL. */
const char *summary_command(struct summary *summary, const struct entry *entry);
/* A subject without a finding to blame, folded. */
void summary_subject(struct summary *summary, const struct entry *entry);
/* One finding, folded. */
void summary_finding(struct summary *summary, const struct entry *entry);

#endif
