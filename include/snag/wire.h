/*
 * snag/wire.h - what the tool and a scenario host say to each other.
 *
 * The tool starts a host with a socket (records, both ways) and three memory
 * files: one shared table of counts, one that collects ThreadSanitizer's text,
 * and one for what explores schedules (wire_explore.h).
 * Records are little-endian, a fixed header and a bounded payload.  A host is
 * not trusted: the tool checks every length and count it reads here.
 *
 *   host: HELLO
 *   tool: LIST       host: SCENARIO..., LIST_END
 *   tool: BATCH      host: STARTED, ENDED          (any number of times)
 *   tool closes the socket: the host ends
 *
 * A batch is a child of the host.  Everything it counts stands in the shared
 * table as soon as it is known, so nothing is lost when it dies.  Only a batch
 * with `done` set and exit status 0 ended well.
 *
 * Any change of layout or meaning here needs SNAG_WIRE_VERSION + 1.
 */
#ifndef SNAG_WIRE_H
#define SNAG_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "wire_explore.h"

enum {
	SNAG_WIRE_VERSION = 4,
	SNAG_WIRE_MAX_PAYLOAD = 256 * 1024,
	/* File descriptors that a host is started with. */
	SNAG_FD_WIRE = 60,
	SNAG_FD_SHARED = 61,
	SNAG_FD_REPORTS = 62,
};

/* In the host's environment; its value is the wire version in decimal. */
#define SNAG_HOST_VARIABLE "SNAG_HOST_WIRE"
/* A symbol every host exports, so that a program which is not a host is
 * recognised before it is run. */
#define SNAG_HOST_SYMBOL "snag_host_wire_version"
/* Begins the line that a host writes before each report's text. */
#define SNAG_REPORT_MARKER "@snag signature="

enum snag_record_type {
	SNAG_RECORD_HELLO = 1, /* u32 version, u32 flags, str compiler      */
	SNAG_RECORD_LIST,      /* nothing                                   */
	SNAG_RECORD_SCENARIO,  /* see harness/describe.c                    */
	SNAG_RECORD_LIST_END,  /* u32 how many                              */
	SNAG_RECORD_BATCH,     /* struct snag_batch_order, field by field   */
	SNAG_RECORD_STARTED,   /* u32 pid                                   */
	SNAG_RECORD_ENDED,     /* u32 wait status, u32 is anything left     */
};

enum {
	SNAG_HELLO_HAS_TSAN = 1,
	SNAG_HELLO_HAS_POINTS = 2,
	SNAG_HELLO_CAN_EXPLORE = 4,
	SNAG_HELLO_IS_PROGRAM = 8, /* with a main of its own, the one subject */
};

struct snag_record_header {
	uint32_t type, length;
};

enum snag_noise { SNAG_NOISE_OFF = 0, SNAG_NOISE_LIGHT, SNAG_NOISE_HEAVY };

/* A batch: iterations first .. first + count - 1 of one scenario. */
struct snag_batch_order {
	uint32_t scenario; /* index in the order of SCENARIO records       */
	uint32_t threads;  /* as asked for by --threads                    */
	uint64_t seed, first, count;
	uint32_t noise;
	uint32_t limit_ms; /* ends after the iteration that passes it      */
	/* That no other host uses, and which is the first of them, of those
	 * that the host may run on. */
	uint32_t processors, first_processor;
	/* SNAG_STRESS or SNAG_EXPLORE of scenario.h; the rest is explore's. */
	uint32_t engine;
	uint32_t points;    /* enum snag_points */
	uint32_t flags;     /* enum snag_explore_flags */
	uint64_t max_steps; /* of an iteration, before it is a livelock */
	char strategy[SNAG_STRATEGY_BYTES]; /* sent as a string */
};

enum {
	SNAG_SHARED_MAGIC = 0x67616e73,
	SNAG_SHARED_OUTCOMES = 64,
	SNAG_SHARED_ROLES = 8,
	SNAG_SHARED_SIGNATURES = 1024,
	SNAG_SHARED_EVENTS = 16384,
	SNAG_OUTCOME_BYTES = 64,
	SNAG_REASON_BYTES = 256,
	/* Texts printed for one signature of a host process, and the bytes of
	 * text that one batch may print before it prints no more. */
	SNAG_TEXTS_A_SIGNATURE = 3,
	SNAG_TEXT_BYTES_A_BATCH = 8 * 1024 * 1024,
};

enum snag_phase {
	SNAG_PHASE_IDLE = 0,
	SNAG_PHASE_SETUP,
	SNAG_PHASE_BODIES,
	SNAG_PHASE_CHECK,
	SNAG_PHASE_TEARDOWN,
	SNAG_PHASE_ENDING,
};

struct snag_shared_outcome {
	char name[SNAG_OUTCOME_BYTES];
	uint64_t count, first; /* first: number of the iteration */
};

/* One way a report can look: kind and program counters, as a hash. */
struct snag_shared_signature {
	uint64_t key, reports;
	uint64_t last_iteration; /* plus one; 0: none in this batch */
	uint32_t texts, is_used;
};

/* Signature `signature` was reported in iteration `iteration`: once each. */
struct snag_shared_event {
	uint64_t iteration;
	uint32_t signature, unused;
};

/*
 * Written by the batch, read by the tool.  Signatures live as long as their
 * host process; all else is reset by the tool before each batch.
 */
struct snag_shared {
	uint32_t magic, version;
	uint64_t bytes; /* of this struct */
	uint32_t done;  /* the batch's last word: it ended by itself */
	uint32_t phase;
	uint64_t current;   /* number of the iteration in flight            */
	uint64_t completed; /* iterations of this batch that came to an end */
	uint64_t reports;   /* calls of the hook, equal reports too         */
	uint64_t dropped_signatures, dropped_outcomes, dropped_events;
	uint32_t is_skipped, threads;
	char skip_reason[SNAG_REASON_BYTES];
	/* Of the batch's first iteration, by role: accesses, atomics and
	 * pthread calls that the harness saw pass.  Where it sees any. */
	uint64_t role_points[SNAG_SHARED_ROLES];
	uint32_t outcome_count, event_count;
	struct snag_shared_outcome outcomes[SNAG_SHARED_OUTCOMES];
	struct snag_shared_event events[SNAG_SHARED_EVENTS];
	struct snag_shared_signature signatures[SNAG_SHARED_SIGNATURES];
};

/*
 * How many threads run each shared role when --threads asks for `threads`:
 * an equal share of what the fixed roles leave, at least `least` (and 1).
 */
static inline uint32_t snag_share_of(uint32_t threads, uint32_t fixed,
				     uint32_t shared_roles, uint32_t least)
{
	uint32_t left = threads > fixed ? threads - fixed : 0;
	uint32_t share = shared_roles ? left / shared_roles : 0;

	if (share < least)
		share = least;
	return share ? share : 1;
}

/* A payload under construction or being read.  Past the end nothing is
 * written or read, and is_bad is set; reading then gives 0 and "". */
struct snag_payload {
	unsigned char *data;
	size_t len, at, room;
	bool is_bad;
};

static inline void snag_put_bytes(struct snag_payload *p, const void *data,
				  size_t len)
{
	if (len > p->room - p->len) {
		p->is_bad = true;
		return;
	}
	memcpy(p->data + p->len, data, len);
	p->len += len;
}

static inline void snag_put_u64(struct snag_payload *p, uint64_t value)
{
	unsigned char bytes[8];

	for (int i = 0; i < 8; i++)
		bytes[i] = (unsigned char)(value >> (8 * i));
	snag_put_bytes(p, bytes, sizeof(bytes));
}

static inline void snag_put_u32(struct snag_payload *p, uint32_t value)
{
	unsigned char bytes[4];

	for (int i = 0; i < 4; i++)
		bytes[i] = (unsigned char)(value >> (8 * i));
	snag_put_bytes(p, bytes, sizeof(bytes));
}

/* NULL is told apart from "". */
static inline void snag_put_str(struct snag_payload *p, const char *text)
{
	size_t len = text ? strlen(text) : 0;

	snag_put_u32(p, text ? (uint32_t)len : UINT32_MAX);
	snag_put_bytes(p, text ? text : "", len);
}

static inline uint64_t snag_get_number(struct snag_payload *p, size_t bytes)
{
	uint64_t value = 0;

	if (p->len - p->at < bytes) {
		p->is_bad = true;
		p->at = p->len;
		return 0;
	}
	for (size_t i = 0; i < bytes; i++)
		value |= (uint64_t)p->data[p->at + i] << (8 * i);
	p->at += bytes;
	return value;
}

static inline uint64_t snag_get_u64(struct snag_payload *p)
{
	return snag_get_number(p, 8);
}

static inline uint32_t snag_get_u32(struct snag_payload *p)
{
	return (uint32_t)snag_get_number(p, 4);
}

/* Not NUL-terminated, inside the payload; NULL for an absent string. */
static inline const char *snag_get_str(struct snag_payload *p, size_t *len)
{
	uint32_t n = snag_get_u32(p);
	const char *text;

	*len = 0;
	if (p->is_bad || n == UINT32_MAX)
		return NULL;
	if (n > p->len - p->at) {
		p->is_bad = true;
		return NULL;
	}
	text = (const char *)p->data + p->at;
	p->at += n;
	*len = n;
	return text;
}

#endif
