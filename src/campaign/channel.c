#include "campaign/channel.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"

enum {
	HEADER_BYTES = sizeof(struct snag_record_header),
	SEND_WAIT_MS = 2000,
};

void channel_init(struct channel *channel, int fd)
{
	*channel = (struct channel){.fd = fd};
	channel->data = must_alloc(HEADER_BYTES + SNAG_WIRE_MAX_PAYLOAD);
}

void channel_release(struct channel *channel)
{
	if (channel->fd >= 0)
		close(channel->fd);
	free(channel->data);
	*channel = (struct channel){.fd = -1};
}

/* Orders are small; a host that does not take one within two seconds is as
 * good as gone. */
static bool send_all(int fd, const unsigned char *data, size_t len)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};

	while (len) {
		ssize_t n = send(fd, data, len, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n > 0) {
			data += n;
			len -= (size_t)n;
		} else if (n < 0 && errno == EAGAIN) {
			if (poll(&p, 1, SEND_WAIT_MS) <= 0)
				return false;
		} else if (n == 0 || errno != EINTR) {
			return false;
		}
	}
	return true;
}

bool channel_send(struct channel *channel, uint32_t type,
		  const struct snag_payload *payload)
{
	unsigned char bytes[HEADER_BYTES];
	struct snag_payload header = {.data = bytes, .room = sizeof(bytes)};

	snag_put_u32(&header, type);
	snag_put_u32(&header, payload ? (uint32_t)payload->len : 0);
	return send_all(channel->fd, bytes, sizeof(bytes)) &&
	       (!payload || send_all(channel->fd, payload->data, payload->len));
}

/* How many bytes the record needs, as far as is known. */
static size_t wanted(const struct channel *channel, uint32_t *length)
{
	struct snag_payload p = {.data = channel->data, .len = channel->len};

	*length = 0;
	if (channel->len < HEADER_BYTES)
		return HEADER_BYTES;
	snag_get_u32(&p);
	*length = snag_get_u32(&p);
	return HEADER_BYTES + (size_t)*length;
}

enum received channel_receive(struct channel *channel, uint32_t *type,
			      struct snag_payload *payload)
{
	uint32_t length;
	size_t need;

	while (channel->len < (need = wanted(channel, &length)) ||
	       channel->len < HEADER_BYTES) {
		ssize_t n;

		if (length > SNAG_WIRE_MAX_PAYLOAD)
			return RECEIVED_BAD;
		n = recv(channel->fd, channel->data + channel->len,
			 need - channel->len, MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return RECEIVED_NOTHING;
		if (n <= 0)
			return RECEIVED_END;
		channel->len += (size_t)n;
	}
	*payload = (struct snag_payload){.data = channel->data,
					 .len = channel->len};
	*type = snag_get_u32(payload);
	snag_get_u32(payload);
	channel->len = 0;
	return RECEIVED_RECORD;
}
