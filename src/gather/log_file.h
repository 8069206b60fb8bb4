/*
 * log_file.h - opens what is to be read as a log.
 *
 * "-" is standard input.  What cannot be a log is refused (EXIT_USAGE) in one
 * sentence, with what to do instead where there is something.
 */
#ifndef SNAG_GATHER_LOG_FILE_H
#define SNAG_GATHER_LOG_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct log_file {
	int fd;
	const char *name;    /* as a sentence says it: "'ci.log'"      */
	uint64_t size_bytes; /* 0: not known                           */
};

/* The name lives as long as the caller's. */
bool log_file_open(struct log_file *file, const char *name, struct err *err);
void log_file_close(struct log_file *file);
/* Are these first bytes those of something that is not plain text? */
bool log_file_check(const struct log_file *file, const char *begin, size_t len,
		    struct err *err);

#endif
