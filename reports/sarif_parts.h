/*
 * sarif_parts.h - the parts of a SARIF log; for sarif*.c alone.
 *
 * Objects are new references.  Text goes in clean.
 */
#ifndef SNAG_REPORTS_SARIF_PARTS_H
#define SNAG_REPORTS_SARIF_PARTS_H

#include <jansson.h>

#include "reports/spot.h"

/* Of one result.  GitHub takes 1,000 locations and 10,000 steps of threads, and
 * shows 100 and 1,000. */
enum { SARIF_MOST_LOCATIONS = 1000, SARIF_MOST_STEPS = 1000 };

struct sarif {
	const struct result *result;
	struct ledger ledger;
	const char **rules; /* ids, in the order of the log */
	size_t rule_count;
	const char **line_hashes; /* of each entry */
	size_t cut_locations;     /* beyond what one result may have */
	size_t cut_results;
};

/* {"text": ...} */
json_t *sarif_message(struct arena *arena, const char *text);
/* Of the place, with the line's text where it is known. */
json_t *sarif_location(struct arena *arena, const struct spot *spot,
		       const char *source);
/* Of all rules that the entries need; fills sarif->rules. */
json_t *sarif_rules(struct arena *arena, struct sarif *sarif);
/* Fills sarif->line_hashes, in the arena. */
void sarif_hash_lines(struct arena *arena, struct sarif *sarif);
json_t *sarif_result(struct arena *arena, struct sarif *sarif, size_t entry);
/* relatedLocations and codeFlows of the finding into its result. */
void sarif_put_sides(struct arena *arena, struct sarif *sarif, json_t *result,
		     const struct finding *finding);

#endif
