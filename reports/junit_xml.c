#include <libxml/xmlwriter.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "reports/junit_parts.h"

enum { MOST_ATTRIBUTE = 2000, MOST_LINE = 4000 };

static const xmlChar *xml(const char *text)
{
	return (const xmlChar *)text;
}

/* What XML 1.0 forbids of that which text_clean() lets pass: U+FFFE and
 * U+FFFF, which become U+FFFD. */
static const char *fit(char *text)
{
	for (char *c = text; (c = strstr(c, "\xef\xbf")) != NULL; c += 2)
		if (c[2] == '\xbe' || c[2] == '\xbf')
			c[2] = '\xbd';
	return text;
}

static char *format(struct junit *j, const char *fmt, va_list args)
{
	char *text = NULL, *copy;

	if (vasprintf(&text, fmt, args) < 0)
		return "";
	copy = arena_dup(&j->arena, text);
	free(text);
	return copy;
}

void junit_begin(struct junit *j, FILE *file)
{
	xmlOutputBufferPtr out;

	/* Memory that is out ends the program, as it does everywhere. */
	xmlMemSetup(free, must_alloc, must_realloc, must_dup);
	out = xmlOutputBufferCreateFile(file, NULL);
	j->writer = xmlNewTextWriter(out);
	xmlTextWriterSetIndent(j->writer, 1);
	xmlTextWriterSetIndentString(j->writer, xml(" "));
	xmlTextWriterStartDocument(j->writer, NULL, "UTF-8", NULL);
}

void junit_end(struct junit *j)
{
	xmlTextWriterEndDocument(j->writer);
	xmlFreeTextWriter(j->writer);
}

void junit_open(struct junit *j, const char *name)
{
	xmlTextWriterStartElement(j->writer, xml(name));
}

void junit_close(struct junit *j)
{
	xmlTextWriterEndElement(j->writer);
}

void junit_attribute(struct junit *j, const char *name, const char *fmt, ...)
{
	const char *line;
	va_list args;

	va_start(args, fmt);
	line = phrase_line(&j->arena, format(j, fmt, args), MOST_ATTRIBUTE);
	va_end(args);
	xmlTextWriterWriteAttribute(j->writer, xml(name),
				    xml(fit(arena_dup(&j->arena, line))));
}

void junit_time(struct junit *j, uint64_t ms)
{
	junit_attribute(j, "time", "%llu.%03u", (unsigned long long)(ms / 1000),
			(unsigned)(ms % 1000));
}

void junit_line(struct junit *j, const char *fmt, ...)
{
	const char *line;
	va_list args;

	va_start(args, fmt);
	line = phrase_line(&j->arena, format(j, fmt, args), MOST_LINE);
	va_end(args);
	xmlTextWriterWriteString(
		j->writer, xml(fit(arena_printf(&j->arena, "%s\n", line))));
}
