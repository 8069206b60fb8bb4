/*
 * elf_file.h - a program or library on disk: its segments and symbols.
 *
 * The file may be anything: only regular files are opened, and never waited
 * for; only 64-bit little-endian programs and libraries of the machines we run
 * on are read.  Addresses are those of the file, as if it were loaded at 0.
 * The file is read, never mapped: one that shrinks meanwhile does no harm.
 */
#ifndef SNAG_READ_ELF_FILE_H
#define SNAG_READ_ELF_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libelf.h>

#include "base/err.h"
#include "read/range_index.h"

enum { ELF_SEGMENTS = 64, ELF_BUILD_ID = 64 };

struct elf_segment {
	uint64_t low, high;
	bool is_code, is_writable;
};

struct elf_file {
	int fd;
	Elf *elf;
	struct elf_segment segments[ELF_SEGMENTS]; /* the loaded ones */
	size_t segment_count;
	unsigned char build_id[ELF_BUILD_ID];
	size_t build_id_len; /* 0: none */
	/* Made when first asked for; values are names (const char *). */
	struct range_index functions, objects;
	bool has_symbols;
};

/* On false nothing is open. */
bool elf_file_open(struct elf_file *file, const char *path, struct err *err);
void elf_file_close(struct elf_file *file);
bool elf_file_is_code(const struct elf_file *file, uint64_t address);
bool elf_file_is_writable(const struct elf_file *file, uint64_t address);
/* The name in the symbol table, as it stands there, valid until the file is
 * closed; NULL when there is none. */
const char *elf_file_function(struct elf_file *file, uint64_t address);
/* Of data; begin and size are set when there is one. */
const char *elf_file_object(struct elf_file *file, uint64_t address,
			    uint64_t *begin, uint64_t *size);
/* The section's bytes; NULL: none, or it cannot be read. */
Elf_Data *elf_file_section(const struct elf_file *file, const char *name);
enum elf_name { ELF_DEFINES = 1, ELF_DEFINES_WEAK, ELF_NEEDS /* a library */ };
typedef void elf_visit(void *context, enum elf_name what, const char *name);
/* Every name in its symbol tables that it defines, local ones too, and every
 * library that it needs; a name may come twice. */
void elf_file_names(const struct elf_file *file, elf_visit *visit,
		    void *context);
/* Has it debug information, of a size we are ready to load?  false with an
 * untouched err: it has none. */
bool elf_file_has_debug(const struct elf_file *file, const char *path,
			struct err *err);

#endif
