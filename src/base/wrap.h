/*
 * wrap.h - sentences onto a page of so many columns.
 */
#ifndef SNAG_BASE_WRAP_H
#define SNAG_BASE_WRAP_H

#include <stdio.h>

/*
 * Breaks at spaces; each line is indented by so many, and ends before column
 * `width` (counted in code points) unless one word is longer.  A newline in
 * the text stays one.  Ends in a newline, also for "".
 */
void wrap_print(FILE *file, const char *text, unsigned indent, unsigned width);

#endif
