/*
 * report_text.h - a report in ThreadSanitizer's own words.
 *
 * What clang's runtime would have printed with symbols at hand: for people
 * who know that form, and for other tools that read it.  Our reader takes it
 * back to an equal report, but for what the form has no words for.
 */
#ifndef SNAG_MODEL_REPORT_TEXT_H
#define SNAG_MODEL_REPORT_TEXT_H

#include "base/buf.h"
#include "model/report.h"

void report_print(const struct report *report, struct buf *out);

#endif
