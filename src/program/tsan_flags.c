#include "program/tsan_flags.h"

#include <string.h>

#include "base/buf.h"

enum { TEXT_BYTES = 64 * 1024 };

static const char separators[] = " ,:\n\t\r";

static const char *skip_separators(const char *at)
{
	return at + strspn(at, separators);
}

static bool read_value(struct tsan_flag *flag, struct arena *arena,
		       const char **at, struct err *err)
{
	char quote = **at;
	const char *begin = *at;
	size_t len;

	if (quote != '"' && quote != '\'') {
		len = strcspn(begin, separators);
		*at = begin + len;
	} else {
		const char *end = strchr(++begin, quote);

		if (!end)
			return err_set(err, EXIT_USAGE,
				       "TSAN_OPTIONS: the value of '%.60s' has "
				       "a quote that does not end",
				       flag->name);
		len = (size_t)(end - begin);
		*at = end + 1;
	}
	flag->value = arena_dup_n(arena, begin, len);
	return true;
}

static bool read_flag(struct tsan_flags *flags, const char **at,
		      struct err *err)
{
	size_t len = strcspn(*at, "= ,:\n\t\r");
	struct tsan_flag *flag;

	if (!len || (*at)[len] != '=')
		return err_set(err, EXIT_USAGE,
			       "TSAN_OPTIONS: '%.*s' is no name=value, and "
			       "ThreadSanitizer would not start with it",
			       len > 60 ? 60 : (int)(len ? len : 1), *at);
	flag = arena_push(flags->arena, &flags->list, &flags->count,
			  sizeof(*flag));
	flag->name = arena_dup_n(flags->arena, *at, len);
	*at += len + 1;
	return read_value(flag, flags->arena, at, err);
}

bool tsan_flags_read(struct tsan_flags *flags, struct arena *arena,
		     const char *text, struct err *err)
{
	*flags = (struct tsan_flags){.arena = arena};
	if (!text)
		return true;
	text = skip_separators(text);
	while (*text) {
		if (!read_flag(flags, &text, err))
			return false;
		text = skip_separators(text);
	}
	return true;
}

static struct tsan_flag *find(const struct tsan_flags *flags, const char *name)
{
	for (size_t i = flags->count; i-- > 0;)
		if (!strcmp(flags->list[i].name, name))
			return &flags->list[i];
	return NULL;
}

const char *tsan_flags_get(const struct tsan_flags *flags, const char *name)
{
	const struct tsan_flag *flag = find(flags, name);

	return flag ? flag->value : NULL;
}

void tsan_flags_add(struct tsan_flags *flags, const char *name,
		    const char *value)
{
	struct tsan_flag *flag = arena_push(flags->arena, &flags->list,
					    &flags->count, sizeof(*flag));

	flag->name = arena_dup(flags->arena, name);
	flag->value = arena_dup(flags->arena, value);
}

void tsan_flags_set(struct tsan_flags *flags, const char *name,
		    const char *value)
{
	struct tsan_flag *flag = find(flags, name);

	/* At the end: an include= before it may say otherwise. */
	if (flag)
		flag->name = "";
	tsan_flags_add(flags, name, value);
}

void tsan_flags_default(struct tsan_flags *flags, const char *name,
			const char *value)
{
	if (!find(flags, name))
		tsan_flags_set(flags, name, value);
}

static void print_value(struct buf *buf, const char *value)
{
	char quote = strchr(value, '"') ? '\'' : '"';

	if (!*value ||
	    (!strpbrk(value, separators) && *value != '"' && *value != '\'')) {
		buf_puts(buf, value);
		return;
	}
	buf_add(buf, &quote, 1);
	for (; *value; value++)
		if (*value != quote)
			buf_add(buf, value, 1);
	buf_add(buf, &quote, 1);
}

char *tsan_flags_text(const struct tsan_flags *flags)
{
	struct buf buf;
	char *text;

	buf_init(&buf, TEXT_BYTES);
	for (size_t i = 0; i < flags->count; i++) {
		const struct tsan_flag *flag = &flags->list[i];

		if (!*flag->name)
			continue;
		if (buf.len)
			buf_puts(&buf, ":");
		buf_printf(&buf, "%s=", flag->name);
		print_value(&buf, flag->value);
	}
	text = arena_dup(flags->arena, buf.data);
	buf_release(&buf);
	return text;
}
