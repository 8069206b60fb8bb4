/*
 * strategy.h - the names of explore's strategies.
 *
 * The host knows what each does, and whether an argument is one it takes; the
 * tool knows which there are, so that a typing error is told at once.
 */
#ifndef SNAG_CAMPAIGN_STRATEGY_H
#define SNAG_CAMPAIGN_STRATEGY_H

#include <stdbool.h>

#include "base/err.h"

#define STRATEGY_DEFAULT "portfolio"

/* "NAME" or "NAME:ARGUMENT".  False with a sentence (EXIT_USAGE). */
bool strategy_check(const char *option, const char *text, struct err *err);

#endif
