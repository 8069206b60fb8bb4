/*
 * catalogue.h - the scenarios that came with snag, to point to as examples.
 */
#ifndef SNAG_CMD_CATALOGUE_H
#define SNAG_CMD_CATALOGUE_H

#include "model/result.h"

/* Into a zeroed result, which stays empty where there is no catalogue. */
void catalogue_read(struct result *catalogue);

#endif
