#include "reports/json_stream.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "model/json_put.h"

enum {
	MOST_PART = 64 * 1024 * 1024,
	SCRATCH = 64 * 1024,
	/* What zlib may have taken and not yet given out, and gzip's frame. */
	HELD = 256 * 1024,
};

static void *pack_alloc(void *unused, unsigned items, unsigned bytes)
{
	(void)unused;
	return must_alloc((size_t)items * bytes);
}

static void pack_free(void *unused, void *memory)
{
	(void)unused;
	free(memory);
}

void json_stream_begin(struct json_stream *stream, FILE *file,
		       size_t most_packed)
{
	int status;

	json_prepare();
	*stream =
		(struct json_stream){.file = file, .most_packed = most_packed};
	if (!most_packed)
		return;
	stream->packer.zalloc = pack_alloc;
	stream->packer.zfree = pack_free;
	status = deflateInit(&stream->packer, Z_DEFAULT_COMPRESSION);
	assert(status == Z_OK); /* memory is there, and the level is */
	stream->is_packing = status == Z_OK;
}

void json_stream_end(struct json_stream *stream)
{
	if (stream->is_packing)
		deflateEnd(&stream->packer);
}

/* Only to know how much comes out. */
static void pack(struct json_stream *stream, const char *text, size_t len)
{
	unsigned char scratch[SCRATCH];

	stream->packer.next_in = (z_const Bytef *)text;
	stream->packer.avail_in = (uInt)len;
	while (stream->packer.avail_in) {
		stream->packer.next_out = scratch;
		stream->packer.avail_out = sizeof(scratch);
		deflate(&stream->packer, Z_NO_FLUSH);
	}
}

static void write_all(struct json_stream *stream, const char *text, size_t len)
{
	fwrite(text, 1, len, stream->file);
	if (stream->is_packing && stream->most_packed)
		pack(stream, text, len);
}

void json_stream_text(struct json_stream *stream, const char *text)
{
	write_all(stream, text, strlen(text));
}

/* No string of JSON holds a newline. */
static void add_indented(struct buf *buf, const char *text, unsigned depth)
{
	while (*text) {
		size_t len = strcspn(text, "\n");

		buf_add(buf, text, len);
		text += len;
		if (*text) {
			buf_printf(buf, "\n%*s", (int)depth, "");
			text++;
		}
	}
}

static bool fits(const struct json_stream *stream, const struct buf *part)
{
	if (part->is_cut)
		return false;
	return !stream->most_packed ||
	       stream->packer.total_out + part->len + HELD <=
		       stream->most_packed;
}

bool json_stream_put(struct json_stream *stream, unsigned depth, bool is_first,
		     const char *name, json_t *value)
{
	char *text = json_dumps(value, JSON_WRITE_FLAGS | JSON_ENCODE_ANY);
	struct buf part;
	bool is_in;

	assert(text); /* we make nothing that is no JSON */
	json_decref(value);
	buf_init(&part, MOST_PART);
	buf_printf(&part, "%s\n%*s", is_first ? "" : ",", (int)depth, "");
	if (name)
		buf_printf(&part, "\"%s\": ", name);
	add_indented(&part, text, depth);
	is_in = fits(stream, &part);
	if (is_in)
		write_all(stream, part.data, part.len);
	buf_release(&part);
	free(text);
	return is_in;
}
