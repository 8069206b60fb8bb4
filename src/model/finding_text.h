/*
 * finding_text.h - each finding's best report as text, beside the result.
 *
 * In ThreadSanitizer's own words and form, with symbols (a scenario host
 * prints bare addresses), as reports/FINGERPRINT.txt below the folder.
 */
#ifndef SNAG_MODEL_FINDING_TEXT_H
#define SNAG_MODEL_FINDING_TEXT_H

#include "model/result.h"

/* Sets report_path of each finding that has text; reports/ must exist.  false
 * when one could not be written: the others are tried all the same. */
bool finding_texts_write(struct result *result, const char *folder,
			 struct err *err);

#endif
