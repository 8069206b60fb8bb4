#include <errno.h>
#include <unistd.h>

#include "internal.h"

static bool write_all(const void *data, size_t len)
{
	const unsigned char *at = data;

	while (len) {
		ssize_t n = write(SNAG_FD_WIRE, at, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += n;
		len -= (size_t)n;
	}
	return true;
}

static bool read_all(void *data, size_t len)
{
	unsigned char *at = data;

	while (len) {
		ssize_t n = read(SNAG_FD_WIRE, at, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += n;
		len -= (size_t)n;
	}
	return true;
}

bool emit_record(uint32_t type, const struct snag_payload *payload)
{
	unsigned char bytes[sizeof(struct snag_record_header)];
	struct snag_payload header = {.data = bytes, .room = sizeof(bytes)};

	snag_put_u32(&header, type);
	snag_put_u32(&header, payload ? (uint32_t)payload->len : 0);
	return write_all(bytes, sizeof(bytes)) &&
	       (!payload || write_all(payload->data, payload->len));
}

bool receive_record(uint32_t *type, struct snag_payload *payload)
{
	unsigned char bytes[sizeof(struct snag_record_header)];
	struct snag_payload header = {.data = bytes, .len = sizeof(bytes)};
	uint32_t length;

	if (!read_all(bytes, sizeof(bytes)))
		return false;
	*type = snag_get_u32(&header);
	length = snag_get_u32(&header);
	if (length > payload->room)
		return false;
	payload->len = length;
	payload->at = 0;
	payload->is_bad = false;
	return read_all(payload->data, length);
}
