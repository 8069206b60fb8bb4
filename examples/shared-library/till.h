/*
 * till.h - a till that several threads may use.
 */
#ifndef TILL_H
#define TILL_H

struct till;

struct till *till_new(void);
void till_free(struct till *till);
/* Puts money in; what is in afterwards. */
long till_put(struct till *till, long cents);
/* What is in. */
long till_sum(const struct till *till);

#endif
