/*
 * snag doctor: can ThreadSanitizer run here, are reports made and symbols
 * found; for each "no" the cure.
 */
#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/wrap.h"
#include "campaign/campaign.h"
#include "campaign/host_file.h"
#include "cmd/command.h"
#include "cmd/out_dir.h"
#include "read/stacks.h"

enum { OPT_HOST = 256, WIDTH = 78, TRIAL_MS = 3000 };

static const struct argp_option options[] = {
	{"host", OPT_HOST, "PROGRAM", 0,
	 "Scenario host to try (default: the catalogue that came with snag)",
	 0},
	{0},
};

static const char doc[] =
	"Checks that ThreadSanitizer runs here, that races are seen and "
	"repairs are silent, that symbols are found, and that a hung process "
	"can be looked into.\v"
	"Exit code: 0 all well (warnings too), 3 when something is missing.";

enum health { WELL, WARNING, ILL };

struct checkup {
	struct arena arena;
	const char *given_host;
	char *host;
	struct result trial;
	enum health worst;
};

typedef enum health check(struct checkup *checkup, const char **text,
			  const char **cure);

static enum health check_machine(struct checkup *c, const char **text,
				 const char **cure)
{
	struct utsname u;
	struct sysinfo s;

	if (uname(&u) || sysinfo(&s))
		return ILL;
	*text = arena_printf(&c->arena, "%s %s, %d processors, %llu MiB",
			     u.machine, u.release, get_nprocs(),
			     (unsigned long long)s.totalram * s.mem_unit >> 20);
	if (!strcmp(u.machine, "x86_64"))
		return WELL;
	*cure = "only x86-64 is tested: --noise reaches fewer places elsewhere";
	return WARNING;
}

static int randomised_bits(void)
{
	FILE *file = fopen("/proc/sys/vm/mmap_rnd_bits", "re");
	char line[32] = "";

	if (!file)
		return -1;
	if (!fgets(line, sizeof(line), file))
		line[0] = '\0';
	fclose(file);
	return atoi(line);
}

/* In a child: it would change this process for good. */
static bool may_fix_addresses(void)
{
	int status = 0;
	pid_t pid = fork();

	if (pid < 0)
		return false;
	if (!pid)
		_exit(personality(ADDR_NO_RANDOMIZE) == -1);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static enum health check_addresses(struct checkup *c, const char **text,
				   const char **cure)
{
	int bits = randomised_bits();
	bool may = may_fix_addresses();

	*text = arena_printf(&c->arena,
			     "vm.mmap_rnd_bits is %d; personality() is %s",
			     bits, may ? "allowed" : "refused");
	if (may)
		return WELL;
	*cure = bits > 28
			? "the container's seccomp profile refuses "
			  "personality(), and this kernel randomises more than "
			  "older runtimes bear: hosts must be built by clang "
			  "18 or later, or set sysctl vm.mmap_rnd_bits=28"
			: "the container's seccomp profile refuses "
			  "personality(): addresses differ from run to run, "
			  "and nothing else is lost";
	return WARNING;
}

static bool has_program(const char *name)
{
	const char *path = getenv("PATH");
	struct arena arena = {0};
	bool is_there = false;

	while (path && *path && !is_there) {
		size_t len = strcspn(path, ":");

		is_there = !access(
			arena_printf(&arena, "%.*s/%s", (int)len, path, name),
			X_OK);
		path += len + (path[len] == ':');
	}
	arena_release(&arena);
	return is_there;
}

static enum health check_compiler(struct checkup *c, const char **text,
				  const char **cure)
{
	for (int version = 30; version >= 18; version--) {
		char *name = arena_printf(&c->arena, "clang-%d", version);

		if (!has_program(name))
			continue;
		*text = name;
		return WELL;
	}
	*text = "none of clang-18 to clang-30 is in PATH";
	*cure = "to build hosts of your own: apt-get install clang-22 "
		"libclang-rt-22-dev llvm-22 (Debian 12), or clang-18 "
		"libclang-rt-18-dev llvm-18 (Ubuntu 24.04)";
	return WARNING;
}

static enum health check_host(struct checkup *c, const char **text,
			      const char **cure)
{
	struct result catalogue = {0};
	struct err err = {0};
	enum health health = ILL;

	c->host = command_host(c->given_host, &err);
	if (c->host && host_file_check(c->host, false, &err) &&
	    campaign_list(c->host, NULL, 0, &catalogue, &err)) {
		*text = arena_printf(&c->arena, "%s, %zu scenarios", c->host,
				     catalogue.subject_count);
		health = WELL;
	} else {
		*text = arena_dup(&c->arena, err.text);
		*cure = "build it again; ThreadSanitizer needs a 64-bit Linux "
			"and, under clang before 18, sysctl "
			"vm.mmap_rnd_bits=28";
		free(c->host);
		c->host = NULL;
	}
	result_release(&catalogue);
	return health;
}

static void run_trial(struct checkup *c, const char *folder, struct err *err)
{
	static volatile sig_atomic_t is_interrupted;
	const char *filters[] = {"@expect:broken", "@expect:clean"};
	struct campaign_options o = {
		.host_path = c->host,
		.threads = {2},
		.thread_count = 1,
		.time_ms = TRIAL_MS,
		.seed = 1,
		.jobs = (unsigned)get_nprocs(),
		.noise = "off",
		.timeout_ms = 2000,
		.max_rss_bytes = 4ULL << 30,
		.max_processes = 256,
		.out_dir = folder,
		.is_interrupted = &is_interrupted,
	};

	/* One of each will do. */
	for (int i = 0; i < 2; i++) {
		struct result found = {0};

		if (!campaign_list(c->host, &filters[i], 1, &found, err)) {
			result_release(&found);
			return;
		}
		filters[i] = arena_dup(&c->arena, found.subjects[0].id);
		result_release(&found);
	}
	o.filters = filters;
	o.filter_count = 2;
	campaign_run(&o, &c->trial, err);
}

static void remove_folder(const char *folder)
{
	struct arena arena = {0};
	const char *reports = arena_printf(&arena, "%s/reports", folder);
	struct dirent *entry;
	DIR *dir = opendir(reports);
	int fd = dir ? dirfd(dir) : -1;

	while (fd >= 0 && (entry = readdir(dir)) != NULL)
		unlinkat(fd, entry->d_name, 0);
	if (dir)
		closedir(dir);
	rmdir(reports);
	rmdir(folder);
	arena_release(&arena);
}

static enum health check_races(struct checkup *c, const char **text,
			       const char **cure)
{
	char folder[] = "/tmp/snag-doctor-XXXXXX";
	struct err err = {0};

	*cure = "run `snag run --verbose` on a broken scenario and read why";
	if (!c->host || !mkdtemp(folder)) {
		*text = "not tried";
		return ILL;
	}
	if (out_dir_prepare(folder, &err))
		run_trial(c, folder, &err);
	remove_folder(folder);
	if (err.code) {
		*text = arena_dup(&c->arena, err.text);
		return ILL;
	}
	for (size_t i = 0; i < c->trial.subject_count; i++) {
		const struct subject *s = &c->trial.subjects[i];

		*text = arena_printf(&c->arena, "%s%s%s: %s",
				     *text ? *text : "", *text ? "; " : "",
				     s->id, verdict_name(s->verdict));
	}
	return c->trial.exit == EXIT_AS_EXPECTED ? WELL : ILL;
}

static enum health check_symbols(struct checkup *c, const char **text,
				 const char **cure)
{
	for (size_t i = 0; i < c->trial.finding_count; i++) {
		const struct report *r = c->trial.findings[i].report;
		const struct stack *s =
			r->access_count ? &r->accesses[0].stack : NULL;

		for (size_t j = 0; s && j < s->count; j++) {
			const struct frame *f = &s->frames[j];

			if (!f->function || !f->file || !f->line)
				continue;
			*text = arena_printf(&c->arena, "%s at %s:%u",
					     f->function, f->file, f->line);
			return WELL;
		}
	}
	*text = "no function and line were found for any frame";
	*cure = "build the host with -g, and do not strip it";
	return ILL;
}

static enum health check_stacks(struct checkup *c, const char **text,
				const char **cure)
{
	struct symbols *symbols = symbols_new();
	struct thread_stack *threads;
	struct err err = {0};
	enum health health = WARNING;
	size_t count;
	pid_t pid = fork();

	if (!pid) {
		for (;;)
			pause();
	}
	if (pid > 0 &&
	    stacks_dump(pid, symbols, &c->arena, &threads, &count, &err)) {
		*text = "the stacks of a hung process can be read";
		health = WELL;
	} else {
		*text = arena_dup(&c->arena, err.text);
		*cure = "deadlocks are seen all the same, without stacks; "
			"allow ptrace (docker run --cap-add=SYS_PTRACE, or "
			"sysctl kernel.yama.ptrace_scope=1 or 0)";
	}
	if (pid > 0) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	symbols_free(symbols);
	return health;
}

static enum health check_gdb(struct checkup *c, const char **text,
			     const char **cure)
{
	const char *path = getenv("PATH");

	while (path && *path) {
		size_t len = strcspn(path, ":");
		const char *gdb =
			arena_printf(&c->arena, "%.*s/gdb", (int)len, path);

		if (!access(gdb, X_OK)) {
			*text = gdb;
			return WELL;
		}
		path += len + (path[len] == ':');
	}
	*text = "there is none";
	*cure = "snag replay --gdb needs it: apt-get install gdb";
	return WARNING;
}

static const struct {
	const char *name;
	check *run;
} checks[] = {
	{"machine", check_machine},    {"addresses", check_addresses},
	{"compiler", check_compiler},  {"host", check_host},
	{"races seen", check_races},   {"symbols", check_symbols},
	{"hung stacks", check_stacks}, {"gdb", check_gdb},
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct checkup *c = state->input;

	if (key == OPT_HOST) {
		c->given_host = value;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

int cmd_doctor(int argc, char **argv)
{
	static const char *const words[] = {"ok", "warn", "NO"};
	static const struct argp argp = {options, parse, NULL, doc,
					 NULL,    NULL,  NULL};
	struct checkup c = {0};

	command_parse(&argp, argc, argv, &c);
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		const char *text = NULL, *cure = NULL;
		enum health health = checks[i].run(&c, &text, &cure);

		printf("%-5s %-12s %s\n", words[health], checks[i].name,
		       text ? text : "");
		if (health != WELL && cure)
			wrap_print(stdout, cure, 19, WIDTH);
		fflush(stdout);
		if (health > c.worst)
			c.worst = health;
	}
	puts(c.worst == ILL ? "\nSomething is missing: see the lines with NO."
	     : c.worst == WARNING ? "\nWell enough; see the lines with warn."
				  : "\nAll is well.");
	free(c.host);
	result_release(&c.trial);
	arena_release(&c.arena);
	return c.worst == ILL ? EXIT_TROUBLE : EXIT_AS_EXPECTED;
}
