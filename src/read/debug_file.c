#include "read/debug_file.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <elfutils/libdwelf.h>

static bool open_beside(struct debug_file *debug,
			const struct elf_file *program, const char *path,
			struct err *err)
{
	struct err ignored = {0}; /* most places hold no such file */
	struct elf_file *own = &debug->own;

	if (!elf_file_open(own, path, &ignored))
		return false;
	if (own->build_id_len == program->build_id_len &&
	    memcmp(own->build_id, program->build_id, own->build_id_len) == 0 &&
	    elf_file_has_debug(own, path, err)) {
		debug->holds = own;
		return true;
	}
	elf_file_close(own);
	return false;
}

static bool find_by_build_id(struct debug_file *debug,
			     const struct elf_file *program, struct err *err)
{
	char path[PATH_MAX] = "/usr/lib/debug/.build-id/";
	size_t len = strlen(path);

	if (program->build_id_len < 2)
		return false;
	for (size_t i = 0; i < program->build_id_len; i++)
		len += (size_t)snprintf(path + len, sizeof(path) - len,
					i == 0 ? "%02x/" : "%02x",
					program->build_id[i]);
	snprintf(path + len, sizeof(path) - len, ".debug");
	return open_beside(debug, program, path, err);
}

static bool find_by_link(struct debug_file *debug,
			 const struct elf_file *program, const char *path,
			 struct err *err)
{
	static const char *const places[] = {
		"%.*s/%.255s",
		"%.*s/.debug/%.255s",
		"/usr/lib/debug%.*s/%.255s",
	};
	GElf_Word crc;
	const char *name = dwelf_elf_gnu_debuglink(program->elf, &crc);
	const char *slash = strrchr(path, '/');
	char place[PATH_MAX];

	if (!name || !slash || strchr(name, '/'))
		return false;
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		int len = snprintf(place, sizeof(place), places[i],
				   (int)(slash - path), path, name);

		if (len > 0 && (size_t)len < sizeof(place) &&
		    open_beside(debug, program, place, err))
			return true;
	}
	return false;
}

/* libdw 0.188 runs past a last string without an end.  Asked for after
 * dwarf_begin_elf, which unpacks the sections. */
static bool strings_end(const struct elf_file *file)
{
	static const char *const names[] = {".debug_str", ".debug_line_str"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const Elf_Data *data = elf_file_section(file, names[i]);

		if (data && data->d_buf && data->d_size &&
		    ((const char *)data->d_buf)[data->d_size - 1] != '\0')
			return false;
	}
	return true;
}

/* Opened here, since libdw itself would open whatever the file names. */
static bool open_shared(struct debug_file *debug, const char *path,
			struct err *err)
{
	const void *id;
	const char *name = NULL;
	char place[PATH_MAX];
	ssize_t len = dwelf_dwarf_gnu_debugaltlink(debug->dwarf, &name, &id);
	size_t dir = 0;

	if (len <= 0)
		return true;
	if (name[0] != '/' && strrchr(path, '/'))
		dir = (size_t)(strrchr(path, '/') - path) + 1;
	snprintf(place, sizeof(place), "%.*s%s", (int)dir, path, name);
	if (!elf_file_open(&debug->shared, place, err))
		return err_prefix(err, "debug information of '%.256s'", path);
	if (debug->shared.build_id_len == (size_t)len &&
	    memcmp(debug->shared.build_id, id, (size_t)len) == 0 &&
	    elf_file_has_debug(&debug->shared, place, err))
		debug->shared_dwarf =
			dwarf_begin_elf(debug->shared.elf, DWARF_C_READ, NULL);
	if (!debug->shared_dwarf || !strings_end(&debug->shared))
		return err_set(err, EXIT_TROUBLE,
			       "'%.256s' does not fit the debug information "
			       "of '%.256s'",
			       place, path);
	dwarf_setalt(debug->dwarf, debug->shared_dwarf);
	return true;
}

bool debug_file_open(struct debug_file *debug, const struct elf_file *program,
		     const char *path, struct err *err)
{
	*debug = (struct debug_file){.own.fd = -1, .shared.fd = -1};
	if (elf_file_has_debug(program, path, err))
		debug->holds = program;
	else if (err->code || (!find_by_build_id(debug, program, err) &&
			       !find_by_link(debug, program, path, err)))
		return false;
	debug->dwarf = dwarf_begin_elf(debug->holds->elf, DWARF_C_READ, NULL);
	if (!debug->dwarf)
		err_set(err, EXIT_TROUBLE,
			"cannot read the debug information of '%.512s': %s",
			path, dwarf_errmsg(-1));
	else if (!strings_end(debug->holds))
		err_set(err, EXIT_TROUBLE,
			"the debug information of '%.512s' is damaged", path);
	else if (open_shared(debug, path, err))
		return true;
	debug_file_close(debug);
	return false;
}

void debug_file_close(struct debug_file *debug)
{
	if (debug->dwarf)
		dwarf_end(debug->dwarf);
	if (debug->shared_dwarf)
		dwarf_end(debug->shared_dwarf);
	elf_file_close(&debug->own);
	elf_file_close(&debug->shared);
	*debug = (struct debug_file){.own.fd = -1, .shared.fd = -1};
}
