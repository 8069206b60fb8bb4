#include "program/noise.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "program/loader.h"
#include "read/elf_file.h"

enum { PRELOAD_BYTES = 1 << 17 }; /* the kernel's limit for one variable */

bool noise_find_from(char **library, const char *folder, struct err *err)
{
	static const char *const places[] = {"", "/../lib/snag"};
	char path[PATH_MAX];

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		snprintf(path, sizeof(path), "%s%s/libsnag-noise.so", folder,
			 places[i]);
		*library = realpath(path, NULL);
		if (*library)
			return true;
	}
	return err_set(err, EXIT_TROUBLE,
		       "libsnag-noise.so, which makes the noise, is neither in "
		       "'%.300s' nor in '%.300s/../lib/snag'",
		       folder, folder);
}

bool noise_find(char **library, struct err *err)
{
	char path[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 1);

	if (len < 0)
		return err_errno(err, EXIT_TROUBLE,
				 "cannot read '/proc/self/exe'");
	path[len] = '\0';
	if (strrchr(path, '/'))
		*strrchr(path, '/') = '\0';
	return noise_find_from(library, path, err);
}

bool noise_libtsan(char **libtsan, const char *program, struct err *err)
{
	static const char *const names[] = {"libtsan.so", "libclang_rt.tsan",
					    NULL};

	return loader_find(libtsan, program, names, err);
}

/* The loader takes spaces and colons for separators, and $ORIGIN and the like
 * for variables; there is no way to quote them. */
static bool add_path(struct buf *value, const char *path, struct err *err)
{
	if (strpbrk(path, " :$"))
		return err_set(err, EXIT_TROUBLE,
			       "cannot preload '%.512s': the dynamic loader "
			       "allows no space, ':' or '$' in such a path",
			       path);
	buf_printf(value, "%s%s", value->len ? ":" : "", path);
	return true;
}

char *noise_preload(const char *library, const char *libtsan, const char *users,
		    struct err *err)
{
	struct buf value;
	char *result = NULL;

	buf_init(&value, PRELOAD_BYTES);
	if ((!libtsan || add_path(&value, libtsan, err)) &&
	    add_path(&value, library, err)) {
		if (users && *users)
			buf_printf(&value, ":%s", users);
		result = must_dup(value.data);
	}
	buf_release(&value);
	return result;
}

bool noise_has_adaptive_delay(const char *path)
{
	static const char option[] = "enable_adaptive_delay";
	struct err unused = {0};
	struct elf_file file;
	const Elf_Data *data;
	bool has_option;

	if (!elf_file_open(&file, path, &unused))
		return false;
	data = elf_file_section(&file, ".rodata");
	has_option = data && data->d_buf &&
		     memmem(data->d_buf, data->d_size, option, sizeof(option));
	elf_file_close(&file);
	return has_option;
}
