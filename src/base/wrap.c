#include "base/wrap.h"

#include <string.h>

/* Code points: bytes that do not continue one. */
static unsigned columns(const char *text, size_t len)
{
	unsigned n = 0;

	for (size_t i = 0; i < len; i++)
		n += ((unsigned char)text[i] & 0xc0) != 0x80;
	return n;
}

void wrap_print(FILE *file, const char *text, unsigned indent, unsigned width)
{
	unsigned at = 0;

	for (;;) {
		size_t len = strcspn(text, " \n");
		unsigned wide = columns(text, len);

		if (at && indent + at + 1 + wide > width) {
			fputc('\n', file);
			at = 0;
		}
		if (wide) {
			fprintf(file, "%*s", at ? 1 : (int)indent, "");
			fwrite(text, 1, len, file);
			at += wide + (at ? 1 : 0);
		}
		text += len;
		if (*text == '\n' || !*text) {
			fputc('\n', file);
			at = 0;
		}
		if (!*text)
			return;
		text++;
	}
}
