/*
 * cxx_name.h - one name for a C++ function, whoever spells it.
 *
 * A symbolizer prints "void app::Counter::add<long>(long) const", debug
 * information "add<long>", another demangler "app::Counter::add(long)": what is
 * common to all is "add".  Names of C are what they are.
 */
#ifndef SNAG_MODEL_CXX_NAME_H
#define SNAG_MODEL_CXX_NAME_H

#include <stddef.h>

/*
 * The part of the name that is the function's (or the variable's) own, and its
 * length: without namespaces, class, return type, arguments, template arguments
 * and what compilers put in brackets behind it.  Points into name; the whole of
 * it where it is of no such form.
 */
const char *cxx_bare_name(const char *name, size_t *len);

#endif
