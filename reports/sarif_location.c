#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "model/json_put.h"
#include "reports/phrase.h"
#include "reports/sarif_parts.h"

enum { MOST_URI = 16 * 1024, MOST_TEXT = 2000, MOST_SOURCE = 1000 };

/* "[f](1)" would be a link, "{0}" a placeholder. */
json_t *sarif_message(struct arena *arena, const char *text)
{
	json_t *object = json_object();
	const char *line = phrase_line(arena, text, MOST_TEXT);
	bool has_link = strstr(line, "](") != NULL;
	struct buf buf;

	buf_init(&buf, (size_t)MOST_TEXT * 3);
	for (const char *c = line; *c; c++) {
		if (has_link && (*c == '[' || *c == ']'))
			buf_puts(&buf, "\\");
		if (*c == '{' && c[1] >= '0' && c[1] <= '9')
			buf_puts(&buf, "{");
		buf_add(&buf, c, 1);
		if (*c == '}' && c > line && c[-1] >= '0' && c[-1] <= '9')
			buf_puts(&buf, "}");
	}
	put_text(arena, object, "text", buf.data);
	buf_release(&buf);
	return object;
}

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || strchr("-._~/", c) != NULL;
}

static json_t *artifact(struct arena *arena, const char *file)
{
	json_t *object = json_object();
	struct buf uri;

	buf_init(&uri, MOST_URI);
	if (*file == '/')
		buf_puts(&uri, "file://");
	for (const char *c = file; *c; c++)
		if (is_plain(*c))
			buf_add(&uri, c, 1);
		else
			buf_printf(&uri, "%%%02X", (unsigned char)*c);
	put_text(arena, object, "uri", uri.data);
	if (*file != '/')
		put_text(arena, object, "uriBaseId", "SRCROOT");
	buf_release(&uri);
	return object;
}

static json_t *region(struct arena *arena, const struct spot *spot,
		      const char *source)
{
	json_t *object = json_object();

	put_count(object, "startLine", spot->line ? spot->line : 1);
	put_count_if(object, "startColumn", spot->column);
	if (source && spot->line) {
		json_t *snippet = json_object();

		/* As it stands there, tabs and all, unless it is no line. */
		put_text(arena, snippet, "text",
			 strlen(source) <= MOST_SOURCE
				 ? source
				 : phrase_line(arena, source, MOST_SOURCE));
		json_object_set_new(object, "snippet", snippet);
	}
	return object;
}

static json_t *function_of(struct arena *arena, const char *name)
{
	json_t *list = json_array(), *object = json_object();

	put_text(arena, object, "fullyQualifiedName", name);
	put_text(arena, object, "kind", "function");
	json_array_append_new(list, object);
	return list;
}

json_t *sarif_location(struct arena *arena, const struct spot *spot,
		       const char *source)
{
	json_t *object = json_object(), *physical = json_object();

	/* A result without any place would be refused. */
	json_object_set_new(
		physical, "artifactLocation",
		artifact(arena, spot->file ? spot->file : "unknown"));
	json_object_set_new(physical, "region", region(arena, spot, source));
	json_object_set_new(object, "physicalLocation", physical);
	if (spot->function)
		json_object_set_new(object, "logicalLocations",
				    function_of(arena, spot->function));
	return object;
}
