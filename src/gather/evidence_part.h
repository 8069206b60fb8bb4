/*
 * evidence_part.h - what the parts of evidence.h share.
 */
#ifndef SNAG_GATHER_EVIDENCE_PART_H
#define SNAG_GATHER_EVIDENCE_PART_H

#include "gather/evidence.h"
#include "judge/unite.h"
#include "read/symbols.h"

/* A result that was read.  Its memory is the whole result's already. */
struct stored {
	const char *path;
	struct finding *findings;
	size_t finding_count;
	/* Beside each finding: where it went; UNITE_FULL: nowhere. */
	size_t *places;
	/* Their indexes, sorted by fingerprint. */
	size_t *order;
	size_t first_piece, piece_count;
};

/* One subject of one stored result. */
struct piece {
	struct subject *subject;
	size_t stored;                 /* index: where it is from */
	const struct suite_test *test; /* that ctest knows; or NULL */
};

struct evidence {
	struct result *result;
	struct symbols *symbols;
	struct stored *stored;
	size_t stored_count;
	struct piece *pieces;
	size_t piece_count;
	const char **complaints;
	size_t complaint_count;
	/* Beside each finding of the result: the piece that had it first. */
	size_t *origins;
	size_t origin_count;
	/* Beside each finding of the result: all 0, but within
	 * evidence_merge. */
	size_t *slots;
	/* Beside each piece: the subject of the result that it went into. */
	size_t *homes;
	/* Beside each subject of the result: how many pieces it is made of. */
	size_t *sizes;
};

/* evidence_findings.c: all findings of all that is stored, into the result. */
void evidence_unite_findings(struct evidence *e);
/* The index in the result of a finding of stored result; UNITE_FULL: it is
 * not there. */
size_t evidence_place(const struct stored *stored, const char *fingerprint);

/* evidence.c: a sentence for evidence_complaints. */
void evidence_complain(struct evidence *e, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* evidence_merge.c: one more piece of a subject of the result. */
void evidence_merge(struct evidence *e, struct subject *into,
		    const struct piece *piece);

/* evidence_settle.c: verdict and `why` of a subject as far as they are known
 * before it is judged, once all its pieces are in. */
void evidence_settle(struct evidence *e, struct subject *subject,
		     const struct piece *const *pieces, size_t count);
/* Gives subjects ids that tell them apart. */
void evidence_name(struct evidence *e);

/* evidence_suite.c: gives pieces the tests that they are of. */
void evidence_match(struct evidence *e, const struct suite *suite);
/* Why a test of the suite has no evidence, one sentence. */
const char *evidence_why_missing(const struct suite *suite,
				 const struct suite_test *test);
/* evidence_unite.c: is its id made of its command alone, by who ran it, or by
 * an earlier gate? */
bool evidence_is_plain_id(const struct subject *subject);

#endif
