/*
 * report_files.h - the files that processes under log_path=FOLDER/tsan leave.
 *
 * ThreadSanitizer writes "tsan.PID" for each process that reports anything.
 * Programs can put whatever they like there: nothing is followed or waited for.
 */
#ifndef SNAG_READ_REPORT_FILES_H
#define SNAG_READ_REPORT_FILES_H

#include <stdbool.h>

#include "base/err.h"

/* The name after the folder, without ".PID". */
#define REPORT_FILES_NAME "tsan"

/* fd is closed after the call; -1: it cannot be opened. */
typedef void report_file_visit(void *context, const char *name, int fd);

/* Each of the folder, in the order of their numbers.  false: it cannot be read
 * (EXIT_TROUBLE). */
bool report_files_each(const char *folder, report_file_visit *visit,
		       void *context, struct err *err);

#endif
