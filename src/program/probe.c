#include "program/probe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "read/elf_file.h"

static const char *search_path(const char *name, struct arena *arena)
{
	const char *at = getenv("PATH");

	if (strchr(name, '/'))
		return name;
	if (!at)
		at = "/usr/local/bin:/usr/bin:/bin";
	for (;;) {
		size_t len = strcspn(at, ":");
		const char *path =
			len ? arena_printf(arena, "%.*s/%s", (int)len, at, name)
			    : arena_printf(arena, "./%s", name);
		struct stat st;

		if (!stat(path, &st) && S_ISREG(st.st_mode) &&
		    !access(path, X_OK))
			return path;
		if (!at[len])
			return NULL;
		at += len + 1;
	}
}

/* The first two bytes say what the kernel would do with it. */
static bool read_magic(const char *path, char magic[4], struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t n;

	memset(magic, 0, 4);
	/* What may be run and not read is run. */
	if (fd < 0 && errno == EACCES)
		return true;
	if (fd < 0)
		return err_errno(err, EXIT_USAGE, "cannot read '%s'", path);
	n = read(fd, magic, 4);
	close(fd);
	if (n < 2)
		return err_set(err, EXIT_USAGE,
			       "'%s' is empty: it cannot be run", path);
	return true;
}

static bool check_file(const char *path, struct err *err)
{
	struct stat st;

	if (stat(path, &st))
		return err_errno(err, EXIT_USAGE, "cannot run '%s'", path);
	if (S_ISDIR(st.st_mode))
		return err_set(err, EXIT_USAGE,
			       "'%s' is a folder, not a program", path);
	if (!S_ISREG(st.st_mode))
		return err_set(err, EXIT_USAGE, "'%s' is not a program", path);
	if (access(path, X_OK))
		return err_set(err, EXIT_USAGE,
			       "'%s' is not executable: chmod +x it, or name "
			       "the interpreter before it",
			       path);
	if (st.st_mode & (S_ISUID | S_ISGID))
		return err_set(err, EXIT_USAGE,
			       "'%s' is setuid or setgid, and Snag does not "
			       "run such programs: test a copy without that "
			       "bit",
			       path);
	return true;
}

static bool begins_with(const char *text, const char *prefix)
{
	return !strncmp(text, prefix, strlen(prefix));
}

static void see_name(void *context, enum elf_name what, const char *name)
{
	struct probe *probe = context;

	if (what == ELF_NEEDS) {
		if (begins_with(name, "libtsan.so") ||
		    begins_with(name, "libclang_rt.tsan"))
			probe->instrumentation = INSTRUMENTATION_SHARED;
		else if (begins_with(name, "libasan.so") ||
			 begins_with(name, "libclang_rt.asan"))
			probe->other = "AddressSanitizer";
		return;
	}
	if (!strcmp(name, "__tsan_init") &&
	    probe->instrumentation == INSTRUMENTATION_NONE)
		probe->instrumentation = INSTRUMENTATION_STATIC;
	else if (!strcmp(name, "__asan_init"))
		probe->other = "AddressSanitizer";
	else if (!strcmp(name, "__msan_init"))
		probe->other = "MemorySanitizer";
	else if (!strcmp(name, "__hwasan_init"))
		probe->other = "HWAddressSanitizer";
	else if (what == ELF_DEFINES &&
		 !strcmp(name, "__tsan_default_suppressions"))
		probe->has_suppressions = true;
}

bool probe_program(const char *name, struct arena *arena, struct probe *probe,
		   struct err *err)
{
	struct elf_file file;
	struct err ignored = {0};
	char magic[4];

	*probe = (struct probe){.path = search_path(name, arena)};
	if (!probe->path)
		return err_set(err, EXIT_USAGE,
			       "there is no program '%s' in PATH", name);
	if (!check_file(probe->path, err) ||
	    !read_magic(probe->path, magic, err))
		return false;
	probe->is_script = magic[0] == '#' && magic[1] == '!';
	if (magic[0] && !probe->is_script && memcmp(magic, "\177ELF", 4) != 0)
		return err_set(err, EXIT_USAGE,
			       "'%s' is neither a program nor a script that "
			       "begins with #!",
			       probe->path);
	if (probe->is_script || !elf_file_open(&file, probe->path, &ignored))
		return true;
	elf_file_names(&file, see_name, probe);
	elf_file_close(&file);
	if (probe->other)
		return err_set(
			err, EXIT_USAGE,
			"'%s' is built with %s, which cannot be combined "
			"with ThreadSanitizer: build it with "
			"-fsanitize=thread instead",
			probe->path, probe->other);
	return true;
}
