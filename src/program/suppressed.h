/*
 * suppressed.h - suppression files in runs of a program: given to
 * ThreadSanitizer as one file, and what each line of them hid.
 */
#ifndef SNAG_PROGRAM_SUPPRESSED_H
#define SNAG_PROGRAM_SUPPRESSED_H

#include "program/state.h"

/*
 * Reads the files of the options and of the user's own `suppressions` flag, so
 * that a line under which no program would start is found before one does, and
 * writes them all to one file in the private folder; the flags then name that.
 * Without any, nothing happens.
 */
bool suppressed_prepare(struct program *program, struct err *err);
/* Takes the counts that a process wrote at the end of its file of reports,
 * wherever that is read to. */
void suppressed_read(struct program *program, int fd);
/* Notes: what was hidden, by which line; and which lines hid nothing. */
void suppressed_note(struct program *program);
void suppressed_release(struct program *program);

#endif
