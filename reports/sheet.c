#include "reports/sheet.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static const char *const escapes[] = {
	[STYLE_PLAIN] = "",         [STYLE_STRONG] = "\x1b[1m",
	[STYLE_FAINT] = "\x1b[2m",  [STYLE_GOOD] = "\x1b[32m",
	[STYLE_BAD] = "\x1b[1;31m", [STYLE_WARNING] = "\x1b[33m",
	[STYLE_PLACE] = "\x1b[36m",
};

const char *sheet_safe(struct sheet *sheet, const char *text)
{
	size_t len = text ? strlen(text) : 0;
	char *copy;

	if (!len)
		return "";
	copy = arena_dup_n(&sheet->arena, text, len);
	for (char *c = copy; *c; c++)
		if (*c == '\n' || *c == '\t')
			*c = ' ';
	return text_clean(&sheet->arena, copy, len, false);
}

unsigned sheet_width(const char *text)
{
	unsigned n = 0;

	for (; *text; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80;
	return n;
}

static const char *format(struct sheet *sheet, const char *fmt, va_list args)
{
	char *text = NULL;
	const char *safe;

	if (vasprintf(&text, fmt, args) < 0)
		return "";
	safe = sheet_safe(sheet, text);
	free(text);
	return safe;
}

/* Only of text that is safe. */
static void print(struct sheet *sheet, enum style style, const char *text,
		  size_t len)
{
	bool has_style = sheet->is_colored && style != STYLE_PLAIN && len;

	if (has_style)
		fputs(escapes[style], sheet->file);
	fwrite(text, 1, len, sheet->file);
	if (has_style)
		fputs("\x1b[0m", sheet->file);
}

void sheet_put(struct sheet *sheet, enum style style, const char *fmt, ...)
{
	const char *text;
	va_list args;

	va_start(args, fmt);
	text = format(sheet, fmt, args);
	va_end(args);
	print(sheet, style, text, strlen(text));
}

void sheet_newline(struct sheet *sheet)
{
	fputc('\n', sheet->file);
	arena_release(&sheet->arena);
}

/* The bytes of the first so many code points. */
static size_t bytes_of(const char *text, unsigned columns)
{
	size_t at = 0;

	for (unsigned n = 0; text[at]; at++) {
		n += ((unsigned char)text[at] & 0xc0) != 0x80;
		if (n > columns)
			break;
	}
	return at;
}

void sheet_cell(struct sheet *sheet, enum style style, const char *text,
		unsigned columns)
{
	const char *safe = sheet_safe(sheet, text);
	unsigned width = sheet_width(safe);

	if (width <= columns) {
		print(sheet, style, safe, strlen(safe));
		fprintf(sheet->file, "%*s", (int)(columns - width), "");
	} else if (columns > 3) {
		print(sheet, style, safe, bytes_of(safe, columns - 3));
		fputs("...", sheet->file);
	}
}

void sheet_cell_right(struct sheet *sheet, const char *text, unsigned columns)
{
	const char *safe = sheet_safe(sheet, text);
	unsigned width = sheet_width(safe);

	fprintf(sheet->file, "%*s%s",
		width < columns ? (int)(columns - width) : 0, "", safe);
}

/* A number and its percent sign are one word. */
static size_t word_bytes(const char *text)
{
	size_t len = strcspn(text, " ");

	if (text[len] == ' ' && text[len + 1] == '%')
		len += 1 + strcspn(text + len + 1, " ");
	return len;
}

void sheet_prose(struct sheet *sheet, unsigned indent, const char *label,
		 const char *fmt, ...)
{
	const char *text, *mark = sheet_safe(sheet, label);
	unsigned hang = indent + sheet_width(mark), at = hang;
	va_list args;

	va_start(args, fmt);
	text = format(sheet, fmt, args);
	va_end(args);
	fprintf(sheet->file, "%*s", (int)indent, "");
	print(sheet, STYLE_FAINT, mark, strlen(mark));
	while (*text) {
		size_t len = word_bytes(text);
		unsigned width =
			sheet_width(arena_dup_n(&sheet->arena, text, len));

		if (at > hang && at + 1 + width >= SHEET_COLUMNS) {
			fprintf(sheet->file, "\n%*s", (int)hang, "");
			at = hang;
		} else if (at > hang) {
			fputc(' ', sheet->file);
			at++;
		}
		fwrite(text, 1, len, sheet->file);
		at += width;
		text += len;
		text += *text == ' ';
	}
	sheet_newline(sheet);
}

void sheet_heading(struct sheet *sheet, const char *title, enum style style,
		   const char *tail)
{
	unsigned used;

	title = sheet_safe(sheet, title);
	tail = sheet_safe(sheet, tail);
	used = 5 + sheet_width(title) + sheet_width(tail);
	print(sheet, STYLE_FAINT, "-- ", 3);
	print(sheet, STYLE_STRONG, title, strlen(title));
	fputs(*tail ? ": " : " ", sheet->file);
	used += *tail ? 1 : 0;
	print(sheet, style, tail, strlen(tail));
	if (*tail)
		fputc(' ', sheet->file);
	for (; used < SHEET_COLUMNS; used++)
		fputc('-', sheet->file);
	sheet_newline(sheet);
}
