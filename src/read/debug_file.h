/*
 * debug_file.h - the DWARF of a program: its own, or in a file beside it.
 *
 * Looks in the program, then by build-id below /usr/lib/debug, then where
 * .gnu_debuglink says.  Nothing is ever fetched from the network, and a file of
 * another build is refused.  Split DWARF (.dwo) is not read: see dwarf_index.h.
 */
#ifndef SNAG_READ_DEBUG_FILE_H
#define SNAG_READ_DEBUG_FILE_H

#include <elfutils/libdw.h>

#include "base/err.h"
#include "read/elf_file.h"

struct debug_file {
	struct elf_file own;          /* a file beside the program's, if any */
	struct elf_file shared;       /* that dwz moved common parts to      */
	const struct elf_file *holds; /* the one with the sections           */
	Dwarf *dwarf, *shared_dwarf;
};

/* On false dwarf is NULL, and err is set only when there is something that
 * could not be used, not when there is nothing. */
bool debug_file_open(struct debug_file *debug, const struct elf_file *program,
		     const char *path, struct err *err);
void debug_file_close(struct debug_file *debug);

#endif
