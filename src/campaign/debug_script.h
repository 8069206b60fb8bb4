/* debug_script.h - what gdb is told, in its Python.  For debug.c alone. */
#ifndef SNAG_CAMPAIGN_DEBUG_SCRIPT_H
#define SNAG_CAMPAIGN_DEBUG_SCRIPT_H

extern const char debug_script[];

#endif
