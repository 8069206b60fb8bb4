/*
 * temp_file.h - a file of its own for each test.
 */
#ifndef SNAG_TESTS_TEMP_FILE_H
#define SNAG_TESTS_TEMP_FILE_H

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[] = "/tmp/snag-file-test.XXXXXX";

static inline int make_file(void **state)
{
	int fd;

	(void)state;
	strcpy(path + strlen(path) - 6, "XXXXXX");
	fd = mkstemp(path);
	return fd < 0 || close(fd);
}

static inline int remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

#endif
