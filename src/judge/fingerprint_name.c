/* The name of a function or a variable, as it is hashed: fingerprint.h. */
#include <string.h>

#include "judge/fingerprint.h"
#include "model/cxx_name.h"

/* Compilers' clones of one function ("f.constprop.0", "f.llvm.123") and the
 * numbers of function-local statics ("f.x.12") are not names. */
static size_t name_len(const char *name, size_t len)
{
	static const char *const clones[] = {
		".constprop", ".isra",       ".part",    ".cold",
		".llvm",      ".localalias", ".lto_priv"};

	for (size_t i = 0; i < sizeof(clones) / sizeof(*clones); i++) {
		const char *at =
			memmem(name, len, clones[i], strlen(clones[i]));

		if (at && at > name && (size_t)(at - name) < len)
			len = (size_t)(at - name);
	}
	for (size_t at = len; at > 1; at--) {
		if (name[at - 1] == '.')
			return at < len ? at - 1 : len;
		if (name[at - 1] < '0' || name[at - 1] > '9')
			break;
	}
	return len;
}

const char *fingerprint_name(const char *name, size_t *len)
{
	const char *bare = cxx_bare_name(name, len);

	*len = name_len(bare, *len);
	return bare;
}
