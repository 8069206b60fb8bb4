/*
 * epoch.h - where batches of explore begin.
 *
 * What a strategy has learned lives one batch, so a schedule depends on where
 * its batch began.  Batches begin at numbers that depend on neither time nor
 * --jobs: the ends of epochs, 0, 16, 64, 256, ... 65,536 and then every 65,536;
 * and, within an epoch, after an iteration that ends any batch it is in.
 */
#ifndef SNAG_CAMPAIGN_EPOCH_H
#define SNAG_CAMPAIGN_EPOCH_H

#include <stdint.h>

/* The first iteration of the epoch after the one that has this iteration. */
uint64_t epoch_end(uint64_t iteration);

#endif
