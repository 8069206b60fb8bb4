/*
 * distinct.h - about how many different things a set of registers has seen.
 *
 * HyperLogLog (Flajolet, Fusy, Gandouet, Meunier, 2007): each register holds
 * the longest run of zeros, plus one, of the hashes that fell to it.  Sets are
 * united by the greater of each two registers.  With 4,096 registers half of
 * the estimates are within 1.1 % of the truth; small sets are counted by the
 * registers that are still empty, and nearly exactly.
 */
#ifndef SNAG_BASE_DISTINCT_H
#define SNAG_BASE_DISTINCT_H

#include <stddef.h>
#include <stdint.h>

/* Registers above 64 count as 64: no hash has more. */
uint64_t distinct_estimate(const uint8_t *registers, size_t count);
void distinct_unite(uint8_t *into, const uint8_t *from, size_t count);

#endif
