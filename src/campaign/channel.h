/*
 * channel.h - records to and from a host, without ever waiting for it.
 *
 * A host is not trusted: lengths are checked, a record longer than the wire
 * allows is an error.  Reading collects bytes until a whole record is there.
 */
#ifndef SNAG_CAMPAIGN_CHANNEL_H
#define SNAG_CAMPAIGN_CHANNEL_H

#include <snag/wire.h>

#include "base/err.h"

struct channel {
	int fd;
	unsigned char *data; /* header and payload so far */
	size_t len;
};

enum received {
	RECEIVED_NOTHING, /* not yet whole */
	RECEIVED_RECORD,
	RECEIVED_END, /* the other side is gone */
	RECEIVED_BAD, /* not a record of this wire */
};

void channel_init(struct channel *channel, int fd);
void channel_release(struct channel *channel);
/* False when the other side is gone. */
bool channel_send(struct channel *channel, uint32_t type,
		  const struct snag_payload *payload);
/* The payload is valid until the next call. */
enum received channel_receive(struct channel *channel, uint32_t *type,
			      struct snag_payload *payload);

#endif
