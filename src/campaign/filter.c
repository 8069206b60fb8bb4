#include "campaign/filter.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

static bool has_tag(const struct subject *s, const char *tag)
{
	for (size_t i = 0; i < s->tag_count; i++)
		if (!strcmp(s->tags[i], tag))
			return true;
	return false;
}

static bool tag_matches(const char *tag, const struct subject *s)
{
	if (!strncmp(tag, "practice:", 9))
		return s->practice && !strcmp(s->practice, tag + 9);
	if (!strncmp(tag, "expect:", 7))
		return !strcmp(expect_name(s->expect), tag + 7);
	return has_tag(s, tag);
}

bool filter_matches(const char *filter, const struct subject *s)
{
	size_t len = strlen(filter);

	if (filter[0] == '@')
		return tag_matches(filter + 1, s);
	if (!strncmp(s->id, filter, len) && s->id[len] == '/')
		return true;
	return !fnmatch(filter, s->id, 0);
}

/* The part after the family, which people remember best. */
static const char *name_of(const char *id)
{
	const char *slash = strchr(id, '/');

	return slash ? slash + 1 : id;
}

static bool is_near(const char *filter, const char *id)
{
	const char *want = name_of(filter), *name = name_of(id);

	if (strlen(want) >= 3 && (strstr(name, want) || strstr(want, name)))
		return true;
	return text_nearest(filter, &id, 1) || text_nearest(want, &name, 1);
}

static bool nothing_matches(const char *filter, const struct subject *subjects,
			    size_t count, struct err *err)
{
	char near[400] = "";
	size_t found = 0;

	for (size_t i = 0; i < count && found < 5; i++) {
		size_t len = strlen(near);

		if (!is_near(filter, subjects[i].id))
			continue;
		snprintf(near + len, sizeof(near) - len, "%s%s",
			 found ? ", " : "; did you mean ", subjects[i].id);
		found++;
	}
	return err_set(err, EXIT_USAGE,
		       "no scenario matches '%.200s'%s (`snag list` shows all "
		       "%zu)",
		       filter, near, count);
}

bool filter_select(const char *const *filters, size_t filter_count,
		   const struct subject *subjects, size_t count, bool *keep,
		   struct err *err)
{
	for (size_t i = 0; i < count; i++)
		keep[i] = filter_count == 0;
	for (size_t f = 0; f < filter_count; f++) {
		bool is_any = false;

		for (size_t i = 0; i < count; i++) {
			if (filter_matches(filters[f], &subjects[i]))
				is_any = keep[i] = true;
		}
		if (!is_any)
			return nothing_matches(filters[f], subjects, count,
					       err);
	}
	return true;
}
