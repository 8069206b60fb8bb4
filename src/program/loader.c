#include "program/loader.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "read/elf_file.h"

enum { LIST_BYTES = 1 << 20, LIST_MS = 10000 };

extern char **environ;

static bool check_elf(bool *is_elf, const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	char magic[4] = "";

	if (fd < 0)
		return err_errno(err, EXIT_TROUBLE, "cannot read '%.512s'",
				 path);
	*is_elf = read(fd, magic, 4) == 4 && !memcmp(magic, "\177ELF", 4);
	close(fd);
	return true;
}

/* The path in PT_INTERP; "" when there is none. */
static bool read_interpreter(char *path, size_t room, const char *program,
			     struct err *err)
{
	struct elf_file file;
	GElf_Phdr header;
	size_t count = 0;

	path[0] = '\0';
	if (!elf_file_open(&file, program, err))
		return false;
	elf_getphdrnum(file.elf, &count);
	for (size_t i = 0; i < count && i < 1024; i++) {
		ssize_t len;

		if (!gelf_getphdr(file.elf, (int)i, &header) ||
		    header.p_type != PT_INTERP || header.p_filesz >= room)
			continue;
		len = pread(file.fd, path, header.p_filesz,
			    (off_t)header.p_offset);
		path[len > 0 ? len : 0] = '\0';
		break;
	}
	elf_file_close(&file);
	return true;
}

static int left_ms(const struct timespec *since)
{
	struct timespec now;
	long long spent;

	clock_gettime(CLOCK_MONOTONIC, &now);
	spent = (now.tv_sec - since->tv_sec) * 1000LL +
		(now.tv_nsec - since->tv_nsec) / 1000000;
	return spent < LIST_MS ? (int)(LIST_MS - spent) : 0;
}

/* false: it took too long. */
static bool read_all(int fd, struct buf *text)
{
	struct pollfd wait = {.fd = fd, .events = POLLIN};
	struct timespec start;
	char part[4096];

	clock_gettime(CLOCK_MONOTONIC, &start);
	for (;;) {
		int ready = poll(&wait, 1, left_ms(&start));
		ssize_t len;

		if (ready < 0 && errno == EINTR)
			continue;
		if (ready <= 0)
			return false;
		len = read(fd, part, sizeof(part));
		if (len <= 0)
			return len == 0;
		buf_add(text, part, (size_t)len);
	}
}

static pid_t start(const char *loader, const char *program, int output)
{
	/* Else the loader would search for it as for a library. */
	struct arena arena = {0};
	char *path = arena_printf(&arena, "%s%s",
				  strchr(program, '/') ? "" : "./", program);
	char *argv[] = {(char *)loader, (char *)"--list", path, NULL};
	posix_spawn_file_actions_t actions;
	pid_t pid;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, output, 1);
	posix_spawn_file_actions_adddup2(&actions, output, 2);
	errno = posix_spawn(&pid, loader, &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	arena_release(&arena);
	return errno ? -1 : pid;
}

static bool blame(const char *why, const char *loader, const char *program,
		  struct err *err)
{
	struct arena arena = {0};
	const char *line = text_clean(&arena, why, strcspn(why, "\n"), false);

	err_set(err, EXIT_TROUBLE,
		"'%.300s' cannot tell which libraries '%.300s' loads: %.300s",
		loader, program, line);
	arena_release(&arena);
	return false;
}

/* What the loader prints: a line for each library. */
static bool list(struct buf *text, const char *loader, const char *program,
		 struct err *err)
{
	int fds[2], status = -1;
	bool is_read;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC))
		return err_errno(err, EXIT_TROUBLE, "cannot make a pipe");
	pid = start(loader, program, fds[1]);
	close(fds[1]);
	if (pid < 0) {
		close(fds[0]);
		return err_errno(err, EXIT_TROUBLE,
				 "cannot run '%.300s', the loader of '%.512s'",
				 loader, program);
	}
	is_read = read_all(fds[0], text);
	close(fds[0]);
	if (!is_read)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (is_read && status == 0)
		return true;
	return blame(is_read ? text->data : "it does not end", loader, program,
		     err);
}

static bool begins_with_any(const char *text, const char *const *prefixes)
{
	for (; *prefixes; prefixes++)
		if (!strncmp(text, *prefixes, strlen(*prefixes)))
			return true;
	return false;
}

/* Such as "\tlibx.so.2 => /lib/libx.so.2 (0x00007f)", or "=> not found". */
static bool pick(char **path, char *text, const char *const *prefixes,
		 const char *program, struct err *err)
{
	char *rest = text, *line;

	while ((line = strsep(&rest, "\n")) != NULL) {
		char *name = line + strspn(line, " \t");
		char *arrow = strstr(name, " => ");
		char *end;

		if (!arrow || !begins_with_any(name, prefixes))
			continue;
		*arrow = '\0';
		arrow += strlen(" => ");
		end = strstr(arrow, " (0x");
		if (arrow[0] != '/' || !end)
			return err_set(err, EXIT_TROUBLE,
				       "'%.512s' needs %.200s, which is not "
				       "found",
				       program, name);
		*end = '\0';
		*path = must_dup(arrow);
		return true;
	}
	return true;
}

bool loader_find(char **path, const char *program, const char *const *prefixes,
		 struct err *err)
{
	char loader[PATH_MAX];
	struct buf text;
	bool is_elf = false, is_done;

	*path = NULL;
	if (!check_elf(&is_elf, program, err))
		return false;
	if (!is_elf)
		return true;
	if (!read_interpreter(loader, sizeof(loader), program, err))
		return false;
	if (!loader[0])
		return true;
	buf_init(&text, LIST_BYTES);
	is_done = list(&text, loader, program, err) &&
		  pick(path, text.data, prefixes, program, err);
	buf_release(&text);
	return is_done;
}
