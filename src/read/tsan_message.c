#include <signal.h>

#include "read/tsan_part.h"

static const char tool[] = "ThreadSanitizer";
static const char marker[] = "@snag signature=";

/* What follows "ThreadSanitizer: " without FATAL or ERROR before it, and is
 * the end of the process all the same. */
static const char *const fatal_texts[] = {
	"CHECK failed",
	"failed to ",
	"nested bug in the same thread",
	"starting new threads after",
	"hard rss limit exhausted",
	"unexpected memory mapping",
	"unexpectedly found incompatible memory layout",
	"found incompatible memory layout",
	"unsupported VMA range",
	"can not ",
	"allocator is out of memory",
	"out of memory",
	"internal allocator is out of memory",
};

static const struct {
	const char *text;
	int signal;
} signals[] = {
	{"SEGV", SIGSEGV},
	{"BUS", SIGBUS},
	{"FPE", SIGFPE},
	{"ILL", SIGILL},
	{"ABRT", SIGABRT},
	{"TRAP", SIGTRAP},
	{"stack-overflow", SIGSEGV},
	{"UNKNOWN SIGNAL", 0},
};

/* "==123==" at the end of what stands before: takes it off. */
static uint64_t take_pid(struct slice *before)
{
	const char *at = before->at + before->len;
	struct scan in;
	uint64_t pid = 0;

	if (!slice_ends(*before, "=="))
		return 0;
	for (at -= 2; at > before->at && is_digit(at[-1]); at--)
		;
	in = (struct scan){at, before->at + before->len};
	if (at - before->at < 2 || at[-1] != '=' || at[-2] != '=' ||
	    !scan_number(&in, &pid))
		return 0;
	before->len = (size_t)(at - 2 - before->at);
	return pid;
}

static bool take_word(struct slice *before, const char *word)
{
	if (!slice_ends(*before, word))
		return false;
	before->len -= strlen(word);
	return true;
}

/* The kind and nothing, or its remark: "(potential deadlock)", which a narrow
 * terminal may have cut. */
static bool is_all_of(struct slice text, enum kind kind)
{
	size_t len = strlen(kind_table[kind].text);

	return text.len == len || !memcmp(text.at + len, " (", 2);
}

struct slice tsan_kind_text(struct slice text, enum kind kind)
{
	size_t len = strlen(kind_table[kind].text);
	const char *end = memchr(text.at + len, ')', text.len - len);
	size_t all = end ? (size_t)(end + 1 - text.at) : 0;
	bool has_remark = end && !memcmp(text.at + len, " (", 2) &&
			  !memmem(text.at, all, "+0x", 3) &&
			  text.at[len + 2] != '/';

	return (struct slice){text.at, has_remark ? all : len};
}

/*
 * Many lines begin "WARNING: ThreadSanitizer: "; a report's goes on with
 * "(pid=N)", or with exactly a kind that we know.
 */
static bool read_header(struct tsan_message *message, bool is_partial)
{
	struct scan in = scan_of(message->text);
	struct slice kind;
	uint64_t pid = 0;

	if (scan_until_last(&in, " (pid=", &kind)) {
		if ((!scan_number(&in, &pid) || !scan_text(&in, ")")) &&
		    !is_partial)
			return false;
	} else {
		enum kind known;

		kind = slice_trim(message->text);
		known = kind_by_text(kind.at, kind.len);
		if (!is_partial && !(known && is_all_of(kind, known)))
			return false;
		if (known)
			kind = tsan_kind_text(kind, known);
	}
	message->type = TSAN_MESSAGE_REPORT;
	message->text = slice_trim(kind);
	if (pid)
		message->number = pid;
	return true;
}

static bool read_signal(struct tsan_message *message)
{
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		struct scan in = scan_of(message->text);
		const char *address;

		if (!scan_text(&in, signals[i].text) ||
		    (scan_left(&in) && *in.at != ' ' && *in.at != ':'))
			continue;
		message->type = TSAN_MESSAGE_SIGNAL;
		message->signal = signals[i].signal;
		message->text.len = strlen(signals[i].text);
		address = scan_find(&in, "address 0x");
		if (address) {
			in.at = address + strlen("address ");
			scan_hex(&in, &message->address);
		}
		return true;
	}
	return false;
}

static bool read_bare(struct tsan_message *message)
{
	struct scan in = scan_of(message->text);

	if (scan_text(&in, "reported ") && scan_number(&in, &message->number) &&
	    scan_text(&in, " warnings")) {
		message->type = TSAN_MESSAGE_TRAILER;
		return true;
	}
	in = scan_of(message->text);
	if (scan_text(&in, "Matched ") && scan_number(&in, &message->number) &&
	    scan_text(&in, " suppressions")) {
		message->type = TSAN_MESSAGE_MATCHED;
		return true;
	}
	for (size_t i = 0; i < sizeof(fatal_texts) / sizeof(fatal_texts[0]);
	     i++)
		if (scan_text(&in, fatal_texts[i]))
			message->type = TSAN_MESSAGE_FATAL;
	if (scan_text(&in, "thread T") &&
	    scan_find(&in, "finished with ignores enabled"))
		message->type = TSAN_MESSAGE_FATAL;
	return message->type != TSAN_MESSAGE_NONE;
}

/* At one place where the line names the tool; after: what follows it. */
static bool read_at(struct tsan_message *message, struct scan after,
		    bool is_partial)
{
	bool is_message = scan_text(&after, ": ");

	message->text = (struct slice){after.at, scan_left(&after)};
	if (!is_message && scan_text(&after, ":DEADLYSIGNAL")) {
		message->type = TSAN_MESSAGE_DEADLY;
		take_pid(&message->before);
		return true;
	}
	if (take_word(&message->before, "WARNING: ")) {
		message->number = take_pid(&message->before);
		return is_message && read_header(message, is_partial);
	}
	if (take_word(&message->before, "SUMMARY: ")) {
		message->type = TSAN_MESSAGE_SUMMARY;
		return is_message;
	}
	if (take_word(&message->before, "FATAL: ")) {
		message->type = TSAN_MESSAGE_FATAL;
		message->number = take_pid(&message->before);
		return true;
	}
	if (take_word(&message->before, "ERROR: ")) {
		message->number = take_pid(&message->before);
		if (is_message && read_signal(message))
			return true;
		message->type = TSAN_MESSAGE_FATAL;
		return true;
	}
	if (!is_message || !read_bare(message))
		return false;
	if (message->type == TSAN_MESSAGE_FATAL)
		message->number = take_pid(&message->before);
	return true;
}

static bool read_marker(struct slice line, struct tsan_message *message)
{
	struct scan in = scan_of(line);
	const char *at = scan_find(&in, marker);
	uint64_t value = 0;

	if (!at)
		return false;
	in.at = at + strlen(marker);
	if (scan_left(&in) < 16)
		return false;
	for (int i = 0; i < 16; i++, in.at++) {
		char c = (char)(*in.at | 0x20);

		if (!is_digit(*in.at) && !(c >= 'a' && c <= 'f'))
			return false;
		value = value << 4 |
			(unsigned)(is_digit(*in.at) ? *in.at - '0'
						    : c - 'a' + 10);
	}
	if (!scan_done(&in))
		return false;
	*message = (struct tsan_message){
		.type = TSAN_MESSAGE_MARKER,
		.before = {line.at, (size_t)(at - line.at)},
		.number = value};
	return true;
}

struct tsan_message tsan_message_read(struct slice line, bool is_partial)
{
	struct tsan_message message = {0};
	struct scan in = scan_of(line);
	const char *at;

	if (read_marker(line, &message))
		return message;
	while ((at = scan_find(&in, tool))) {
		in.at = at + strlen(tool);
		message = (struct tsan_message){
			.before = {line.at, (size_t)(at - line.at)}};
		if (read_at(&message, in, is_partial))
			return message;
	}
	return (struct tsan_message){0};
}
