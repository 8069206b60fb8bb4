#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/day.h"
#include "base/replace.h"
#include "model/baseline.h"
#include "model/json_get.h"
#include "model/json_put.h"
#include "model/result.h"

#define FORMAT "snag-baseline"

static json_t *entry_to_json(struct arena *arena,
			     const struct baseline_entry *e)
{
	json_t *object = json_object();

	put_text(arena, object, "fingerprint", e->fingerprint);
	put_texts(arena, object, "families", e->families, e->family_count);
	if (e->side_hashes[0])
		put_texts(arena, object, "side_hashes", e->side_hashes, 2);
	put_text(arena, object, "kind", e->kind);
	put_text(arena, object, "outcome", e->outcome);
	put_text(arena, object, "cause", e->cause);
	put_texts(arena, object, "sides", e->sides, e->side_count);
	put_text(arena, object, "data", e->data);
	put_text(arena, object, "subject", e->subject);
	put_text(arena, object, "reason", e->reason);
	put_text(arena, object, "owner", e->owner);
	put_text(arena, object, "link", e->link);
	put_text(arena, object, "added", e->added);
	put_text(arena, object, "expires", e->expires);
	put_text(arena, object, "seen", e->seen);
	return object;
}

void baseline_to_json(const struct baseline *baseline, FILE *file)
{
	struct arena arena = {0};
	json_t *root, *entries;

	json_prepare();
	root = json_object();
	entries = json_array();
	put_text(&arena, root, "format", FORMAT);
	put_count(root, "version", BASELINE_VERSION);
	put_count(root, "fingerprint_version", FINGERPRINT_VERSION);
	for (size_t i = 0; i < baseline->entry_count; i++)
		json_array_append_new(
			entries, entry_to_json(&arena, &baseline->entries[i]));
	json_object_set_new(root, "entries", entries);
	json_dumpf(root, file, JSON_WRITE_FLAGS);
	fputc('\n', file);
	json_decref(root);
	arena_release(&arena);
}

bool baseline_write(struct baseline *baseline, const char *path,
		    struct err *err)
{
	struct replacement r;

	baseline_sort(baseline);
	if (!replace_begin(&r, path, err))
		return false;
	baseline_to_json(baseline, r.file);
	return replace_commit(&r, err);
}

/* "'snag-baseline.json', entry 3: it has no reason" */
__attribute__((format(printf, 3, 4))) static void
refuse(struct json_reader *r, size_t number, const char *fmt, ...)
{
	char text[512];
	va_list args;

	if (r->is_bad)
		return;
	r->is_bad = true;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	err_set(r->err, EXIT_USAGE, "'%s', entry %zu: %s", r->path, number,
		text);
}

static bool is_hash(const char *text)
{
	return strlen(text) == FINGERPRINT_HEX &&
	       strspn(text, "0123456789abcdef") == FINGERPRINT_HEX;
}

static bool is_blank(const char *text)
{
	return !text || !text[strspn(text, " \t\n")];
}

static void check_hashes(struct json_reader *r, size_t number,
			 const struct baseline_entry *e)
{
	if (!is_hash(e->fingerprint))
		refuse(r, number, "'%.60s' is no fingerprint of %d digits",
		       e->fingerprint, FINGERPRINT_HEX);
	if (e->family_count > BASELINE_MAX_FAMILIES)
		refuse(r, number, "it has more than %d families",
		       BASELINE_MAX_FAMILIES);
	for (size_t i = 0; i < e->family_count; i++)
		if (!is_hash(e->families[i]))
			refuse(r, number,
			       "'%.60s' is no family of %d hexadecimal digits",
			       e->families[i], FINGERPRINT_HEX);
	for (size_t i = 0; i < 2; i++)
		if (e->side_hashes[i] && *e->side_hashes[i] &&
		    !is_hash(e->side_hashes[i]))
			refuse(r, number,
			       "'%.60s' in side_hashes is neither empty nor %d "
			       "hexadecimal digits",
			       e->side_hashes[i], FINGERPRINT_HEX);
}

static void check_day(struct json_reader *r, size_t number, const char *name,
		      const char *day)
{
	if (day && !day_is_valid(day))
		refuse(r, number, "%s '%.60s' is not a day such as 2026-11-23",
		       name, day);
}

static void check_entry(struct json_reader *r, size_t number,
			const struct baseline_entry *e)
{
	check_hashes(r, number, e);
	if (is_blank(e->reason))
		refuse(r, number, "it does not say its reason");
	if (e->side_count > BASELINE_MAX_SIDES)
		refuse(r, number, "it has more than %d sides",
		       BASELINE_MAX_SIDES);
	check_day(r, number, "added", e->added);
	check_day(r, number, "expires", e->expires);
	check_day(r, number, "seen", e->seen);
}

static void get_side_hashes(struct json_reader *r, const json_t *object,
			    size_t number, struct baseline_entry *e)
{
	size_t count;
	const char **hashes = get_texts(r, object, "side_hashes", &count);

	if (!count)
		return;
	if (count != 2) {
		refuse(r, number, "it has %zu side_hashes, and not 2", count);
		return;
	}
	e->side_hashes[0] = hashes[0];
	e->side_hashes[1] = hashes[1];
}

static void entry_get(struct json_reader *r, const json_t *object,
		      size_t number, struct baseline_entry *e)
{
	e->fingerprint = need_text(r, object, "fingerprint");
	e->families = get_texts(r, object, "families", &e->family_count);
	get_side_hashes(r, object, number, e);
	e->kind = get_text(r, object, "kind");
	e->outcome = get_text(r, object, "outcome");
	e->cause = get_text(r, object, "cause");
	e->sides = get_texts(r, object, "sides", &e->side_count);
	e->data = get_text(r, object, "data");
	e->subject = get_text(r, object, "subject");
	e->reason = get_text(r, object, "reason");
	e->owner = get_text(r, object, "owner");
	e->link = get_text(r, object, "link");
	e->added = get_text(r, object, "added");
	e->expires = get_text(r, object, "expires");
	e->seen = get_text(r, object, "seen");
	if (!r->is_bad)
		check_entry(r, number, e);
}

/* A race on certain data, which one entry alone may speak of. */
struct claim {
	const char *fingerprint, *family; /* "": any data */
	size_t number;
};

static int by_claim(const void *a, const void *b)
{
	const struct claim *x = a, *y = b;
	int order = strcmp(x->fingerprint, y->fingerprint);

	if (!order)
		order = strcmp(x->family, y->family);
	return order ? order
		     : (x->number > y->number) - (x->number < y->number);
}

static void check_doubles(struct json_reader *r,
			  const struct baseline *baseline)
{
	struct arena arena = {0};
	struct claim *claims = NULL;
	size_t count = 0;

	for (size_t i = 0; i < baseline->entry_count; i++) {
		const struct baseline_entry *e = &baseline->entries[i];
		size_t n = e->family_count ? e->family_count : 1;

		for (size_t j = 0; j < n; j++)
			*(struct claim *)arena_push(&arena, &claims, &count,
						    sizeof(*claims)) =
				(struct claim){e->fingerprint,
					       e->family_count ? e->families[j]
							       : "",
					       i + 1};
	}
	if (count)
		qsort(claims, count, sizeof(*claims), by_claim);
	for (size_t i = 1; i < count; i++) {
		const struct claim *a = &claims[i - 1], *b = &claims[i];

		if (strcmp(a->fingerprint, b->fingerprint) != 0 ||
		    strcmp(a->family, b->family) != 0)
			continue;
		if (a->number == b->number)
			refuse(r, b->number, "it names family %s twice",
			       b->family);
		refuse(r, b->number,
		       "it says again what entry %zu says: the same "
		       "fingerprint and family; leave one of them",
		       a->number);
	}
	arena_release(&arena);
}

static bool get_fingerprint_version(struct json_reader *r, const json_t *root)
{
	unsigned version = get_unsigned(r, root, "fingerprint_version");

	if (r->is_bad || version == FINGERPRINT_VERSION)
		return !r->is_bad;
	r->is_bad = true;
	if (!version)
		return err_set(r->err, EXIT_USAGE,
			       "'%s' is damaged: fingerprint_version is "
			       "missing",
			       r->path);
	return err_set(r->err, EXIT_USAGE,
		       "'%s' holds fingerprints of version %u, and this Snag "
		       "makes version %d, so none would match: run the tests "
		       "anew, and make a new file with `snag baseline add`",
		       r->path, version, FINGERPRINT_VERSION);
}

static void root_get(struct json_reader *r, const json_t *root,
		     struct baseline *baseline)
{
	const json_t *entries;
	size_t n;

	if (!get_format(r, root, FORMAT, BASELINE_VERSION) ||
	    !get_fingerprint_version(r, root))
		return;
	entries = json_object_get(root, "entries");
	n = json_array_size(entries);
	if (!json_is_array(entries))
		get_fail(r, "entries", "is not a list");
	else if (n > BASELINE_MAX_ENTRIES)
		get_fail(r, "entries", "are more than 20,000");
	for (size_t i = 0; i < n && !r->is_bad; i++) {
		const json_t *object = json_array_get(entries, i);
		struct baseline_entry *e =
			arena_push(r->arena, &baseline->entries,
				   &baseline->entry_count, sizeof(*e));

		/* In a sentence, entries count from 1. */
		r->at[0].name = arena_printf(r->arena, "entry %zu", i + 1);
		r->at[0].index = SIZE_MAX;
		r->depth = 1;
		if (json_is_object(object))
			entry_get(r, object, i + 1, e);
		else
			get_fail(r, NULL, "is not an object");
		r->depth = 0;
	}
	if (!r->is_bad)
		check_doubles(r, baseline);
}

bool baseline_read(const char *path, struct baseline *baseline, struct err *err)
{
	struct json_reader r = {
		.arena = &baseline->arena, .err = err, .path = path};
	json_t *root = json_load_checked(path, err);

	if (!root)
		return false;
	root_get(&r, root, baseline);
	json_decref(root);
	if (!r.is_bad)
		baseline_sort(baseline);
	return !r.is_bad;
}
