/*
 * json_get.h - members of JSON objects that nobody vouches for.
 *
 * Each getter checks the type and the range.  The first thing that is wrong
 * sets the error, one sentence that says where ("subjects[3].runs[0].threads")
 * and is_bad; from then on getters give nothing and do nothing, so a reader
 * may go on to its end and test once.  Text becomes valid UTF-8 without
 * control bytes, in the arena.  Members nobody asks for are ignored; null is
 * as good as absent.
 */
#ifndef SNAG_MODEL_JSON_GET_H
#define SNAG_MODEL_JSON_GET_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

enum { JSON_GET_DEPTH = 16 };

struct json_reader {
	struct arena *arena;
	struct err *err;
	const char *path; /* of the file, for the sentence */
	struct {
		const char *name;
		size_t index;
	} at[JSON_GET_DEPTH];
	size_t depth;
	bool is_bad;
};

typedef void json_read_one(struct json_reader *r, const json_t *object,
			   void *slot);

/* The whole file as JSON, within limits of size, depth and number of values;
 * NULL with the error set.  The caller owns it (json_decref). */
json_t *json_load_checked(const char *path, struct err *err);
/* The same of text that is at hand; path stands for it in sentences. */
json_t *json_parse_checked(const char *text, size_t len, const char *path,
			   struct err *err);

/* `format` must be that word and `version` that number. */
bool get_format(struct json_reader *r, const json_t *root, const char *format,
		int version);
/* Sets the error; `what` ends "PLACE ...", as in "is not a text". */
void get_fail(struct json_reader *r, const char *name, const char *what);
/* NULL when absent; `need_`: then an error. */
const char *get_text(struct json_reader *r, const json_t *object,
		     const char *name);
const char *need_text(struct json_reader *r, const json_t *object,
		      const char *name);
/* An absent list is empty; what is read may grow by arena_push. */
const char **get_texts(struct json_reader *r, const json_t *object,
		       const char *name, size_t *count);
/* 0 to 2^53; 0 when absent. */
uint64_t get_count(struct json_reader *r, const json_t *object,
		   const char *name);
unsigned get_unsigned(struct json_reader *r, const json_t *object,
		      const char *name);
/* "0x..."; 0 when absent, *is_there (may be NULL) tells. */
uint64_t get_hex(struct json_reader *r, const json_t *object, const char *name,
		 bool *is_there);
/* 0 to 1; 0 when absent. */
double get_share(struct json_reader *r, const json_t *object, const char *name);
bool get_flag(struct json_reader *r, const json_t *object, const char *name);
/* The index of the text among the words; `absent` when absent. */
int get_word(struct json_reader *r, const json_t *object, const char *name,
	     const char *const *words, size_t count, int absent);
/* Reads an object; nothing is called when it is absent: false. */
bool get_object(struct json_reader *r, const json_t *object, const char *name,
		json_read_one *read, void *slot);
/* Reads an array of objects into a new array of elements of that size, one
 * call each; an absent one is empty. */
void *get_objects(struct json_reader *r, const json_t *object, const char *name,
		  size_t *count, size_t element_bytes, json_read_one *read);

#endif
