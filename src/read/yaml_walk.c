#include "read/yaml_walk.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

unsigned yaml_walk_line(const struct yaml_walk *walk)
{
	return (unsigned)walk->event.start_mark.line + 1;
}

const char *yaml_walk_text(const struct yaml_walk *walk)
{
	return (const char *)walk->event.data.scalar.value;
}

bool yaml_walk_refuse(struct yaml_walk *walk, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(walk->err->text, sizeof(walk->err->text), fmt, args);
	va_end(args);
	walk->err->code = EXIT_USAGE;
	return err_prefix(walk->err, "%s:%u", walk->name, yaml_walk_line(walk));
}

/* The commonest mistake, for which libyaml has no name. */
static bool is_tab(const struct yaml_walk *walk, size_t line)
{
	const char *at = walk->text, *end = walk->text + walk->len;

	while (at && line--) {
		at = memchr(at, '\n', (size_t)(end - at));
		at = at ? at + 1 : NULL;
	}
	while (at && at < end && *at == ' ')
		at++;
	return at && at < end && *at == '\t';
}

static bool refuse_bytes(struct yaml_walk *walk)
{
	const yaml_parser_t *p = &walk->parser;
	const char *what = p->problem ? p->problem : "it cannot be read";
	size_t line = p->problem_mark.line;

	/* Bytes are read ahead of lines: their error has an offset only. */
	if (p->error == YAML_READER_ERROR) {
		line = 0;
		for (size_t i = 0; i < p->problem_offset && i < walk->len; i++)
			line += walk->text[i] == '\n';
	}
	if (p->error == YAML_SCANNER_ERROR && is_tab(walk, line))
		what = "a tab stands where only spaces may";
	return err_set(walk->err, EXIT_USAGE, "%s:%zu: this is not YAML: %s",
		       walk->name, line + 1, what);
}

static bool has_extras(const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_ALIAS_EVENT:
		return true;
	case YAML_SCALAR_EVENT:
		return event->data.scalar.anchor || event->data.scalar.tag;
	case YAML_SEQUENCE_START_EVENT:
		return event->data.sequence_start.anchor ||
		       event->data.sequence_start.tag;
	case YAML_MAPPING_START_EVENT:
		return event->data.mapping_start.anchor ||
		       event->data.mapping_start.tag;
	default:
		return false;
	}
}

bool yaml_walk_next(struct yaml_walk *walk)
{
	yaml_event_delete(&walk->event);
	if (!yaml_parser_parse(&walk->parser, &walk->event))
		return refuse_bytes(walk);
	if (has_extras(&walk->event))
		return yaml_walk_refuse(
			walk, "anchors (&), aliases (*) and tags (!) are not "
			      "read; quote a value that begins like one");
	return true;
}

bool yaml_walk_begin(struct yaml_walk *walk, const char *name, const char *text,
		     size_t len, struct err *err)
{
	*walk = (struct yaml_walk){
		.name = name, .text = text, .len = len, .err = err};
	if (!yaml_parser_initialize(&walk->parser))
		return err_set(err, EXIT_TROUBLE, "out of memory");
	yaml_parser_set_input_string(&walk->parser, (const unsigned char *)text,
				     len);
	do {
		if (!yaml_walk_next(walk))
			return false;
		if (walk->event.type == YAML_STREAM_END_EVENT)
			return err_set(err, EXIT_USAGE,
				       "'%s' holds nothing; the least is "
				       "'version: 1'",
				       name);
	} while (walk->event.type == YAML_STREAM_START_EVENT ||
		 walk->event.type == YAML_DOCUMENT_START_EVENT);
	return true;
}

bool yaml_walk_finish(struct yaml_walk *walk)
{
	while (yaml_walk_next(walk)) {
		if (walk->event.type == YAML_STREAM_END_EVENT)
			return true;
		if (walk->event.type == YAML_DOCUMENT_START_EVENT)
			return yaml_walk_refuse(
				walk, "a second document begins; there may be "
				      "one");
	}
	return false;
}

void yaml_walk_end(struct yaml_walk *walk)
{
	yaml_event_delete(&walk->event);
	yaml_parser_delete(&walk->parser);
}

bool yaml_walk_is_nothing(const struct yaml_walk *walk)
{
	static const char *const names[] = {"", "~", "null", "Null", "NULL"};

	if (walk->event.type != YAML_SCALAR_EVENT ||
	    walk->event.data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
		return false;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(yaml_walk_text(walk), names[i]))
			return true;
	return false;
}

const char *yaml_walk_shape(const struct yaml_walk *walk)
{
	switch (walk->event.type) {
	case YAML_SEQUENCE_START_EVENT:
		return "a list";
	case YAML_MAPPING_START_EVENT:
		return "keys with values";
	default:
		return "one value";
	}
}
