/*
 * point_kinds.h - how points.S tells the harness what passes.  Read by the
 * assembler too: nothing but #define here.
 */
#ifndef SNAG_EXPLORE_POINT_KINDS_H
#define SNAG_EXPLORE_POINT_KINDS_H

/* The lowest byte is an enum snag_event_kind; point.c asserts these. */
#define POINT_READ 1
#define POINT_ATOMIC_LOAD 2
#define POINT_WRITE 3
#define POINT_READ_WRITE 4
#define POINT_ATOMIC_STORE 5
#define POINT_ATOMIC_UPDATE 6

#define POINT_IS_RANGE 0x100 /* the second argument is the size          */
#define POINT_IS_COPY 0x200  /* to the first, from the second, third long */
#define POINT_IS_FILL 0x400  /* the third argument is the size           */
#define POINT_SIZE_SHIFT 16

/* Where a call of the malloc family has its size. */
#define HEAP_SIZE 0
#define HEAP_COUNT_AND_SIZE 1
#define HEAP_ALIGNMENT_FIRST 2
#define HEAP_ALIGNMENT_SECOND 3 /* and the size third */

/* snag_points_armed: what a point does. */
#define POINTS_OFF 0
#define POINTS_NOISE 1
#define POINTS_EXPLORE 2

/* Indices of the saved argument registers. */
#define POINT_FIRST 0
#define POINT_SECOND 1
#define POINT_THIRD 2
/* Behind them: the caller's frame pointer, and where it called from. */
#define POINT_SAVED_FRAME 6

#ifndef __ASSEMBLER__
typedef unsigned snag_point_what; /* the kind, flags and size */
#endif

#endif
