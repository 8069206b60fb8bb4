/*
 * tickets.h - tickets for one evening, sold by several threads.
 */
#ifndef TICKETS_H
#define TICKETS_H

#include <stdbool.h>

struct tickets;

/* NULL: no memory. */
struct tickets *tickets_new(int count);
void tickets_free(struct tickets *tickets);
int tickets_left(struct tickets *tickets);
/* False when there is none left. */
bool tickets_sell(struct tickets *tickets);

#endif
