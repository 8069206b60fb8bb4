/*
 * symbols.h - from "module+offset" to functions, files and lines.
 *
 * Our hosts run ThreadSanitizer with symbolize=0, which costs a tenth of a
 * second less a process; names are found here, once a campaign.  Inlined
 * functions become frames of their own.  Names are as the program declares
 * them (DW_AT_name), or, without debug information, as its symbol table spells
 * them: nothing is stripped or demangled.
 *
 * A module is opened when it is first asked for, by its full path, and kept.
 * It may be anything, or missing: then its frames stay as they were and
 * symbols_notes has one sentence about it.  Memory is bounded for each module,
 * and so is their number.  Nothing blocks on a pipe, nothing is fetched from
 * the network.  Not for use by several threads.
 */
#ifndef SNAG_READ_SYMBOLS_H
#define SNAG_READ_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "model/report.h"

enum { SYMBOLS_MODULES_MAX = 256 };

struct symbols;

struct symbols *symbols_new(void);
void symbols_free(struct symbols *symbols); /* NULL is fine */

/*
 * A file whose path is not valid UTF-8: reports have it only as text_clean()
 * makes it.  From then on that name stands for it; one such file at a time.
 */
void symbols_alias(struct symbols *symbols, const char *path);

/*
 * Appends what stands at the offset, innermost first: one frame, and one more
 * for each function inlined there.  The offset is that of the call itself
 * (less one than the return address).  All frames carry module and offset; one
 * frame without function is appended when nothing is known.  Returns how many
 * were appended.
 *
 * out->frames must be NULL with count 0, or have grown by arena_push.
 */
size_t symbols_resolve(struct symbols *symbols, struct arena *arena,
		       const char *module, uint64_t offset, struct stack *out);

/*
 * Replaces each frame that has an offset and no function, in every stack of
 * the report, by what symbols_resolve gives for it.  And names globals: a race
 * without a location, or with one of a nameless global, whose address lies in
 * the writable data of a module of its frames, gets a LOCATION_GLOBAL.
 */
void symbols_report(struct symbols *symbols, struct arena *arena,
		    struct report *report);

struct symbols_global {
	const char *name; /* as in the symbol table, which is what symbolising
			     ThreadSanitizer prints; of C++ as declared; NULL:
			     writable data that has no name               */
	const char *file; /* of the declaration; NULL: unknown            */
	unsigned line;
	uint64_t offset, size_bytes; /* where it begins; 0 size: unknown  */
};

/* The global at an offset of a module; false: no writable data there. */
bool symbols_global(struct symbols *symbols, struct arena *arena,
		    const char *module, uint64_t offset,
		    struct symbols_global *global);

/* One sentence for each module that could not be used wholly, in the order
 * they were met; valid until symbols_free. */
const char *const *symbols_notes(const struct symbols *symbols, size_t *count);

#endif
