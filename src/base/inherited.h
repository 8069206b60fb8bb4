/*
 * inherited.h - what Snag was started with and must change for itself: the
 * signals that are ignored.
 *
 * Who starts Snag may ignore SIGPIPE, as Python does, or SIGCHLD, and a program
 * started by it inherits that.  Snag ignores the first, and needs to know how
 * its children end: while the second is ignored, the kernel tells nobody.
 */
#ifndef SNAG_BASE_INHERITED_H
#define SNAG_BASE_INHERITED_H

/* Once, as the program begins: keeps them, and sets our own. */
void inherited_take(void);
/* As they were before; safe between fork and exec. */
void inherited_give_back(void);

#endif
