#include "base/proc.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* The kernel gives no higher pid; the clock of one above 2^28 would turn out to
 * be another clock. */
enum { PROC_TEXT = 1024, PID_MAX = 1 << 22 };

/* The first bytes of a file of /proc, as text; false when it cannot be read. */
static bool read_text(const char *path, char text[PROC_TEXT])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len;

	if (fd < 0)
		return false;
	len = read(fd, text, PROC_TEXT - 1);
	close(fd);
	if (len <= 0)
		return false;
	text[len] = '\0';
	return true;
}

/* What follows "PID (comm) ": the name may hold spaces and brackets. */
static const char *stat_fields(const char *text)
{
	const char *end = strrchr(text, ')');

	return end && end[1] == ' ' && end[2] ? end + 2 : NULL;
}

struct stat_line {
	pid_t parent;
	uint64_t ticks;
	bool is_alive;
};

static bool read_stat(pid_t pid, struct stat_line *stat)
{
	char path[64], text[PROC_TEXT], state;
	const char *fields;
	unsigned long long user, system;
	long threads;
	int parent;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	if (!read_text(path, text))
		return false;
	fields = stat_fields(text);
	if (!fields || sscanf(fields,
			      "%c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u "
			      "%llu %llu %*d %*d %*d %*d %ld",
			      &state, &parent, &user, &system, &threads) != 5)
		return false;
	stat->parent = (pid_t)parent;
	stat->ticks = user + system;
	/* The first thread may end before the others: "Z", yet alive. */
	stat->is_alive = (state != 'Z' && state != 'X') || threads > 1;
	return true;
}

pid_t proc_parent(pid_t pid)
{
	struct stat_line stat;

	return read_stat(pid, &stat) ? stat.parent : 0;
}

/* Bit n - 1: the process handles signal n. */
static uint64_t proc_caught_signals(pid_t pid)
{
	char path[64], line[256];
	unsigned long long caught = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "SigCgt: %llx", &caught) == 1)
			break;
	if (file)
		fclose(file);
	return caught;
}

/* Signals that are nobody's wake-up call: errors of the program itself, which
 * ThreadSanitizer catches, and the two that the C library keeps. */
static const uint64_t own_signals =
	1ULL << (SIGSEGV - 1) | 1ULL << (SIGBUS - 1) | 1ULL << (SIGFPE - 1) |
	1ULL << (SIGILL - 1) | 1ULL << (SIGABRT - 1) | 1ULL << (SIGTRAP - 1) |
	1ULL << 31 | 1ULL << 32;

bool proc_may_be_signalled(pid_t pid)
{
	return (proc_caught_signals(pid) & ~own_signals) != 0;
}

bool proc_has_variable(pid_t pid, const char *variable)
{
	char path[64], *text = NULL;
	size_t room = 0, len = strlen(variable);
	bool is_there = false;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/environ", (int)pid);
	file = fopen(path, "re");
	while (file && !is_there) {
		ssize_t n = getdelim(&text, &room, '\0', file);

		if (n < 0)
			break;
		is_there = (size_t)n >= len && !strncmp(text, variable, len) &&
			   (!text[len] || (size_t)n == len);
	}
	free(text);
	if (file)
		fclose(file);
	return is_there;
}

bool proc_cpu_ticks(pid_t pid, uint64_t *ticks)
{
	struct stat_line stat;

	if (!read_stat(pid, &stat))
		return false;
	*ticks = stat.ticks;
	return true;
}

bool proc_cpu_ns(pid_t pid, uint64_t *ns)
{
	struct timespec used;
	clockid_t clock;
	uint64_t ticks;
	long per_second;

	/* The kernel keeps a clock for every process; sums over the files of
	 * its threads would forget those that ended. */
	if (pid > 0 && pid <= PID_MAX &&
	    clock_getcpuclockid(pid, &clock) == 0 &&
	    clock_gettime(clock, &used) == 0) {
		*ns = (uint64_t)used.tv_sec * 1000000000U +
		      (uint64_t)used.tv_nsec;
		return true;
	}
	per_second = sysconf(_SC_CLK_TCK);
	if (per_second <= 0 || !proc_cpu_ticks(pid, &ticks))
		return false;
	*ns = ticks * (1000000000U / (uint64_t)per_second);
	return true;
}

bool proc_rss_bytes(pid_t pid, uint64_t *bytes)
{
	char path[64], text[PROC_TEXT];
	unsigned long long pages;

	snprintf(path, sizeof(path), "/proc/%d/statm", (int)pid);
	if (!read_text(path, text) || sscanf(text, "%*u %llu", &pages) != 1)
		return false;
	*bytes = pages * (uint64_t)sysconf(_SC_PAGESIZE);
	return true;
}

struct tree {
	pid_t *pids;
	size_t count, max;
};

static bool tree_has(const struct tree *tree, pid_t pid)
{
	for (size_t i = 0; i < tree->count; i++)
		if (tree->pids[i] == pid)
			return true;
	return false;
}

static void tree_add(struct tree *tree, pid_t pid)
{
	if (pid > 0 && tree->count < tree->max && !tree_has(tree, pid))
		tree->pids[tree->count++] = pid;
}

static void add_listed(struct tree *tree, FILE *file)
{
	struct stat_line stat;
	int pid;

	while (fscanf(file, "%d", &pid) == 1)
		if (read_stat(pid, &stat) && stat.is_alive)
			tree_add(tree, pid);
}

static pid_t entry_number(const struct dirent *entry)
{
	return isdigit((unsigned char)entry->d_name[0])
		       ? (pid_t)strtol(entry->d_name, NULL, 10)
		       : 0;
}

/* From the lists that the kernel keeps; false when it keeps none. */
static bool add_children(struct tree *tree, pid_t pid)
{
	char path[96];
	const struct dirent *entry;
	bool has_lists = true;
	FILE *file;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	dir = opendir(path);
	if (!dir)
		return true;
	while (has_lists && (entry = readdir(dir))) {
		if (!entry_number(entry))
			continue;
		snprintf(path, sizeof(path), "/proc/%d/task/%d/children",
			 (int)pid, (int)entry_number(entry));
		file = fopen(path, "re");
		if (file) {
			add_listed(tree, file);
			fclose(file);
		} else {
			snprintf(path, sizeof(path), "/proc/%d/task/%d",
				 (int)pid, (int)entry_number(entry));
			has_lists = access(path, F_OK) != 0;
		}
	}
	closedir(dir);
	return has_lists;
}

/* One pass over all processes finds the children of those found so far. */
static void add_by_parent(struct tree *tree, pid_t root)
{
	const struct dirent *entry;
	struct stat_line stat;
	DIR *dir = opendir("/proc");

	while (dir && (entry = readdir(dir))) {
		pid_t pid = entry_number(entry);

		if (pid > 0 && read_stat(pid, &stat) && stat.is_alive &&
		    (stat.parent == root || tree_has(tree, stat.parent)))
			tree_add(tree, pid);
	}
	if (dir)
		closedir(dir);
}

size_t proc_tree(pid_t root, pid_t *pids, size_t max)
{
	struct tree tree = {.pids = pids, .max = max};
	size_t before;
	bool has_lists = add_children(&tree, root);

	for (size_t i = 0; has_lists && i < tree.count; i++)
		has_lists = add_children(&tree, tree.pids[i]);
	if (has_lists)
		return tree.count;
	do {
		before = tree.count;
		add_by_parent(&tree, root);
	} while (tree.count > before);
	return tree.count;
}
