/*
 * stack.h - stacks of virtual threads: a guard page below each, made once and
 * used again in later iterations, never by two threads of one (the memory's
 * history would be taken for a race between them).
 */
#ifndef SNAG_EXPLORE_STACK_H
#define SNAG_EXPLORE_STACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct stack {
	struct stack *next; /* of the free ones */
	char *low, *high;   /* usable: [low, high); the guard page is below */
	char edge;          /* its address carries what happened on it */
};

/* NULL: no memory. */
struct stack *stack_take(void);
void stack_give_back(struct stack *stack);
/* A saved stack pointer with which snag_switch() calls start(argument). */
void *stack_prepare(const struct stack *stack, void (*start)(void *),
		    void *argument);
/* The stack whose guard page or usable part holds the address; NULL: none. */
const struct stack *stack_at(uint64_t address, bool *is_guard);

void snag_switch(void **save_sp, void *sp);

#endif
