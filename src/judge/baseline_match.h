/*
 * baseline_match.h - which findings does a baseline know, and which entries
 * are still seen?
 *
 * An entry knows a finding of the same race, and on the same data: where one
 * of them does not say what is raced on, any will do.  A race on other data
 * between the same places is new.  A side that ThreadSanitizer could not
 * restore, of the finding or of the entry, stands for any; but an entry with a
 * lost side has to be on the very same data, or it would hide all that its
 * other side ever does.  Lines of source do not matter.
 */
#ifndef SNAG_JUDGE_BASELINE_MATCH_H
#define SNAG_JUDGE_BASELINE_MATCH_H

#include "model/baseline.h"
#include "model/result.h"

struct baseline_match {
	enum standing standing; /* never NONE */
	const char *why;        /* one sentence, in the arena */
	/* One that makes it so: of a new one, that of the same places on other
	 * data; NULL: none. */
	struct baseline_entry *entry;
};

/* today: a day (day.h).  What the finding races on may stand in several
 * entries: it is known if all of it does, expired if some only did. */
struct baseline_match baseline_match(const struct baseline *baseline,
				     const struct finding *finding,
				     const char *today, struct arena *arena);
/* Sets the flag of each entry that the finding, or some of it, is about. */
void baseline_mark(const struct baseline *baseline,
		   const struct finding *finding, bool *is_of_it);
bool baseline_entry_is_expired(const struct baseline_entry *entry,
			       const char *today);
/* Does the report say too little to tell it from other races?  No entry may
 * be made for it. */
bool baseline_is_nameless(const struct finding *finding);
/*
 * Adds an entry for what no entry says of it yet, expired ones included; with
 * neither reason nor owner, link and days.  Strings are copied.  NULL: nothing
 * is left to say.  Pointers to older entries are worthless then.
 */
struct baseline_entry *baseline_entry_add(struct baseline *baseline,
					  const struct finding *finding,
					  const char *subject);

#endif
