/*
 * loader.h - which shared libraries a program would be given, without running
 * it.
 *
 * The program's own dynamic loader is asked, so that run paths, the cache and
 * LD_LIBRARY_PATH count as they will when it runs.
 */
#ifndef SNAG_PROGRAM_LOADER_H
#define SNAG_PROGRAM_LOADER_H

#include <stdbool.h>

#include "base/err.h"

/*
 * Sets *path to the library whose name begins with one of the prefixes (NULL
 * ends them): a new string, or NULL when the program loads none, is linked
 * statically, or is no ELF file, such as a script.  Errors are EXIT_TROUBLE:
 * the file cannot be read, the loader fails or takes longer than ten seconds,
 * or the library is needed and not found.
 */
bool loader_find(char **path, const char *program, const char *const *prefixes,
		 struct err *err);

#endif
